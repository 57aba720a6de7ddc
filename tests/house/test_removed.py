"""Defences are taken away, one after another, and the test that the threat model names for each turns red.

Every build looks that the list is true: that each line is still where it says, and that the threat model names the test. Taking
them away takes minutes: `make trials` does it, in a copy of the program.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.test_threats import TOLD, fails_the_build

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("grievance", "tests", "templates", "static", "translations", "workflows", "docs")
MISSED = 1
"""What pytest says when a test failed: not that it found none, nor that it broke."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One defence: its line (once in the file), what stands there without it, and the test that must notice."""

    file: str
    line: str
    without: str
    test: str


def _removal(file: str, line: str, without: str, test: str) -> Removal:
    return Removal(f"grievance/{file}", line, without, f"tests/{test}")


REMOVALS = (
    _removal("web/account/again.py", 'return request.method == "POST" and request.args.get("send") == "1"',
             'return request.args.get("send") == "1"',
             "web/test_proving.py::test_a_link_in_a_letter_does_nothing_by_somebodys_proof"),
    _removal("casework/showing/storytelling.py", "return replace(told, at=released.at)", "return told",
             "web/test_evidence.py::test_a_file_that_is_shown_tells_no_day_of_filing"),
    _removal("casework/newest.py", "if any(actor.role in OWN_WORDS for actor in mine):", "if mine:",
             "web/test_party.py::test_nothing_tells_the_factory_that_somebody_writes_to_the_office"),
    _removal("casework/house/anchoring.py", "        heads[DEEDS] = done", "        pass",
             "casework/test_anchoring.py::test_who_takes_the_newest_deeds_away_is_found_by_the_newest_root"),
    _removal("vault/envelopes.py", 'return context("grievance/item/1", bound)', 'return context("grievance/item/1")',
             "vault/test_envelopes.py::test_item_and_wrap_are_each_bound_even_under_one_data_key"),
    _removal("vault/envelopes.py", "return max(_STEP, -(-length // _STEP) * _STEP)", "return length",
             "vault/test_envelopes.py::test_lengths_hide_in_buckets"),
    _removal("vault/receipts.py", 'self._salt = keyed(pepper, b"receipt")', 'self._salt = b"receipt" * 5',
             "vault/test_receipts.py::test_without_the_pepper_the_digits_open_nothing"),
    _removal("vault/receipts.py", "if not hmac.compare_digest(mark, keyed(self._mark, ticket)[:_MARK_BYTES]):", "if not mark:",
             "vault/test_receipts.py::test_a_forged_ticket_is_refused"),
    _removal("vault/cookies.py", "return hashlib.sha256(token.encode()).digest()", "return token.encode()",
             "vault/test_cookies.py::test_the_hash_of_a_token"),
    _removal("vault/keys.py", '"intake": (),', '"intake": ("words",),',
             "vault/test_keys.py::test_who_may_open_what_is_written_down_here_once_more"),
    _removal("vault/passwords.py", "_HASHER.verify(_NOBODY if stored is None else stored, _bytes(text[:LONGEST]))",
             "_HASHER.verify(stored or '', _bytes(text[:LONGEST])) if stored else None",
             "vault/test_passwords.py::test_nobody_costs_what_somebody_costs"),
    _removal("web/gate.py", 'if not known or not desk().vault.mac_fits("page", known.encode(), mac):', "if not mac:",
             "web/test_gate.py::test_what_our_page_did_not_send_is_refused"),
    _removal("web/gate.py", "if not current_user.is_authenticated:", "if False:",
             "web/test_account.py::test_nobody_comes_in_without_signing_in"),
    _removal("web/gate.py", "if view.need == ADMINISTRATOR and current_user.is_authenticated and not viewer().administrator:",
             "if False:", "web/test_administration.py::test_only_administrators_find_these_pages"),
    _removal("web/gate.py", "if view.fresh and not entering.is_fresh(desk(), viewer(), session_token()):", "if False:",
             "web/test_proving.py::test_without_it_nothing_leaves_and_nothing_changes"),
    _removal("web/gate.py", 'if int.from_bytes(plain[:8], "big") < desk().now().timestamp() or not case:', "if not case:",
             "web/test_intake.py::test_the_session_closes_itself_unless_pages_are_read"),
    _removal("web/account/again.py", 'return url_for(endpoint, **values) if getattr(view, "fresh", False) else ""',
             'return request.args.get("to", "")', "web/test_proving.py::test_it_leads_to_no_other_place"),
    _removal("web/answering.py", "default-src 'none'; style-src 'self'; script-src 'self';", "default-src *;",
             "web/test_standard.py::test_each_answer_says_literally_what_it_must"),
    _removal("casework/house/people.py", "if last_at is not None and count >= FREE_TRIES:", "if False:",
             "web/test_account.py::test_too_many_tries_have_to_wait"),
    _removal("casework/house/people.py", "or now - session.began_at > LONGEST or not someone.active:",
             "or now - session.began_at > LONGEST:",
             "web/test_gate.py::test_whoever_loses_the_account_is_out_at_once"),
    _removal("casework/house/people.py", "sign_ins.close_session(tx, token_hash(token), viewer.person)", "pass",
             "web/test_account.py::test_a_sign_out_ends_the_session_wherever_its_cookie_is_kept"),
    _removal("casework/house/people.py", "whole = not factors.has_step(tx, someone.id)", "whole = True",
             "web/test_second_step.py::test_with_the_code_in_and_without_it_nowhere"),
    _removal("casework/house/entering.py", "authenticator.step_of(secret, plain, now, after=one.count)",
             "authenticator.step_of(secret, plain, now, after=0)",
             "web/test_second_step.py::test_each_step_works_once_with_one_step_of_drift"),
    _removal("casework/house/entering.py", "people.count_try(tx, _key(desk, person), desk.now())", "pass",
             "web/test_second_step.py::test_a_wrong_code_is_counted_and_a_right_password_does_not_begin_anew"),
    _removal("providers/tokens.py", "_check(found.header, found.claims, issuer, client_id, nonce, access, now)",
             "_check(found.header, found.claims, issuer, client_id, str(found.claims.get('nonce')), access, now)",
             "web/test_through.py::test_no_lie_lets_anybody_in"),
    _removal("providers/tokens.py", "algorithms=list(ALGORITHMS))", 'algorithms=[*ALGORITHMS, "RS512"])',
             "web/test_through.py::test_no_lie_lets_anybody_in"),
    _removal("casework/house/through.py", "if [one.id for one in bodies] != [body]:", "if not bodies:",
             "web/test_through.py::test_whom_the_organisation_can_no_more_vouch_for"),
    _removal("casework/house/through.py",
             'if not bindings.take(tx, token_hash(f"{PURPOSE}/{begun.state}"), now + LASTS, now):', "if False:",
             "web/test_through.py::test_what_came_back_once_does_not_come_back_twice"),
    _removal("casework/house/through.py",
             "if _weighty(tx, someone, bodies[0]) and not factors.has_step(tx, someone.id):", "if False:",
             "web/test_through.py::test_officers_administrators_and_judges_come_in_only_with_a_second_step"),
    _removal("vault/passkeys.py", "credential_current_sign_count=passkey.count,", "credential_current_sign_count=0,",
             "web/test_passkeys.py::test_nothing_but_the_passkey_itself_opens"),
    _removal("core/visibility.py", "return role in OWN_WORDS or (case.released_at is not None and at >= case.released_at)",
             "return True", "web/test_party.py::test_they_read_what_happened_and_never_who"),
    _removal("core/visibility.py", "case.anonymity == NAMED and case.consents.get(NAME, True) and (taken or role in OFFICE)",
             "taken or role in OFFICE",
             "casework/test_path.py::test_only_whoever_wants_to_be_known_is_named_and_only_when_the_case_is_taken"),
    _removal("core/visibility.py", "return seat == mine or (role in PANEL and case.views_open)",
             "return seat == mine or role in PANEL",
             "web/test_panel.py::test_a_view_is_sealed_until_every_seat_has_spoken"),
    _removal("core/visibility.py", "if case.decided and case.decided != SETTLED:", "if case.decided:",
             "casework/test_path.py::test_a_settlement_opens_nothing_of_what_the_panel_thought"),
    _removal("core/purchasing.py", "return pooled is not None and pooled[0] >= MEMBERS and pooled[1] <= SHARE",
             "return pooled is not None",
             "web/test_brands.py::test_figures_of_few_are_shown_to_nobody_and_the_reason_is"),
    _removal("core/panel.py", "Counter(cast.values())[said] * 2 <= len(cast)", "len(set(cast.values())) > 1",
             "core/test_panel.py::test_no_side_alone_blocks_a_majority"),
    _removal("casework/handing.py", "if desk.now() < known.at + WAIT:", "if False:",
             "casework/test_handing.py::test_nothing_before_the_week_is_over_and_nothing_by_one_alone"),
    _removal("casework/standstill.py", "elif abs(drift) > JUMP or (behind and watch.behind):", "elif behind and watch.behind:",
             "casework/test_standstill.py::test_a_jump_freezes_the_clock_instead_of_escalating_everyone"),
    _removal("media/pictures.py", "bare.paste(image.convert(mode))\n", "bare = image.convert(mode)\n",
             "test_media.py::test_names_places_and_comments_are_gone"),
    _removal("media/within.py", "    close_in()\n", "", "test_media.py::test_it_closes_itself_in_before_it_reads"),
    _removal("casework/house/anchoring.py", "return merkle.root(under).hex() == kept.said.root and len(under) == kept.said.size",
             "return len(under) == kept.said.size",
             "casework/test_anchoring.py::test_who_rewrites_or_removes_a_case_is_found_by_the_newest_root"),
    _removal("core/seating.py", " and not _tie(sitting, case, one.person, one.bodies)", "",
             "core/test_seating.py::test_nobody_with_a_tie_is_drawn"),
    _removal("web/gate.py", "if _owes_step(view.need):", "if False:",
             "web/test_owed_step.py::test_where_it_is_needed_nobody_gets_on_without_it"),
    _removal("casework/words/custody.py", "enough = len(request.agreed) + 1 >= VOICES and (custodian or request.custodian)",
             "enough = len(request.agreed) + 1 >= VOICES",
             "web/test_custody.py::test_two_officers_without_a_custodian_do_not_open_it"),
    _removal("casework/signable.py", "event.by == PASSKEY and not where_signed(ref, entries, event)", "False",
             "web/test_signing.py::test_verify_finds_a_signature_that_was_changed_in_the_database"),
    _removal("casework/words/holding.py", "if case.hold and case.hold.by == viewer.person:", "if False:",
             "casework/test_erasing.py::test_a_hold_takes_two_and_so_does_its_end"),
    _removal("store/store.py", '    "secure_delete=ON",\n', '    "secure_delete=OFF",\n',
             "casework/test_erasing.py::test_no_byte_of_an_erased_key_stays_in_the_file"),
    _removal("casework/flooding.py", "if said[: len(form)] != form:", "if not said:",
             "casework/test_flooding.py::test_a_wait_belongs_to_its_ticket_and_cannot_be_skipped"),
    _removal("casework/house/safekeeping.py", "if now - keys.at > KEYS_LIFE:", "if False:",
             "casework/test_restoring.py::test_planted_keys_of_that_day_would_bring_the_erased_back"),
    _removal("casework/house/safekeeping.py", "if keys.moment != cases.moment and keys.at < cases.at:", "if False:",
             "casework/test_restoring.py::test_keys_that_are_missing_or_older_are_told_and_nothing_is_written"),
    _removal("casework/house/replaying.py", "return {} if settled else {", "return {",
             "casework/test_journal.py::test_what_was_erased_before_the_keys_were_copied_does_not_come_back_with_it"),
    _removal("vault/vault.py", "locked = originals.lock(original, bound, *pair, self._random_bytes)", "locked = original",
             "casework/test_originals.py::test_no_process_of_the_house_opens_it_whatever_keys_it_has"),
    _removal("vault/envelopes.py", "second = nonce + AESGCM(key).encrypt(nonce, beside, _beside_context(bound))",
             "second = beside",
             "casework/test_originals.py::test_a_thief_of_the_key_that_is_elsewhere_and_of_all_files_reads_none"),
    _removal("vault/keys.py", "    if astray:\n", "    if False:\n",
             "casework/test_originals.py::test_a_private_half_among_the_keys_of_the_house_stops_the_start"),
    _removal("store/objects.py", "for one in (name, original_of(name)):", "for one in (name,):",
             "casework/test_originals.py::test_erased_both_go_and_nothing_opens_the_original_that_lies_in_an_older_backup"),
)  # fmt: skip


def faults(root: Path, removals: tuple[Removal, ...]) -> list[str]:
    """Removals whose line is not once in its file, and those whose test the threat model does not name."""
    told = TOLD.read_text(encoding="utf-8")
    found = []
    for one in removals:
        times = (root / one.file).read_text(encoding="utf-8").count(one.line)
        found += [f"{one.file} holds {one.line!r} {times} times"] if times != 1 else []
        found += [f"{one.test} stands in no row"] if f"`{one.test}`" not in told else []
        found += [fault] if (fault := fails_the_build(one.test)) else []
    return found


def test_what_would_be_taken_away_is_there() -> None:
    assert faults(ROOT, REMOVALS) == []
    assert len({one.test for one in REMOVALS}) >= 30


def test_planted_a_line_that_is_gone_is_named() -> None:
    gone = Removal("grievance/web/gate.py", "if nobody:", "", "tests/web/test_gate.py::test_odd_signs_break_nothing")
    assert faults(ROOT, (gone,)) == [
        "grievance/web/gate.py holds 'if nobody:' 0 times",
        "tests/web/test_gate.py::test_odd_signs_break_nothing stands in no row",
    ]


def outcome(folder: Path, test: str) -> int:
    """How a test ends in a copy of the program."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not postgresql", test]
    run = subprocess.run(
        command, cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, check=False
    )
    return run.returncode


@pytest.mark.trial
def test_each_defence_that_is_taken_away_is_missed(tmp_path: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    unnoticed = []
    for one in REMOVALS:
        file = tmp_path / one.file
        whole = file.read_text(encoding="utf-8")
        assert outcome(tmp_path, one.test) == 0, f"{one.test} fails in the copy by itself"
        file.write_text(whole.replace(one.line, one.without), encoding="utf-8")
        if outcome(tmp_path, one.test) != MISSED:
            unnoticed.append(f"{one.file}: {one.line} ({one.test})")
        file.write_text(whole, encoding="utf-8")
    assert unnoticed == []
