"""Reads a list that a spreadsheet wrote: comma, semicolon or tab, any Unicode with or without a mark, every fault by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grievance.core.errors import Said, say
from grievance.language import plain_digits

MOST = 20_000
"""Lines of one list."""
SEPARATORS = ",;\t"
INVISIBLE = " \t\r\n\u00a0\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong on which line; lines count from 1, the heads included."""

    line: int
    said: Said


@dataclass(frozen=True, slots=True)
class Row:
    """One line: column → what stands there, without blanks at its ends, digits as ASCII in no column but `number`."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that could be read, and the faults of the others."""

    rows: tuple[Row, ...]
    faults: tuple[LineFault, ...]


def read(data: bytes, columns: Sequence[str]) -> Sheet:
    """The list. Each of the columns must be there once, in any order, under its English name."""
    text = _text(data)
    if isinstance(text, LineFault):
        return Sheet((), (text,))
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return Sheet((), (LineFault(line, say("There is a sign here that no text has. Save the list as CSV.")),))
    separator = max(SEPARATORS, key=text.partition("\n")[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    faults: list[LineFault] = []
    rows: list[Row] = []
    heads: list[str] = []
    try:
        heads = [_clean(head).casefold() for head in next(lines, [])]
        faults += _heads(heads, columns)
        if faults:
            return Sheet((), tuple(faults))
        began = lines.line_num + 1
        for cells in lines:
            if len(rows) + len(faults) >= MOST:
                faults.append(LineFault(began, say("A list has at most {most} lines. Cut it in two.", most=MOST)))
                break
            if any(_clean(cell) for cell in cells):
                fault = _shape(began, cells, heads)
                if fault is None:
                    rows.append(Row(began, _row(heads, cells)))
                else:
                    faults.append(fault)
            began = lines.line_num + 1
    except csv.Error:
        said = say("From here on the list cannot be read: a quotation mark is not closed, or stands within a cell.")
        faults.append(LineFault(lines.line_num, said))
    if not rows and not faults:
        faults.append(LineFault(1, say("There is no line below the heads.")))
    return Sheet(tuple(rows), tuple(faults))


def _text(data: bytes) -> str | LineFault:
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encoding = "utf-16" if marked else "utf-8-sig"  # a spreadsheet's “Unicode text” is the first
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return LineFault(line, say("This line is not UTF-8 text. Save the list as “CSV UTF-8”."))
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _heads(heads: Sequence[str], columns: Sequence[str]) -> list[LineFault]:
    faults = [
        LineFault(
            1, say("The column “{name}” is missing. The first line names: {all}.", name=name, all=", ".join(columns))
        )
        for name in columns
        if name not in heads
    ]
    faults += [
        LineFault(
            1, say("There is no column “{name}”. The first line names: {all}.", name=head[:60], all=", ".join(columns))
        )
        for head in heads
        if head and head not in columns
    ]
    return faults + [
        LineFault(1, say("The column “{name}” stands there twice.", name=name))
        for name in columns
        if heads.count(name) > 1
    ]


def _shape(line: int, cells: Sequence[str], heads: Sequence[str]) -> LineFault | None:
    extra = [cell for cell in cells[len(heads) :] if _clean(cell)]
    if len(cells) < len(heads) or extra:
        said = say("This line has {found} cells; the first line has {heads}.", found=len(cells), heads=len(heads))
        return LineFault(line, said)
    if any("\n" in _clean(cell) or any(ord(sign) < ord(" ") for sign in _clean(cell)) for cell in cells):
        return LineFault(line, say("A cell holds a line break or an invisible sign. Write it on one line."))
    return None


def _row(heads: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    row = {head: _clean(cell) for head, cell in zip(heads, cells, strict=False) if head}
    return {head: plain_digits(cell) if head == "number" else cell for head, cell in row.items()}


def _clean(cell: str) -> str:
    return cell.strip(INVISIBLE)
