"""The sheets of an Excel workbook (.xlsx): values as texts, and formulas as errors with their place."""

from __future__ import annotations

import io
import warnings
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.documents.sheets import TABLE, Bounds, Sheet, Unreadable, within_bounds

MOST_PARTS = 2_000
HALF_SECOND = timedelta(microseconds=500_000)


def read_workbook(content: bytes, bounds: Bounds = TABLE) -> list[Sheet]:
    """The visible sheets of a workbook, the first one first.

    Raises:
        Unreadable: It is no workbook, is damaged or protected, or unpacks to more than a table can be.
    """
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load, and not needed for a .csv

    try:
        _refuse_bombs(content, bounds.unpacked)
        with warnings.catch_warnings(action="ignore"):  # of styles and rules that do not matter here
            book = load_workbook(io.BytesIO(content), read_only=True)
            try:
                return [_sheet(sheet, bounds) for sheet in book.worksheets if sheet.sheet_state == "visible"]
            finally:
                book.close()
    except Unreadable:
        raise
    except Exception as error:  # noqa: BLE001 - a damaged workbook can fail anywhere in the library
        raise Unreadable(f"the workbook is damaged ({type(error).__name__}); save it again as .xlsx") from None


def _refuse_bombs(content: bytes, most: int) -> None:
    """What is unpacked is never larger than the parts say, or reading them fails."""
    parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > most:
        raise Unreadable(f"the workbook unpacks to more than {most // 1_000_000} MB")


def _sheet(sheet: Any, bounds: Bounds) -> Sheet:
    """The rows of a read-only sheet, whose type stubs fit ordinary ones only."""
    sheet.reset_dimensions()  # what a file says about its size need not be true
    rows: list[tuple[int, list[str]]] = []
    broken: list[tuple[int, int, str]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = [_text(cell) for cell in cells]
        troubles = [(number, place, trouble) for place, cell in enumerate(cells) if (trouble := _trouble(cell))]
        while texts and not texts[-1].strip():
            texts.pop()
        if texts or troubles:
            within_bounds(len(rows) + 1, len(texts), bounds)
            rows.append((number, texts))
            broken += troubles
    return Sheet(rows, broken)


def _trouble(cell: Any) -> str:
    if cell.data_type == "f":
        return "is a formula; put its value there (copy, paste special, values)"
    return f"holds Excel's error {cell.value}" if cell.data_type == "e" else ""


def _text(cell: Any) -> str:
    """What the cell shows, written out: dates as 2026-12-03 10:00:00."""
    value = cell.value
    if value is None or cell.data_type == "f":
        return ""
    if isinstance(value, datetime):
        shown = (value + HALF_SECOND).replace(microsecond=0)  # Excel counts days as fractions
        only_day = shown.time() == time() and "h" not in str(cell.number_format).lower()
        return f"{shown:%Y-%m-%d}" if only_day else f"{shown:%Y-%m-%d %H:%M:%S}"
    return value.isoformat() if isinstance(value, date | time) else str(value)
