"""`mcp`: the tools of the API for a program on the same machine."""

from __future__ import annotations

import argparse

from dashboard.cli.terminal import ACCEPTED


def add(commands: argparse._SubParsersAction) -> None:
    """Add the command of this module."""
    mcp = commands.add_parser("mcp", help="answer a program over standard input and output, as a Model Context Protocol server")
    mcp.set_defaults(run=_mcp)


def _mcp(options: argparse.Namespace) -> int:
    import anyio

    from dashboard.web import session, tools

    anyio.run(tools.serve_here, session.bundled)
    return ACCEPTED
