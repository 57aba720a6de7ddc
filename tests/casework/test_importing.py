"""A list of sites is taken over whole or not at all, and every fault is told with its line."""

from __future__ import annotations

import time

import pytest

from grievance.casework.desk import Desk
from grievance.casework.house import furnishing, importing, recording
from grievance.core.errors import Hidden, Refused
from grievance.store import people as rows
from grievance.store import setup
from tests import makers

ADMIN = makers.viewer("sarin")
HEAD = "number,name,place,factory,brands"
LOTUS, NORTH, BLUE = "Lotus Stitch Co., Ltd.", "Northcoat", "Bluefield"
GOOD = f'KH-0900,New plant,Takeo,"{LOTUS}",{NORTH}|{BLUE}'


def look(desk: Desk, text: str | bytes) -> importing.Plan:
    data = text if isinstance(text, bytes) else text.encode()
    return importing.dry_run(desk, ADMIN, "kh", data)


def told(desk: Desk, text: str | bytes) -> list[tuple[int, str]]:
    return [(fault.line, str(fault.said)) for fault in look(desk, text).faults]


WRONG = {
    "no number": (f',Name,Place,"{LOTUS}",', "The number is empty."),
    "a blank number": (f'"  ",Name,Place,"{LOTUS}",', "The number is empty."),
    "a number with blanks": (f'KH 0900,Name,Place,"{LOTUS}",', "is no number for a poster"),
    "a number with a slash": (f'KH/0900,Name,Place,"{LOTUS}",', "is no number for a poster"),
    "a number in Khmer letters": (f'ខ្មែរ,Name,Place,"{LOTUS}",', "is no number for a poster"),
    "a number too short": (f'K,Name,Place,"{LOTUS}",', "is no number for a poster"),
    "a number too long": (f'{"K" * 41},Name,Place,"{LOTUS}",', "is no number for a poster"),
    "a number that begins with a hyphen": (f'-0900,Name,Place,"{LOTUS}",', "is no number for a poster"),
    "a formula": (f'=1+1,Name,Place,"{LOTUS}",', "is no number for a poster"),
    "no name": (f'KH-0900,,Place,"{LOTUS}",', "The name is empty."),
    "an invisible name": (f'KH-0900,\u200b,Place,"{LOTUS}",', "The name is empty."),
    "a name too long": (f'KH-0900,{"x" * 201},Place,"{LOTUS}",', "The name is longer"),
    "a place too long": (f'KH-0900,Name,{"x" * 201},"{LOTUS}",', "The place is longer"),
    "no factory": ("KH-0900,Name,Place,,", "The factory is empty."),
    "an unknown factory": ("KH-0900,Name,Place,Moon Works,", "There is no “Moon Works”."),
    "a misspelt factory": ('KH-0900,Name,Place,"Lotus Stich Co., Ltd.",', f"did you mean “{LOTUS}”"),
    "a brand as factory": ("KH-0900,Name,Place,Northcoat,", "an organisation of another kind"),
    "a factory as brand": (f'KH-0900,Name,Place,"{LOTUS}","{LOTUS}"', "an organisation of another kind"),
    "an unknown brand": (f'KH-0900,Name,Place,"{LOTUS}",Zebra & Co', "There is no “Zebra & Co”."),
    "a misspelt brand": (f'KH-0900,Name,Place,"{LOTUS}",Nortcoat', "did you mean “Northcoat”"),
    "a brand twice": (f'KH-0900,Name,Place,"{LOTUS}",Northcoat|northcoat', "A brand stands here twice."),
    "brands with commas": (f'KH-0900,Name,Place,"{LOTUS}",Northcoat,Bluefield', "This line has 6 cells"),
    "too few cells": ("KH-0900,Name", "This line has 2 cells; the first line has 5."),
    "one cell": ("KH-0900", "This line has 1 cells"),
    "a semicolon line": (f"KH-0900;Name;Place;{LOTUS};", "This line has"),
    "a line break in a cell": (f'KH-0900,"Na\nme",Place,"{LOTUS}",', "A cell holds a line break"),
    "an invisible sign": (f'KH-0900,Na\x07me,Place,"{LOTUS}",', "A cell holds a line break or an invisible sign"),
    "an open quotation mark": (f'KH-0900,"Name,Place,"{LOTUS}",', "cannot be read"),
    "a quotation mark never closed": ('KH-0900,"Name,Place,X,', "cannot be read"),
    "a site of another programme": (f'XX-0001,Name,Place,"{LOTUS}",', "belongs to a site of another programme"),
    "a number that stands twice": (f'KH-0899,Name,Place,"{LOTUS}",', "stands on line 2 already"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_line_is_told_with_its_number_and_nothing_happens(desk: Desk, name: str) -> None:
    with desk.store.write() as tx:
        second = rows.Programme("xx", "Other", "XX", "kh-factory", (), {"worker": "kh/worker-1"}, "office-kh")
        setup.add_programme(tx, second)
        setup.add_sites(tx, "xx", [rows.Site("XX-0001", "There", "There", "factory-lotus", ())])
    line, sentence = WRONG[name]
    before = makers.contents(desk)
    text = f'{HEAD}\nKH-0899,Good,Place,"{LOTUS}",\n{line}\n'
    found = told(desk, text)
    assert [no for no, _ in found] == [3], found
    assert sentence in found[0][1]
    with pytest.raises(Refused, match="faults"):
        importing.take(desk, ADMIN, "kh", text.encode(), look(desk, text).mark)
    assert makers.contents(desk) == before


def test_all_faults_come_at_once_in_the_order_of_lines(desk: Desk) -> None:
    text = f"{HEAD}\n,,Place,Moon,Zebra\n{GOOD}\nKH 1,N,P,,\n"
    assert [no for no, _ in told(desk, text)] == [2, 2, 2, 2, 4, 4]


@pytest.mark.parametrize(
    ("head", "sentence"),
    [
        ("number,name,place,factory", "“brands” is missing"),
        (f"{HEAD},colour", "no column “colour”"),
        (f"{HEAD},name", "“name” stands there twice"),
        ("", "is missing"),
        ("លេខ,name,place,factory,brands", "“number” is missing"),
    ],
)
def test_heads_that_do_not_fit_are_told_on_line_1(desk: Desk, head: str, sentence: str) -> None:
    found = told(desk, f"{head}\n{GOOD}\n")
    assert {no for no, _ in found} == {1}
    assert any(sentence in said for _, said in found)


@pytest.mark.parametrize(
    "data",
    [
        f"{HEAD}\n{GOOD}\n".encode("utf-8-sig"),
        f"{HEAD}\r\n{GOOD}\r\n".encode(),
        f"{HEAD}\r{GOOD}".encode(),
        f"{HEAD}\n{GOOD}\n".encode("utf-16"),
        f"{HEAD.replace(',', ';')}\nKH-0900;New plant;Takeo;{LOTUS};{NORTH}|{BLUE}\n".encode(),
        f"{HEAD.replace(',', chr(9))}\nKH-0900\tNew plant\tTakeo\t{LOTUS}\t{NORTH} | {BLUE}\n".encode(),
        f"\n{HEAD}\n\n,,,,\n{GOOD}\n".encode()[1:],
        f'Brands,FACTORY, Place ,Name,Number,\n{BLUE}|{NORTH},"{LOTUS.upper()}",Takeo,New plant,kh-០៩០០,\n'.encode(),
    ],
    ids=["BOM", "CRLF", "CR", "UTF-16", "semicolons", "tabs", "empty lines", "order, case and digits"],
)
def test_what_spreadsheets_write_is_read(desk: Desk, data: bytes) -> None:
    plan = look(desk, data)
    assert plan.faults == ()
    (site,) = plan.new
    assert (site.code, site.name, site.place, site.body) == ("KH-0900", "New plant", "Takeo", "factory-lotus")
    assert site.buyers == ("brand-blue", "brand-north")


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (HEAD.encode(), 1),
        (f"{HEAD}\n\n\n".encode(), 1),
        (HEAD.encode() + b"\nKH-0900,\xff\xfe,x,y,\n", 2),
        (HEAD.encode() + b"\n\nKH-0900,a\x00b,x,y,\n", 3),
        (b"PK\x03\x04\x00\x00", 1),
    ],
    ids=["nothing", "heads alone", "empty lines", "Latin-1", "NUL", "a spreadsheet file"],
)
def test_what_is_no_list_is_told(desk: Desk, data: bytes, line: int) -> None:
    found = told(desk, data)
    assert found
    assert found[0][0] == line


def test_khmer_is_kept_as_it_is(desk: Desk) -> None:
    furnishing.make_body(desk, ADMIN, "factory", "", "រោងចក្រ ក្រមួន")
    text = f"{HEAD}\nKH-0901,រោងចក្រ\u200bក្រមួន ទី១,តាកែវ,រោងចក្រ ក្រមួន,\n"
    plan = look(desk, text)
    importing.take(desk, ADMIN, "kh", text.encode(), plan.mark)
    assert furnishing.site(desk, ADMIN, "KH-0901").name == "រោងចក្រ\u200bក្រមួន ទី១"


def test_a_list_changes_what_differs_and_leaves_the_rest(desk: Desk) -> None:
    text = (
        f'{HEAD}\nKH-0412,"Lotus Stitch, main plant",Kandal,"{LOTUS}",Northcoat|Bluefield\n'
        f'KH-0077,Mekong Knit,Takeo,"Mekong Knit Co., Ltd.",Northcoat\n{GOOD}\n'
    )
    plan = look(desk, text)
    assert (len(plan.new), len(plan.changed), plan.same) == (1, 1, 1)
    assert plan.changed[0][1] == {"buyers": ("Bluefield", "Northcoat")}
    before = makers.contents(desk)
    look(desk, text)
    assert makers.contents(desk) == before, "a dry run writes nothing"
    importing.take(desk, ADMIN, "kh", text.encode(), plan.mark)
    assert furnishing.site(desk, ADMIN, "KH-0077").buyers == ("brand-north",)
    assert str(recording.record(desk, ADMIN).rows[0].said) == "Took sites of Cambodia from a list: 1 new, 1 changed"
    again = look(desk, text)
    assert (len(again.new), len(again.changed), again.same) == (0, 0, 3)


def test_planted_a_change_between_look_and_take_is_refused(desk: Desk) -> None:
    text = f"{HEAD}\n{GOOD}\n"
    mark = look(desk, text).mark
    furnishing.make_site(desk, ADMIN, rows.Site("KH-0900", "Mine", "Here", "factory-tonle", (), "kh"))
    with pytest.raises(Refused, match="meanwhile"):
        importing.take(desk, ADMIN, "kh", text.encode(), mark)
    assert furnishing.site(desk, ADMIN, "KH-0900").name == "Mine"


def test_ten_thousand_lines(desk: Desk) -> None:
    lines = [f'S-{no:05},ទីតាំង {no},Takeo,"{LOTUS}",Northcoat|Bluefield' for no in range(10_000)]
    text = "\n".join([HEAD, *lines])
    began = time.process_time()  # not the clock on the wall, which counts what others do beside us
    plan = look(desk, text)
    importing.take(desk, ADMIN, "kh", text.encode(), plan.mark)
    assert time.process_time() - began < 20, "some seconds, on a slow machine too"
    assert furnishing.sites(desk, ADMIN, "S-09999").total == 1
    assert furnishing.sites(desk, ADMIN).total == 10_004
    wrong = look(desk, "\n".join([HEAD, *(line.replace("Lotus", "Lotos") for line in lines)]))
    assert len(wrong.faults) == 10_000
    assert [str(fault.said) for fault in look(desk, "\n".join([text, *lines, *lines])).faults][-1].startswith(
        "A list has"
    )


def test_nobody_else_takes_a_list(desk: Desk) -> None:
    with pytest.raises(Hidden):
        importing.dry_run(desk, makers.viewer("sophea"), "kh", GOOD.encode())
    with pytest.raises(Hidden):
        importing.take(desk, makers.viewer("sophea"), "kh", GOOD.encode(), "")
    with pytest.raises(Hidden):
        importing.dry_run(desk, ADMIN, "nowhere", GOOD.encode())
