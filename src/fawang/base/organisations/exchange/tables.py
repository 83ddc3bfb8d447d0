"""Tables as people send them: bytes in, numbered rows of text out; and rows back to bytes."""

from __future__ import annotations

import csv
import gzip
import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Any
from zlib import error as ZlibError

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from fawang.kernel.errors import Invalid

MOST_ROWS = 20_000
MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED_BYTES = 20 * 1024 * 1024
MOST_COLUMNS = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One row: its number in the file (from 1) and its cells by column."""

    number: int
    cells: dict[str, str]


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in _FORMULA else cell


def read(content: bytes, name: str) -> list[Line]:
    """The rows of a file by its name's ending: `.csv`, `.xlsx`, `.jsonl`, each also `.gz`. Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise _wrong(_("文件太大，最多 10 MB。请分成几个文件。"))
    kind = name.lower()
    if kind.endswith(".gz"):
        content, kind = _unpacked(content), kind.removesuffix(".gz")
    if kind.endswith(".xlsx"):
        rows = _of_workbook(content)
    elif kind.endswith((".jsonl", ".ndjson")):
        return _of_json(content)
    elif kind.endswith((".csv", ".txt")):
        rows = _of_csv(content)
    else:
        raise _wrong(_("只认识 CSV 和 XLSX 表格。请另存为这两种格式之一。"))
    return _lines(rows)


def _wrong(sentence: str) -> Invalid:
    return Invalid({"file": sentence})


def _unpacked(content: bytes) -> bytes:
    try:
        with gzip.open(BytesIO(content)) as file:
            found = file.read(MOST_UNPACKED_BYTES + 1)
    except (OSError, EOFError, ZlibError):
        raise _wrong(_("压缩文件打不开。")) from None
    if len(found) > MOST_UNPACKED_BYTES:
        raise _wrong(_("文件太大，最多 10 MB。请分成几个文件。"))
    return found


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _wrong(_("认不出文件的编码。请另存为 UTF-8 的 CSV，或 XLSX。"))


def _of_csv(content: bytes) -> list[list[str]]:
    text = _text(content).replace("\x00", "")
    first = text.partition("\n")[0]
    mark = max(",\t;", key=first.count)
    try:
        # one row more than may be, so that it is told
        rows = islice(csv.reader(StringIO(text), delimiter=mark), MOST_ROWS + 2)
        return [[cell.strip() for cell in row[:MOST_COLUMNS]] for row in rows]
    except csv.Error:
        raise _wrong(_("CSV 的引号或换行有问题。请在表格软件里打开后重新保存。")) from None


def _of_workbook(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise _wrong(_("文件太大，最多 10 MB。请分成几个文件。"))
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        found = []
        for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True):
            found.append([_cell(one) for one in row])
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError):
        raise _wrong(_("这个 XLSX 文件打不开。请在表格软件里打开后重新保存。")) from None
    return found


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _lines(rows: list[list[str]]) -> list[Line]:
    if not rows or not any(rows[0]):
        raise _wrong(_("第一行应是列名。请用模板填写。"))
    heads = [head.strip() for head in rows[0]]
    found = [
        Line(number, {head: cell for head, cell in zip(heads, row, strict=False) if head})
        for number, row in enumerate(rows[1:], 2)
        if any(row)
    ]
    if len(found) > MOST_ROWS:
        raise _wrong(_("一次最多 20,000 行。请分成几个文件。"))
    return found


def _of_json(content: bytes) -> list[Line]:
    found = []
    for number, line in enumerate(_text(content).splitlines(), 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except ValueError:
            raise _wrong(_("第 %(n)d 行不是 JSON。") % {"n": number}) from None
        if isinstance(told, dict):
            found.append(Line(number, {str(key): _of_value(value) for key, value in told.items()}))
    return found[: MOST_ROWS + 1]


def _of_value(value: Any) -> str:
    return "，".join(map(str, value)) if isinstance(value, list) else _cell(value)


def to_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as CSV that spreadsheets open rightly."""
    out = StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def to_workbook(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A table as XLSX; all cells are text, so nothing is taken for a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(heads))
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()
