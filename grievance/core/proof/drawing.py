"""Draws a procedure as a Mermaid state diagram: people's moves by name, the clock's beside a sign of a clock."""

from __future__ import annotations

from grievance.core.events import CLOCK
from grievance.core.procedure import ANYWHERE, Procedure


def draw(procedure: Procedure) -> str:
    """The text of a `stateDiagram-v2`. What is open everywhere, and moves that stay where they are, are left out."""
    lines = ["stateDiagram-v2", *(f"    [*] --> {start}" for start in procedure.starts)]
    lines += [f"    {stage.id}: {_plain(stage.label)}" for stage in procedure.stages.values()]
    for stage in procedure.stages.values():
        if stage.final:
            lines.append(f"    {stage.id} --> [*]")
            continue
        for move in procedure.moves_from[stage.id]:
            if not move.to or ANYWHERE in move.source or (move.by == (CLOCK,) and move.name not in stage.late):
                continue
            sign = "⏱ " if move.name in stage.late else ""
            lines.append(f"    {stage.id} --> {move.to}: {sign}{move.name}")
    return "\n".join(lines) + "\n"


def _plain(label: str) -> str:
    """A colon, semicolon or hash would end Mermaid's label."""
    return label.replace(":", " –").replace(";", ",").replace("#", "")
