"""`grievance witness` keeps roots and holds files against them, where there is no house: no settings, no database, no app."""

from __future__ import annotations

import json
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from grievance.core import merkle
from grievance.core.chain import GENESIS, commitment
from grievance.core.record import Checkpoint, Standing, statement
from grievance.vault import Signer
from grievance.witness import roots
from grievance.witness.command import main

ROOT = Path(__file__).resolve().parents[1]
SALT, HEAD = "11" * 32, "22" * 32


class House:
    """Signs days as a house does."""

    def __init__(self) -> None:
        self.signer = Signer(Ed25519PrivateKey.generate())
        self.leaves = [bytes.fromhex(commitment(bytes.fromhex(SALT), HEAD)), *(bytes([at]) * 32 for at in range(7))]

    def day(self, number: int, before: str = GENESIS, mark: int = 0) -> Checkpoint:
        root = merkle.root([*self.leaves[:7], bytes([number, mark])]).hex()
        day = f"2026-03-{number:02}"
        signature = self.signer.sign(statement(day, 8, before, root))
        return Checkpoint(day, 8, before, root, self.signer.public, signature)

    def chain(self, *numbers: int) -> list[Checkpoint]:
        made: list[Checkpoint] = []
        for number in numbers:
            made.append(self.day(number, made[-1].root if made else GENESIS))
        return made

    def proof(self, one: Checkpoint) -> bytes:
        leaves = [*self.leaves[:7], bytes([int(one.day[-2:]), 0])]
        beside = tuple(found.hex() for found in merkle.path(leaves, 0))
        return json.dumps(Standing(one, SALT, HEAD, 0, beside).told).encode()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(place: Path, name: str, *made: Checkpoint) -> str:
    (place / name).write_text(json.dumps({"format": "grievance-record-1", "days": [one.told for one in made]}))
    return name


def test_roots_are_kept_once_and_the_key_is_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    made = house.chain(2, 3, 4)
    assert main(["keep", written(place, "a.json", *reversed(made))]) == 0
    assert house.signer.public in capsys.readouterr().out
    assert main(["keep", "a.json"]) == 0
    assert "0 new, 3 known" in capsys.readouterr().out
    assert roots.read(place / "roots.jsonl") == made


def test_a_letter_is_read_as_it_was_saved(place: Path) -> None:
    made = House().chain(2, 3)
    letter = EmailMessage()
    letter["Subject"] = "A message for you"
    letter.set_content("Keep this:\n\n" + "\n".join(one.line for one in made) + "\n\nថ្ងៃ\n")
    (place / "letter.eml").write_bytes(bytes(letter))
    (place / "letter.txt").write_text(letter.get_content())
    assert main(["keep", "letter.eml", "letter.txt"]) == 0
    assert roots.read(place / "roots.jsonl") == made


@pytest.mark.parametrize("how", ["fork", "predecessor", "later predecessor", "signature", "key", "size"])
def test_what_contradicts_is_refused_and_nothing_of_it_is_kept(
    place: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House()
    two, three, four = house.chain(2, 3, 4)
    main(["keep", written(place, "a.json", *((two, four) if how == "later predecessor" else (two, three)))])
    before = (place / "roots.jsonl").read_bytes()
    bad = {
        "fork": house.day(3, two.root, mark=1),
        "predecessor": house.day(4, "ab" * 32),
        "later predecessor": house.day(3, two.root, mark=1),
        "signature": Checkpoint(**(four.told | {"root": "ab" * 32})),
        "key": House().day(4, three.root),
        "size": Checkpoint(**(four.told | {"size": 4096})),
    }[how]
    assert main(["keep", written(place, "b.json", bad)]) == 1
    assert "REFUSED" in capsys.readouterr().out
    assert (place / "roots.jsonl").read_bytes() == before


def test_days_that_are_missing_are_named_and_can_be_brought_later(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two, three, four = House().chain(2, 3, 4)
    assert main(["keep", written(place, "a.json", two, four)]) == 0
    assert "Between 2026-03-02 and 2026-03-04 days are missing" in capsys.readouterr().out
    assert main(["keep", written(place, "b.json", three)]) == 0
    assert "missing" not in capsys.readouterr().out


def test_a_proof_is_held_against_what_is_kept(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    two, three = house.chain(2, 3)
    (place / "proof.json").write_bytes(house.proof(three))
    assert main(["check", "proof.json"]) == 2
    main(["keep", written(place, "a.json", two, three)])
    assert main(["check", "proof.json"]) == 0
    assert "HOLDS" in capsys.readouterr().out
    (place / "other.json").write_bytes(house.proof(three).replace(HEAD.encode(), b"33" * 32))
    assert main(["check", "proof.json", "other.json"]) == 1
    assert "DOES NOT HOLD" in capsys.readouterr().out


DEEP = (b"[" * 100_000, b"[" * 900 + b"]" * 900, b'{"days":' * 900 + b"1" + b"}" * 900)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b"[]",
        b"x",
        b"\xff\xfe",
        b'{"format": "tree-proof-1"}',
        b'{"format": "grievance-case-1"}',
        b"1",
        *DEEP,
    ],
)
def test_a_file_of_another_kind_is_named(place: Path, raw: bytes) -> None:
    (place / "odd").write_bytes(raw)
    assert main(["keep", "odd"]) == 2
    assert main(["check", "odd"]) in (1, 2)
    assert main(["check", "nowhere.json"]) == 2
    assert not (place / "roots.jsonl").exists()


def test_a_damaged_file_of_roots_is_not_taken_for_an_empty_one(place: Path) -> None:
    two, three = House().chain(2, 3)
    main(["keep", written(place, "a.json", two)])
    with (place / "roots.jsonl").open("a") as file:
        file.write("{half a li")
    assert main(["keep", written(place, "b.json", three)]) == 2


def test_it_runs_where_there_is_no_house(tmp_path: Path) -> None:
    """Settings that stop every other command, and a program that loads nothing of the house."""
    wrong = {"GRIEVANCE_DATABASE": "nonsense", "DATA": "/nowhere", "PYTHONPATH": str(ROOT), "PATH": "/usr/bin"}
    asked = "import sys, wsgi; sys.argv[1:] = ['witness', 'check', 'nowhere.json']; wsgi.cli()"
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env=wrong, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.strip()) == (2, "nowhere.json cannot be read: No such file or directory.")
    asked = (
        "import sys; from grievance.witness.command import main; "
        "print(sorted(m for m in sys.modules if m.partition('.')[0] in ('flask', 'sqlalchemy', 'config')"
        " or m.startswith(('grievance.store', 'grievance.casework'))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, env=wrong, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stderr
