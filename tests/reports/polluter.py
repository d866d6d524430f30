"""Clean tables of our own, and damage done to them in eight ways, with the lines that were damaged.

What is damaged must be refused, or come out exactly as the clean table does: a wrong figure without a word is the worst outcome there is.
"""

from __future__ import annotations

import csv
import io
import random
import re
from dataclasses import dataclass, field

from dashboard.model import places
from dashboard.reports.door import Answers

KINDS = ("delimiter", "quote", "dialect", "preamble", "header", "line end", "words", "lost rows")
COUNTRIES = (
    "Germany",
    "France",
    "Korea, Republic of",
    "Brazil",
    "India",
    "Türkiye",
    "United States",
    "Côte d’Ivoire",
    "Iran, Islamic Republic of",
    "Japan",
    "Namibia",
    "Spain",
)
TYPES = ("Search warrant", "Subpoena", "Court order", "Emergency", "Preservation")
PERIODS = ("2018 H1", "2018 H2", "2019 H1", "2019 H2", "2020 H1")


@dataclass(frozen=True)
class Clean:
    """A sound table: its name, its text, and what a visitor says beside it. `header` is the line of its header."""

    name: str
    text: str
    answers: Answers = field(default_factory=lambda: Answers(reporter="acme"))
    header: int = 1
    delimiter: str = ","

    @property
    def lines(self) -> list[str]:
        """Its lines, without their ends; no cell of a clean table holds a line end."""
        return self.text.splitlines()


@dataclass(frozen=True)
class Damaged:
    """A damaged copy: its bytes, the lines on which it may be told, and what was done."""

    data: bytes
    lines: frozenset[int]
    what: str


def clean_tables(seed: int) -> list[Clean]:
    """Tables of every shape, filled at random."""
    rng = random.Random(seed)
    return [
        _long(rng),
        _with_measures(rng),
        _wide_by_period(rng),
        _german(rng),
        _bands(rng),
        _tabs(rng),
        _google(rng),
        _apple(rng),
        _github(rng),
    ]


def damaged(clean: Clean, kind: str, seed: int) -> Damaged:
    """The table with one damage of a kind."""
    rng = random.Random(f"{clean.name} {kind} {seed}")
    return {
        "delimiter": _delimiter,
        "quote": _quote,
        "dialect": _dialect,
        "preamble": _preamble,
        "header": _header,
        "line end": _line_end,
        "words": _words,
        "lost rows": _lost_rows,
    }[kind](clean, rng)


# The tables.


def _written(rows: list[list[object]], delimiter: str = ",", before: str = "", after: str = "") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return before + target.getvalue() + after


def _count(rng: random.Random) -> int:
    return rng.choice((rng.randint(0, 20), rng.randint(0, 1500), rng.randint(1000, 90_000)))


def _some(rng: random.Random, of: tuple[str, ...], least: int = 3) -> list[str]:
    return sorted(rng.sample(of, rng.randint(least, len(of))))


def _long(rng: random.Random) -> Clean:
    rows: list[list[object]] = [["Period", "Country", "Requests", "Accounts", "Percentage disclosed"]]
    for period in _some(rng, PERIODS, 2):
        for country in _some(rng, COUNTRIES):
            requests = _count(rng)
            rows.append([period, country, f"{requests:,}", f"{requests + _count(rng):,}", f"{rng.randint(0, 100)}%" if requests else "-"])
    return Clean("long.csv", _written(rows))


def _with_measures(rng: random.Random) -> Clean:
    rows: list[list[object]] = [["period", "requester", "request type", "measure", "value", "note"]]
    for period in _some(rng, PERIODS, 2):
        for country in _some(rng, COUNTRIES):
            for kind in _some(rng, TYPES, 1):
                rows.append([period, country, kind, "requests", _count(rng), ""])
                rows.append(
                    [period, country, kind, "accounts specified", rng.choice((_count(rng), "<10", "N/A")), rng.choice(("", "see text"))]
                )
    return Clean("measures.csv", _written(rows))


def _wide_by_period(rng: random.Random) -> Clean:
    periods = _some(rng, PERIODS, 2)
    rows: list[list[object]] = [["Country", *periods]]
    rows += [[country, *(_count(rng) for _ in periods)] for country in _some(rng, COUNTRIES, 4)]
    text = _written(rows, before="Requests for user data by country\n\n", after="\nNote: figures may be corrected in later reports.\n")
    return Clean("wide.csv", text, Answers(reporter="acme", measure="requests"), header=3)


def _german(rng: random.Random) -> Clean:
    rows: list[list[object]] = [["Zeitraum", "Land", "Anfragen", "Nutzerkonten", "Prozentsatz offengelegt"]]
    for half in ("1. Halbjahr 2019", "2. Halbjahr 2019"):
        for country in _some(rng, ("DEU", "FRA", "ITA", "ESP", "AUT", "CHE"), 3):
            share = f"{rng.randint(0, 99)},{rng.randint(1, 9)} %"
            rows.append(
                [
                    half,
                    places.name(country, "de"),
                    f"{rng.randint(1, 40)}.{rng.randint(0, 999):03}.{rng.randint(0, 999):03}",
                    _count(rng),
                    share,
                ]
            )
    return Clean("bericht.csv", _written(rows, ";"), delimiter=";")


def _bands(rng: random.Random) -> Clean:
    rows: list[list[object]] = [["Period ending", "Requests (min)", "Requests (max)", "Accounts (min)", "Accounts (max)"]]
    for year in range(2015, 2015 + rng.randint(2, 6)):
        for end in ("06-30", "12-31"):
            low, accounts = rng.choice((0, 500, 1000)), rng.choice((0, 500, 1500))
            rows.append([f"{year}-{end}", low, low + 499, accounts, accounts + 499])
    return Clean("bands.csv", _written(rows), Answers(reporter="acme", requester="USA", request_type="nsl"))


def _tabs(rng: random.Random) -> Clean:
    rows: list[list[object]] = [["Year", "Half", "Country", "Search warrants", "Subpoenas", "Emergency requests", "Total"]]
    for year in range(2018, 2018 + rng.randint(1, 3)):
        for half in (1, 2):
            for country in _some(rng, COUNTRIES, 4):
                parts = [_count(rng) for _ in range(3)]
                rows.append([year, half, country, *parts, sum(parts)])
    return Clean("types.tsv", _written(rows, "\t"), delimiter="\t")


def _google(rng: random.Random) -> Clean:
    rows: list[list[object]] = [
        [
            "Period Ending",
            "Country/Region",
            "CLDR Territory Code",
            "Legal Process",
            "User Data Requests",
            "Percentage disclosed",
            "Accounts",
        ]
    ]
    for end in ("2019-06-30", "2019-12-31"):
        for country, code in (("Germany", "DE"), ("France", "FR"), ("Namibia", "NA"), ("South Korea", "KR"), ("Brazil", "BR")):
            for kind in ("Emergency Disclosure Requests", "Other Legal Requests"):
                rows.append([end, country, code, kind, rng.randint(1, 9000), rng.randint(1, 100), rng.randint(1, 9000)])
    return Clean("google-global-user-data-requests.csv", _written(rows), Answers())


def _apple(rng: random.Random) -> Clean:
    rows: list[list[object]] = [
        [
            "TR Period",
            "TR Start Date",
            "TR End Date",
            "Country/Region",
            "Device Requests Received",
            "Devices Specified in Requests",
            "Requests where Data Provided",
            "Percentage of Requests where Data Provided",
        ]
    ]
    for half, start, end in (("2019 H1", "1/1/19", "6/30/19"), ("2019 H2", "7/1/19", "12/31/19")):
        for country in ("Germany", "France", "Brazil", "Japan", "Korea, Republic of"):
            requests = rng.randint(1, 5000)
            provided = rng.randint(0, requests)
            rows.append([half, start, end, country, requests, rng.randint(1, 50_000), provided, f"{round(100 * provided / requests)}%"])
    return Clean("device_requests.csv", _written(rows), Answers())


def _github(rng: random.Random) -> Clean:
    rows: list[list[object]] = [["year", "half", "type", "count_requests_received", "count_disclosed"]]
    for year in (2023, 2024):
        for half in (1, 2):
            for kind in ("criminal or government agency subpoena", "criminal court order", "criminal search warrant"):
                requests = rng.randint(1, 400)
                rows.append([year, half, kind, requests, rng.randint(0, requests)])
    return Clean("requests_received_and_disclosed_by_calendar_year_half.csv", _written(rows), Answers())


# The damage.


def _line_of_table(clean: Clean, rng: random.Random) -> int:
    # A line of the table itself: its header or a record, counted from 0.
    lines = clean.lines
    last = len(lines) - 1
    while clean.delimiter not in lines[last]:
        last -= 1
    return rng.randint(clean.header - 1, last)


def _encoded(lines: list[str], end: str = "\n") -> bytes:
    return (end.join(lines) + end).encode()


def _outside_quotes(line: str, delimiter: str) -> list[int]:
    return [place for place, letter in enumerate(line) if letter == delimiter and line[:place].count('"') % 2 == 0]


def _delimiter(clean: Clean, rng: random.Random) -> Damaged:
    lines = clean.lines
    at = _line_of_table(clean, rng)
    marks = _outside_quotes(lines[at], clean.delimiter)
    place = rng.choice(marks)
    if rng.random() < 0.5:
        lines[at] = lines[at][:place] + lines[at][place + 1 :]
        what = "a delimiter is missing"
    else:
        place = rng.choice([0, len(lines[at]), place])
        lines[at] = lines[at][:place] + clean.delimiter + lines[at][place:]
        what = "a delimiter too many"
    return Damaged(_encoded(lines), frozenset({at + 1}), what)


def _quote(clean: Clean, rng: random.Random) -> Damaged:
    lines = clean.lines
    at = _line_of_table(clean, rng)
    quotes = [place for place, letter in enumerate(lines[at]) if letter == '"']
    if quotes and rng.random() < 0.4:
        place = rng.choice(quotes)
        lines[at] = lines[at][:place] + lines[at][place + 1 :]
        what = "a quotation mark is missing"
    else:
        place = rng.randint(0, len(lines[at]))
        lines[at] = lines[at][:place] + '"' + lines[at][place:]
        what = "a stray quotation mark"
    return Damaged(_encoded(lines), frozenset({at + 1}), what)


def _dialect(clean: Clean, rng: random.Random) -> Damaged:
    lines = clean.lines
    at = _line_of_table(clean, rng)
    cells = next(csv.reader([lines[at]], delimiter=clean.delimiter))
    way = rng.choice(("delimiter", "apostrophes", "backslashes", "spaces", "marks"))
    other = rng.choice([mark for mark in ",;\t|" if mark != clean.delimiter])
    if way == "delimiter":
        lines[at] = _written([cells], other).rstrip("\n")
    elif way == "apostrophes":
        lines[at] = clean.delimiter.join(f"'{cell}'" for cell in cells)
    elif way == "backslashes":
        lines[at] = clean.delimiter.join(f'\\"{cell}\\"' for cell in cells)
    elif way == "spaces":
        lines[at] = " ".join(cells)
    else:
        # The marks of the other half of the world: 1.234 and 64,5.
        swapped = [cell.translate(str.maketrans(",.", ".,")) if re.fullmatch(r"[\d.,]+ ?%?", cell) else cell for cell in cells]
        lines[at] = _written([swapped], clean.delimiter).rstrip("\n")
    return Damaged(_encoded(lines), frozenset({at + 1}), f"one line in another dialect: {way}")


def _preamble(clean: Clean, rng: random.Random) -> Damaged:
    d = clean.delimiter
    choices = [
        ["Transparency report"],
        ["# exported by a tool", "# do not edit"],
        ["Transparency report", "", "All figures are worldwide and were checked by our legal team."],
        [f"Generated{d}2021-03-04"],
        [f"Report{d}Requests for user data{d}{d}"],
        [""],
        ["", "", ""],
        [f"{d}{d}{d}"],
        ["Figures for 12 countries, 34 requests, and more, all of them counted by us"],
        [f"Title{d}Report", f"Version{d}3", ""],
    ]
    before = rng.choice(choices)
    lines = before + clean.lines
    return Damaged(_encoded(lines), frozenset(range(1, len(before) + clean.header + 2)), f"lines above the table: {before}")


def _header(clean: Clean, rng: random.Random) -> Damaged:
    lines = clean.lines
    at = clean.header - 1
    cells = next(csv.reader([lines[at]], delimiter=clean.delimiter))
    way = rng.choice(("gone", "twice", "blank", "same", "letter", "repeated below", "joined", "two lines", "upper"))
    place = rng.randrange(len(cells))
    told = {at + 1, at + 2}
    if way == "gone":
        del lines[at]
    elif way == "twice":
        lines.insert(at, lines[at])
    elif way == "repeated below":
        below = rng.randint(at + 1, at + 3)
        lines.insert(below, lines[at])
        told |= {below + 1}
    elif way == "joined":
        lines[at] += lines.pop(at + 1)
    elif way == "two lines":
        cut = rng.choice(_outside_quotes(lines[at], clean.delimiter))
        lines[at : at + 1] = [lines[at][:cut], lines[at][cut:]]
        told |= {at + 3}
    else:
        if way == "blank":
            cells[place] = ""
        elif way == "same":
            cells[place] = cells[place - 1]
        elif way == "upper":
            cells = [cell.upper() for cell in cells]
        else:
            letter = rng.randrange(len(cells[place]))
            cells[place] = cells[place][:letter] + rng.choice(("", "x", "#")) + cells[place][letter + 1 :]
        lines[at] = _written([cells], clean.delimiter).rstrip("\n")
    return Damaged(_encoded(lines), frozenset(told), f"header: {way}")


def _line_end(clean: Clean, rng: random.Random) -> Damaged:
    lines = clean.lines
    at = min(_line_of_table(clean, rng), len(lines) - 2)
    way = rng.choice(
        ("all CR", "all CRLF", "one CR", "one CRLF", "gone", "blank line", "none at the end", "inside a cell", "one CR inside")
    )
    told = {at + 1, at + 2}
    if way in ("all CR", "all CRLF"):
        return Damaged(_encoded(lines, "\r" if way == "all CR" else "\r\n"), frozenset(told), way)
    if way in ("one CR", "one CRLF"):
        end = "\r" if way == "one CR" else "\r\n"
        text = "\n".join(lines[: at + 1]) + end + "\n".join(lines[at + 1 :]) + "\n"
        return Damaged(text.encode(), frozenset(told), way)
    if way == "gone":
        lines[at : at + 2] = [lines[at] + lines[at + 1]]
    elif way == "blank line":
        lines.insert(at, "")
    elif way == "none at the end":
        return Damaged("\n".join(lines).encode(), frozenset(told), way)
    else:
        place = rng.randint(1, max(1, len(lines[at]) - 1))
        lines[at] = lines[at][:place] + ("\n" if way == "inside a cell" else "\r") + lines[at][place:]
    return Damaged(_encoded(lines), frozenset(told), f"line end: {way}")


def _words(clean: Clean, rng: random.Random) -> Damaged:
    # A line above, among or below the records that changes what they count: another subject, a scale, another kind, another asker.
    says = rng.choice(
        [
            "Content removal requests",
            "Copyright and trademark notices",
            "Figures in thousands",
            "(in hundreds)",
            "Requests of private parties",
            "Angaben in Tausend",
            "Demandes de suppression",
            "Account suspensions",
        ]
    )
    lines = clean.lines
    at = rng.choice([0, rng.randint(clean.header + 1, len(lines) - 1), len(lines)])
    lines.insert(at, says + clean.delimiter * rng.choice([0, len(_outside_quotes(clean.lines[clean.header - 1], clean.delimiter))]))
    where = "above" if at == 0 else "below" if at == len(lines) - 1 else "among"
    return Damaged(_encoded(lines), frozenset({at + 1}), f"“{says}” {where} the records")


def _lost_rows(clean: Clean, rng: random.Random) -> Damaged:
    # A quotation mark opens in the last cell of a record and closes in that of a later one.
    lines = clean.lines
    at = _line_of_table(clean, rng)
    end = min(at + rng.randint(1, 3), len(lines) - 1)
    if at == end:
        at -= 1
    place = max(_outside_quotes(lines[at], clean.delimiter)) + 1
    lines[at] = lines[at][:place] + '"' + lines[at][place:].replace('"', "")
    lines[end] = lines[end].replace('"', "") + '"'
    return Damaged(_encoded(lines), frozenset(range(at + 1, end + 2)), "a quotation mark that reaches over rows")
