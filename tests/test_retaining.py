"""The commands that change keys and say which words go: what they print, and that nothing goes without a clear word."""

from __future__ import annotations

from pathlib import Path

import pytest

from grievance.app import create_app
from grievance.cli import run
from tests import makers
from tests.makers import Story


def test_keys_are_changed_and_put_away_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o700)
    desk = makers.desk_of(makers.house(tmp_path))
    story = Story.filed(desk)
    story.do("complainant", "withdraw", {"why_withdrawn": "free"})
    settings = makers.settings(tmp_path)

    def command(*arguments: str) -> tuple[int, str]:
        status = run(arguments, settings, create_app)
        read = capsys.readouterr()
        return status, read.out + read.err

    assert command("keys", "--rotate", "words")[0] == 0
    assert "words: newest pair 2; 1 under pair 2; older private halves here: 1" in command("keys")[1]
    status, said = command("keys", "--retire", "words")
    assert (status, "Say what becomes of them" in said) == (1, True)
    assert (settings.keys / "words.key").exists()
    assert command("keys", "--retire", "words", "--to", str(tmp_path / "safe"))[0] == 0
    assert not (settings.keys / "words.key").exists()
    assert (tmp_path / "safe" / "words.key").exists()
    assert command("keys", "--rotate", "nonsense")[0] == 1
    assert "0 cases would go" in command("retention", "--dry-run")[1]
    status, said = command("retention", "--dry-run", "--until", "2099-01-01")
    assert (status, story.ref in said, "Nothing changed" in said) == (0, True, True)
    assert "Erased: the words of 0 cases." in command("retention", "--now")[1]
    desk.store.engine.dispose()
