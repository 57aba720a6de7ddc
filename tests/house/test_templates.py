"""Templates: each compiles, has one h1, keeps to the policy of the pages, and says nothing that cannot be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from tests import makers

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates"
TEMPLATES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.html"))
FRAMES = {"layout.html", "public.html", "staff.html"}

SAID = ("aria-label", "title", "alt", "placeholder", "aria-description", "aria-roledescription", "label")
"""Attributes that people read or hear."""
SAYS = {"_", "ngettext", "say_it", "say_many"}
"""What translates; a string inside of it is a message id."""
KEPT = {"grievance prove workflows/"}
"""What is the same in every language: a command."""

LETTERS = re.compile(r"[^\W\d_]")
SENTENCE = re.compile(r"[^\W\d_]{2,}[,.;:]?\s+[^\W\d_]")
ATTRIBUTES = re.compile(r"(\s+([\w-]+=\"[^\"]*\"|required|checked|selected|disabled|hidden))*\s*")
MARK = "\ue000"
"""Stands for whatever an expression yields."""


class Look(HTMLParser):
    """What a page would show, and what its policy would refuse. `wrong` holds one sentence for each fault."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.name, self.wrong, self.h1 = name, list[str](), 0
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.h1 += tag == "h1"
        self._inside.append(tag)
        if tag == "style":
            self._fault("a style element")
        for name, value in attrs:
            if name == "style" or name.startswith("on"):
                self._fault(f"inline {name}")
            if name in SAID and LETTERS.search(value or ""):
                self._fault(f"{name} is not translated: {value}")
            if tag == "input" and name == "value" and dict(attrs).get("type") in ("submit", "button") and value != MARK:
                self._fault(f"the button is not translated: {value}")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "script" in self._inside and data.strip():
            self._fault("a script that stands in the page")
        elif LETTERS.search(data) and not any(kept in data for kept in KEPT) and "kbd" not in self._inside:
            self._fault(f"not translated: {data.strip()}")

    def _fault(self, what: str) -> None:
        self.wrong.append(f"templates/{self.name}:{self.getpos()[0]}: {what}")


def page_of(environment: Environment, source: str) -> str:
    """The template as HTML: statements fall away, both branches stay, expressions leave a mark; lines keep their numbers."""
    parts: list[str] = []
    quiet = ""
    for _, kind, text in environment.lexer.tokeniter(source, None):
        if kind in ("block_begin", "variable_begin", "comment_begin"):
            quiet = kind
            parts.append(MARK if kind == "variable_begin" else "")
        if quiet or kind not in ("data", "raw_begin", "raw_end"):
            parts.append("\n" * text.count("\n"))
        elif kind == "data":
            parts.append(text)
        if kind in ("block_end", "variable_end", "comment_end"):
            quiet = ""
    return "".join(parts)


def without_attributes(environment: Environment, source: str) -> str:
    """Leaves out `{% set name %} aria-…="…"{% endset %}` and blocks like it: pieces of a tag, not of its text."""

    def keep(found: re.Match[str]) -> str:
        inner = page_of(environment, found[2]).replace(MARK, "x")
        return "\n" * found[0].count("\n") if ATTRIBUTES.fullmatch(inner) else found[0]

    return re.sub(r"\{% (set|block) \w+ %\}(.*?)\{% end\1 %\}", keep, source, flags=re.DOTALL)


def unsaid(tree: nodes.Node, name: str) -> Iterator[str]:
    """Strings of two words or more in expressions, outside of what translates: nobody writes such a thing for a machine."""
    for child in tree.iter_child_nodes():
        if isinstance(child, nodes.Call) and isinstance(child.node, nodes.Name) and child.node.name in SAYS:
            continue
        if isinstance(child, nodes.Const) and isinstance(child.value, str) and SENTENCE.search(child.value):
            yield f"templates/{name}:{child.lineno}: not translated: {child.value}"
        yield from unsaid(child, name)


def faults(environment: Environment, name: str, source: str) -> list[str]:
    look = Look(name)
    look.feed(page_of(environment, without_attributes(environment, source)))
    look.close()
    if name not in FRAMES and "/" in name and not name.startswith("parts/") and "{% extends" in source and look.h1 != 1:
        look.wrong.append(f"templates/{name}: {look.h1} h1")
    return [*look.wrong, *unsaid(environment.parse(source), name)]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Jinja as the app uses it, with every door's words."""
    folder = tmp_path_factory.mktemp("templates")
    folder.chmod(0o700)
    app: Flask = makers.house(folder)
    makers.desk_of(app).store.engine.dispose()
    return app.jinja_env


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_compiles_and_is_sound(environment: Environment, name: str) -> None:
    environment.get_template(name)
    assert faults(environment, name, (FOLDER / name).read_text(encoding="utf-8")) == []


def test_every_page_stands_in_a_frame_with_language_direction_and_title(environment: Environment) -> None:
    layout = (FOLDER / "layout.html").read_text(encoding="utf-8")
    assert "<html lang=\"{{ lang()|replace('_', '-') }}\" dir=\"{{ direction() }}\">" in layout
    assert "<title>{{ _('Error') ~ ': ' if problem or faulty }}{% block title %}" in layout
    for name in TEMPLATES:
        source = (FOLDER / name).read_text(encoding="utf-8")
        if name != "layout.html":
            assert "_('Error')" not in source, f"{name}: the frame says it, for every page alike"
        if "/" in name and not name.startswith("parts/") and "{% extends" in source:
            assert "{% block title %}" in source, name
            assert re.search(r'\{% extends "(public|staff|layout)\.html" %\}', source), name


SOUND = '{% extends "public.html" %}<h1>{{ _("A page") }}</h1>'
PLANTS = [
    ("<p>Some words</p>", "not translated: Some words"),
    ("<p>ពាក្យ</p>", "not translated: ពាក្យ"),
    ('<p title="Some words">{{ x }}</p>', "title is not translated: Some words"),
    ('<nav aria-label="Pages"></nav>', "aria-label is not translated: Pages"),
    ("{{ 'Some words' if x else _('Other words') }}", "not translated: Some words"),
    ("{% set x %}Some words{% endset %}", "not translated: Some words"),
    ("{% block x %} Some words{% endblock %}", "not translated: Some words"),
    ("{{ sees('Only the officer reads it') }}", "not translated: Only the officer reads it"),
    ("{% if x %}Yes{% endif %}", "not translated: Yes"),
    ('<p style="color:red">{{ x }}</p>', "inline style"),
    ('<button onclick="go()">{{ x }}</button>', "inline onclick"),
    ("<script>go()</script>", "a script that stands in the page"),
    ("<style></style>", "a style element"),
    ("<h1>{{ x }}</h1>", "2 h1"),
    ('<input type="submit" value="Send">', "the button is not translated: Send"),
]


@pytest.mark.parametrize(("plant", "fault"), PLANTS)
def test_a_planted_fault_is_refused(environment: Environment, plant: str, fault: str) -> None:
    assert faults(environment, "door/page.html", SOUND) == []
    found = faults(environment, "door/page.html", f"{SOUND}\n{plant}")
    assert len(found) == 1
    assert found[0].endswith(fault)
