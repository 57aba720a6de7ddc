"""What happens in the demo: which cases there are, and how many days ago each scene was."""

from __future__ import annotations

from grievance.core.calendar import Calendar
from grievance.demo.plots import brands, lost, ordinary, stages, together
from grievance.demo.staging import Stage
from grievance.demo.tales import Tale


def plan(stage: Stage, calendar: Calendar) -> dict[str, Tale]:
    """Plans every case; returns those whose receipts are shown to visitors, by what they show."""
    shown = stages.play(stage, calendar) | ordinary.play(stage, calendar) | brands.play(stage) | lost.play(stage)
    return shown | together.play(stage, shown["a union for 1,600 people"])
