"""Invents procedures by dice, as the TOML that somebody would write: most are sound, some have a wrong planted in them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grievance.core.rules import RULES

LIMITS = ("12 hours", "3 days", "7 days+", "5 working days", "10 working days", "2 weeks", "1 month")
TURNS = ("officer", "complainant", "respondent", "parties", "panel", "neutral", "brand")
BY: Mapping[str, tuple[str, ...]] = {"parties": ("complainant", "respondent")}
SEATED = frozenset({"panel", "neutral"})
FREE = tuple(name for name, rule in RULES.items() if rule.cap is None)
"""Needs of a late move that is not the last, or of a way on beside the main line: what `Rule.wants` says of them is tried."""
BACK: Mapping[str, str] = {
    "ask_information": "asked_less_than_twice",
    "take_back": "not_taken_back_before",
    "send_back": "not_sent_back_before",
    "dispute_remedy": "disputed_less_than_twice",
    "raise_urgent": "raised_less_than_twice",
}
"""Moves that may lead back, each with the rule that counts it."""
AT_ONCE: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "restated": ("officer", {"asks": ["title", "restatement", "could_have_written"], "does": ["restate"]}),
    "two_sides_agree": ("panel", {}),
}
"""What can happen at once: the rule, whose word makes it hold, and what that word asks and does."""

WRONGS = (
    "silence stays", "silence goes back", "the last way out needs something", "nobody can withdraw", "a loop without a cap",
    "nobody is seated", "nothing to do", "a person ends it as our failure", "our failure stays", "one alone buries it",
    "an extension without end", "no citation", "an urgent lane is slower", "a stage that nobody reaches", "a typing error",
)  # fmt: skip


@dataclass
class Draft:
    """A procedure as tables, and which of the planned wrongs found a place in it."""

    seed: int
    dice: random.Random
    wrongs: frozenset[str]
    head: dict[str, Any] = field(default_factory=dict)
    stages: dict[str, dict[str, Any]] = field(default_factory=dict)
    moves: dict[str, dict[str, Any]] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)

    def wrong(self, name: str) -> bool:
        """Whether this is to be planted now."""
        if name in self.wrongs:
            self.planted.add(name)
        return name in self.wrongs

    @property
    def text(self) -> str:
        lines = [f"{key} = {_value(value)}" for key, value in self.head.items()]
        for name, stage in self.stages.items():
            lines += ["", f"[stages.{name}]", *(f"{key} = {_value(value)}" for key, value in stage.items())]
        for name, move in self.moves.items():
            full = {"name": name, "label": f"Move {name}", **move}
            lines += ["", "[[moves]]", *(f"{key} = {_value(value)}" for key, value in full.items())]
        return "\n".join(lines) + "\n"


def invent(seed: int, *, wrongs: int | None = None) -> Draft:
    """A procedure; the same for the same seed. Three of five have nothing wrong, the others one or two things."""
    dice = random.Random(seed)
    many = dice.choice([0, 0, 0, 1, 2]) if wrongs is None else wrongs
    draft = Draft(seed, dice, frozenset(dice.sample(WRONGS, many)))
    line = [f"s{no}" for no in range(dice.randrange(2, 8))]
    urgent = dice.random() < 0.4
    draft.head = {
        "name": "xx/invented", "version": 1, "label": "Invented", "country": "XX", "calendar": "kh-factory",
        "in_force": _Plain("2025-01-01"), "start": line[0], "path": [*line, "closed"],
        "lanes": ["U1", "U2", "U3"] if urgent else ["U3", "U4"], "sides": ["workers", "employers", "brands"],
        "seats_per_side": dice.choice([1, 2]), "categories": ["wages", "hours"], "reopen_within": "6 months",
    }  # fmt: skip
    for no, name in enumerate(line):
        _stage(draft, line, no, name, urgent=urgent)
    _ends(draft, line)
    _backwards(draft, line)
    if draft.wrong("a stage that nobody reaches"):
        draft.stages["island"] = dict(draft.stages[line[-1]])
        for move in draft.moves.values():
            if line[-1] in move["from"] and move["from"] != ["*"]:
                move["from"] = [*move["from"], "island"]
    for (
        move
    ) in draft.moves.values():  # in the grace a move asks for a reason, and the parties read what the other writes
        if any("grace" in draft.stages.get(stage, {}) for stage in move["from"]):
            move["tells"] = ["complainant", "respondent"]
    if draft.wrong("a typing error"):
        dice.choice(list(draft.moves.values()))["tells"] = ["complainent"]
    return draft


def _stage(draft: Draft, line: list[str], no: int, name: str, *, urgent: bool) -> None:
    dice, last = draft.dice, no == len(line) - 1
    turn = "officer" if no == 0 else dice.choice(TURNS)
    onward = [*line[no + 1 :], "closed"]
    stage = _timed(draft, name, turn, urgent=urgent)
    if turn in SEATED and not draft.wrong("nobody is seated"):
        stage["seats"] = [turn]
    seating = {"does": ["name_parties"]} if no == 0 else {}
    late = [f"late_{name}"]
    draft.moves[late[0]] = {"from": [name], "to": _late_target(draft, line, no, onward), "by": ["clock"], **seating}
    if dice.random() < 0.4:
        late.insert(0, f"late_{name}_if")
        needs = [dice.choice(FREE)]
        draft.moves[late[0]] = {"from": [name], "to": dice.choice(onward), "by": ["clock"], "needs": needs, **seating}
    if draft.wrong("the last way out needs something"):
        draft.moves[late[-1]]["needs"] = ["restated"]
    stage["late"] = late
    if not draft.wrong("nothing to do"):
        by = list(BY.get(turn, (turn,)))
        draft.moves[f"go_{name}"] = {"from": [name], "to": onward[0], "by": by, "tells": ["complainant"], **seating}
        if dice.random() < 0.4:
            needs = [dice.choice(FREE)] if dice.random() < 0.6 else []
            draft.moves[f"skip_{name}"] = {
                "from": [name], "to": dice.choice(onward), "by": [dice.choice(by)], "needs": needs, **seating,
            }  # fmt: skip
    _extended(draft, name, stage, turn)
    _at_once(draft, line, no, stage, seating)
    stage["source"] = "Proposal"
    stage["checked"] = _Plain("2026-11-22")
    if last and draft.wrong("no citation"):
        del stage["source"]
    draft.stages[name] = stage
    if no == 0:
        asks = ["category", "severity", "lane", "respondent", "other_respondents", "issues"]
        draft.moves["assess"] = {"from": [name], "by": ["officer"], "asks": asks, "does": ["assess"]}


def _timed(draft: Draft, name: str, turn: str, *, urgent: bool) -> dict[str, Any]:
    dice = draft.dice
    within = dice.choice(LIMITS)
    stage: dict[str, Any] = {"label": f"Stage {name}", "turn": turn, "within": within}
    if urgent and dice.random() < 0.5 and within != "12 hours":
        slower = draft.wrong("an urgent lane is slower")
        stage["within_lane"] = _Table({"U1": "24 hours" if slower else "4 hours", "U2": "12 hours"})
    if dice.random() < 0.3:
        stage["grace"] = dice.choice(["2 days", "3 working days"])
    if dice.random() < 0.3 and "hours" not in within:
        stage["remind"] = ["1 working day before"]
    return stage


def _at_once(draft: Draft, line: list[str], no: int, stage: dict[str, Any], seating: Mapping[str, Any]) -> None:
    """Something that follows at once from a word that is said here; a word to say is something to do."""
    if "nothing to do" in draft.planted:
        return
    turn = stage["turn"]
    if draft.dice.random() < 0.25 and (turn == "officer" or (turn == "panel" and "seats" in stage)):
        rule, onward = ("restated" if turn == "officer" else "two_sides_agree"), [*line[no + 1 :], "closed"]
        role, word = AT_ONCE[rule]
        draft.moves["restate" if rule == "restated" else "propose_rejection"] = {"from": [*line], "by": [role], **word}
        draft.moves[f"once_{line[no]}"] = {
            "from": [line[no]], "to": onward[0], "by": [role], "needs": [rule], **seating,
        }  # fmt: skip
        stage["at_once"] = [f"once_{line[no]}"]


def _late_target(draft: Draft, line: list[str], no: int, onward: list[str]) -> str:
    if draft.wrong("silence stays"):
        return line[no]
    if no and draft.wrong("silence goes back"):
        return line[0]
    return draft.dice.choice(onward[:2])


def _extended(draft: Draft, name: str, stage: dict[str, Any], turn: str) -> None:
    if turn in ("officer", "complainant") and draft.dice.random() < 0.4:
        times = draft.dice.choice([1, 2])
        stage["extend"] = _Table({"by": draft.dice.choice(["3 days", "5 working days"]), "times": times, "who": turn})
        needs = [] if draft.wrong("an extension without end") else ["extension_left"]
        draft.moves[f"extend_{name}"] = {"from": [name], "by": [turn], "needs": needs, "does": ["extend"]}


def _ends(draft: Draft, line: list[str]) -> None:
    dice, stages = draft.dice, draft.stages
    stages["closed"] = {"label": "Closed", "final": "ended"}
    stages["withdrawn"] = {"label": "Withdrawn", "final": "withdrawn"}
    if not draft.wrong("nobody can withdraw"):
        draft.moves["withdraw"] = {"from": ["*"], "to": "withdrawn", "by": ["complainant"]}
    # Only where another than the office can go on, silence may end in our failure.
    heard = [name for name in line[1:] if stages[name]["turn"] == "panel" and "seats" in stages[name]]
    kept = not {"silence stays", "silence goes back"} & draft.planted  # what was planted in a late move stays there
    failing = heard[:1] if dice.random() < 0.7 and kept else []
    if draft.wrong("one alone buries it"):
        failing = [line[0]]
        draft.moves.pop(f"late_{line[0]}_if", None)  # the proof takes some needs for sure: then silence led past it
        stages[line[0]]["late"] = [f"late_{line[0]}"]
    if not failing:
        return
    stages["failed"] = {"label": "We failed", "final": "failed"}
    draft.moves[f"late_{failing[0]}"]["to"] = "failed"
    if draft.wrong("a person ends it as our failure"):
        draft.moves["drop"] = {"from": [line[0]], "to": "failed", "by": ["officer"]}
    if not draft.wrong("our failure stays"):
        draft.moves["reopen"] = {"from": ["final"], "to": line[0], "by": ["complainant"], "needs": ["reopen_window"]}


def _backwards(draft: Draft, line: list[str]) -> None:
    """Ways back by people: each counted, so that going round has an end. A way back is something to do, too."""
    ways = [] if "nothing to do" in draft.planted else draft.dice.sample(list(BACK), draft.dice.choice([0, 0, 1, 2]))
    for name in ways:
        at = draft.dice.randrange(len(line))
        here, there = line[at], line[draft.dice.randrange(at + 1)]
        if here != there:
            by = BY.get(draft.stages[here]["turn"], (draft.stages[here]["turn"],))[:1]
            draft.moves[name] = {"from": [here], "to": there, "by": [*by], "needs": [BACK[name]]}
    if len(line) > 1 and draft.wrong("a loop without a cap"):
        draft.moves["again"] = {"from": [line[1]], "to": line[0], "by": ["complainant"]}


class _Plain(str):
    """Written as it is, without quotes."""

    __slots__ = ()


class _Table(dict[str, Any]):
    """Written on one line."""


def _value(value: Any) -> str:
    if isinstance(value, _Plain):
        return str(value)
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(inner)}" for key, inner in value.items()) + " }"
    return json.dumps(value)
