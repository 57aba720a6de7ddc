"""Speaks the reader's language: catalogues, direction, digits, dates, and the key under which words are searched."""

from __future__ import annotations

import gettext
import unicodedata
from datetime import date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.support import Translations

from grievance.core.errors import Said

FOLDER = Path(__file__).resolve().parent.parent / "translations"
SOURCE = "en"
RTL = frozenset({"ar", "fa", "he", "ps", "sd", "ug", "ur"})
DRAFTS = frozenset({"ur"})
"""Catalogues with the pages that a complainant meets first, and English for the rest; offered only where a setting asks."""

_LTR, _EITHER, _END = "\u2066", "\u2068", "\u2069"
"""Unicode's isolates: what stands between keeps its own direction, and its full stop and digits stay where they belong."""


_DROPPED = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x17B4, 0x17B5])
_TURKISH = str.maketrans({"İ": "i", "I": "i", "ı": "i"})


def translate(said: Said | str, language: str) -> str:
    """The sentence in this language with its values put in; the English one where a catalogue has none.

    A value that is itself a `Said` is translated too. Where the language runs from right to left, an English sentence and
    every text that is put in are isolated: “24VW-E169” would otherwise be read “VW-E169 24”.
    """
    if isinstance(said, str):
        return _sentence(said, language) if said else ""
    values = {name: translate(v, language) if isinstance(v, Said) else v for name, v in said.values.items()}
    if direction(language) == "rtl":
        values = {name: f"{_EITHER}{v}{_END}" if isinstance(v, str) else v for name, v in values.items()}
    return _sentence(said.text, language).format(**values) if said.text else ""  # "" asks for its header


def _sentence(text: str, language: str) -> str:
    found = catalogue(language).gettext(text)
    return f"{_LTR}{text}{_END}" if found == text and direction(language) == "rtl" else found


def translate_many(one: str, many: str, count: int, language: str) -> str:
    """The sentence for this count, with {n} put in."""
    found = catalogue(language).ngettext(one, many, count)
    if found in (one, many) and direction(language) == "rtl":
        found = f"{_LTR}{found}{_END}"
    return found.format(n=count)


@lru_cache(maxsize=32)
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled catalogue; an empty one for English and for languages without."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.mo"
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return Translations(file)


def direction(language: str) -> str:
    """Such as ltr."""
    return "rtl" if language.split("_", maxsplit=1)[0] in RTL else "ltr"


@lru_cache(maxsize=32)
def name_of(language: str) -> str:
    """The language's name in itself, as its readers know it."""
    locale = Locale.parse(language)
    return (locale.get_display_name(language) or language).capitalize()


@lru_cache(maxsize=1024)
def say_day(day: date, language: str) -> str:
    """Such as Thursday 3 December; whoever shows a day that is far away shows its year instead (`say_date`)."""
    pattern = {"en": "EEEE d MMMM", "km": "'ថ្ងៃ'EEEE 'ទី'd 'ខែ'MMMM", "ur": "EEEE d MMMM"}.get(language)
    return format_date(day, pattern or "full", locale=language)


@lru_cache(maxsize=1024)
def say_date(day: date, language: str) -> str:
    """Such as 3 December 2026."""
    pattern = {"en": "d MMMM y", "km": "'ថ្ងៃទី'd 'ខែ'MMMM 'ឆ្នាំ'y", "ur": "d MMMM y"}.get(language)
    return format_date(day, pattern or "long", locale=language)


def say_moment(instant: datetime, zone: tzinfo, language: str) -> str:
    """Such as 3 December 2026, 14:00, in the time of `zone`."""
    local = instant.astimezone(zone)
    return f"{say_date(local.date(), language)}, {format_datetime(local, 'HH:mm', locale=language)}"


def plain_digits(text: str) -> str:
    """Every decimal digit of every script as 0 to 9: people type the digits of their own keyboard."""
    return "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text)


def search_key(text: str) -> str:
    """The form under which words are searched: normalised, case-folded, without invisible characters, ASCII digits.

    NFC does not unify Khmer spellings that look alike: the coeng-RO order is normalised here (last).
    """
    key = unicodedata.normalize("NFC", text).translate(_DROPPED).translate(_TURKISH).casefold()
    return plain_digits(_coeng_ro_last(key))


def _coeng_ro_last(text: str) -> str:
    """In a Khmer cluster of two subscripts, the subscript RO stands last (្រ + ្X → ្X + ្រ)."""
    ro, coeng = "\u17d2\u179a", "\u17d2"
    parts = text.split(ro)
    for i in range(1, len(parts)):
        while parts[i].startswith(coeng) and len(parts[i]) > 1:
            parts[i - 1] += parts[i][:2]
            parts[i] = parts[i][2:]
    return ro.join(parts)
