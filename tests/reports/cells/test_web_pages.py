"""Tables of web pages are read like workbooks: merged headers, headings as titles, and nothing of the page is run."""

import pytest

from dashboard.model.periods import parse
from dashboard.reports.cells.reading import read
from dashboard.reports.door import Answers, take_in
from dashboard.reports.problems import Refused

PAGE = b"""<!DOCTYPE html><html><head><script>alert(1)</script></head><body><h2>Requests 2020 H1</h2><table>
<tr><th rowspan=2>Country</th><th colspan=2>Law enforcement requests</th></tr><tr><th>Requests</th><th>Accounts affected</th></tr>
<tr><td>Norway</td><td>41</td><td>50</td></tr><tr><td rowspan="2">Sweden</td><td>1,204</td><td>-</td></tr></table></body></html>"""


def test_a_table_of_a_page_is_read_with_its_heading_and_its_merged_headers():
    report = take_in("page.html", PAGE, Answers(reporter="acme"), isolated=False)
    assert report.outcome == "accepted"
    table = report.observations
    assert table[["requester", "measure", "low", "cell"]].to_numpy().tolist() == [
        ["NOR", "requests", 41, "table 1!B4"],
        ["NOR", "accounts_affected", 50, "table 1!C4"],
        ["SWE", "requests", 1204, "table 1!B5"],
    ]
    assert set(table["period_start"].dt.date) == {parse("2020 H1").start}


def test_what_a_heading_says_is_words_too():
    page = PAGE.replace(b"Requests 2020 H1", b"Content removal requests 2020 H1")
    assert "other_subject" in {problem.code for problem in take_in("page.html", page, Answers(reporter="acme"), isolated=False).problems}


def test_a_page_without_tables_is_refused():
    with pytest.raises(Refused) as caught:
        read("page.html", b"<!doctype html><html><body><p>Nothing</p></body></html>")
    assert caught.value.problem.code == "wrong_type"


@pytest.mark.parametrize("span", [b"9999999", b"-1", b"x"])
def test_a_span_that_is_none_harms_nothing(span):
    assert read("page.html", PAGE.replace(b"colspan=2", b"colspan=" + span)).sheets[0].rows[3][0] == "Norway"
