"""The data over the web: the same selections as the page and the command line, and a JSON problem for whatever is asked wrongly."""

import asyncio
import functools
import gzip
import io
import json
import re
from dataclasses import fields
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, quote, urlencode

import jsonschema
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from dashboard import analysis, catalog, cli
from dashboard.analysis import bands, views, with_totals
from dashboard.analysis.parameters import SERIES, Parameter
from dashboard.analysis.views import View
from dashboard.answers import nothing
from dashboard.display import downloads
from dashboard.model import periods
from dashboard.model.columns import OBSERVATION_COLUMNS
from dashboard.web import api, logs, queries, tools
from dashboard.web.library import Library


def library_of(data, complete=None) -> Library:
    """The library of one catalog, with complete tables of the test's own making where it has such."""
    made = Library(data)
    made.complete = complete or functools.lru_cache(maxsize=8)(lambda day: with_totals(data, day))
    return made


@pytest.fixture(scope="module")
def library() -> Library:
    return library_of(catalog.bundled())


@pytest.fixture(scope="module")
def ask(library):
    return asker(library)


def asker(library):
    """Asks the routes without a server: status, headers and body."""
    app = Starlette(routes=api.routes(lambda: library))

    def asked(address: str, method: str = "GET", **headers: str) -> SimpleNamespace:
        path, _, query = address.partition("?")
        sent = []

        async def receive() -> dict:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "scheme": "https",
            "server": ("example.org", 443),
            "headers": [(b"host", b"example.org"), *((n.replace("_", "-").encode(), v.encode()) for n, v in headers.items())],
        }
        asyncio.run(app(scope, receive, send))
        told = {name.decode(): text.decode() for name, text in sent[0]["headers"]}
        return SimpleNamespace(status=sent[0]["status"], headers=told, body=b"".join(message.get("body", b"") for message in sent[1:]))

    return asked


SELECTIONS = [
    "reporter=microsoft&requester=USA&measure=requests&by=year",
    "reporter=microsoft&requester=USA&measure=requests&by=year&from=2016-01-01&to=2020-12-31",
    "reporter=google&requester=Germany&measure=requests",
    "reporter=google&requester=USA&measure=requests&request_type=nsl&as_of=2025-12-31",
    "reporter=google&requester=WLD&measure=requests_some_data",
    "reporter=meta&requester=FRA&measure=share_some_data&by=as-published",
    "reporter=microsoft&requester=USA&measure=nondisclosure_orders&authority=federal",
    "reporter=microsoft&requester=WLD&measure=requests&service=enterprise",
]


@pytest.mark.parametrize("query", SELECTIONS)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_series_is_the_one_that_the_command_line_prints(ask, library, monkeypatch, capsys, query: str, form: str):
    monkeypatch.setattr(analysis, "with_totals", lambda data, day: library.complete(day))
    options = [part for pair in query.split("&") for part in ("--" + pair.partition("=")[0].replace("_", "-"), pair.partition("=")[2])]
    code = cli.main(["series", *options, "--format", form])
    printed = capsys.readouterr().out
    answer = ask(f"/api/v1/series.{form}?{query}")
    assert (code == 0) == (answer.status == 200)
    if form == "csv":
        assert answer.status != 200 or answer.body.decode() == printed
    else:
        assert answer.status != 200 or json.loads(answer.body)["rows"] == json.loads(printed)


def test_the_selections_above_are_answered(ask):
    assert [query for query in SELECTIONS if ask(f"/api/v1/series.csv?{query}").status != 200] == []


def test_a_period_without_a_number_is_named_beside_the_series_and_is_no_zero(catalog_of):
    data = catalog_of(
        """
        request_type period  value
        warrant      2019_H1 5
        subpoena     2019_H1 7
        all          2020_H1 12
        """
    )
    ask = asker(library_of(data))
    table = read(ask("/api/v1/series.csv?reporter=google&requester=USA&measure=requests&by=year"))
    assert table["low"].tolist() == ["", ""] and table["why"].ne("").all()
    answer = json.loads(ask("/api/v1/series.json?reporter=google&requester=USA&measure=requests&by=year").body)
    assert answer["rows"] == []
    assert [gap["period_start"] for gap in answer["unpublished"]] == ["2019-01-01", "2020-01-01"]
    assert all(gap["why"] for gap in answer["unpublished"])


VIEWS = [
    View(),
    View(scale="day"),
    View(scale="calendar", requester=("DEU", "FRA"), start="2016", end="2020"),
    View(measure="share_some_data", reporter=("google", "apple"), shape="ranking", of="google", period="2019 H2"),
    View(reporter=("google",), type=("nsl",), known="2025-12-31"),
    View(scale="share"),
    View(requester=()),
]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: urlencode(view.query()) or "default")
def test_the_rows_of_a_view_are_those_that_its_page_hands_over(ask, library, view: View):
    answer = ask(f"/api/v1/observations.csv?{urlencode([*view.query(), ('rows', 'shown')])}")
    rows = views.rows_of(view, library.complete(view.known_on), library.data.population)
    leaving = downloads.rows_for_download(rows[[*OBSERVATION_COLUMNS, "derivation", "why"]], library.data)
    if rows.empty:
        assert read(answer)["why"].tolist() == [nothing.CHOOSE_REQUESTER]
        return
    assert answer.body == downloads.csv(leaving).removeprefix("\ufeff".encode())


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: urlencode(view.query()) or "default")
def test_every_published_row_stands_in_a_cell_of_a_document_with_its_printed_text(ask, library, view: View):
    rows = read(ask(f"/api/v1/observations.csv?{urlencode(view.query())}"))
    if not view.requester:
        assert rows["why"].tolist() == [nothing.CHOOSE_REQUESTER]
        return
    assert rows[["document", "cell", "printed", "low"]].ne("").all(axis=None)
    held_rows = library.data.as_of(view.known_on)
    assert set(rows["document"] + rows["cell"]) <= set(held_rows["document"] + held_rows["cell"])
    wanted = held_rows[held_rows["measure"].eq(view.counted) & held_rows["reporter"].isin([view.of] if view.of else view.reporter)]
    if not view.of:
        wanted = wanted[wanted["requester"].isin(view.requester)]
    if view.type:
        wanted = wanted[wanted["request_type"].isin(view.type)]
    for period in filter(None, (periods.parse(view.period), view.start and periods.Period(date(2016, 1, 1), date(2020, 12, 31)))):
        wanted = wanted[wanted["period_start"].ge(pd.Timestamp(period.start)) & wanted["period_end"].le(pd.Timestamp(period.end))]
    assert len(rows) == len(wanted) > 0


@pytest.mark.parametrize(
    ("page", "command"),
    [
        ("type=nsl&known=2025-12-31", "request_type=nsl&as_of=2025-12-31"),
        ("scale=calendar&rows=shown", "by=year&rows=shown"),
        ("scale=published&rows=shown", "by=as-published&rows=shown"),
        ("requester=DEU&requester=NAM", "requester=Germany&requester=na"),
        ("start=2016&end=2018", "from=2016-01-01&to=2018-12-31"),
        ("scale=calendar&start=2016&end=2018&rows=shown", "by=year&from=2016-01-01&to=2018-12-31&rows=shown"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "json"])
def test_names_of_the_page_and_of_the_command_line_mean_the_same(ask, page: str, command: str, form: str):
    one, other = (ask(f"/api/v1/observations.{form}?{query}") for query in (page, command))
    assert one.status == other.status == 200
    if form == "csv":
        assert one.body == other.body
        assert one.body.count(b"\n") > 1
    else:
        assert json.loads(one.body)["rows"] == json.loads(other.body)["rows"]


def test_the_lower_end_that_follows_stands_beside_each_band_of_a_series_as_of_its_rows(ask, library):
    known = bands.by_logic(library.data)
    for key, own in known[known["service"] == "all"].groupby(["reporter", "requester", "measure", "request_type", "authority"]):
        query = urlencode(dict(zip(("reporter", "requester", "measure", "request_type", "authority"), key, strict=True)))
        texts = read(ask(f"/api/v1/series.csv?{query}"))
        numbers = pd.DataFrame(json.loads(ask(f"/api/v1/series.json?{query}").body)["rows"])
        told = pd.DataFrame(json.loads(tools.call("series", dict(parse_qsl(query)), library))["rows"])
        assert numbers.equals(told)
        starts = set(own["period_start"].dt.strftime("%Y-%m-%d"))
        follows = numbers["derived_low"].notna()
        assert set(numbers.loc[follows, "period_start"]) == starts
        assert (numbers["derived_because"] != "").equals(follows) and set(numbers.loc[follows, "low"]) == {0}
        assert texts["derived_low"].tolist() == ["1" if follows_here else "" for follows_here in follows]
        assert texts["derived_because"].tolist() == numbers["derived_because"].tolist()


def test_an_end_that_is_not_printed_is_null_in_json_and_a_word_in_csv(catalog_of):
    ask = asker(library_of(catalog_of("value\n500+")))
    query = "reporter=google&requester=USA&measure=requests"
    assert json.loads(ask(f"/api/v1/series.json?{query}").body)["rows"][0]["high"] is None
    assert "500,inf" in ask(f"/api/v1/series.csv?{query}").body.decode()
    assert json.loads(ask("/api/v1/observations.json").body)["rows"][0]["high"] is None
    assert read(ask("/api/v1/observations.csv"))["high"].tolist() == ["inf"]


def test_a_text_that_a_spreadsheet_would_run_leaves_harmless(catalog_of):
    data = catalog_of("value printed\n5 =1+1")
    assert read(asker(library_of(data))("/api/v1/observations.csv"))["printed"].tolist() == ["'=1+1"]


@pytest.mark.parametrize(
    ("address", "status", "parameter", "value", "told"),
    [
        ("series.csv", 400, "reporter", "", "Write reporter=microsoft."),
        ("series.csv?reporter=gogle", 400, "reporter", "gogle", "Did you mean google?"),
        ("series.csv?reporter=google&requester=Beligumm", 400, "requester", "Beligumm", "Belgium"),
        ("series.json?reporter=google&requester=Korea", 400, "requester", "Korea", "South Korea or North Korea"),
        ("series.csv?reporter=google&requester=USA&measure=hits", 400, "measure", "hits", "requests"),
        ("series.csv?reporter=google&requester=USA&measure=requests&as_of=yesterday", 400, "as_of", "yesterday", "Write one like"),
        ("series.csv?reporter=google&requester=USA&measure=requests&as_of=9999-12-31", 400, "as_of", "9999-12-31", "to 2100-12-31"),
        ("series.csv?reporter=google&requester=USA&measure=requests&as_of=1990-01-01", 400, "as_of", "1990-01-01", "known from"),
        ("series.csv?reporter=google&requester=USA&measure=requests&from=2016", 400, "from", "2016", "Write one like 2016-01-01"),
        ("series.csv?reporter=google&requester=USA&measure=requests&by=month", 400, "by", "month", "There are as-published, year."),
        ("series.csv?reporter=google&reporter=meta", 400, "reporter", "meta", "Give it once."),
        ("series.csv?shape=map", 400, "shape", "map", "There are reporter, requester"),
        ("series.csv?reporter=google&requester=NAM&measure=wiretaps", 400, "measure", "wiretaps", "requests"),
        ("observations.csv?shape=pie", 400, "shape", "pie", "There are time, change, ranking"),
        ("observations.csv?type=nls", 400, "type", "nls", "nsl"),
        ("observations.csv?start=2016%20H3", 400, "start", "2016 H3", "Write it like 2019 H2"),
        ("observations.csv?by=year&scale=day", 400, "by", "calendar", "Give one of them."),
        ("observations.csv?service=windows", 400, "service", "windows", "enterprise"),
        ("observations.json?rows=all", 400, "rows", "all", "published, shown"),
        ("documents.json?document=nothing", 400, "document", "nothing", "/api/v1/documents.json"),
        ("statements.json?statement=nothing", 400, "statement", "nothing", "/api/v1/statements.json"),
        (f"observations.csv?service={'x' * 300}", 400, "service", "x" * 79 + "…", "200 are the most"),
        ("openapi.json?x=1", 400, "x", "1", "There is no parameter"),
    ],
)
def test_what_is_asked_wrongly_is_told_with_the_parameter_its_value_and_what_to_do(
    ask, address: str, status: int, parameter: str, value: str, told: str
):
    answer = ask(f"/api/v1/{address}")
    assert (answer.status, answer.headers["content-type"]) == (status, "application/json")
    problem = json.loads(answer.body)
    assert (problem["parameter"], problem["value"]) == (parameter, value)
    assert told in f"{problem['error']} {problem['instead']}"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("reporter=kakao&requester=USA&measure=requests", "kakao"),
        ("reporter=google&requester=USA&measure=requests&authority=federal", "google publishes no total over request type: choose"),
        ("reporter=twitter&requester=DEU&measure=letters", "twitter"),
        ("reporter=google&requester=USA&measure=requests&from=2020-01-01&to=2016-12-31", "google"),
    ],
)
def test_a_series_that_is_not_published_is_not_found_and_told_in_a_sentence(ask, query: str, told: str):
    answer = ask(f"/api/v1/series.json?{query}")
    assert answer.status == 404
    assert told in json.loads(answer.body)["error"]


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "x" * 5_000,
    "x" * 70_000,
    "'; DROP TABLE observations; --",
    "../../etc/passwd",
    "\x00",
    "\u202egoogle",
    "google\r\nSet-Cookie: a=b",
    "${7*7}{{7*7}}",
    "=cmd|' /C calc'!A0",
]
TEXTS = ("q", "text")
"""Parameters that take any text."""
ENDPOINTS_WITH_A_QUERY = [endpoint for endpoint in api.ENDPOINTS if endpoint.parameters]


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("endpoint", ENDPOINTS_WITH_A_QUERY, ids=lambda endpoint: endpoint.path)
def test_hostile_values_get_a_short_problem_and_nothing_else(ask, endpoint: api.Endpoint, hostile: str):
    path = endpoint.path.replace("{hash}", "0123456789ab")
    for parameter in endpoint.parameters:
        answer = ask(f"{path}?{parameter.name}={quote(hostile)}")
        if parameter.name in TEXTS and answer.status in (200, 404):
            # Any text may be searched or checked; what is given back of it is JSON.
            assert answer.headers["content-type"] == "application/json" and json.loads(answer.body)
            continue
        assert (answer.status, answer.headers["content-type"]) == (400, "application/json")
        assert len(answer.body) < 3_000
        assert set(json.loads(answer.body)) <= {"error", "parameter", "value", "instead"}
        assert set(answer.headers) <= {"cache-control", "content-type", "content-length", "content-security-policy"}


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"reporter=r{place}" for place in range(5_000)),
        "&".join("reporter=google" for _ in range(500)),
        "&" * 7_000 + "reporter=%zz",
        "reporter=%ff%fe",
        "%00=%00",
        "=",
        "reporter=google;drop",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/observations.csv", "/embed", "/embed/picture.svg"])
def test_a_query_that_is_too_much_or_makes_no_sense_is_told(ask, path: str, query: str):
    answer = ask(f"{path}?{query}")
    assert answer.status == 400
    assert json.loads(answer.body)["instead"]


def test_a_thousand_times_the_same_within_the_limits_is_answered_once(ask):
    many = ask("/api/v1/observations.csv?" + "&".join(["reporter=google"] * 300))
    assert many.body == ask("/api/v1/observations.csv?reporter=google").body


def test_more_rows_than_an_answer_holds_are_told_with_their_number(ask, library, monkeypatch):
    monkeypatch.setattr(api, "MOST_ROWS", 50)
    answer = ask("/api/v1/observations.json?reporter=google")
    assert answer.status == 400
    assert re.search(r"\d+ rows", json.loads(answer.body)["error"])


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/series.csv", "/api/v1/series", "/api/v1/series.xml", "/embed/a/b"])
def test_an_unknown_address_is_told_in_json(ask, method: str, path: str):
    answer = ask(path, method)
    assert (answer.status, answer.headers["content-type"]) == (404, "application/json")
    assert "/api/v1/openapi.json" in json.loads(answer.body)["instead"]


@pytest.mark.parametrize("path", ["/api/v1/series.csv", "/api/v1/statements.json", "/embed"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_is_answered_but_get(ask, method: str, path: str):
    answer = ask(path, method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert json.loads(answer.body)["error"]


def test_a_defect_of_ours_is_a_sentence_for_the_visitor_and_a_line_for_us_that_holds_nothing_of_theirs(caplog, library):
    def broken(day):
        raise KeyError("secret")

    answer = asker(library_of(library.data, broken))("/api/v1/observations.json?reporter=google")
    assert answer.status == 500
    assert b"secret" not in answer.body and b"Traceback" not in answer.body
    (record,) = caplog.records
    line = logs.Lines("json").format(record)
    assert {"event": "answer failed", "address": "/api/v1/observations.json", "error": "KeyError"}.items() <= json.loads(line).items()
    assert "secret" not in line and "google" not in line


ODD_PERIODS = [
    "9999",
    "9999-01-01/9999-12-31",
    "0001-01-01/0001-12-31",
    "1900",
    "2100 H2",
    "2019 H2",
    "2016-02-30",
    "Q9 2020",
    "2000-01-01/2099-12-31",
]
ODD_DAYS = ["9999-12-31", "0001-01-01", "1900-01-01", "2100-12-31", "2018-06-30", "2013-02-29"]


def odd_values(parameter: Parameter) -> st.SearchStrategy[str]:
    """Values of a parameter: sound ones, those of other kinds, the ends of time, and any text."""
    own = [parameter.example, *parameter.choices, *parameter.default, "", "google", "USA", "requests", "all", "private"]
    return st.sampled_from([*own, *ODD_PERIODS, *ODD_DAYS]) | st.text(st.characters(codec="utf-8"), max_size=30)


@st.composite
def addresses(draw) -> str:
    endpoint = draw(st.sampled_from([one for one in api.ENDPOINTS if one.parameters and one.media != "image/png"]))
    parameters = draw(st.lists(st.sampled_from(endpoint.parameters), max_size=5))
    needed = [(one.name, one.example) for one in endpoint.parameters if one.is_needed]
    chosen = [(one.name, draw(odd_values(one))) for one in parameters]
    return endpoint.path.replace("{hash}", "0123456789ab") + "?" + urlencode([*needed, *chosen])


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(addresses())
@example("/embed?scale=index&base=9999-01-01/9999-12-31")
@example("/embed/picture.svg?scale=index&base=9999-01-01%20%E2%80%93%209999-12-31")
@example("/api/v1/observations.csv?rows=shown&scale=year&start=1900&end=2100")
def test_every_value_of_every_parameter_of_every_address_is_answered_and_never_our_fault(ask, address: str):
    answer = ask(address)
    assert answer.status < 500, answer.body
    assert b"Traceback" not in answer.body


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (
            "reporter=microsoft&type=fisa_content",
            "Microsoft publishes no requests for FISA content; it publishes accounts specified, orders.",
        ),
        ("start=2035&reporter=apple", "Apple publishes no requests in this time"),
        ("reporter=google&measure=orders", "Google publishes no orders; it publishes requests"),
        ("requester=", nothing.CHOOSE_REQUESTER),
        ("reporter=", nothing.CHOOSE_REPORTER),
    ],
)
@pytest.mark.parametrize("rows", ["shown", "published"])
def test_an_empty_answer_says_why_as_csv_and_as_json(ask, query: str, why: str, rows: str):
    told = json.loads(ask(f"/api/v1/observations.json?{query}&rows={rows}").body)
    table = read(ask(f"/api/v1/observations.csv?{query}&rows={rows}"))
    assert told["rows"] == [] and told["why"].startswith(why)
    assert table["why"].tolist() == [told["why"]]
    assert table.drop(columns="why").eq("").all(axis=None)


@pytest.mark.parametrize(
    "address", ["/api/v1/series.json?reporter=google&requester=USA&measure=requests", "/api/v1/documents.json", "/embed"]
)
def test_what_has_not_changed_is_not_sent_again(ask, address: str):
    first = ask(address)
    again = ask(address, if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    other = ask(address, if_none_match='W/"other"')
    assert other.status == 200


def test_the_tag_is_that_of_the_data(catalog_of):
    data = catalog_of("value\n5")
    tag = asker(library_of(data))("/api/v1/observations.json").headers["etag"]
    assert data.version in tag


@pytest.mark.parametrize(
    "address", ["/api/v1/observations.csv", "/api/v1/statements.json", "/api/v1/openapi.json", "/embed", "/embed/picture.svg"]
)
def test_an_answer_is_sent_compressed_to_those_who_can_read_that(ask, address: str):
    answer, plain = ask(address, accept_encoding="gzip"), ask(address)
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(answer.body) == plain.body
    assert len(answer.body) < len(plain.body)


@pytest.mark.parametrize(
    "endpoint", [endpoint for endpoint in api.ENDPOINTS if endpoint.media != "image/png"], ids=lambda endpoint: endpoint.path
)
def test_no_answer_lets_a_page_of_another_site_read_it(ask, endpoint: api.Endpoint):
    answer = ask(endpoint.path, origin="https://elsewhere.example")
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_days_between_two_editions_share_one_table(library):
    asked = []
    counting = library_of(library.data, lambda day: asked.append(day) or library.complete(day))
    ask = asker(counting)
    for day in ("2026-03-30", "2026-03-31", date.max.replace(year=2100).isoformat()):
        assert ask(f"/api/v1/series.csv?reporter=google&requester=USA&measure=requests&as_of={day}").status == 200
    known = library.data.documents["known_from"]
    assert asked[-1] is None
    assert asked[0] == known[known <= "2026-03-30"].max().date()
    assert asked[0] == asked[1] or known.eq("2026-03-31").any()


def test_a_card_is_drawn_by_a_browser_once_and_then_kept(ask, monkeypatch):
    drawn = []
    monkeypatch.setattr(api.pictures, "saved", lambda drawing, kind, data, table: drawn.append(drawing) or b"picture")
    for _ in range(2):
        answer = ask("/embed/picture.png?reporter=odni&measure=orders&type=fisa_702&lang=fr")
        assert (answer.status, answer.headers["content-type"], answer.body) == (200, "image/png", b"picture")
    (drawing,) = drawn
    assert (drawing.size.pixels, drawing.figure.lang) == ((1200, 630), "fr")


def test_where_no_browser_is_a_card_is_not_found_and_the_page_names_the_other_picture(ask, monkeypatch):
    def none(*_, **__):
        raise api.pictures.NoBrowser("There is no Chrome or Chromium on this machine.")

    monkeypatch.setattr(api.pictures, "saved", none)
    monkeypatch.setattr(api, "_can_draw", lambda: False)
    answer = ask("/embed/picture.png?reporter=odni&measure=orders&type=fisa_702&lang=es")
    assert answer.status == 404
    assert "/embed/picture.svg" in json.loads(answer.body)["instead"]
    assert b"/embed/picture.svg?" in ask("/embed?reporter=odni&measure=orders&type=fisa_702&lang=es").body


def test_documents_are_those_of_the_named_reporters(ask, library):
    answer = json.loads(ask("/api/v1/documents.json?reporter=odni&reporter=doj").body)
    documents = library.data.documents
    assert [row["document"] for row in answer["documents"]] == list(documents["document"][documents["reporter"].isin(["odni", "doj"])])


def test_statements_are_those_of_the_command_line(ask, capsys):
    assert cli.main(["statements", "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert json.loads(ask("/api/v1/statements.json").body)["statements"] == printed
    one = json.loads(ask(f"/api/v1/statements.json?statement={printed[3]['statement']}").body)["statements"]
    assert one == [printed[3]]


@pytest.fixture(scope="module")
def description(ask) -> dict:
    return json.loads(ask("/api/v1/openapi.json").body)


def test_every_route_is_described_and_every_description_has_its_route(library, description):
    served = {re.sub(r":\w+}", "}", route.path) for route in api.routes(lambda: library)}
    assert set(description["paths"]) == served - {"/api", "/api/{path}", "/embed/{path}"}


@pytest.mark.parametrize("path", [endpoint.path for endpoint in api.ENDPOINTS])
def test_every_parameter_described_is_understood_and_no_other_is(ask, description, path: str):
    described = description["paths"][path]["get"]["parameters"]
    address = path.replace("{hash}", "0123456789ab")
    for parameter in described:
        if parameter["in"] == "path" or parameter["name"] in TEXTS:
            continue
        bad = ask(f"{address}?{parameter['name']}={quote('no such thing')}")
        assert json.loads(bad.body)["parameter"] == parameter["name"]
    other = json.loads(ask(f"{address}?nothing=1").body)
    assert other["error"] == "There is no parameter “nothing” here."


@pytest.mark.parametrize("path", [endpoint.path for endpoint in api.ENDPOINTS])
def test_every_example_and_choice_of_the_description_is_understood(library, description, path: str):
    endpoint = next(endpoint for endpoint in api.ENDPOINTS if endpoint.path == path)
    reader = queries.Reader(library.data)
    needed = {parameter.name: parameter.example for parameter in endpoint.parameters if parameter.is_needed}
    for parameter in endpoint.parameters:
        for value in filter(None, (parameter.example, *parameter.choices, *parameter.default)):
            reader.read(urlencode(needed | {parameter.name: value}), endpoint.parameters)


def test_a_view_has_its_own_names_and_defaults_here():
    assert [parameter.name for parameter in queries.VIEW] == [field.name for field in fields(View)]
    for parameter in queries.VIEW:
        default = getattr(View(), parameter.name)
        assert parameter.default == (default if isinstance(default, tuple) else (default,) if default else ())
        assert parameter.is_several == isinstance(default, tuple)


def test_a_series_has_the_names_of_the_command_line_here(capsys):
    with pytest.raises(SystemExit):
        cli.main(["series", "--help"])
    options = set(re.findall(r"--([\w-]+)", capsys.readouterr().out)) - {"help", "format"}
    assert {parameter.name.replace("_", "-") for parameter in SERIES} == options


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/series.json?reporter=google&requester=USA&measure=requests&by=year",
        "/api/v1/observations.json",
        "/api/v1/observations.json?rows=shown&scale=people",
        "/api/v1/documents.json",
        "/api/v1/statements.json",
        "/api/v1/series.json?reporter=no",
        "/api/v1/nothing",
    ],
)
def test_an_answer_has_the_form_that_is_described(ask, description, address: str):
    answer = ask(address)
    path = address.partition("?")[0]
    if answer.status == 200:
        schema = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    else:
        schema = {"$ref": "#/components/schemas/Error"}
    jsonschema.Draft202012Validator(schema | {"components": description["components"]}).validate(json.loads(answer.body))


def test_every_reference_of_the_description_leads_somewhere(description):
    for name in re.findall(r'"#/components/schemas/(\w+)"', json.dumps(description)):
        assert name in description["components"]["schemas"]


def test_the_readme_names_every_address_and_the_limits():
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("## Over the web") : readme.index("## One observation")]
    for endpoint in api.ENDPOINTS:
        assert endpoint.path.partition(".")[0].replace("{hash}", "HASH") in section
        assert "." not in endpoint.path or endpoint.path[endpoint.path.index(".") :] in section
    assert f"{api.MOST_ROWS:,} rows" in section and f"{queries.LONGEST_QUERY:,} letters" in section


def read(answer: SimpleNamespace) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(answer.body), dtype=str, keep_default_na=False)
