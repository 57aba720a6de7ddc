"""What a complainant wrote when they filed, opened only where somebody who may read it asks for it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from grievance.casework import wording
from grievance.casework.desk import Bearer, Desk, actors
from grievance.casework.finding import find
from grievance.casework.views import Own

WRITTEN = ("account", "identity", "contact")


def own_words(desk: Desk, bearer: Bearer, ref: str = "") -> Own:
    """Their own words, for whoever shows the number. Raises Hidden where it opens no such case.

    A page of the case shows none of them: it is read over shoulders, and most of its readers only ask where it stands.
    """
    with desk.store.read() as tx:
        held = find(tx, bearer, ref)
        actors(held.case, bearer)  # a number that was handed on finds its case, and reads nothing of it any more
        body = wording.reading(desk, tx, bearer, held.case.id)
    return own({name: body(wording.FILED, name) for name in WRITTEN})


def own(written: Mapping[str, str]) -> Own:
    """The texts of a filing, each taken apart into its answers; without an account this process holds no key for them."""
    read = {name: json.loads(written[name]) for name in WRITTEN if written.get(name)}
    return Own(read.get("account", {}), read.get("identity", {}), read.get("contact", {}), sealed="account" not in read)
