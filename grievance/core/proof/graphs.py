"""Two questions about arrows between names: what can be reached from one, and whether something goes round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Arrows = Mapping[str, Iterable[str]]


def reachable(start: str, arrows: Arrows) -> set[str]:
    """Everything that an arrow or a chain of arrows leads to from `start` (itself only if something leads back)."""
    found: set[str] = set()
    todo = [start]
    while todo:
        new = set(arrows.get(todo.pop(), ())) - found
        found |= new
        todo.extend(new)
    return found


def loop_in(arrows: Arrows) -> tuple[str, ...]:
    """The names of one loop, in order, or nothing."""
    done: set[str] = set()

    def walk(here: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if here in way:
            return way[way.index(here) :]
        if here in done:
            return ()
        found = next((loop for to in arrows.get(here, ()) if (loop := walk(to, (*way, here)))), ())
        done.add(here)
        return found

    return next((loop for start in arrows if (loop := walk(start, ()))), ())
