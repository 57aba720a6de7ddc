"""Templates are compiled once a language: the sentences are in their places, and nobody gets another reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader

from grievance.language import translate
from tests import makers

PAGES = {
    "page.html": '{% from "piece.html" import both %}{{ _("Language") }}, {{ _("Search") ~ "!" }} {{ both(said) }}',
    "piece.html": '{% macro both(x) %}{{ _("Search") }} {{ _(x) }} {{ _("Part {no} of {all}", no=1, all=9) }}{% endmacro %}',
}


@pytest.fixture
def speaking(tmp_path: Path) -> Flask:
    """A house whose templates are two of our own."""
    tmp_path.chmod(0o700)
    app: Flask = makers.house(tmp_path)
    makers.desk_of(app).store.engine.dispose()
    app.jinja_env.loader = DictLoader(PAGES)
    return app


def page(app: Flask, language: str) -> str:
    with app.test_request_context("/", query_string={"lang": language}):
        return render_template("page.html", said="Panel")


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_page_speaks_the_readers_language_whoever_asked_before(speaking: Flask, language: str) -> None:
    page(speaking, "km" if language == "en" else "en")

    def say(text: str) -> str:
        return translate(text, language)

    part = say("Part {no} of {all}").format(no=1, all=9)
    assert page(speaking, language) == f"{say('Language')}, {say('Search')}! {say('Search')} {say('Panel')} {part}"


def test_a_sentence_alone_is_a_piece_of_the_compiled_page(speaking: Flask) -> None:
    page(speaking, "km")
    with speaking.test_request_context("/", query_string={"lang": "km"}):
        tongue = speaking.jinja_env.get_template("page.html").environment
    for name, source in PAGES.items():
        code = tongue.compile(source, name, raw=True)
        assert translate("Search", "km") in code
        assert "'Search'" not in code
    assert "'Part {no} of {all}'" in tongue.compile(PAGES["piece.html"], "piece.html", raw=True)


# asvs: 1.3.7
def test_outside_of_a_request_a_template_is_as_it_was_written(speaking: Flask) -> None:
    code = speaking.jinja_env.compile(PAGES["page.html"], "page.html", raw=True)
    assert "'Search'" in code
