"""The words for helping somebody to file: how they came, how they agreed, how their number was given to them."""

from __future__ import annotations

from collections.abc import Mapping

CAME: Mapping[str, str] = {
    "walk_in": "They came to us",
    "telephone": "They telephoned",
    "paper": "They wrote on paper",
}
AGREED: Mapping[str, str] = {
    "word": "Yes, by word of mouth",
    "signed": "Yes, in writing",
}
"""Without one of these an officer files nothing for anybody."""

HANDED: Mapping[str, str] = {
    "printed": "Printed, and given to them",
    "written": "They wrote it down, and read it back to me",
    "read": "Read out slowly twice",
}
