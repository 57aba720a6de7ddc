"""Links in letters are good once and for some time, are nowhere in clear, and lead only whom they were sent to."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from grievance.casework import delivering, undelivered
from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import inviting, people, recording, staffing
from grievance.casework.house.inviting import Invitation, NoPass
from grievance.core.errors import Busy, Hidden, Invalid, Refused
from grievance.demo import cast
from grievance.notices import Notice
from grievance.store import outbox, sessions, tables
from grievance.store import people as rows
from grievance.vault import password_fits, token_hash
from tests import makers

PASSWORD = "ricefield lantern ninety"
ADMIN = makers.viewer("sarin")
WHO = Invitation("new@example.org", "New Officer", "km", "office-kh", "coordinator")


def letters(desk: Desk) -> list[tuple[str, str]]:
    """(mail, text) of everything that waits, sent now."""
    sent: list[tuple[str, str]] = []

    def send(mail: str, notice: Notice) -> None:
        sent.append((mail, notice.body))

    inviting.answer_askings(desk)
    while delivering.deliver(desk, send):
        pass
    return sent


def token_in(letter: str, page: str) -> str:
    found = re.search(rf"https?://[^\s]+/account/{page}/([\w-]+)", letter)
    assert found, letter
    return found[1]


def invited(desk: Desk) -> tuple[str, str]:
    """(person, token)."""
    person = inviting.invite(desk, ADMIN, WHO)
    ((mail, letter),) = letters(desk)
    assert mail == "new@example.org"
    return person, token_in(letter, "join")


def kept(desk: Desk) -> str:
    """Everything in the database, as one text."""
    with desk.store.read() as tx:
        return "\n".join(
            repr(tuple(row)) for table in tables.metadata.sorted_tables for row in tx.execute(select(table))
        )


def test_the_invited_joins_and_signs_in(desk: Desk) -> None:
    person, token = invited(desk)
    assert staffing.one(desk, ADMIN, person).state == "invited"
    assert inviting.guest(desk, token, "invitation").name == "New Officer"
    inviting.join(desk, token, "Chosen Name", "en", PASSWORD)
    one = staffing.one(desk, ADMIN, person)
    assert (one.state, one.name, one.language, one.bodies[0].post) == ("active", "Chosen Name", "en", "coordinator")
    viewer = people.whois(desk, people.sign_in(desk, "NEW@example.org ", PASSWORD).token)
    assert viewer is not None
    assert not viewer.administrator


# asvs: 6.4.1
def test_a_link_works_once_not_too_late_and_not_when_another_was_sent(desk: Desk, clock: makers.Clock) -> None:
    person, first = invited(desk)
    inviting.invite_again(desk, ADMIN, person)
    second = token_in(letters(desk)[0][1], "join")
    with pytest.raises(NoPass):
        inviting.join(desk, first, "A", "en", PASSWORD)
    clock.pass_days(7)
    with pytest.raises(NoPass):
        inviting.guest(desk, second, "invitation")
    clock.at -= timedelta(seconds=1)
    with pytest.raises(NoPass):
        inviting.guest(desk, second, "reset")
    inviting.join(desk, second, "A", "en", PASSWORD)
    for forged in (second, first, "", "x", "ក" * 40, second[:-1]):
        with pytest.raises(NoPass):
            inviting.join(desk, forged, "A", "en", PASSWORD)
    with pytest.raises(Refused):
        inviting.invite_again(desk, ADMIN, person)


@pytest.mark.parametrize(
    "password", ["", "short", "passwordpassword", "aaaaaaaaaaaaaaaa", "x" * 1025, "fourteen signs"]
)
def test_a_weak_password_leaves_the_link_good(desk: Desk, password: str) -> None:
    _, token = invited(desk)
    with pytest.raises(Invalid):
        inviting.join(desk, token, "A", "en", password)
    inviting.join(desk, token, "A", "en", PASSWORD)


def test_a_token_is_nowhere_in_the_database(desk: Desk) -> None:
    inviting.invite(desk, ADMIN, WHO)
    waiting = kept(desk)
    ((_, letter),) = letters(desk)
    token = token_in(letter, "join")
    assert token not in waiting
    assert desk.vault.open_cookie(delivering.LINK, re.findall(r"'([\w-]{100,})'", waiting)[0]).decode().endswith(token)
    with desk.store.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM outbox WHERE sealed IS NOT NULL")).scalar() == 0


def test_planted_a_letter_that_stays_sealed_after_it_was_sent_is_noticed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "settle_letter", lambda *_: None)
    inviting.invite(desk, ADMIN, WHO)
    delivering.deliver(desk, lambda *_: None, most=1)
    with desk.store.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM outbox WHERE sealed IS NOT NULL")).scalar() == 1


@pytest.mark.parametrize(
    ("invitation", "field"),
    [
        (Invitation("officer@demo.test", "A", "en"), "mail"),
        (Invitation("OFFICER@demo.test ", "A", "en"), "mail"),
        (Invitation("no address", "A", "en"), "mail"),
        (Invitation("a@b.org\nBcc: c@d.org", "A", "en"), "mail"),
        (Invitation("a@b", "A", "en"), "mail"),
        (Invitation("a@b.org", "A", "en", "nowhere"), "body"),
        (Invitation("a@b.org", "A", "en", "brand-north", "coordinator"), "post"),
        (Invitation("a@b.org", "A", "en", "office-kh", "buying"), "post"),
        (Invitation("a@b.org", "A", "en", "office-kh", "king"), "post"),
    ],
)
def test_what_does_not_fit_invites_nobody(desk: Desk, invitation: Invitation, field: str) -> None:
    before = kept(desk)
    with pytest.raises(Invalid) as error:
        inviting.invite(desk, ADMIN, invitation)
    assert set(error.value.fields) == {field}
    assert kept(desk) == before


# asvs: 6.4.3, 7.4.3
def test_a_new_password_by_mail_ends_every_sign_in(desk: Desk, clock: makers.Clock) -> None:
    here = people.sign_in(desk, "officer@demo.test", cast.PASSWORD).token
    inviting.ask_reset(desk, " Officer@demo.test")
    ((mail, letter),) = letters(desk)
    assert mail == "officer@demo.test"
    token = token_in(letter, "reset")
    clock.at += timedelta(minutes=29)
    with pytest.raises(Invalid):
        inviting.reset(desk, token, "short")
    assert people.whois(desk, here) is not None
    inviting.reset(desk, token, PASSWORD)
    assert people.whois(desk, here) is None
    with pytest.raises(people.WrongPassword):
        people.sign_in(desk, "officer@demo.test", cast.PASSWORD)
    assert people.sign_in(desk, "officer@demo.test", PASSWORD).whole
    with pytest.raises(NoPass):
        inviting.reset(desk, token, PASSWORD)


def test_the_link_for_a_password_is_good_for_an_hour(desk: Desk, clock: makers.Clock) -> None:
    inviting.ask_reset(desk, "officer@demo.test")
    token = token_in(letters(desk)[0][1], "reset")
    clock.at += timedelta(hours=1)
    with pytest.raises(NoPass):
        inviting.reset(desk, token, PASSWORD)


def test_a_known_and_an_unknown_address_are_the_same_work(desk: Desk) -> None:
    """The same statements run; who has an account is looked up by the clock, where nobody waits for it."""
    from sqlalchemy import event

    ran: list[str] = []
    event.listen(desk.store.engine, "before_cursor_execute", lambda *said: ran.append(said[2]))
    found = []
    for mail in ("officer@demo.test", "nobody@demo.test"):
        ran.clear()
        inviting.ask_reset(desk, mail)
        found.append(list(ran))
    assert found[0] == found[1]
    assert not any("people" in statement for statement in found[0])
    assert [mail for mail, _ in letters(desk)] == ["officer@demo.test"]
    with desk.store.read() as tx:
        assert tx.execute(text("SELECT count(*) FROM askings")).scalar() == 0


# asvs: 2.3.2
def test_three_letters_an_hour_at_most_and_none_for_closed_accounts(desk: Desk, clock: makers.Clock) -> None:
    for _ in range(5):
        inviting.ask_reset(desk, "officer@demo.test")
    assert len(letters(desk)) == 1, "the letters before the last were withdrawn: their links are void"
    inviting.ask_reset(desk, "officer@demo.test")
    assert letters(desk) == []
    clock.at += timedelta(hours=1)
    inviting.ask_reset(desk, "officer@demo.test")
    assert len(letters(desk)) == 1
    staffing.deactivate(desk, ADMIN, "rith")
    inviting.ask_reset(desk, "officer2@demo.test")
    assert letters(desk) == []


def test_a_closed_account_is_out_at_once(desk: Desk) -> None:
    token = people.sign_in(desk, "officer@demo.test", cast.PASSWORD).token
    inviting.ask_reset(desk, "officer@demo.test")
    link = token_in(letters(desk)[0][1], "reset")
    staffing.deactivate(desk, ADMIN, "sophea")
    assert people.whois(desk, token) is None
    with pytest.raises(people.WrongPassword):
        people.sign_in(desk, "officer@demo.test", cast.PASSWORD)
    with pytest.raises(NoPass):
        inviting.reset(desk, link, PASSWORD)
    with desk.store.write() as tx:  # somebody signed in while the account was being closed
        sessions.open_session(tx, token_hash("late"), "sophea", desk.now(), "password")
    staffing.reactivate(desk, ADMIN, "sophea")
    for old in (token, "late"):
        assert people.whois(desk, old) is None, "an old sign-in stays ended"
    assert people.sign_in(desk, "officer@demo.test", cast.PASSWORD).whole


def test_there_is_always_an_administrator(desk: Desk) -> None:
    with pytest.raises(Refused, match="only administrator"):
        staffing.administer(desk, ADMIN, "sarin", on=False)
    with pytest.raises(Refused, match="own account"):
        staffing.deactivate(desk, ADMIN, "sarin")
    staffing.administer(desk, ADMIN, "sophea", on=True)
    staffing.deactivate(desk, ADMIN, "sophea")
    with pytest.raises(Refused, match="only administrator"):
        staffing.administer(desk, ADMIN, "sarin", on=False)
    with pytest.raises(Refused):
        staffing.administer(desk, ADMIN, "sophea", on=True)


# asvs: 6.2.3
def test_one_changes_the_own_password_only_by_the_old_one(desk: Desk) -> None:
    here, there = (people.sign_in(desk, "officer@demo.test", cast.PASSWORD).token for _ in range(2))
    me = people.whois(desk, here)
    assert me
    with pytest.raises(Invalid) as wrong:
        people.change_password(desk, me, here, "wrong", PASSWORD)
    assert set(wrong.value.fields) == {"old"}
    with pytest.raises(Invalid) as weak:
        people.change_password(desk, me, here, cast.PASSWORD, "short")
    assert set(weak.value.fields) == {"new"}
    people.change_password(desk, me, here, cast.PASSWORD, PASSWORD)
    assert people.whois(desk, here) is not None
    assert people.whois(desk, there) is None
    for _ in range(people.FREE_TRIES):
        with pytest.raises(Invalid):
            people.change_password(desk, me, here, "wrong", PASSWORD)
    with pytest.raises(people.TooMany):
        people.change_password(desk, me, here, PASSWORD, PASSWORD + "!")


def entries(desk: Desk) -> list[tuple[str, str]]:
    """What the record says of this day, newest first, and by whom."""
    return [(line.said.text, line.actor) for line in recording.record(desk, ADMIN).rows]


def test_a_new_name_and_a_new_password_have_their_entries(desk: Desk) -> None:
    token = people.sign_in(desk, "officer@demo.test", cast.PASSWORD).token
    me = people.whois(desk, token)
    assert me
    before = len(entries(desk))
    people.rename(desk, me, me.name, "km")
    with pytest.raises(Invalid):
        people.change_password(desk, me, token, "wrong", PASSWORD)
    assert len(entries(desk)) == before, "another language is nobody's business, and a wrong password changed nothing"
    people.rename(desk, me, "Somebody Else", "km")
    people.change_password(desk, me, token, cast.PASSWORD, PASSWORD)
    inviting.ask_reset(desk, "officer@demo.test")
    inviting.reset(desk, token_in(letters(desk)[0][1], "reset"), PASSWORD + "!")
    assert [said for said, _ in entries(desk)[:3]] == [
        "{about} set a new password through a link in a letter",
        "{about} set a new password",
        "{about} took another name",
    ]
    assert {actor for _, actor in entries(desk)[:3]} == {"Somebody Else"}
    renamed = recording.record(desk, ADMIN).rows[2]
    assert renamed.changes == ((recording.FIELDS["name"], me.name, "Somebody Else"),)
    with desk.store.read() as tx:
        told = repr([tuple(row) for row in tx.execute(select(tables.deeds))])
    assert PASSWORD not in told
    assert "officer@demo.test" not in told
    assert recording.verify(desk) == []


def test_nobody_else_administers(desk: Desk) -> None:
    for person in ("sophea", "chan", "w1", "lotus-hr"):
        viewer = makers.viewer(person)
        before = kept(desk)
        for verb in (
            lambda v: inviting.invite(desk, v, WHO),
            lambda v: staffing.deactivate(desk, v, "rith"),
            lambda v: staffing.administer(desk, v, v.person, on=True),
            lambda v: staffing.listing(desk, v),
            lambda v: recording.record(desk, v),
        ):
            with pytest.raises(Hidden):
                verb(viewer)
        assert kept(desk) == before


def test_whoever_was_invited_is_not_drawn_before_they_join(desk: Desk) -> None:
    person, _ = invited(desk)
    with desk.store.write() as tx:
        assert person not in rows.members_of(tx, "office-kh")


def test_of_two_who_open_one_link_at_once_one_gets_in(desk: Desk) -> None:
    _, token = invited(desk)
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def come(no: int) -> None:
        start.wait()
        try:
            inviting.join(desk, token, f"Guest {no}", "en", f"{PASSWORD} {no}")
        except (NoPass, Busy):
            outcomes.append("refused")
        else:
            outcomes.append("in")

    threads = [threading.Thread(target=come, args=(no,)) for no in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in", "refused", "refused", "refused"]


def test_two_administrators_cannot_unseat_each_other_at_once(desk: Desk) -> None:
    staffing.administer(desk, ADMIN, "sophea", on=True)
    other = replace(makers.viewer("sophea"), administrator=True)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def unseat(viewer: Viewer, whom: str) -> None:
        start.wait()
        try:
            staffing.administer(desk, viewer, whom, on=False)
        except (Refused, Busy):
            outcomes.append("refused")
        else:
            outcomes.append("done")

    threads = [threading.Thread(target=unseat, args=pair) for pair in ((ADMIN, "sophea"), (other, "sarin"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "refused"]


def test_a_corrected_address_voids_what_went_to_the_old_one(desk: Desk) -> None:
    person, first = invited(desk)
    with pytest.raises(Invalid):
        inviting.correct_mail(desk, ADMIN, person, "officer@demo.test")
    with pytest.raises(Invalid):
        inviting.correct_mail(desk, ADMIN, person, "nothing")
    inviting.correct_mail(desk, ADMIN, person, "Right@example.org")
    with pytest.raises(NoPass):
        inviting.guest(desk, first, "invitation")
    ((mail, letter),) = letters(desk)
    assert mail == "right@example.org"
    inviting.join(desk, token_in(letter, "join"), "Right", "en", PASSWORD)
    inviting.ask_reset(desk, "right@example.org")
    inviting.correct_mail(desk, ADMIN, person, "other@example.org")
    assert letters(desk) == [], "nothing more goes to the old one, and who has joined needs no invitation"
    assert people.sign_in(desk, "other@example.org", PASSWORD).whole


def test_an_invitation_that_nobody_received_is_seen_and_no_task_of_the_office(desk: Desk, clock: makers.Clock) -> None:
    person = inviting.invite(desk, ADMIN, WHO)

    def broken(_: str, __: Notice) -> None:
        raise OSError

    for _ in range(delivering.TRIES):
        delivering.deliver(desk, broken)
        clock.pass_days(1)
    assert staffing.one(desk, ADMIN, person).undelivered
    assert undelivered.unreached(desk, ADMIN) == ()
    inviting.invite_again(desk, ADMIN, person)
    assert not staffing.one(desk, ADMIN, person).undelivered
    assert len(letters(desk)) == 1


def test_letters_of_a_closed_account_wait_until_it_is_open_again(desk: Desk) -> None:
    with desk.store.write() as tx:
        outbox.tell(tx, ["sophea", "rith"], "news", "test/1", desk.now())
    staffing.deactivate(desk, ADMIN, "sophea")
    assert [mail for mail, _ in letters(desk)] == ["officer2@demo.test"]
    staffing.reactivate(desk, ADMIN, "sophea")
    assert [mail for mail, _ in letters(desk)] == ["officer@demo.test"]


def reset_meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a password is hashed, which takes its time, its owner chooses another one by the link in a letter."""
    inviting.ask_reset(desk, "officer@demo.test")
    token = token_in(letters(desk)[0][1], "reset")
    fits, links = password_fits, [token]

    def slowly(stored: str | None, typed: str) -> bool:
        found = fits(stored, typed)
        while links:
            inviting.reset(desk, links.pop(), PASSWORD)
        return found

    monkeypatch.setattr(people, "password_fits", slowly)


def test_who_tries_the_old_password_without_a_pause_is_not_in_again_after_a_reset(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reset_meanwhile(desk, monkeypatch)
    with pytest.raises(people.WrongPassword):
        people.sign_in(desk, "officer@demo.test", cast.PASSWORD)
    assert people.my_sessions(desk, makers.viewer("sophea")) == ()
    assert people.sign_in(desk, "officer@demo.test", PASSWORD).whole


def test_who_changes_a_password_while_its_owner_resets_it_does_not_win(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stolen = people.sign_in(desk, "officer@demo.test", cast.PASSWORD).token
    reset_meanwhile(desk, monkeypatch)
    with pytest.raises(Invalid):
        people.change_password(desk, makers.viewer("sophea"), stolen, cast.PASSWORD, PASSWORD + " of a thief")
    assert people.sign_in(desk, "officer@demo.test", PASSWORD).whole


def test_planted_without_looking_again_the_old_password_opens_a_session_after_the_reset(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "_changed", lambda *_: False)
    reset_meanwhile(desk, monkeypatch)
    token = people.sign_in(desk, "officer@demo.test", cast.PASSWORD).token
    assert people.whois(desk, token)
