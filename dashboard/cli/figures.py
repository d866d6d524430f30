"""`figure` and `verify`: figures for an article, and the evidence in them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboard import catalog
from dashboard.cli.terminal import ACCEPTED, REJECTED, UNREADABLE, Complaint, bytes_of, printable, write, write_json
from dashboard.display.languages import LANGUAGES

_DRESS = {
    "size": "article, 85mm, 170mm, square, portrait, social, 1200x675 or 120x80mm@600",
    "theme": "light, dark, transparent or transparent-dark",
    "lang": f"language of fixed words, numbers and dates: {', '.join(LANGUAGES)}",
    "values": "which values stand at the series: none or last",
}
_SEVERAL = {
    "statement": ("ID", "a statement to mark on the figure"),
    "series": ("KEY", "a series to draw, like google/USA, in this order"),
    "annotation": ("TEXT", "own words at a day and a value, like “2016-03-01, 1200, The court rules”"),
}


def add(commands: argparse._SubParsersAction) -> None:
    """Add the commands of this module."""
    figure = commands.add_parser("figure", help="save a figure of a view, or many figures from a list")
    figure.add_argument("--view", metavar="ADDRESS", help="the view: its address, or what stands behind the question mark there")
    figure.add_argument("--out", metavar="PATH", help="where to write: .png, .svg, .pdf, .html, or .zip for all; with --batch a folder")
    for name, says in _DRESS.items():
        figure.add_argument(f"--{name}", help=says)
    for name in ("title", "subtitle", "source", "note", "byline", "alt"):
        figure.add_argument(f"--{name}", metavar="TEXT", help="instead of the one written from the data; may be empty")
    for name, (shown, says) in _SEVERAL.items():
        figure.add_argument(f"--{name}", action="append", default=[], metavar=shown, help=f"{says}; may be repeated")
    figure.add_argument("--outlines", action="store_true", help="letters of an SVG as shapes instead of text")
    figure.add_argument("--batch", metavar="FILE.toml", help="many figures: one [[figure]] each, with view, out and the options above")
    figure.add_argument("--brief", metavar="PATH", help="with --batch: all figures together as one .zip or .pdf, with one list of sources")
    figure.set_defaults(run=_figure)

    verify = commands.add_parser("verify", help="check the evidence in saved figures against the data held today")
    verify.add_argument("files", nargs="+", metavar="FILE")
    verify.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="FILE.pem",
        help="the public key of an installation, served at /api/v1/figure-key.pem; may be repeated",
    )
    verify.add_argument("--format", choices=("text", "json"), default="text")
    verify.set_defaults(run=_verify)


def _figure(options: argparse.Namespace) -> int:
    from dashboard.figures import Unfit, batches
    from dashboard.figures.request import OPTIONS, SEVERAL

    if bool(options.batch) == (options.view is not None):
        raise Complaint("name one figure by --view and --out, or many by --batch.")
    try:
        if options.batch:
            jobs = batches.read(bytes_of(options.batch), options.batch, Path(options.out or "."))
        elif options.out:
            dress = {name: getattr(options, name) for name in (*OPTIONS, *SEVERAL)}
            jobs = [batches.Job(batches.figure(options.view, **dress), Path(options.out), options.outlines)]
        else:
            raise Complaint("say where to write the figure: --out figure.png (or .svg, .pdf, .html, .zip).")
        if options.brief:
            if not options.batch:
                raise Complaint("a brief is made of many figures: name them by --batch.")
            write(batches.brief(jobs, Path(options.brief).suffix.lower().removeprefix("."), catalog.bundled()), options.brief)
            return ACCEPTED
    except Unfit as unfit:
        raise Complaint(str(unfit)) from None
    failed = 0
    for number, (job, content, remarks) in enumerate(batches.drawn(jobs, catalog.bundled()), start=1):
        if isinstance(content, bytes):
            write(content, str(job.out))
        else:
            failed, remarks = failed + 1, [content]
        for remark in remarks:
            print(f"\rtransparency: {printable(str(job.out))}: {printable(remark)}", file=sys.stderr)
        if len(jobs) > 1:
            print(batches.progress(number, len(jobs), job.out.name), end="", file=sys.stderr, flush=True)
    return UNREADABLE if failed == len(jobs) else REJECTED if failed else ACCEPTED


def _verify(options: argparse.Namespace) -> int:
    from dashboard.figures import batches, signatures

    try:
        keys = {signatures.public_key(bytes_of(file), printable(Path(file).name)): Path(file).stem for file in options.key}
        findings = list(batches.verified({name: bytes_of(name) for name in options.files}, catalog.bundled(), keys))
    except signatures.BadKey as bad:
        raise Complaint(str(bad)) from None
    if options.format == "json":
        write_json([one for _, one in findings], None)
    else:
        for name, one in findings:
            write(
                f"{printable(Path(name).name)}: {', '.join(filter(None, (one['signed']['says'], one['status'])))}: {one['sentence']}\n",
                None,
            )
            for change in one["changes"]:
                write(f"  {change['text']}\n", None)
    return ACCEPTED if all(one["status"] == "current" for _, one in findings) else REJECTED
