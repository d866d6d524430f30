"""Totals and their parts: what comparing them costs grows with the rows, not with their square."""

from dashboard.reports.door import take_in
from dashboard.reports.tables.columns import Figures
from dashboard.reports.tables.roles import Answers


def file_of(years: int) -> bytes:
    kinds = ("all", "legal", "emergency")
    rows = (f"{1990 + year},Germany,{kind},{2 if kind == 'all' else 1}\n" for year in range(years) for kind in kinds)
    return ("Year,Country,Request type,Requests\n" + "".join(rows)).encode()


def test_no_column_is_taken_whole_for_every_total(monkeypatch):
    taken = []
    for name in ("state", "low", "high"):
        whole = getattr(Figures, name).fget
        monkeypatch.setattr(Figures, name, property(lambda figures, whole=whole: taken.append(1) or whole(figures)))
    counts = []
    for years in (3, 30):
        taken.clear()
        assert take_in("report.csv", file_of(years), Answers(reporter="acme"), isolated=False).outcome != "refused"
        counts.append(len(taken))
    assert counts[0] == counts[1]
