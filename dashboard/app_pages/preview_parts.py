"""The first rows of a table that was brought, each column under what it was taken for."""

from __future__ import annotations

import pandas as pd

from dashboard.app_pages.parts import is_dark, show_rows
from dashboard.reports.cells.sheets import column_letters
from dashboard.reports.tables.roles import FIGURES, ROLES, Column, TableView
from dashboard.web.session import library

_GROUPS = {"requester": "place", "requester_check": "place", "ignored": "none", "unknown": "open"} | dict.fromkeys(FIGURES, "figure")
_FILLS = {"figure": ("#dcecf8", "#173a55"), "place": ("#e0f2e3", "#1c4024"), "key": ("#f6ecd2", "#473713"), "open": ("#f8dede", "#572222")}
"""The colour of a column by what it holds, on a light and on a dark page; what is left out has none."""


def title_of(table: TableView) -> str:
    """What a table is called: its sheet and its title."""
    return " · ".join(text for text in (table.sheet, table.title) if text) or f"Table {table.number}"


def show_preview(table: TableView) -> None:
    """The first rows of a table, each column under what it was taken for and in the colour of that."""
    roles = [role_of(column) for column in table.columns]
    # A line may have more cells than the header, or fewer; none is left out.
    width = max(map(len, (roles, *table.preview)))
    named = {column.letter: column.header for column in table.columns}
    beyond = [column_letters(column_index) for column_index in range(len(roles), width)]
    titles = [f"{letter} {named.get(letter, '')}".strip() for letter in (*named, *beyond)]
    # A table on the screen needs a title of its own for each column.
    titles = [title if titles.index(title) == position else f"{title} ({position + 1})" for position, title in enumerate(titles)]
    lines = (roles, *table.preview) if roles else table.preview
    rows = pd.DataFrame([[*row, *[""] * (width - len(row))] for row in lines], columns=titles)
    fills = [_FILLS.get(_GROUPS.get(column.role, "key")) for column in table.columns]
    styles = [f"background-color: {fill[is_dark()]}" if fill else "" for fill in fills] + [""] * len(beyond)
    show_rows(rows.style.apply(lambda row: styles, axis=1))


def role_of(column: Column) -> str:
    """What a column was taken for, in words."""
    role = ROLES.get(column.role, column.role)
    return f"→ {role}: {library().names.measure(column.measure).lower()}" if column.measure else f"→ {role}"
