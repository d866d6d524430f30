"""`serve`: the dashboard for a browser."""

from __future__ import annotations

import argparse

from dashboard.web import logs


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command of this module."""
    serve = commands.add_parser("serve", help="start the dashboard (the default)")
    serve.add_argument("--host", default="127.0.0.1", help="address to serve on (default %(default)s)")
    serve.add_argument("--port", type=int, default=8501, help="port to serve on (default %(default)s)")
    serve.add_argument("--log-level", choices=logs.LEVELS, default="info", help="the least event that is told (default %(default)s)")
    serve.add_argument("--log-format", choices=logs.FORMATS, default="text", help="one line an event, in this form (default %(default)s)")
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from dashboard.web import server

    return server.serve(options.host, options.port, log_level=options.log_level, log_format=options.log_format)
