"""Problems of a table's cells, told with the address, the header and the text; many of one kind are counted after the first few hundred."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from dashboard.reports.cells.limits import MAX_PROBLEMS_OF_A_KIND
from dashboard.reports.problems import FIXES, Problem
from dashboard.reports.tables.columns import Texts
from dashboard.reports.tables.readings import ReadTable
from dashboard.reports.tables.roles import Column

_FIX = "Correct the cell, or mark a missing figure with “-”."


class ProblemLog:
    """Collects the problems of the cells of a file."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        self._counts: Counter[tuple[str, str, str]] = Counter()

    def cell(self, read_table: ReadTable, row: int, column_index: int, severity: str, code: str, says: str, fix: str = "") -> None:
        """Tell of a cell, by its row within the table and its column."""
        sheet, header = read_table.table.sheet, read_table.table.header(column_index)
        self._counts[severity, code, header] += 1
        if self._counts[severity, code, header] > MAX_PROBLEMS_OF_A_KIND:
            return
        fix = fix or FIXES.get(code, _FIX)
        self.problems.append(sheet.problem(severity, code, int(read_table.rows[row]), column_index, says, fix, header))

    def uncounted(self, read_table: ReadTable, column_index: int, code: str, count: int) -> None:
        """Count warnings of a column beyond the first few hundred, which are told one by one; nothing where `count` is not positive."""
        self._counts["warning", code, read_table.table.header(column_index)] += max(count, 0)

    def cells(
        self, read_table: ReadTable, rows: Iterable[int], column_index: int, severity: str, code: str, says: str, fix: str = ""
    ) -> None:
        """Tell the same of several cells of a column."""
        for row in rows:
            self.cell(read_table, int(row), column_index, severity, code, says, fix)

    def texts(
        self,
        read_table: ReadTable,
        column: Column,
        texts: Texts,
        where: np.ndarray,
        explained_texts: dict[str, tuple[str, str, str]],
        severity: str,
    ) -> None:
        """Tell of a text once, at the first of the rows where it stands."""
        if not explained_texts:
            return
        for index, text in enumerate(texts.all()):
            rows = np.flatnonzero(where & (texts.codes == index)) if text in explained_texts else ()
            if len(rows):
                code, says, fix = explained_texts[text]
                more = f" It stands in {len(rows):,} rows." if len(rows) > 1 else ""
                self.cell(read_table, int(rows[0]), column.index, severity, code, says + more, fix)

    def header(self, read_table: ReadTable, column: Column, code: str, says: str, fix: str) -> None:
        """Tell of a column, at its header."""
        sheet, line = read_table.table.sheet, read_table.table.header_rows[-1]
        problem = replace(sheet.problem("error", code, line, column.index, says, fix, column.header), value=column.header)
        if problem not in self.problems:
            self.problems.append(problem)

    def finish(self) -> None:
        """Say how many more there are of what was not told one by one."""
        for (severity, code, header), count in self._counts.items():
            more = count - MAX_PROBLEMS_OF_A_KIND
            if more > 0:
                says = f"The same is wrong in {more:,} more {'cell' if more == 1 else 'cells'}" + (f" under “{header}”." if header else ".")
                self.problems.append(Problem(severity, code, says, "Mend them all in the same way.", column=header))
