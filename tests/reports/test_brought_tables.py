"""Small tables as people bring them: what must be stored of each, or what must be said, stated before they were tried."""

import io
import json
import re
from collections.abc import Callable
from datetime import date

import pytest
import xlsxwriter

from dashboard.model.periods import parse
from dashboard.reports.door import Answers, Report, take_in
from dashboard.reports.tables.roles import Mapping
from tests.reports.made import sheet, zipped

ROW = "Country,Period,Requests\nNorway,2020 H1,41\n"


UNFIGURED = [["Country", "Period", "Requests"], ["Norway", "2020 H1"]]


def taken(content, name: str = "report.csv", **said) -> Report:
    data = content if isinstance(content, bytes) else content.encode()
    said = {"reporter": "acme"} | said
    return take_in(name, data, Answers(**said | {"period": parse(said["period"])} if "period" in said else said), isolated=False)


def stored(report: Report) -> set[str]:
    """`NOR 2020-01–2020-06 requests all 41` for every figure."""
    table = report.observations
    return {
        f"{row.requester} {str(row.period_start)[:7]}–{str(row.period_end)[:7]} {row.measure} {row.request_type} {row.low:g}"
        for row in table.itertuples()
    }


def codes(report: Report) -> set[str]:
    return {str(problem.code) for problem in report.problems}


def workbook(rows: list[list], name: str = "Data", change: Callable = lambda book, page: None) -> bytes:
    return sheet(rows, change, name, default_date_format="mmm yyyy")


def shown_as(number_format: str, figure: float = 41) -> bytes:
    return sheet(UNFIGURED, lambda book, page: page.write_number(1, 2, figure, book.add_format({"num_format": number_format})))


def over_two_columns() -> bytes:
    return sheet([["Country", "2020 H1", "2020 H2"], ["Norway"]], lambda book, page: page.merge_range(1, 1, 1, 2, 41))


def with_beside(change: Callable) -> bytes:
    return sheet([*UNFIGURED[:1], [*UNFIGURED[1], 41]], change)


def struck_out() -> bytes:
    return sheet(UNFIGURED, lambda book, page: page.write_rich_string(1, 2, book.add_format({"font_strikeout": True}), "40", "41"))


def sheets(notes: list[str]) -> bytes:
    return sheet([row.split(",") for row in ROW.splitlines()], lambda book, page: book.add_worksheet("Read me").write_column(0, 0, notes))


def as_json(**around) -> str:
    return json.dumps(around | {"rows": [{"country": "Norway", "period": "2020 H1", "requests": 41}]})


def page(of_cells: str = "", of_row: str = "", figure: str = "41") -> str:
    header = f"<tr><th>Country<th>Period<th{of_cells}>Requests</tr>"
    return (
        f"<table>{header}<tr><td>Malta<td>2020 H1<td{of_cells}>7</tr><tr{of_row}><td>Norway<td>2020 H1<td{of_cells}>{figure}</tr></table>"
    )


def raised_digit() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Country", "Period", "Requests"])
        sheet.write_row(1, 0, ["Norway", "2020 H1"])
        sheet.write_rich_string(1, 2, "41", book.add_format({"font_script": 1}), "1")
    return target.getvalue()


def open_document(*rows: tuple[str, ...]) -> bytes:
    """A sheet of OpenDocument; what stands between ^ and ^ is raised."""
    raised = re.compile(r"\^(.*?)\^")
    texts = [[raised.sub(r'<text:span text:style-name="T1">\1</text:span>', cell) for cell in row] for row in rows]
    cells = [
        "".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in row) for row in texts
    ]
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "style", "text", "table"))
    style = '<style:style style:name="T1" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>'
    table = f'<table:table table:name="Data">{"".join(f"<table:table-row>{row}</table:table-row>" for row in cells)}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{style}</office:automatic-styles>{body}</office:document-content>"
    )
    entries = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type="{of}"/>' for path, of in {"/": kind, "content.xml": "text/xml"}.items()
    )
    manifest = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entries}</m:manifest>'
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


H1, H2, ALL = "2020-01–2020-06", "2020-07–2020-12", "requests all"
SOUND = {
    "what is counted, in the corner": ("Requests by country,2020 H1,2020 H2\nNorway,1,2\n", {}, {f"NOR {H1} {ALL} 1", f"NOR {H2} {ALL} 2"}),
    "a kind in the corner": ("Anfragen nach Land: Durchsuchungsbeschlüsse;2020 H1\nNorwegen;1\n", {}, {f"NOR {H1} requests warrant 1"}),
    "one column beside names without a header": (",Requests\nNorway,41\nMalta,7\nTotal,48\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7", f"WLD {H1} {ALL} 48"}),
    "names in Czech": ("Země;Počet žádostí\nNorsko;41\nNěmecko;7\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41", f"DEU {H1} {ALL} 7"}),
    **{
        f"a number shown as {code}": (shown_as(code), {"name": "r.xlsx"}, {f"NOR {H1} {ALL} 41"})
        for code in ("#,##0", "#,##0_);(#,##0)", '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-', '0;-0;"none"', "[$kr-414] #,##0")
    },
    "a figure beside one struck out": (page(figure="<del>40</del>41"), {"name": "r.html"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7"}),
    "a figure beside one struck out, in a workbook": (struck_out(), {"name": "r.xlsx"}, {f"NOR {H1} {ALL} 41"}),
    "year above halves": ("Country,2020,\n,H1,H2\nNorway,1,2\n", {"measure": "requests"}, {f"NOR {H1} {ALL} 1", f"NOR {H2} {ALL} 2"}),
    "period within a header": ("Country,Requests (2020 H1),2020 H2 requests\nNorway,1,2\n", {}, {f"NOR {H1} {ALL} 1", f"NOR {H2} {ALL} 2"}),
    "months beside a year": ("Country,Year,Period,Requests\nNorway,2020,Jan-Jun,4\n", {}, {f"NOR {H1} {ALL} 4"}),
    "shouted days": ("Country,FROM,TO,Requests\nNorway,2020-01-01,2020-06-30,41\n", {}, {f"NOR {H1} {ALL} 41"}),
    "first days of months": ("Country,Month,Requests\nNorway,2020-03-01,4\n", {}, {f"NOR 2020-03–2020-03 {ALL} 4"}),
    "last days of quarters": ("Country,Quarter,Requests\nNorway,2020-06-30,4\n", {}, {f"NOR 2020-04–2020-06 {ALL} 4"}),
    "numbered rows": ("No,Country,Requests\n1,Norway,41\n2,Malta,7\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7"}),
    "rows after #": ("#,Country,Requests\n1,Norway,41\n2,Malta,7\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7"}),
    "num": ("countryCode,numRequests\nNO,41\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41"}),
    "accounts in requests": ("Country,Accounts specified in requests\nNorway,4\n", {"period": "2020 H1"}, {f"NOR {H1} accounts_specified all 4"}),
    "requests with data": ("Country,Requests with data\nNorway,4\n", {"period": "2020 H1"}, {f"NOR {H1} requests_some_data all 4"}),
    "or fewer": ("Country,Requests\nNorway,9 or fewer\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 0"}),
    "between": ("Country,Requests\nNorway,between 0 and 499\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 0"}),
    "marks in brackets": (f"{ROW}Malta,2020 H1,[redacted]\nItaly,2020 H1,(not disclosed)\nSpain,2020 H1,n/p\n", {}, {f"NOR {H1} {ALL} 41"}),
    "derived columns": ("Country,Requests,Change,Requests per capita\nNorway,4,5%,0.1\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 4"}),
    "note on rounding": (f"{ROW}Note: percentages may not add up due to rounding.,,\n", {}, {f"NOR {H1} {ALL} 41"}),
    "rounded percentages": (f"{ROW}\nPercentages are rounded to the nearest whole number.\n", {}, {f"NOR {H1} {ALL} 41"}),
    "requests per month": ("Requests per month,,\nCountry,Month,Requests\nNorway,Jan 2020,4\n", {}, {f"NOR 2020-01–2020-01 {ALL} 4"}),
    "an older title": (f"Report 2020 H2,,\n{ROW}Norway,2020 H2,5\n", {}, {f"NOR {H1} {ALL} 41", f"NOR {H2} {ALL} 5"}),
    "a fiscal year in a header": ("Country,FY2021/22 requests\nNorway,4\n", {"first_month": 4}, {f"NOR 2021-04–2022-03 {ALL} 4"}),
    "a fiscal year explained": ("Requests FY2021 (April 2020 to March 2021),\nCountry,Requests\nNorway,4\n", {}, {f"NOR 2020-04–2021-03 {ALL} 4"}),
    "a month in digits above": ("Requests 2020-03,\nCountry,Requests\nNorway,4\n", {}, {f"NOR 2020-03–2020-03 {ALL} 4"}),
    "bare section lines": ("Country,Requests\n2020 H1\nNorway,4\n2020 H2\nNorway,7\n", {}, {f"NOR {H1} {ALL} 4", f"NOR {H2} {ALL} 7"}),
    "requests by governments": ("Requests sent by governments to Acme,,\n" + ROW, {}, {f"NOR {H1} {ALL} 41"}),
    "data given to governments": ("Requests with data disclosed to authorities,,\nCountry,Period,Requests with some data disclosed\nNorway,2020 H1,4\n", {}, {f"NOR {H1} requests_some_data all 4"}),
    "a rate beside a total": ("Country,Period,Total requests,Warrants,Accounts specified\nNorway,2020 H1,6,4,9\n", {}, {f"NOR {H1} {ALL} 6", f"NOR {H1} requests warrant 4", f"NOR {H1} accounts_specified all 9"}),
    "inline marks of a page": ("<table><tr><th>Country<th>Period<th>Requests<sup>1</sup></tr><tr><td>Norway<td>2020 H1<td><i hidden>0041</i><b>4</b>1</tr></table>", {"name": "r.html"}, {f"NOR {H1} {ALL} 41"}),
    "an article after a name": ("Country,Requests\nNetherlands (the),41\n\"Egypt, Arab Rep.\",7\n", {"period": "2020 H1"}, {f"NLD {H1} {ALL} 41", f"EGY {H1} {ALL} 7"}),
    "a total in French": ("Pays,Demandes\nNorvège,41\nMalte,7\nTotal général,48\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7", f"WLD {H1} {ALL} 48"}),
    "a Roman half with a dot": ("Land;Zeitraum;Anfragen\nNorwegen;I. Halbjahr 2020;41\n", {}, {f"NOR {H1} {ALL} 41"}),
    "requests per month by month": ("Country,Month,Requests per month\nNorway,Jan 2020,41\n", {}, {f"NOR 2020-01–2020-01 {ALL} 41"}),
    "countries in a numbered list": ("Country,Requests\n1. Norway,41\n2. Malta,7\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7"}),
    "a foot below a blank line": (f"{ROW}\n© Acme 2021\n", {}, {f"NOR {H1} {ALL} 41"}),
    "a line below a note": (f"{ROW}\nNote: figures may be corrected.\nAcme Inc.\n", {}, {f"NOR {H1} {ALL} 41"}),
    "a total beside places": ("Period,Norway,Malta,Total\n2020 H1,41,7,48\n", {"measure": "requests"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7", f"WLD {H1} {ALL} 48"}),
    "places within headers": ("Period,Norway requests,Malta requests\n2020 H1,41,7\n", {}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7"}),
    "periods under the word for places": ("Country,Norway,Malta\n2020 H1,41,7\n", {"measure": "requests"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7"}),
    "a blank column among keys": ("Country,,Period,Requests\nNorway,,2020 H1,41\n", {}, {f"NOR {H1} {ALL} 41"}),
    "Roman halves": ("Country,Half,Requests\nNorway,2020-I,41\nMalta,2020-II,7\n", {}, {f"NOR {H1} {ALL} 41", f"MLT {H2} {ALL} 7"}),
    "a raised letter after a country": ("Country,Requests\nNorwayᵃ,41\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41"}),
    "shares by answer": ("Country,2020 H1\nNorway,64%\n", {"measure": "share_some_data"}, {f"NOR {H1} share_some_data all 0.635"}),
    "a length over last days": ("Country,Half-year ended,Requests\nNorway,30 June 2020,41\n", {}, {f"NOR {H1} {ALL} 41"}),
    "thousands by the other mark": ("Country;Requests\nIndia;1,234,567\nMalta;7,345,678\n", {"period": "2020 H1"}, {f"IND {H1} {ALL} 1.23457e+06", f"MLT {H1} {ALL} 7.34568e+06"}),
    "dashes": ("Country;Requests\nNorway;41\nMalta;―\nIndia;－\nSweden;‒\n", {"period": "2020 H1"}, {f"NOR {H1} {ALL} 41"}),
    "a sheet of words": (sheets(["Methodology", "Thousands of people read this.", "All figures are final."]), {"name": "r.xlsx"}, {f"NOR {H1} {ALL} 41"}),
    "JSON kind": (as_json(request_type="emergency"), {"name": "r.json"}, {f"NOR {H1} requests emergency 41"}),
    "raised digits in OpenDocument": (open_document(("Country^1^", "Period", "Requests^2^"), ("Norway^3^", "2020 H1", "41^2^")), {"name": "r.ods"}, {f"NOR {H1} {ALL} 41"}),
    "a web page in an archive": (zipped({"report.html": page(), "index.htm": "<html><p>Welcome</html>"}), {"name": "r.zip"}, {f"NOR {H1} {ALL} 41", f"MLT {H1} {ALL} 7"}),
    "months under a year": ("Requests by month 2020,,\nCountry,Jan,February\nNorway,1,2\n", {}, {f"NOR 2020-01–2020-01 {ALL} 1", f"NOR 2020-02–2020-02 {ALL} 2"}),
    "months below a year": ("Country,2020,\n,Jan,Feb\nNorway,1,2\n", {"measure": "requests"}, {f"NOR 2020-01–2020-01 {ALL} 1", f"NOR 2020-02–2020-02 {ALL} 2"}),
    "halves of the year that was said": ("Country,H1,H2\nNorway,1,2\n", {"measure": "requests", "period": "2020"}, {f"NOR {H1} {ALL} 1", f"NOR {H2} {ALL} 2"}),
    "halves within headers": ("Requests 2020,,\nCountry,H1 requests,Requests (H2)\nNorway,1,2\n", {}, {f"NOR {H1} {ALL} 1", f"NOR {H2} {ALL} 2"}),
    "first days of months as headers": (workbook([["Country", date(2020, 1, 1), date(2020, 2, 1)], ["Norway", 1, 2]]), {"name": "r.xlsx", "measure": "requests"}, {f"NOR 2020-01–2020-01 {ALL} 1", f"NOR 2020-02–2020-02 {ALL} 2"}),
    "last days of halves as headers": ("Country,6/30/2020,12/31/2020\nNorway,1,2\n", {"measure": "requests"}, {f"NOR {H1} {ALL} 1", f"NOR {H2} {ALL} 2"}),
    "Dutch": ("Land;Periode;Aantal verzoeken\nNoorwegen;eerste helft 2020;41\nTotaal;eerste helft 2020;41\n", {}, {f"NOR {H1} {ALL} 41", f"WLD {H1} {ALL} 41"}),
    "Polish": ("Kraj;Okres;Liczba wniosków\nNorwegia;I półrocze 2020;41\nRazem;I półrocze 2020;41\n", {}, {f"NOR {H1} {ALL} 41", f"WLD {H1} {ALL} 41"}),
    "Czech": ("Země;Období;Počet žádostí\nNorway;1. pololetí 2020;41\nCelkem;1. pololetí 2020;41\n", {}, {f"NOR {H1} {ALL} 41", f"WLD {H1} {ALL} 41"}),
    "Russian": ("Страна;Год;Полугодие;Количество запросов\nНорвегия;2020;1;41\nИтого;2020;1;41\n", {}, {f"NOR {H1} {ALL} 41", f"WLD {H1} {ALL} 41"}),
    "JSON other words": (as_json(license="CC BY", type="report"), {"name": "r.json"}, {f"NOR {H1} {ALL} 41"}),
}  # fmt: skip


@pytest.mark.parametrize("text, said, figures", SOUND.values(), ids=SOUND)
def test_a_sound_table_is_read(text, said, figures):
    report = taken(text, **said)
    assert [str(problem) for problem in report.problems if problem.severity == "error"] == []
    assert stored(report) == figures


DERIVED = [
    "Average requests per month", "Requests per capita", "Requests per million users", "Change in requests", "Cumulative requests",
    "Estimated requests", "Requests per user", "User requests", "Moyenne des demandes", "Durchschnittliche Anfragen",
    "Veränderung der Anfragen", "Promedio de solicitudes", "累计请求", "人均请求数", "Outgoing requests",
]  # fmt: skip


@pytest.mark.parametrize("words", DERIVED)
def test_what_is_made_of_counts_or_asked_by_others_is_no_count(words):
    assert taken(f"Country,{words}\nNorway,4\n", period="2020 H1").outcome == "refused"
    assert taken(f"{words},\nCountry,Requests\nNorway,4\n", period="2020 H1").outcome == "refused"
    assert taken(f"Country,Requests\n{words},\nNorway,4\n", period="2020 H1").outcome == "refused"


UNSURE = {
    "a figure of a struck style": (with_beside(lambda book, sheet: sheet.write(1, 2, 41, book.add_format({"font_strikeout": True}))), {"name": "r.xlsx"}, "bad_number"),
    "thousands in a comment": (with_beside(lambda book, sheet: sheet.write_comment(1, 2, "in thousands")), {"name": "r.xlsx"}, "scaled_figures"),
    "thousands in a box": (with_beside(lambda book, sheet: sheet.insert_textbox(5, 0, "All figures in thousands")), {"name": "r.xlsx"}, "scaled_figures"),
    "thousands beside the header": ("Country,Period,Requests,,in thousands\nNorway,2020 H1,41,,\n", {}, "scaled_figures"),
    "a rate above counts": ("Compliance rate,\nCountry,Requests\nNorway,41\n", {"period": "2020 H1"}, "other_subject"),
    "an index above": ("Requests (index 2015 = 100),\nCountry,Requests\nNorway,41\n", {"period": "2020 H1"}, "other_subject"),
    "persons above": ("Persons affected,\nCountry,Requests\nNorway,41\n", {"period": "2020 H1"}, "contradicting_words"),
    "withdrawn requests in the corner": ("Withdrawn requests by country,2020 H1,2020 H2\nNorway,41,2\n", {}, "missing_column"),
    "thousands in the corner": ("Requests by country (thousands),2020 H1\nNorway,41\n", {}, "scaled_figures"),
    **{
        f"a number shown as {code}": (shown_as(code), {"name": "r.xlsx"}, "bad_number")
        for code in ('0,"k"', "0.0,", ";;;", '0" million"', '"<"0', r"\>0", '[<50]"<50";0', '"~"0')
    },
    "one figure over two columns": (over_two_columns(), {"name": "r.xlsx", "measure": "requests"}, "bad_number"),
    "one figure over two columns of a page": ("<table><tr><th>Country<th>2020 H1<th>2020 H2</tr><tr><td>Norway<td colspan=2>41</tr></table>", {"name": "r.html", "measure": "requests"}, "bad_number"),
    "a figure struck out": (page(figure="<s>41</s>"), {"name": "r.html"}, "bad_number"),
    "thousands below a page's table": (page() + "<p>in thousands</p>", {"name": "r.html"}, "scaled_figures"),
    "what is counted, said between rows": ("Country,Requests\nRequests rejected,\nMalta,7\n", {"period": "2020 H1"}, "contradicting_words"),
    "rejected requests in a note": (f"{ROW}\nAll figures are rejected requests.\n", {}, "contradicting_words"),
    "two ends of requests above": ("Requests rejected or challenged 2020 H1,\nCountry,Requests\nNorway,41\n", {}, "contradicting_words"),
    "requests that were not answered above": ("Requests not complied with 2020 H1,\nCountry,Requests\nNorway,41\n", {}, "contradicting_words"),
    "rejected requests above requests and accounts": ("Rejected requests 2020 H1,,\nCountry,Requests,Accounts\nNorway,41,50\n", {}, "contradicting_words"),
    "per cent above counts": ("Share of requests in per cent,\nCountry,Requests\nNorway,41\n", {"period": "2020 H1"}, "other_subject"),
    "averages in a note": (f"{ROW}Note: all figures are monthly averages.,,\n", {}, "other_subject"),
    "a publisher that asks": ("Requests sent by Acme to governments,,\n" + ROW, {}, "other_subject"),
    "a publisher that asks, by name": ("Requests filed by Acme,,\n" + ROW, {}, "other_subject"),
    "a publisher that asks, in German": ("Anfragen von Acme an Behörden,,\n" + ROW, {}, "other_subject"),
    "a rate beside two kinds": ("Country,Period,Warrants,Subpoenas,Percentage where some data produced\nNorway,2020 H1,4,6,50%\n", {}, "missing_column"),
    "a fiscal year of unknown start": ("Country,FY2021/22 requests\nNorway,4\n", {}, "ambiguous_period"),
    "a fiscal year above": ("Requests FY2021,\nCountry,Requests\nNorway,4\n", {}, "ambiguous_period"),
    "a record cut short": ("Country,Period,Requests\nNorway,2020 H1,41\nMalta\nItaly,2020 H1,3\n", {}, "ragged_row"),
    "requests per day": ("Country,Period,Requests per day\nNorway,2020 H1,41\n", {}, "unknown_layout"),
    "requests per month by half": ("Country,Period,Requests per month\nNorway,2020 H1,41\n", {}, "contradicting_words"),
    "requests per year by half": (f"Requests per year,,\n{ROW}", {}, "contradicting_words"),
    "a day of publication": ("As of December 2020,\nCountry,Requests\nNorway,1\n", {}, "missing_period"),
    "a half above a year": ("Requests 2020 H1,,\nCountry,Year,Requests\nNorway,2020,41\n", {}, "contradicting_words"),
    "a kind below a line of another": ("Country,Period,Type,Requests\nSubpoenas,,,\nNorway,2020 H1,Subpoena,4\nSweden,2020 H1,Search warrant,5\n", {}, "contradicting_words"),
    "a year beside another period": ("Country,Year,Period,Requests\nNorway,2020,2020 H1,4\nSweden,2019,2020 H1,5\n", {}, "ambiguous_period"),
    "a last day that is none": ("Country,From,To,Requests\nNorway,2020-01-01,2020-07-01,41\n", {}, "ambiguous_period"),
    "a kind where a country belongs": ("Country,Requests\nEmergency requests,48\nNorway,41\n", {"period": "2020 H1"}, "unknown_requester"),
    "a foot of another subject": (f"{ROW}\nContent removal requests\n", {}, "other_subject"),
    "a foot with a scale": (f"{ROW}\nin thousands\n", {}, "scaled_figures"),
    "rows swallowed by a remark": ("Country,Period,Kind,Requests,Accounts,Note\nNorway,2020 H1,Warrant,1,2,\"\nKorea, Republic of,2020 H1,Warrant,3,4,\"\nMalta,2020 H1,Warrant,5,6,\n", {}, "open_quote"),
    "a target of a year": ("Country,2020,2021 (target)\nNorway,40,41\n", {"measure": "requests"}, "unknown_layout"),
    "k in a header": ("Country,Requests (k)\nNorway,12\n", {"period": "2020 H1"}, "unknown_layout"),
    "a line of medians": ("Country,Requests\nNorway,4\nSweden,2\nMedian,3\n", {"period": "2020 H1"}, "unknown_requester"),
    "a part of a year above": ("Requests 2017/1,\nCountry,Requests\nNorway,4\n", {}, "missing_period"),
    "a Roman half": ("Country,Period,Requests\nNorway,2020-II,4\n", {}, "ambiguous_period"),
    "another time above": (f"Requests in 2019 H1,,\n{ROW}", {}, "contradicting_words"),
    "another place above": (f"Requests from Germany,,\n{ROW}", {}, "contradicting_words"),
    "another publisher in a column": ("Company,Country,Period,Requests\nGoogle,Norway,2020 H1,41\n", {}, "contradicting_words"),
    "another time in the sheet's name": (workbook([["Country", "Period", "Requests"], ["Norway", "2020 H1", 41]], "2019 H1"), {"name": "r.xlsx"}, "contradicting_words"),
    "requests that were preserved": ("Requests preserved,,\n" + ROW, {}, "contradicting_words"),
    "a scale in Swedish": ("Förfrågningar om användaruppgifter (tusental),,\n" + ROW, {}, "scaled_figures"),
    "a scale in Finnish": ("Pyynnöt tuhansina,,\n" + ROW, {}, "scaled_figures"),
    "a scale in Ukrainian": ("Запити (в тисячах),,\n" + ROW, {}, "scaled_figures"),
    "a scale on another sheet": (sheets(["All figures are in thousands."]), {"name": "r.xlsx"}, "scaled_figures"),
    "private parties on another sheet": (sheets(["Notes", "Figures cover civil requests of private parties only."]), {"name": "r.xlsx"}, "other_subject"),
    "figures to be multiplied": (f"{ROW}\nMultiply by 1000.,,\n", {}, "scaled_figures"),
    "halves of no year": ("Country,H1,H2\nNorway,1,2\n", {"measure": "requests"}, "unknown_layout"),
    "uneven days as headers": ("Country,2020-03-31,2020-06-30,2020-12-31\nNorway,1,2,3\n", {"measure": "requests"}, "unknown_layout"),
    "removals above, in Dutch": ("Verzoeken tot verwijdering;;\nLand;Periode;Verzoeken\nNoorwegen;2020 H1;41\n", {}, "other_subject"),
    "removals above, in Polish": ("Wnioski o usunięcie treści;;\nKraj;Okres;Wnioski\nNorwegia;2020 H1;41\n", {}, "other_subject"),
    "removals above, in Russian": ("Запросы на удаление;;\nСтрана;Период;Запросы\nНорвегия;2020 H1;41\n", {}, "other_subject"),
    "thousands above, in Czech": ("Žádosti (v tisících);;\nZemě;Období;Žádosti\nNorway;2020 H1;41\n", {}, "scaled_figures"),
    "thousands above, in Russian": ("Запросы (тыс.);;\nСтрана;Период;Запросы\nНорвегия;2020 H1;41\n", {}, "scaled_figures"),
    "rounded figures": (f"{ROW}\nAll figures are rounded to the nearest 100.\n", {}, "scaled_figures"),
    "rounded figures above, in German": ("Anfragen (auf 10 gerundet),,\n" + ROW, {}, "scaled_figures"),
    "two kinds above": ("Subpoenas 2020 H1,,\nSearch warrants,,\nCountry,Requests,\nNorway,41,\n", {}, "contradicting_words"),
    "JSON in thousands": (as_json(unit="thousands"), {"name": "r.json"}, "scaled_figures"),
    "JSON in hundreds": (as_json(note="all figures in hundreds"), {"name": "r.json"}, "scaled_figures"),
    "JSON of removals": (as_json(dataset="Content removal requests"), {"name": "r.json"}, "other_subject"),
    "a kind above rows of another": ("Country,Period,Type,Search warrants\nNorway,2020 H1,Subpoena,4\nMalta,2020 H1,Subpoena,5\n", {}, "unknown_layout"),
    "fiscal years beside halves": ("Country,Fiscal year,Half,Requests\nNorway,2020,H1,4\nMalta,2020,H1,5\n", {}, "ambiguous_period"),
    "a code that may be no name": ("Country,Period,Requests\nNorway,2020 H1,4\nNA,2020 H1,5\n", {}, "ambiguous_requester"),
    "an end of a share beyond the whole": ("Country,Period,Measure,Low,High\nNorway,2020 H1,share_some_data,0.5,1.5\n", {}, "percent_out_of_range"),
    "a column of dates": ("Country,Requests\nNorway,10-Jan\nMalta,11-Jan\n", {"period": "2020 H1"}, "date_in_number"),
}  # fmt: skip


@pytest.mark.parametrize("content, said, code", UNSURE.values(), ids=UNSURE)
def test_what_cannot_be_sure_is_asked_about(content, said, code):
    report = taken(content, **said)
    assert report.outcome == "refused"
    assert code in codes(report)


TOLD = {
    "a column of no width": (with_beside(lambda book, sheet: sheet.set_column(2, 2, 0)), {"name": "r.xlsx"}, "hidden_columns"),
    "some requests alone in a comment": (with_beside(lambda book, sheet: sheet.write_comment(1, 2, "Withdrawn requests only")), {"name": "r.xlsx"}, "not_read"),
    "withdrawn requests beside the header": ("Country,Period,Requests,,Requests withdrawn\nNorway,2020 H1,41,,\n", {}, "not_read"),
    "a file of one kind, and all kinds were said": (ROW, {"name": "emergency-requests.csv", "request_type": "all"}, "contradicting_words"),
    "a part of a company above": (f"Acme transparency report (widget division)\n\n{ROW}", {}, "not_read"),
    "withdrawn requests in a note": (f"{ROW}\nOnly requests that were later withdrawn are counted.\n", {}, "not_read"),
    "one kind alone in a remark": ("Country,Requests,Notes\nNorway,41,Emergency requests only\nMalta,7,\n", {"period": "2020 H1"}, "contradicting_words"),
    **{
        f"a column headed {header}": (f"Country,Requests,{header}\nNorway,41,{cell}\nMalta,7,{other}\n", {"period": "2020 H1"}, "not_read")
        for header, cell, other in (("Status", "Withdrawn", "Withdrawn"), ("x", "x", ""), ("Preliminary", "yes", "no"), ("Estimated", "x", ""))
    },
    **{
        f"what a title says of {words.casefold()}": (f"{words} 2020 H1,\nCountry,Requests\nNorway,41\n", {}, "not_read")
        for words in ("Requests withdrawn", "Requests appealed", "Duplicate requests", "Requests closed", "Angefochtene Anfragen",
                      "Demandes retirées", "Odrzucone wnioski", "Отклонённые запросы")
    },
    "what a sheet's name says of its requests": (workbook([["Country", "Period", "Requests"], ["Norway", "2020 H1", 41]], "Withdrawn requests"), {"name": "r.xlsx"}, "not_read"),
    "a title of one kind, and all kinds were said": ("Warrants 2020 H1,\nCountry,Requests\nNorway,41\n", {"request_type": "all"}, "contradicting_words"),
    "a kind was said, and a column says otherwise": ("Country,Type,Requests\nNorway,Warrant,41\n", {"period": "2020 H1", "request_type": "all"}, "contradicting_words"),
    "none": ("Country,Requests\nNorway,none\nMalta,7\n", {"period": "2020 H1"}, "missing_value"),
    "a title in a language that is not read": ("Maombi ya data kwa elfu,,\n" + ROW, {}, "not_read"),
    "a word beside what is counted that is in no language": ("Data requests (elfu),,\n" + ROW, {}, "not_read"),
    "an authority with a country, and another in a column": (
        "Country,Authority,Requests\nUS (federal),state and local,4\n", {"period": "2020 H1"}, "unknown_requester",
    ),
    "another time was said": (ROW, {"period": "2019"}, "contradicting_words"),
    "another country was said": (ROW, {"requester": "FRA"}, "contradicting_words"),
    "another time in the file's name": (ROW, {"name": "report-2019-H1.csv"}, "contradicting_words"),
    "a title against what was said": ("Requests 2019 H1,\nCountry,Requests\nNorway,4\n", {"period": "2020 H1"}, "contradicting_words"),
    "a hidden column": (workbook([["Country", "Period", "Requests"], ["Norway", "2020 H1", 41]], change=lambda book, page: page.set_column(2, 2, None, None, {"hidden": True})), {"name": "r.xlsx"}, "hidden_columns"),
    "a column a page does not show": (page(" style='display: none'"), {"name": "r.html"}, "hidden_columns"),
    "a row a page does not show": (page(of_row=" hidden"), {"name": "r.html"}, "hidden_rows"),
    "a raised number": (page(figure="41<sup>123</sup>"), {"name": "r.html"}, "footnote"),
    "a lowered number": (page(figure="41<sub>1</sub>"), {"name": "r.html"}, "footnote"),
    "a star at a country": ("Country,Requests\nGermany*,41\n", {"period": "2020 H1"}, "footnote"),
    "a part of a country": ("Country,Requests\nEngland,41\n", {"period": "2020 H1"}, "unknown_requester"),
    "a column of figures that is left out": ("Country,2020,2021 YTD\nGermany,41,5\nFrance,3,2\n", {"measure": "requests"}, "not_read"),
    "months that a remark in a row says are covered": (
        "Country,Period,Requests,Note\nGermany,2020 H1,41,\nFrance,2020 H1,3,January to March only\n",
        {},
        "contradicting_words",
    ),
    "months that a note says are covered": (f"{ROW}\n* Data cover January to March only,,\n", {}, "contradicting_words"),
    "a raised digit of a workbook": (raised_digit(), {"name": "r.xlsx"}, "footnote"),
    "a total beside places": ("Period,Norway,Malta,Total\n2020 H1,41,7,49\n", {"measure": "requests"}, "total_mismatch"),
    "all countries": (f"{ROW}Sweden,2020 H1,2\nAll countries,2020 H1,44\n", {}, "total_mismatch"),
}  # fmt: skip


@pytest.mark.parametrize("content, said, code", TOLD.values(), ids=TOLD)
def test_what_stands_against_the_table_is_told(content, said, code):
    report = taken(content, **said)
    assert report.outcome == "warned"
    assert code in codes(report)


@pytest.mark.parametrize("title, authority", [("Federal requests", "federal"), ("State and local requests 2020 H1", "state_local")])
def test_the_authority_above_a_table_is_that_of_its_figures(title, authority):
    report = taken(f"{title},\nCountry,Requests\nUnited States,4\n", period="2020 H1")
    assert report.outcome == "accepted" and list(report.observations["authority"]) == [authority]


@pytest.mark.parametrize("name", ["US (federal)", "United States - federal", "United States [federal]"])
def test_a_country_with_its_authority_is_both(name):
    report = taken(f"Country,Requests\n{name},4\nUnited States (state),5\nKorea (Republic of),6\n", period="2020 H1")
    rows = report.observations[["requester", "authority", "low"]].itertuples(index=False, name=None)
    assert report.outcome == "accepted" and sorted(rows) == [("KOR", "any", 6), ("USA", "federal", 4), ("USA", "state_local", 5)]


def test_a_last_day_that_is_none_can_be_said_to_be_the_day_after():
    table = "Country,From,To,Requests\nNorway,2020-01-01,2020-07-01,41\nMalta,2020-07-01,2021-01-01,7\n"
    assert taken(table).understanding.questions[0].about == "column:To"
    report = take_in(
        "report.csv", table.encode(), Answers(reporter="acme"), Mapping(columns={"To": {"role": "period_until"}}), isolated=False
    )
    assert stored(report) == {f"NOR {H1} {ALL} 41", f"MLT {H2} {ALL} 7"}


CONTRADICTED = {
    "kind": ("Subpoenas 2020 H1,\nCountry,Court orders\nNorway,4\n", "court_order", "subpoena"),
    "kind in a column": ("Subpoenas 2020 H1,,\nCountry,Type,Requests\nNorway,Court order,4\n", "court_order", "subpoena"),
}


@pytest.mark.parametrize("text, by_columns, by_title", CONTRADICTED.values(), ids=CONTRADICTED)
def test_of_a_title_and_columns_that_contradict_each_other_it_can_be_said_which_holds(text, by_columns, by_title):
    question = next(question for question in taken(text).understanding.questions if question.code == "contradicting_words")
    assert question.about == "title:Subpoenas 2020 H1"
    for which, kind in (("columns", by_columns), ("title", by_title)):
        mapping = Mapping(contradicted={question.value: which})
        report = take_in("r.csv", text.encode(), Answers(reporter="acme"), Mapping.loaded(mapping.dumped()), isolated=False)
        assert stored(report) == {f"NOR {H1} requests {kind} 4"}


def test_of_a_time_or_place_above_and_in_the_rows_it_can_be_said_which_holds():
    text = "Requests from Sweden in 2019 H1,,\nCountry,Period,Requests\nNorway,2020 H1,4\n"
    for which, figure in (("columns", f"NOR {H1} {ALL} 4"), ("title", f"SWE 2019-01–2019-06 {ALL} 4")):
        mapping = Mapping(contradicted={"Requests from Sweden in 2019 H1": which})
        assert stored(take_in("r.csv", text.encode(), Answers(reporter="acme"), mapping, isolated=False)) == {figure}
