"""What a complainant's account may hold: a closed list, each part with the label under which it is read."""

from __future__ import annotations

from collections.abc import Mapping

ACCOUNT: Mapping[str, str] = {
    "workplace": "Where",
    "brand": "Brand",
    "unit": "Building, line or section",
    "words": "In your own words",
    "orders": "Orders, styles, dates and amounts",
    "since": "Since when",
    "many": "How many people",
    "group": "Who speaks",
    "count": "How many people are spoken for",
    "mandate": "Did they ask for it",
    "mandate_words": "Who asked, when and how",
    "tried": "What was tried",
    "want": "What would put it right",
}
"""In the order in which it is read."""
CHOSEN = frozenset({"many", "group", "mandate"})
"""Parts that were chosen from a list: they are kept as message ids, so that everybody reads them in their own language."""
