"""Totals and their parts: what is told of them is what adding them line by line says."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.reports.door import take_in
from dashboard.reports.tables.roles import Answers

LINE = st.tuples(st.booleans(), st.sampled_from(["2019 H1", "2019 H2"]), st.integers(0, 4), st.booleans())
"""Whether it is a total, its period, its figure, and whether that is printed."""


def mismatches_line_by_line(lines: list[tuple[bool, str, int, bool]]) -> set[str]:
    wrong = set()
    for number, (is_total, period, figure, is_printed) in enumerate(lines):
        same = [index for index, line in enumerate(lines) if line[1] == period]
        above = [index for index in same if index < number]
        last_total = max((index for index in above if lines[index][0]), default=-1)
        every = [index for index in above if not lines[index][0]]
        choices = [[index for index in every if index > last_total], every] if every else [[i for i in same if not lines[i][0]]]
        sums = [sum(lines[index][2] for index in rows if lines[index][3]) for rows in choices if any(lines[index][3] for index in rows)]
        if is_total and is_printed and sums and figure not in sums:
            wrong.add(f"D{number + 2}")
    return wrong


@given(st.lists(LINE, min_size=3, max_size=12).filter(lambda lines: len({line[0] for line in lines}) == 2))
@settings(max_examples=40, deadline=None)
def test_a_total_is_told_of_where_it_equals_no_sum_of_the_rows_above_it(lines):
    table = "".join(
        f"Germany,{period},{'Total' if is_total else 'Warrant'},{figure if is_printed else '-'}\n"
        for is_total, period, figure, is_printed in lines
    )
    report = take_in("report.csv", f"Country,Period,Request type,Requests\n{table}".encode(), Answers(reporter="acme"), isolated=False)
    told = {problem.cell for problem in report.problems if problem.code == "total_mismatch"}
    assert told == mismatches_line_by_line(lines)


def test_a_rate_of_a_total_is_weighted_with_the_requests():
    rows = "Norway,100,50%\nMalta,300,90%\n"
    for rate, is_told in (("80%", False), ("70%", True)):
        table = f"Country,Requests,Percentage of requests where some data produced\n{rows}Total,400,{rate}\n"
        report = take_in("report 2020 H1.csv", table.encode(), Answers(reporter="acme"), isolated=False)
        assert ("rate_mismatch" in {problem.code for problem in report.problems}) == is_told
