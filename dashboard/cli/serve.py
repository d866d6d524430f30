"""`serve`: the dashboard for a browser."""

from __future__ import annotations

import argparse
import os

from dashboard.cli.terminal import Complaint
from dashboard.web import logs


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command of this module."""
    serve = commands.add_parser("serve", help="start the dashboard (the default)")
    serve.add_argument("--host", default="127.0.0.1", help="address to serve on (default %(default)s)")
    serve.add_argument("--port", type=int, default=8501, help="port to serve on (default %(default)s)")
    serve.add_argument("--log-level", choices=logs.LEVELS, default="info", help="the least event that is told (default %(default)s)")
    serve.add_argument("--log-format", choices=logs.FORMATS, default="text", help="one line an event, in this form (default %(default)s)")
    serve.add_argument(
        "--mode",
        choices=("alone", "public", "team"),
        default="",
        help="who uses it: one person on this machine (the default), anybody, or a team",
    )
    serve.add_argument("--site", default="", metavar="ADDRESS", help="its address for its visitors, with the path it lies under")
    serve.add_argument(
        "--settings",
        default=os.environ.get("TRANSPARENCY_SETTINGS", ""),
        metavar="FILE.toml",
        help="the settings of a site (also TRANSPARENCY_SETTINGS)",
    )
    serve.add_argument("--anyone-may-reach-it", action="store_true", help="serve in mode alone beyond this machine all the same")
    serve.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    from dashboard.web import instance, server

    try:
        run_as = instance.read(options.settings, mode=options.mode, site=options.site)
        run_as.check(options.host, options.anyone_may_reach_it)
    except instance.BadSettings as bad:
        raise Complaint(str(bad)) from None
    return server.serve(options.host, options.port, run_as=run_as, log_level=options.log_level, log_format=options.log_format)
