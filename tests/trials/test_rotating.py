"""A hundred thousand keys are wrapped under a new pair within a minute, and each of them opens afterwards."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert

from grievance.casework import wording
from grievance.casework.desk import Desk
from grievance.casework.house import rotating
from grievance.store import wraps as kept_wraps
from grievance.store.tables import items, wraps
from grievance.vault import Envelope, Vault
from tests.trials.sizes import scaled, seed

WITHIN = 60.0
"""Seconds for a hundred thousand."""


@pytest.mark.trial
def test_a_hundred_thousand_wraps(app: Flask, desk: Desk, keys: Path, tmp_path: Path) -> None:
    begun, many = seed(), scaled(100_000)
    folder = Path(shutil.copytree(keys, tmp_path / "own-keys"))
    vault = Vault.open(folder, frozenset({"office"}))
    lot = random.Random(begun)
    names = [f"{lot.getrandbits(64):016x}" for _ in range(many)]
    for first in range(0, many, 5_000):
        sealed = [
            (name, vault.seal(b"x", bound=wording.bound(name, 1, "account"), readers=["words"]))
            for name in names[first : first + 5_000]
        ]
        key = [{"case_id": name, "seq": 1, "name": "account"} for name, _ in sealed]
        with desk.store.whole(write=True) as tx:
            tx.execute(insert(items), [k | {"cipher": one.cipher} for k, (_, one) in zip(key, sealed, strict=True)])
            rows = [
                k | {"reader": "words", "wrapped": one.wraps["words"], "under": 1}
                for k, (_, one) in zip(key, sealed, strict=True)
            ]
            tx.execute(insert(wraps), rows)
    started, spent = time.monotonic(), time.process_time()
    done = rotating.rotate(desk, folder, "words")
    took, spent = time.monotonic() - started, time.process_time() - spent
    print(
        f"{desk.store.engine.dialect.name}: {done.anew} wraps in {took:.1f} s, {spent:.1f} s of CPU here; seed {begun}"
    )
    assert done.anew == many
    assert took <= WITHIN
    office = Vault.open(folder, frozenset({"office"}))
    with desk.store.whole() as tx:
        assert kept_wraps.counted(tx)["words"] == {2: many}
        for name in lot.sample(names, min(200, many)):
            at = items.c.case_id == name
            cipher = tx.execute(items.select().where(at)).one().cipher
            wrapped = tx.execute(wraps.select().where(wraps.c.case_id == name)).one().wrapped
            place = wording.bound(name, 1, "account")
            assert office.open_sealed(Envelope(cipher, {"words": wrapped}), bound=place, reader="words") == b"x"
