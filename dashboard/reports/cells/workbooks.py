"""Workbooks (XLSX, XLS, XLSB, ODS) into sheets of texts, with what a spreadsheet hides: sheets, rows, errors, missing results."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from xml.etree import ElementTree

import python_calamine

from dashboard.reports.cells import archives, old_workbooks
from dashboard.reports.cells.addresses import column_number
from dashboard.reports.cells.limits import MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_SHEET_CELLS, MAX_SHEET_ROWS, MAX_SHEETS
from dashboard.reports.cells.sheets import Records, Sheet, column_letters
from dashboard.reports.problems import Refused, refuse
from dashboard.reports.words.context import is_about_figures

_WHAT = "workbook"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL_ADDRESS = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*[^/]>)[^>]*?\br="([A-Z]{1,4})(\d{1,8})"')
_CELL_PLACE = re.compile(rb'\br="([A-Z]{1,4})(\d{1,8})"')
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_EMPTY_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_HIDDEN_COLUMNS = re.compile(
    rb'<(?:\w+:)?col\b(?=[^>]*\b(?:hidden="(?:1|true)"|width="0(?:\.0*)?"))(?=[^>]*\bmin="(\d{1,5})")(?=[^>]*\bmax="(\d{1,5})")'
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d{1,8})"')
_STYLED_CELL = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bs="(\d+)")[^>]*?\br="([A-Z]{1,4})(\d{1,8})"')
_SHARED_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="s"[^>]*)><(?:\w+:)?v>(\d{1,9})</')
_INLINE_CELL = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="inlineStr"[^>]*)>(<(?:\w+:)?is>.*?</(?:\w+:)?is>)</', re.DOTALL)
RAISED = str.maketrans("0123456789abcde", "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉ")
"""Raised digits and letters as such, by the plain ones; lowered ones are marks of footnotes as well."""
_REMARKS = ("xl/comments", "xl/drawings/drawing")
_PERCENT_FORMATS = ("9", "10")
_FORMAT_LITERAL = re.compile(r'"[^"]*"|\\.')
_FORMAT_SECTION = re.compile(r'(?:"[^"]*"|\\.|[^;])*')
_ODS_NUMBER = re.compile(rb'office:value-type="(?:float|currency)"')
_COLUMNAR_CELLS = 200_000
# LibreOffice writes the error's text; a repeated cell with content would be unfolded cell by cell.
_ODS_ERROR = re.compile(r"#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|N/A)|Err:\d{3}")
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_ODS_COLUMN = re.compile(rb"<table:table-column\b([^>]*)>")
_ODS_TABLE = re.compile(rb'<table:table\b[^>]*?\btable:name="([^"]*)"[^>]*>(.*?)</table:table>', re.DOTALL)
_ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL)
_ODS_ROWS_REPEATED = re.compile(rb'table:number-rows-repeated="(\d+)"')
_ODS_COLUMNS_REPEATED = re.compile(rb'table:number-columns-repeated="(\d+)"')
_ODS_STYLE = re.compile(rb'<style:style\b[^>]*?\bstyle:name="([^"]*)"[^>]*[^/]>(.*?)</style:style>', re.DOTALL)
_ODS_RAISED = re.compile(rb'\bstyle:text-position="(?:su[bp]|-?[1-9])')
_ODS_SPAN = re.compile(rb'<text:span\b[^>]*?\btext:style-name="([^"]*)"[^>]*>([^<]*)</text:span>')
_ODS_ASIDE = re.compile(rb"<office:annotation\b.*?</office:annotation>", re.DOTALL)


def sheets_of(data: bytes) -> list[Sheet]:
    """The sheets of a workbook, hidden ones too, for what they hold was published with it; raises `Refused` otherwise."""
    by_sheet: dict[str, _SheetDetails] = {}
    if data.startswith(b"PK"):
        with archives.opened(data, _WHAT) as archive:
            by_sheet = _details_by_sheet(archive)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        listed = [sheet for sheet in workbook.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet]
        if len(listed) > MAX_SHEETS:
            raise refuse("too_large", f"The workbook has more than {MAX_SHEETS:,} sheets.", "Bring the sheets that matter.")
        if not data.startswith(b"PK"):
            by_sheet = _details_of_xls(data, [sheet.name for sheet in workbook.sheets_metadata])
        return [
            _sheet(
                workbook.get_sheet_by_name(sheet.name), sheet.visible != python_calamine.SheetVisibleEnum.Visible, by_sheet.get(sheet.name)
            )
            for sheet in listed
        ]
    except python_calamine.PasswordError:
        raise refuse("encrypted_workbook", "The workbook is protected by a password.", "Save a copy without the password.") from None
    except (python_calamine.CalamineError, OSError, ValueError, OverflowError):
        raise refuse("corrupt_workbook", "The workbook is damaged or cut off.", "Download it again.") from None
    except BaseException as fault:
        # What Rust calls a panic is no `Exception` in Python.
        if type(fault).__name__ != "PanicException":
            raise
        raise refuse("corrupt_workbook", "The workbook is damaged or cut off.", "Download it again.") from None


@dataclass
class _SheetDetails:
    """What a sheet's XML says beyond its values, by row and column counted from 0."""

    kinds: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    raised: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    notes: tuple[str, ...] = ()


def _details_by_sheet(archive: zipfile.ZipFile) -> dict[str, _SheetDetails]:
    names = {member.filename for member in archive.infolist()}
    by_sheet: dict[str, _SheetDetails] = {}
    paths = _sheet_paths(archive, names) if "xl/workbook.xml" in names else {}
    styles = _number_styles(archives.part_of(archive, "xl/styles.xml", _WHAT)) if paths and "xl/styles.xml" in names else {}
    shared = "xl/sharedStrings.xml"
    raised = _raised_texts(archives.part_of(archive, shared, _WHAT)) if paths and shared in names else {}
    notes: list[str] = []
    for name in sorted(names):
        # Every part is unpacked once and checked, whether or not it is a sheet.
        member = archives.part_of(archive, name, _WHAT)
        notes += _remarks(member) if name.startswith(_REMARKS) and name.endswith(".xml") else []
        by_sheet |= {sheet: _details_of_xlsx(sheet, member, styles, raised) for sheet, path in paths.items() if path == name}
        if name == "META-INF/manifest.xml" and b"encryption-data" in member:
            raise refuse("encrypted_workbook", "The workbook is protected by a password.", "Save a copy without the password.")
        if name == "content.xml" and not paths:
            by_sheet = _details_of_ods(member)
    for details in by_sheet.values():
        details.notes = tuple(notes)
    return by_sheet


def _sheet_paths(archive: zipfile.ZipFile, names: set[str]) -> dict[str, str]:
    if "xl/_rels/workbook.xml.rels" not in names:
        return {}
    targets = {}
    for relation in _parsed(archives.part_of(archive, "xl/_rels/workbook.xml.rels", _WHAT)):
        target = relation.get("Target", "")
        targets[relation.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = _named(_parsed(archives.part_of(archive, "xl/workbook.xml", _WHAT)), "sheet")
    return {sheet.get("name", ""): targets.get(sheet.get(_RELATIONS), "") for sheet in sheets}


def _parsed(xml: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        raise refuse("corrupt_workbook", "The workbook is damaged or cut off.", "Download it again.") from None


def _named(element: ElementTree.Element, *names: str) -> Iterator[ElementTree.Element]:
    # The element and those within it that have one of some names, whatever their namespace.
    return (inner for inner in element.iter() if inner.tag.rpartition("}")[2] in names)


def _number_styles(xml: bytes) -> dict[bytes, str]:
    # The styles that show a number otherwise than it is stored: as `percent`, or `formatted` with words, a sign, scaled, or struck out.
    styles = _parsed(xml)
    formats = dict.fromkeys(_PERCENT_FORMATS, "percent")
    for form in _named(styles, "numFmt"):
        if kind := _kind_of_format(form.get("formatCode", "")):
            formats[form.get("numFmtId")] = kind
    fonts, cells = (next(_named(styles, name), ()) for name in ("fonts", "cellXfs"))
    struck = {str(number) for number, font in enumerate(fonts) if _is_struck(font)}
    kinds = ["formatted" if form.get("fontId") in struck else formats.get(form.get("numFmtId")) for form in cells]
    return {str(number).encode(): kind for number, kind in enumerate(kinds) if kind}


def _is_struck(element: ElementTree.Element) -> bool:
    return any(strike.get("val", "1") in ("1", "true") for strike in _named(element, "strike"))


def _kind_of_format(code: str) -> str:
    # What holds for numbers above zero: the first of its sections, or all where one has a condition.
    bare = _FORMAT_LITERAL.sub("", code)
    literals = _FORMAT_LITERAL.findall(code if "[<" in bare or "[>" in bare else _FORMAT_SECTION.match(code)[0])
    if any(re.search(r"[^\W\d_]|[<>≤≥~*]", literal) for literal in literals) or re.search(r"[0#?],+(?![0#?,])", bare.partition(";")[0]):
        return "formatted"
    return "percent" if "%" in bare else "formatted" if bare.startswith(";") else ""


def _remarks(xml: bytes) -> list[str]:
    # What comments at cells and boxes of text say of all figures.
    remarks = _named(_parsed(xml), "comment", "txBody")
    texts = [" ".join("".join(text.itertext()) for text in _named(remark, "t")) for remark in remarks]
    return [" ".join(text.split()) for text in texts if is_about_figures(text)]


def _raised_texts(xml: bytes) -> dict[int, str]:
    # Of a workbook's texts, by their numbers, those with raised digits, which are marks of footnotes: 41¹ and not 411; or with struck ones.
    if b"script" not in xml and b"strike" not in xml:
        return {}
    return {number: text for number, item in enumerate(_named(_parsed(xml), "si")) if (text := _with_raised(item))}


def _with_raised(item: ElementTree.Element) -> str:
    # The text of a cell with its raised digits as such, without what is struck out; blank where neither is there.
    pieces, is_any = [], False
    for run in item:
        if _is_struck(run):
            is_any = True
            continue
        is_raised = any(align.get("val") in ("superscript", "subscript") for align in _named(run, "vertAlign"))
        is_any = is_any or is_raised
        text = "".join(element.text or "" for element in _named(run, "t"))
        pieces.append(text.translate(RAISED) if is_raised else text)
    return "".join(pieces) if is_any else ""


def _details_of_xlsx(name: str, xml: bytes, styles: dict[bytes, str], raised: dict[int, str]) -> _SheetDetails:
    details = _SheetDetails()
    # Counted first, since to look at each cell of a very large sheet takes long.
    if xml.count(b"<c ") + xml.count(b":c ") > MAX_SHEET_CELLS or xml.count(b"<row") > MAX_SHEET_ROWS:
        raise _too_many_cells(name, max(xml.count(b"<row"), 1), max(xml.count(b"<c ") // max(xml.count(b"<row"), 1), 1))
    columns, rows, last = set(), 0, b""
    for match in _CELL_ADDRESS.finditer(xml):
        columns.add(match[1])
        if match[2] != last:
            last = match[2]
            rows = max(rows, int(last))
    _check_extent(name, rows, max((column_number(column.decode()) for column in columns), default=-1) + 1)
    details.hidden_rows = {int(row) - 1 for row in _HIDDEN_ROW.findall(xml)}
    details.hidden_columns = {column for first, last in _HIDDEN_COLUMNS.findall(xml) for column in range(int(first) - 1, int(last))}
    for position, match in _cells(_ERROR_CELL, xml):
        if value := _VALUE.search(match[2]):
            details.errors[position] = value[1].decode("utf-8", "replace")
    # A formula may well give an empty text.
    details.kinds = {position: "formula" for position, match in _cells(_EMPTY_FORMULA, xml) if b't="str"' not in match[1]}
    if raised:
        details.raised = {position: raised[int(match[2])] for position, match in _cells(_SHARED_CELL, xml) if int(match[2]) in raised}
    for position, match in _cells(_INLINE_CELL, xml) if b"script" in xml or b"strike" in xml else ():
        if text := _with_raised(_parsed(re.sub(rb"(</?)\w+:", rb"\1", match[2]))):
            details.raised[position] = text
    if styles:
        for style, column, row in _STYLED_CELL.findall(xml):
            if style in styles:
                details.kinds[int(row) - 1, column_number(column.decode())] = styles[style]
    return details


def _details_of_xls(data: bytes, names: list[str]) -> dict[str, _SheetDetails]:
    hidden = old_workbooks.hidden_rows(data)
    return {name: _SheetDetails(hidden_rows=rows) for name, rows in zip(names, hidden, strict=True)} if len(hidden) == len(names) else {}


def _details_of_ods(xml: bytes) -> dict[str, _SheetDetails]:
    by_sheet: dict[str, _SheetDetails] = {}
    raised = {style[1] for style in _ODS_STYLE.finditer(xml) if _ODS_RAISED.search(style[2])}
    for table in _ODS_TABLE.finditer(xml):
        details = _SheetDetails()
        row, widest = 0, 0
        for column in _ODS_COLUMN.finditer(table[2]):
            columns = _repeated(_ODS_COLUMNS_REPEATED, column[1])
            if b'table:visibility="collapse"' in column[1] or b'table:visibility="filter"' in column[1]:
                details.hidden_columns |= set(range(widest, min(widest + columns, MAX_COLUMNS)))
            widest = min(widest + columns, MAX_COLUMNS)
        widest = 0
        for line in _ODS_ROW.finditer(table[2]):
            rows = _repeated(_ODS_ROWS_REPEATED, line[1])
            filled = False
            column = 0
            for cell in _ODS_CELL.finditer(line[2] or b""):
                columns = _repeated(_ODS_COLUMNS_REPEATED, cell[1])
                if cell[2] or b"office:value" in cell[1]:
                    filled = True
                    widest = max(widest, column + columns)
                    if b'calcext:value-type="error"' in cell[1] or (cell[2] and _ODS_ERROR.fullmatch(_ods_text(cell[2]))):
                        details.errors[row, column] = _ods_text(cell[2] or b"") or "#VALUE!"
                    elif _ODS_NUMBER.search(cell[1]) and re.search(r"[^\W\d_eE]|[<>≤≥~*]", html.unescape(_ods_text(cell[2] or b""))):
                        details.kinds |= {(row, of_cell): "formatted" for of_cell in range(column, column + columns)}
                    elif raised and (text := _ods_with_raised(cell[2] or b"", raised)):
                        details.raised |= {(row, of_cell): text for of_cell in range(column, column + columns)}
                column += columns
            if filled:
                _check_extent(table[1].decode("utf-8", "replace"), row + rows, widest)
                if b'table:visibility="collapse"' in line[1] or b'table:visibility="filter"' in line[1]:
                    details.hidden_rows |= set(range(row, row + rows))
            row += rows
        by_sheet[html.unescape(table[1].decode("utf-8", "replace"))] = details
    return by_sheet


def _repeated(pattern: re.Pattern, attributes: bytes) -> int:
    match = pattern.search(attributes)
    return min(int(match[1][:9]), 10_000_000) if match else 1


def _ods_with_raised(content: bytes, raised: set[bytes]) -> str:
    # The text of a cell with its raised digits as such; blank where none is raised.
    spans = {
        span[0]: span[2].decode("utf-8", "replace").translate(RAISED).encode() for span in _ODS_SPAN.finditer(content) if span[1] in raised
    }
    for span, text in spans.items():
        content = content.replace(span, text)
    return html.unescape(_ods_text(_ODS_ASIDE.sub(b"", content.replace(b"</text:p>", b"\n")))) if spans else ""


def _ods_text(content: bytes) -> str:
    return re.sub(rb"<[^>]*>", b"", content).decode("utf-8", "replace").strip()


def _check_extent(name: str, rows: int, columns: int) -> None:
    if columns > MAX_COLUMNS:
        raise refuse(
            "too_many_columns", f"has {columns:,} columns; at most {MAX_COLUMNS:,} are read.", "Delete the unused columns.", cell=name
        )
    if rows * columns > MAX_SHEET_CELLS:
        raise _too_many_cells(name, rows, columns)


def _too_many_cells(name: str, rows: int, columns: int) -> Refused:
    says = f"reaches over {rows:,} rows and {columns:,} columns; at most {MAX_SHEET_CELLS:,} cells of a sheet are read."
    return refuse("too_large", says, "Delete what lies far from the table, or save the table as CSV.", cell=name)


def _sheet(worksheet: python_calamine.CalamineSheet, hidden: bool, details: _SheetDetails | None) -> Sheet:
    details = details or _SheetDetails()
    _check_extent(worksheet.name, worksheet.total_height + 1, worksheet.total_width)
    kinds: dict[tuple[int, int], str] = {}
    rows: list[list[str]] = []
    for row, values in enumerate(_values(worksheet)):
        cells = []
        for column, value in enumerate(values):
            if isinstance(value, str):
                if len(value) > MAX_CELL_CHARACTERS:
                    says = f"has more than {MAX_CELL_CHARACTERS:,} characters."
                    raise refuse("cell_too_long", says, "Shorten it.", cell=f"{worksheet.name}!{column_letters(column)}{row + 1}")
                cells.append(value)
                continue
            if (kind := details.kinds.get((row, column), "formula")) != "formula" and isinstance(value, float):
                kinds[row, column] = kind
            elif isinstance(value, float) and not value.is_integer():
                kinds[row, column] = "number"
            elif isinstance(value, date):
                kinds[row, column] = "date"
            cells.append(_shown(value))
        rows.append(cells)
    for (row, column), kind in details.kinds.items():
        if kind == "formula" and row < len(rows) and column < len(rows[row]) and not rows[row][column]:
            kinds[row, column] = kind
    for (row, column), text in details.raised.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    for (row, column), text in details.errors.items():
        if row < len(rows) and column < len(rows[row]):
            kinds[row, column] = "error"
            rows[row][column] = text
    hidden_rows = frozenset(row for row in details.hidden_rows if row < len(rows) and any(rows[row]))
    width = len(rows[0]) if rows else 0
    hidden_columns = frozenset(column for column in details.hidden_columns if column < width and any(row[column] for row in rows))
    row_count = len(rows)
    kept = Records.of_rows(rows) if row_count and row_count * len(rows[0]) >= _COLUMNAR_CELLS else rows
    merged = tuple((*first, *last) for first, last in worksheet.merged_cell_ranges or ())
    lines = range(1, row_count + 1)
    return Sheet(worksheet.name, kept, lines, hidden, hidden_rows, hidden_columns, merged, kinds, notes=details.notes)


def _values(worksheet: python_calamine.CalamineSheet) -> Iterator[list[object]]:
    # From column A on, though calamine begins with the first column that holds something.
    if worksheet.start is not None:
        before = [""] * worksheet.start[1]
        for row in worksheet.iter_rows():
            yield before + row


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return str(value)


def _cells(pattern: re.Pattern, xml: bytes) -> Iterator[tuple[tuple[int, int], re.Match]]:
    # The cells that a pattern finds, by row and column; the attributes of each stand in its first group.
    for match in pattern.finditer(xml):
        if position := _CELL_PLACE.search(match[1]):
            yield (int(position[2]) - 1, column_number(position[1].decode())), match
