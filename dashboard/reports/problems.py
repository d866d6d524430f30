"""Problems: broken rules told to the owner of a table, with the place, the value and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule. `says` finishes the sentence that begins with the cell and the value; `fix` tells what to do."""

    severity: str
    code: str
    says: str
    fix: str
    cell: str = ""
    value: str = ""
    row: int | None = None
    column: str = ""

    def __str__(self) -> str:
        place = f"{self.cell}: " if self.cell else ""
        value = f"“{_shortened(self.value)}” " if self.value else ""
        return f"{place}{value}{self.says} {self.fix}".strip()

    def plain(self) -> dict[str, str | int | None]:
        """As plain data."""
        return {name: getattr(self, name) for name in self.__slots__}


class Refused(Exception):
    """A file that cannot be read at all, with the problem that says why, and others of its kind."""

    def __init__(self, problem: Problem, others: tuple[Problem, ...] = ()):
        super().__init__(str(problem))
        self.problem = problem
        self.problems = (problem, *others)


def refuse(code: str, says: str, fix: str, **place) -> Refused:
    """A refusal, to be raised."""
    return Refused(Problem("error", code, says, fix, **place))


def _shortened(value: str, longest: int = 60) -> str:
    value = " ".join(value.split())
    return value if len(value) <= longest else value[: longest - 1] + "…"
