"""The line finder names the line of every key that tomllib reads, whatever way the file spells it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grievance.core.lines import line_of_error, lines_of

SAMPLE = '''\
# a comment with [brackets] and = signs
name = "one # not a comment"
"quoted key".inner = 1
plain.dotted.'last.part' = true

text = """
[not.a.header]
also = "not a key"
ends with two quotes"""""
raw = \'\'\'
[[nor]] this \'\' \'\'\'
[stages.triage]   # a remark
within = { amount = "10 working days", "by lane" = { U1 = 3 } }
late = [
    "hand_to_panel",  # ] still inside
    [ "a", "b" ],

    "end",
]
[[moves]]
name = "file"

  [moves.tells]
  "who.ever" = ["C"]

[[moves]]
from = ["start"]
[[moves.asks]]
id = "first"
[[moves.asks]]
id = "caf\\u00e9"
[moves.asks.deep]
x = 1979-05-27 07:32:00
[holidays."2026"]
2026-01-07 = 'Day'
[stages]
odd = 1
'''

EXPECTED = {
    ("name",): 2,
    ("quoted key",): 3,
    ("quoted key", "inner"): 3,
    ("plain", "dotted", "last.part"): 4,
    ("text",): 6,
    ("raw",): 10,
    ("stages", "triage"): 12,
    ("stages", "triage", "within"): 13,
    ("stages", "triage", "within", "amount"): 13,
    ("stages", "triage", "within", "by lane", "U1"): 13,
    ("stages", "triage", "late"): 14,
    ("stages", "triage", "late", 0): 15,
    ("stages", "triage", "late", 1): 16,
    ("stages", "triage", "late", 1, 1): 16,
    ("stages", "triage", "late", 2): 18,
    ("moves",): 20,
    ("moves", 0): 20,
    ("moves", 0, "name"): 21,
    ("moves", 0, "tells"): 23,
    ("moves", 0, "tells", "who.ever"): 24,
    ("moves", 1): 26,
    ("moves", 1, "from"): 27,
    ("moves", 1, "asks"): 28,
    ("moves", 1, "asks", 0): 28,
    ("moves", 1, "asks", 0, "id"): 29,
    ("moves", 1, "asks", 1): 30,
    ("moves", 1, "asks", 1, "id"): 31,
    ("moves", 1, "asks", 1, "deep"): 32,
    ("moves", 1, "asks", 1, "deep", "x"): 33,
    ("holidays",): 34,
    ("holidays", "2026"): 34,
    ("holidays", "2026", "2026-01-07"): 35,
    ("stages",): 36,
    ("stages", "odd"): 37,
}


def paths(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every path of what tomllib read."""
    if here:
        yield here
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*here, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*here, index))


# The expected numbers above are counted by hand from the sample, whose first line is 1; line 9 ends the long text.
@pytest.mark.parametrize(("path", "line"), EXPECTED.items(), ids=str)
def test_each_key_stands_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert lines_of(SAMPLE)[path] == line


def test_nothing_is_invented_and_nothing_missed() -> None:
    assert set(lines_of(SAMPLE)) == set(paths(tomllib.loads(SAMPLE)))


def test_windows_line_ends_count_once() -> None:
    assert lines_of("a = 1\r\n# x\r\n[b]\r\nc = [\r\n1,\r\n2]\r\n") == {
        ("a",): 1, ("b",): 3, ("b", "c"): 4, ("b", "c", 0): 5, ("b", "c", 1): 6,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["a = 1\n= 2\n", "a = 1\n[b\nc = 2", 'a = 1\nb = "open\n', "a = 1\nb = [1,", "a = 1\n]"]
)
def test_broken_text_gives_what_stands_before_the_fault(text: str) -> None:
    assert lines_of(text)[("a",)] == 1
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\n\nb = [1,\n", 3), ("a = 1\n\n\nb", 4)])
def test_the_line_of_a_syntax_error(text: str, line: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    assert line_of_error(caught.value, text) == line


KEYS = st.text(st.sampled_from("ab.-_ é'#[]=\""), min_size=1, max_size=5)


def spelled(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else '"' + key.replace('"', '\\"') + '"'


@given(
    st.dictionaries(
        KEYS, st.dictionaries(KEYS, st.integers() | st.text("ab\n\"'#]\\", max_size=6), max_size=4), max_size=4
    )
)
def test_any_tables_agree_with_tomllib(tables: dict[str, dict[str, int | str]]) -> None:
    rows: list[str] = []
    expected: dict[tuple[str, ...], int] = {}
    for name, pairs in tables.items():
        rows.append(f"[{spelled(name)}]")
        expected[name,] = len(rows)
        for key, value in pairs.items():
            shown = str(value) if isinstance(value, int) else _long(value)
            rows.append(f"{spelled(key)} = {shown}")
            expected[name, key] = len(rows)
            rows.extend([""] * shown.count("\n"))  # a long string takes further lines; keep the count in step
    text = "\n".join(row for row in _joined(rows))
    assert set(paths(tomllib.loads(text))) == set(lines_of(text)) == set(expected)
    assert lines_of(text) == expected


def _long(value: str) -> str:
    return '"""\n' + value.replace("\\", "\\\\").replace('"', '\\"') + '"""'


def _joined(rows: list[str]) -> Iterator[str]:
    """The rows without the empty ones that stand for the inner lines of a long string."""
    return (row for row in rows if row)


def test_the_shipped_calendars_have_a_line_for_every_key() -> None:
    for file in sorted(Path(__file__).parents[2].glob("workflows/calendars/*.toml")):
        text = file.read_text(encoding="utf-8")
        assert set(lines_of(text)) == set(paths(tomllib.loads(text)))
