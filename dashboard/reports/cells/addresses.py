"""Addresses of cells, `B12`, `Criminal!C14` or `B2:C2`, taken apart again."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(r"(?:(.*)!)?([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})\d{1,7})?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Address:
    """A cell, or some cells side by side: sheet (empty in a CSV), row as its owner sees it, first and last column from 0."""

    sheet: str
    row: int
    first: int
    last: int

    def is_beside(self, other: Address) -> bool:
        """Whether the cells of both stand side by side in one row."""
        return (self.sheet, self.row) == (other.sheet, other.row) and (self.last + 1 == other.first or other.last + 1 == self.first)


def parsed(cell: str) -> Address | None:
    """The address that a text names; None where it names another kind of place, such as one in JSON or in a text."""
    match = _FORM.fullmatch(cell)
    if not match:
        return None
    first = column_number(match[2])
    return Address(match[1] or "", int(match[3]), first, column_number(match[4]) if match[4] else first)


def line_of(cell: str) -> int | None:
    """The row or line that its owner sees, from an address such as `B12` or `line 12`; None where it names none."""
    address, line = parsed(cell), re.fullmatch(r"line (\d+)", cell)
    return address.row if address else int(line[1]) if line else None


def column_number(letters: str) -> int:
    """0 for `A`, 25 for `Z`, 26 for `AA`."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def within(member: str, cell: str) -> str:
    """The address of a cell in a member of an archive: `2020.csv!B12`, `2020.xlsx: Criminal!C14`."""
    if not cell or cell == member:
        return member
    address = parsed(cell)
    return f"{member}!{cell}" if address and not address.sheet else f"{member}: {cell}"
