"""Templates that speak: compiled once a language, with every sentence that waits for no value already in its place."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any, cast

from flask import has_request_context
from flask.templating import Environment
from jinja2 import Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from grievance.language import SOURCE, translate
from grievance.web.speaking import spoken, voice

SENTENCE = ("name", "lparen", "string", "rparen")
"""How `_('…')` lies before a parser: what has values, or comes from a case, looks otherwise and is translated later."""


class Templates(Environment):
    """The environment of the app, with one of its own for each language in which somebody has asked for a page.

    A template that is asked for during a request comes in the reader's language; outside of one it is as it was written.
    """

    language = SOURCE

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._tongues: dict[str, Templates] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  its name in Jinja
    ) -> Template:
        """As Jinja does. Raises TemplateNotFound."""
        if self.overlayed or not has_request_context():
            return super().get_template(name, parent, globals)
        return self._tongue(spoken()).get_template(name, parent, globals)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A plain dict: nothing is added once pages are made, and Jinja's chain of two is slow to look through."""
        return {**self.globals, **(d or {})}

    def _tongue(self, language: str) -> Templates:
        found = self._tongues.get(language)
        if found is None:
            found = self.overlay(extensions=[Sentences])
            found.language, found.globals = language, {**self.globals, **voice(language)}
            self._tongues[language] = found
        return found


class Sentences(Extension):
    """Puts the translation where `_('…')` stood, so that Jinja joins it with the page around it."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """The tokens of a template, with a string for each sentence."""
        language = cast("Templates", self.environment).language
        tokens = list(stream)
        at = 0
        while at < len(tokens):
            here = tokens[at]
            if here.value == "_" and tuple(token.type for token in tokens[at : at + 4]) == SENTENCE:
                yield Token(here.lineno, "string", translate(tokens[at + 2].value, language))
                at += len(SENTENCE)
            else:
                yield here
                at += 1
