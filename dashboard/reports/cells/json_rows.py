"""The lists of a JSON file of a known layout, as sheets whose cells have the address that a reader of the JSON sees."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.reports.cells.sheets import Sheet


@dataclass(frozen=True)
class JsonRows(Sheet):
    """A list as rows of texts: of lists, with cells such as `rows[17][4]`, or of objects with the same `fields`, as `France[3].users`."""

    fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, listed: object, fields: tuple[str, ...] = ()) -> JsonRows:
        """The rows of a list under a name; an entry of another form is a row of one cell."""
        kind = dict if fields else list
        rows = [
            [_text(entry)] if not isinstance(entry, kind) else [_text(cell) for cell in (map(entry.get, fields) if fields else entry)]
            for entry in (listed if isinstance(listed, list) else [listed])
        ]
        return cls(name, rows, range(len(rows)), fields=fields)

    def address(self, row: int, column: int) -> str:
        """The way to a value, and to its whole entry beyond the last field."""
        step = f"[{column}]" if not self.fields else f".{self.fields[column]}" if column < len(self.fields) else ""
        return f"{self.name}[{row}]{step}"


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
