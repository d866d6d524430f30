"""The plain forms of `forms` as Markdown, for people who paste and machines that read text."""

from __future__ import annotations

from collections.abc import Iterable

SUFFIX = ".md"
"""The ending of the address of a page in Markdown."""
MAX_TABLE = 400
"""Rows of a table in Markdown; the rest is named with the address that has all."""
_LEFT_OUT = ("known_from_basis", "seen", "replaces", "note", "sha256")
"""Columns of documents that only the other form has."""
_TITLES = {"bands": "Bands printed anew", "derived": "Lower ends that follow by logic"}


def page(form: dict, site: str) -> str:
    """A plain form as one Markdown page; what a form does not have is left out."""
    parts = [f"# {_cell(form['title'])}"]
    if form.get("statement"):
        parts += _statement(form["statement"])
    parts += [_words(form[name]) for name in ("unit", "why", "left_out") if form.get(name)]
    parts += map(_words, [*form.get("sentences", ()), *form.get("not_shown", ()), form.get("comparability", "")])
    for claim in form.get("claims", ()):
        parts += _claim(claim)
    if form.get("statements") and isinstance(form["statements"][0], dict):
        parts.append(_statements(form["statements"], site))
    if form.get("rows"):
        parts.append(_rows(form["rows"], form["address"]))
    if form.get("summary") or form.get("counts"):
        parts.append(table([form.get("summary") or form["counts"]]))
    for name in ("breaks", "never_received", "definitions", "documents", "changes", "bands", "derived", "letters"):
        if form.get(name):
            shown = [{column: row[column] for column in row if column not in _LEFT_OUT} for row in form[name]]
            parts += [f"## {_TITLES.get(name) or name.replace('_', ' ').capitalize()}", table(shown)]
    if form.get("document"):
        parts.append(table([{"what": name, "value": value} for name, value in form["document"].items() if value]))
    parts += [
        "## How to read and cite this",
        *form["rules"],
        _words(form.get("source", "")),
        _words(form["citation"]["text"]),
        f"Address: <{form['address']}>",
    ]
    parts.append(f"Data version {form['data']}.")
    return "\n\n".join(text for text in parts if text) + "\n"


def contents(pages: dict[str, tuple[str, str]], site: str, others: Iterable[tuple[str, str, str]]) -> str:
    """A page that lists pages (address: title and what is there) and other addresses (title, address, what is there)."""
    lines = [f"- [{title}]({site}{path}): {what}" for path, (title, what) in pages.items()]
    return "\n".join([*lines, *(f"- [{title}]({address}): {what}" for title, address, what in others)])


def _statement(entry: dict) -> list[str]:
    quote = f"> “{_cell(entry['quote'])}”" if entry["quote"] else ""
    who = f"{entry['speaker']}, {entry['role']}, {entry['date']}, {entry['venue']}: <{entry['url']}>"
    return [_words(entry["says"]), quote, who, _words(entry["drift"]), _words(entry["note"])]


def _claim(claim: dict) -> list[str]:
    readings = [
        f"- {_words(reading['reading'])}: **{reading['verdict']}**. {_words(reading['arithmetic'])}"
        + (f" Cells: {_words('; '.join(reading['cells'][:6]))}." if reading["cells"] else "")
        for reading in claim["readings"]
    ]
    return [f"## {_cell(claim['words'])}: {claim['verdict']}", "\n".join(readings)]


def _statements(entries: list[dict], site: str) -> str:
    lines = []
    for entry in entries:
        verdicts = "; ".join(f"{claim}: {verdict}" for claim, verdict in entry["verdicts"].items())
        lines.append(
            f"- [{_cell(entry['speaker'])}, {entry['date']}]({site}/statements{SUFFIX}?statement={entry['statement']}): {_cell(entry['says'])}"
            + (f" ({verdicts})" if verdicts else "")
        )
    return "\n".join(lines)


def _rows(rows: list[dict], address: str) -> str:
    columns = (
        "reporter_name",
        "requester_name",
        "measure_name",
        "request_type_name",
        "period",
        "number",
        "low",
        "high",
        "document",
        "cell",
        "derived_because",
        "derivation",
        "why",
    )
    used = [name for name in columns if any(row.get(name) not in (None, "") for row in rows)]
    more = f"\n\n{len(rows) - MAX_TABLE:,} more rows: {address}" if len(rows) > MAX_TABLE else ""
    return table([{name: row.get(name) for name in used} for row in rows[:MAX_TABLE]]) + more


def table(rows: list[dict]) -> str:
    """Rows of the same columns as a table in Markdown."""
    names = list(rows[0])
    lines = [f"| {' | '.join(name.removesuffix('_name').replace('_', ' ') for name in names)} |", "|" + " --- |" * len(names)]
    return "\n".join([*lines, *(f"| {' | '.join(_cell(row[name]) for name in names)} |" for row in rows)])


def _cell(value: object) -> str:
    """A text of another's making on one line of Markdown: no mark of it makes a table, a link or an element."""
    return " ".join(_escaped("" if value is None else f"{value}", "\\`*_[]<>|").split())


def _words(text: str) -> str:
    """A paragraph with words of others in it: none of them makes a link, a picture or an element, and addresses stay as they are."""
    return _escaped(text, "\\`*[]<")


def _escaped(text: str, signs: str) -> str:
    for sign in signs:
        text = text.replace(sign, f"\\{sign}")
    return text
