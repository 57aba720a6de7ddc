"""The procedures that we ship are proved, and their scenarios come out to the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from grievance.core.errors import Faulty, GrievanceError
from grievance.core.lawbook import Lawbook, parse_procedure, read_lawbook
from grievance.core.proof import draw, report
from grievance.core.proof.reckoning import name_of
from tests.scenarios import Scenario, parse_scenarios, run
from tests.workflows.proofs import LAWBOOK, WORKFLOWS, proof_of

pytestmark = pytest.mark.xdist_group("proofs")
WORKER = LAWBOOK.procedure("kh/worker-1@1")
CASES = {key: WORKFLOWS / p.file.replace(".toml", ".cases.toml") for key, p in LAWBOOK.procedures.items()}
SCENARIOS = [
    (key, scenario)
    for key, path in CASES.items()
    for scenario in parse_scenarios(path.read_text(), path.name, LAWBOOK.procedure(key))
]


@pytest.mark.parametrize("key", LAWBOOK.procedures)
def test_every_shipped_procedure_is_proved(key: str) -> None:
    assert [str(fault) for fault in proof_of(key).faults] == []


@pytest.mark.parametrize(("key", "scenario"), SCENARIOS, ids=[scenario.title for _, scenario in SCENARIOS])
def test_every_scenario_comes_out(key: str, scenario: Scenario) -> None:
    procedure = LAWBOOK.procedure(key)
    calendar = LAWBOOK.calendar_of(procedure, scenario.calendar)
    assert [str(fault) for fault in run(scenario, procedure, calendar)] == []


def days(start: str, lane: str = "U3") -> tuple[int, int, date, date]:
    """Least and most days, the worst filing day and the day of its end, of one line of the reckoning."""
    found = next(r for r in proof_of("kh/worker-1@1").reckonings if str(r.label).startswith(start) and r.lane == lane)
    return found.least, found.most, found.worst, found.path[-1][1]


def test_the_reckoning_of_silence_is_the_lawyers() -> None:
    # procedures, s. 1.3, rows A, A' and B
    assert days("All are silent from the filing") == (32, 40, date(2026, 4, 3), date(2026, 5, 13))
    assert days("The same, with the restatement released")[1] == 222
    assert days("People act on their last day as far as answer")[1] == 212


def test_nobody_is_slower_than_the_longest_walk() -> None:
    longest = days("The longest of all walks")[1]
    assert all(reckoning.most <= longest for reckoning in proof_of("kh/worker-1@1").reckonings)


def test_our_failure_needs_the_office_twice_and_a_silent_complainant() -> None:
    assert set(proof_of("kh/worker-1@1").buriers) == {frozenset({"officer", "relief", "complainant"})}
    assert name_of("workers") == "Workers"


def test_the_report_says_what_is_proved_and_how_long() -> None:
    lines = [str(said) for said in report(proof_of("kh/worker-1@1"))]
    assert lines[0] == f"kh/worker-1@1: {len(WORKER.stages)} stages (7 of them final), {len(WORKER.moves)} moves."
    assert any("at most 40 days, at least 32; longest when filed on 2026-04-03" in line for line in lines)


def test_the_drawing_names_every_stage_and_marks_the_clock() -> None:
    drawn = draw(WORKER)
    assert drawn.startswith("stateDiagram-v2\n    [*] --> received\n")
    assert "    answer --> joint_review: ⏱ presume_as_claimed" in drawn
    assert "    answer --> reply: close_answers" in drawn
    assert all(f"    {name}: " in drawn for name in WORKER.stages)


def test_the_stations_are_the_path_of_the_file() -> None:
    assert WORKER.path[0] == WORKER.start
    assert WORKER.stages[WORKER.path[-1]].final


# --- The lawbook ------------------------------------------------------------------------------------------------------


def copied(folder: Path) -> Path:
    """A folder with everything that we ship."""
    for path in WORKFLOWS.rglob("*.toml"):
        target = folder / path.relative_to(WORKFLOWS)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text())
    return folder


def test_the_highest_version_in_force_is_taken(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = (folder / "kh/worker-1.toml").read_text()
    later = text.replace("version  = 1", "version  = 2").replace("in_force = 2025-01-01", "in_force = 2026-07-01")
    (folder / "kh/worker-1-1.toml").write_text(later)
    lawbook: Lawbook = read_lawbook(folder)
    assert lawbook.in_force("kh/worker-1", date(2026, 6, 30)).version == 1
    assert lawbook.in_force("kh/worker-1", date(2026, 7, 1)).version == 2
    with pytest.raises(GrievanceError, match="No version of the procedure kh/worker-1 is in force on 2024-12-31"):
        lawbook.in_force("kh/worker-1", date(2024, 12, 31))


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    procedure, calendar = folder / "kh/worker-1.toml", folder / "calendars/kh-office.toml"
    procedure.write_text(procedure.read_text().replace('late    = "pass_on"', 'late    = "pass_onn"'))
    calendar.write_text(calendar.read_text().replace('rest = ["saturday"', 'rest = ["saturnday"'))
    (folder / "kh/broken.toml").write_text("name = \n")
    (folder / "kh/latin.toml").write_bytes('label = "é"'.encode("latin-1"))
    with pytest.raises(Faulty) as caught:
        read_lawbook(folder)
    assert {fault.file for fault in caught.value.faults} == {
        "calendars/kh-office.toml", "kh/broken.toml", "kh/latin.toml", "kh/worker-1.toml",
        "kh/employer-1.toml",  # it counts by that calendar
    }  # fmt: skip


def test_files_are_checked_beside_each_other(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    text = (folder / "kh/worker-1.toml").read_text()
    (folder / "aa").mkdir()
    (folder / "aa/worker-1.toml").write_text(text.replace('"kh-factory"', '"moon-factory"'))
    with pytest.raises(Faulty) as caught:
        read_lawbook(folder)
    told = [fault.text for fault in caught.value.faults]
    assert any(text.startswith('There is no calendar "moon-factory"') for text in told)
    assert "kh/worker-1@1 is in aa/worker-1.toml already." in told
    assert "kh/worker-1 belongs into the folder kh." in told


def test_braces_in_a_file_do_not_break_the_refusal() -> None:
    with pytest.raises(Faulty, match="There is no stage"):
        parse_procedure('start = "{x}"\n[stages.a]\n', "a.toml")


# --- The scenarios' own guard -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("due = 2026-04-24, grace", "due = 2026-04-23, grace", "due is 2026-04-24, not 2026-04-23"),
        ('"joint_review", due = 2026-05-13', '"reply", due = 2026-05-13', "stage is joint_review, not reply"),
        ("grace = 2026-04-28", "grace = 2026-04-27", "grace is 2026-04-28, not 2026-04-27"),
        ('refused = "Your answer is in."', 'refused = "No."', "by respondent was refused: Your answer is in."),
        ('"respondent", move = "submit_answer"', '"officer", move = "submit_answer"', "This is for somebody else"),
    ],
)
def test_a_wrong_expectation_is_noticed(old: str, new: str, told: str) -> None:
    text = CASES["kh/worker-1@1"].read_text()
    assert old in text
    text = text.replace(old, new, 1)
    line = text[: text.index(new)].count("\n") + 1
    calendar = LAWBOOK.calendar_of(WORKER)
    faults = [fault for scenario in parse_scenarios(text, "cases", WORKER) for fault in run(scenario, WORKER, calendar)]
    assert [fault for fault in faults if fault.line == line and told in fault.text], faults


def test_a_scenario_with_unknown_names_is_refused() -> None:
    text = '[[scenarios]]\ntitle = "A"\nfiled = 2026-01-05T09:00:00\nlane = "U9"\n'
    text += 'steps = [\n{ until = 2026-01-06, stag = "x" },\n]\n'
    with pytest.raises(Faulty) as caught:
        parse_scenarios(text, "cases", WORKER)
    assert [(fault.line, fault.text.split(":")[0]) for fault in caught.value.faults] == [
        (4, 'There is no lane "U9"'),
        (6, 'Nothing reads "stag" in step 1'),
    ]
