"""Keeps the catalogues: collects every message that people can meet, and refuses a catalogue that lacks one."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from grievance.core import accounts, asks, attending, categories, evidence, matters, procedure, tracks
from grievance.core.lawbook import read_lawbook
from grievance.core.rules import RULES
from grievance.language import DRAFTS, FOLDER

ROOT = FOLDER.parent
METHODS = [("grievance/**.py", "python"), ("templates/**.html", "jinja2")]
PERCENT = re.compile(r"%\(\w+\)[ds]")
WTFORMS = (
    "Not a valid choice.",
    "Not a valid integer value.",
    "Not a valid date value.",
    "Not a valid datetime value.",
    "Invalid choice(s): one or more data inputs could not be coerced.",
)
"""What the form library itself says of our fields; it ships no Khmer."""
KEYWORDS = {"_": None, "say": None, "say_it": None, "ngettext": (1, 2)}


def compile_all() -> int:
    """Every .po to the .mo that the pages read, where it is not newer already; a page never meets half of one."""
    for path in _catalogues():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns > path.stat().st_mtime_ns:
            continue
        catalogue = _read(path)
        unfinished = compiled.with_name(f"{os.getpid()}.mo")
        with unfinished.open("wb") as target:
            write_mo(target, catalogue)
        unfinished.replace(compiled)
    return 0


def update() -> int:
    """Collect the messages anew and merge them into the template and every catalogue; translations are kept."""
    template = _collected()
    with (FOLDER / "messages.pot").open("wb") as target:
        write_po(target, template, width=120, omit_header=False, sort_output=True, no_location=True)
    for path in _catalogues():
        catalogue = _read(path)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if _is_draft(path):
            for message in [one for one in catalogue if one.id and not any(_strings(one))]:
                catalogue.delete(message.id)
        with path.open("wb") as target:
            write_po(target, catalogue, width=120, sort_output=True, no_location=True)
    return 0


def check() -> int:
    """0 when every catalogue has every message, translated, with the same values in braces; else 1, and says what lacks.

    A draft may lack messages; what it has is looked at in the same way.
    """
    wanted = {_key(message.id) for message in _collected() if message.id}
    faults: list[str] = []
    if {_key(message.id) for message in _read(FOLDER / "messages.pot") if message.id} != wanted:
        faults.append("translations/messages.pot is not current: run grievance catalogues --update")
    for path in _catalogues():
        found = _read(path)
        known = {_key(message.id) for message in found if message.id}
        faults += [
            f"{path.relative_to(ROOT)}: {fault}"
            for fault in _faults(found, wanted & known if _is_draft(path) else wanted, wanted)
        ]
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    return 1 if faults else 0


def _read(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source)


def _faults(catalogue: Catalog, wanted: set[str], met: set[str]) -> Iterator[str]:
    """`wanted`: the messages that it has to have; `met`: those that people can meet at all."""
    known = {_key(message.id): message for message in catalogue if message.id}
    for key in sorted(wanted - set(known)):
        yield f"lacks “{key}”"
    for key in sorted(set(known) - met):
        yield f"still has “{key}”"
    for key, message in known.items():
        strings = _strings(message)
        # “1 day” and “{n} days”: a language with one form says both with the number.
        forms = [_values(one) for one in ([message.id] if isinstance(message.id, str) else message.id)]
        if not all(strings) or message.fuzzy:
            yield f"does not translate “{key}”"
        elif any(_values(str(string)) not in forms for string in strings):
            yield f"has other values in braces in “{key}”"


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string or ""]


def _is_draft(path: Path) -> bool:
    return path.parents[1].name in DRAFTS


def _values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name} | set(PERCENT.findall(text))


def _key(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]


def _collected() -> Catalog:
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(
        ROOT, METHODS, {"templates/**.html": {"trimmed": "true", "silent": "false"}}, keywords=KEYWORDS
    )
    for _, __, message, ___, ____ in found:
        catalogue.add(message if isinstance(message, str) else tuple(message))
    for words in _vocabulary():
        catalogue.add(words)
    return catalogue


def _vocabulary() -> Iterator[str]:
    """The words of the closed vocabularies and of the shipped procedures, which no call names."""
    for ask in asks.ASKS.values():
        yield from filter(None, (ask.label, ask.hint, *ask.choices.values()))
    for name, words in vars(asks).items():
        if name.isupper() and isinstance(words, dict):
            yield from (word for word in words.values() if isinstance(word, str))
    for roles in (
        procedure.ROLES,
        procedure.SIDES,
        procedure.FINALS,
        procedure.CONSEQUENCES,
        procedure.RESPONDENTS,
        procedure.MARKS,
    ):
        yield from roles.values()
    yield from (label for label, _ in procedure.TURNS.values())
    yield from (*accounts.ACCOUNT.values(), *categories.LABELS.values(), *evidence.KINDS.values())
    yield from (
        *matters.LINKS.values(),
        *matters.STEPS.values(),
        *matters.HOLD.values(),
        *matters.NAMING_REASONS.values(),
        *attending.CAME.values(),
        *attending.AGREED.values(),
        *attending.HANDED.values(),
        *tracks.TRACKS.values(),
    )
    yield from WTFORMS
    yield from (rule.reason.text for rule in RULES.values())
    for law in read_lawbook(ROOT / "workflows").procedures.values():
        yield law.label
        yield from (stage.label for stage in law.stages.values())
        yield from (rung.label for stage in law.stages.values() for rung in (*stage.rungs, *stage.after))
        yield from (move.label for move in law.moves.values())
        yield from (clock.label for clock in law.clocks.values())


def _catalogues() -> list[Path]:
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))
