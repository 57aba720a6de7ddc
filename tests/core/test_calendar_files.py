"""A calendar file is taken whole or refused with every fault and its line: each refusal meets its planted fault."""

from __future__ import annotations

from datetime import date

import pytest

from grievance.core.errors import Fault, Faulty
from grievance.core.lawbook.calendars import parse_calendar

GOOD = """\
name = "xx-factory"
version = "1"
zone = "Asia/Dhaka"
rest = ["friday"]
source = "A list that somebody read"
checked = 2026-11-22
first_year = 2026
last_year = 2027

[holidays.2026]
2026-05-01 = "Labour Day"

[holidays.2027]
2027-05-01 = "Labour Day"
2027-12-16 = "Victory Day"
"""


def faults(text: str) -> tuple[Fault, ...]:
    with pytest.raises(Faulty) as caught:
        parse_calendar(text, "calendars/xx.toml")
    assert all(fault.file == "calendars/xx.toml" and fault.text[-1] == "." for fault in caught.value.faults)
    return caught.value.faults


def test_a_sound_file_is_taken() -> None:
    calendar = parse_calendar(GOOD, "calendars/xx.toml")
    assert (calendar.name, calendar.version, calendar.zone) == ("xx-factory", "1", "Asia/Dhaka")
    assert calendar.rest == frozenset({4})
    assert calendar.holidays == {
        2026: {date(2026, 5, 1): "Labour Day"},
        2027: {date(2027, 5, 1): "Labour Day", date(2027, 12, 16): "Victory Day"},
    }
    assert hash(calendar) == hash(parse_calendar(GOOD, "elsewhere.toml"))


PLANTED = [
    ('name = "xx-factory"\n', "", 1, "a name"),
    ('name = "xx-factory"', "name = 7", 1, "a name"),
    ('version = "1"', "version = 1", 2, "a version"),
    ("Asia/Dhaka", "Asia/Dacca City", 3, "not a known time zone"),
    ("Asia/Dhaka", "Asia", 3, "not a known time zone"),
    ("Asia/Dhaka", "../../etc/passwd", 3, "not a known time zone"),
    ('"friday"', '"friday",\n  "fryday"', 5, "not a weekday"),
    ('["friday"]', "[4]", 4, "not a weekday"),
    ('rest = ["friday"]\n', "", 1, "weekly rest"),
    (
        '["friday"]',
        '["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]',
        4,
        "All seven days",
    ),
    ('"A list that somebody read"', '" "', 5, "where the list"),
    ('source = "A list that somebody read"\n', "", 1, "where the list"),
    ("checked = 2026-11-22\n", "", 1, "on which day"),
    ("checked = 2026-11-22", 'checked = "2026-11-22"', 6, "on which day"),
    ("checked = 2026-11-22", "checked = 2026-11-22T10:00:00", 6, "on which day"),
    ("first_year = 2026", "first_year = true", 7, "first_year as a year"),
    ("last_year = 2027", "last_year = 20270", 8, "last_year as a year"),
    ("last_year = 2027", "last_year = 2025", 8, "before the first"),
    ("last_year = 2027", "last_year = 2028", 10, "2028 is promised"),
    ("last_year = 2027", "last_year = 2026", 13, '"2027" is not a year from'),
    ('2026-05-01 = "Labour Day"\n', "", 10, "2026 is promised"),
    ('2026-05-01 = "Labour Day"', '2027-05-01 = "Labour Day"', 11, "among the holidays of 2026"),
    ('2026-05-01 = "Labour Day"', '2026-5-1 = "Labour Day"', 11, "not a date"),
    ('2026-05-01 = "Labour Day"', '20260501 = "Labour Day"', 11, "not a date"),
    ('2026-05-01 = "Labour Day"', '2026-02-29 = "Labour Day"', 11, "not a date"),
    ('2026-05-01 = "Labour Day"', "2026-05-01 = true", 11, "Name the holiday"),
    ('version = "1"', 'version = "1"\nholyday = 1', 3, "Nothing reads"),
    ('version = "1"', "version = ", 2, "not TOML"),
    ("[holidays.2027]", "[holidays.2026]", 13, "not TOML"),
    ("Asia/Dhaka", "{zone}", 3, r'"\(zone\)" is not a known'),  # braces of the file are not a message's values
]


@pytest.mark.parametrize(
    ("sound", "planted", "line", "said"), PLANTED, ids=[f"{row[1][:24]}-{row[3]}" for row in PLANTED]
)
def test_a_planted_fault_is_found_on_its_line(sound: str, planted: str, line: int, said: str) -> None:
    assert GOOD.count(sound) == 1
    found = faults(GOOD.replace(sound, planted))
    assert [fault.line for fault in found] == [line], found
    with pytest.raises(Faulty, match=said):
        parse_calendar(GOOD.replace(sound, planted), "calendars/xx.toml")


def test_all_faults_are_told_at_once() -> None:
    text = GOOD.replace("Asia/Dhaka", "Moon/Base").replace('"friday"', '"someday"').replace("2027-12-16", "2026-12-16")
    assert [fault.line for fault in faults(text)] == [3, 4, 15]
    assert len(faults("")) == len({fault.text for fault in faults("")}) >= 8
