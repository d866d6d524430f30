"""Every limit on a file that is brought to us, in one place. They are looked at before a file is parsed."""

from __future__ import annotations

MIB = 1024 * 1024

MAX_BYTES = 50 * MIB
"""Largest file, in bytes."""
MAX_UNPACKED_BYTES = 200 * MIB
"""Largest sum of the unpacked parts of a workbook or an archive, in bytes."""
MAX_PACKING = 200
"""How many times larger than its packed form a part of more than 10 MiB may be."""
MAX_PARTS = 2_000
"""Most parts of a workbook or an archive."""
MAX_MEMBERS = 100
"""Most files of an archive that are read."""
MAX_SHEETS = 200
"""Most sheets of a workbook, or tables of a JSON file."""
MAX_COLUMNS = 2_000
"""Most columns of a table."""
MAX_CELLS = 20_000_000
"""Most cells of a text file."""
MAX_LOOSE_CELLS = 3_000_000
"""Most cells of a text file whose rows differ in length throughout."""
MAX_SHEET_CELLS = 2_000_000
"""Most cells of a workbook or of a JSON file, blank ones within its tables included."""
MAX_SHEET_ROWS = 1_048_576
"""Most rows of a sheet (a spreadsheet's own limit)."""
MAX_CELL_CHARACTERS = 32_767
"""Longest cell, in characters (a spreadsheet's own limit)."""
MAX_JSON_DEPTH = 40
"""Deepest nesting of a JSON file."""
MAX_PROBLEMS_OF_A_KIND = 200
"""Most problems of one kind that are listed one by one; the rest are counted."""
SECONDS = 10
"""Longest that a file may take to be read."""
MEMORY_BYTES = 1024 * MIB
"""Most memory, in bytes, that reading one file may take."""
