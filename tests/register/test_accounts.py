# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from datetime import UTC, datetime, timedelta
from threading import BoundedSemaphore

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from hypothesis import given
from hypothesis import strategies as st

from process.problem import Refusal
from process.secret import Secret
from register.accounts import (
    AT_ONCE,
    FIRST_WAIT,
    FREE_TRIES,
    IDLE,
    LIFETIME,
    LONGEST_WAIT,
    Account,
    Passwords,
    Session,
    form_token,
    name_key,
    not_logged_in,
    refuse_login,
    source_key,
    token_digest,
    wait_after,
)

MOMENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ACCOUNT = Account("oefening-fg", "fg-gm9001", "fg")
INSTANT = timedelta(microseconds=1)
KEY, OTHER_KEY = Secret(bytes(range(32))), Secret(bytes(range(1, 33)))


@pytest.fixture(scope="module")
def passwords() -> Passwords:
    return Passwords(PasswordHasher.from_parameters(CHEAPEST), places=BoundedSemaphore(2))


@pytest.mark.parametrize("failures", range(FREE_TRIES))
def test_the_first_tries_are_free(failures: int) -> None:
    assert wait_after(failures) == timedelta(0)


@pytest.mark.parametrize(("failures", "minutes"), [(5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10, 15)])
def test_after_five_wrong_ones_each_further_one_doubles_the_wait(failures: int, minutes: int) -> None:
    assert wait_after(failures) == timedelta(minutes=minutes)


@given(st.integers(FREE_TRIES, 10**12))
def test_the_wait_never_shrinks_and_never_exceeds_a_quarter_of_an_hour(failures: int) -> None:
    assert FIRST_WAIT <= wait_after(failures) <= wait_after(failures + 1) <= LONGEST_WAIT


def session(*, age: timedelta, idle: timedelta) -> bool:
    """Whether a session of that age, so long unused, is alive."""
    return Session(ACCOUNT, MOMENT - age, MOMENT - idle).alive(MOMENT)


def test_a_session_ends_after_half_an_hour_without_use() -> None:
    assert session(age=IDLE, idle=IDLE - INSTANT)
    assert not session(age=IDLE, idle=IDLE)


def test_a_session_ends_after_eight_hours_however_much_it_is_used() -> None:
    assert session(age=LIFETIME - INSTANT, idle=timedelta(0))
    assert not session(age=LIFETIME, idle=timedelta(0))


def test_a_right_password_is_right_and_a_wrong_one_is_not(passwords: Passwords) -> None:
    stored = passwords.hash("een lang wachtwoord")
    assert passwords.correct("een lang wachtwoord", stored)
    assert not passwords.correct("een lang wachtwoort", stored)
    assert not passwords.correct("", stored)


def test_without_an_account_no_password_is_right_not_even_that_of_nobody(passwords: Passwords) -> None:
    assert not passwords.correct("wachtwoord van niemand", None)
    assert not passwords.correct("", None)


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    hasher = PasswordHasher.from_parameters(CHEAPEST)
    original = PasswordHasher.verify

    def verify(self: PasswordHasher, stored: str | bytes, password: str | bytes) -> bool:
        hashed.append(str(stored))
        return bool(original(self, stored, password))

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    passwords = Passwords(hasher, places=BoundedSemaphore(2))
    passwords.correct("iets", None)
    passwords.correct("iets", passwords.hash("anders"))
    unknown, known = hashed
    assert unknown.split("$")[:4] == known.split("$")[:4]


def test_a_damaged_hash_lets_nobody_in(passwords: Passwords) -> None:
    assert not passwords.correct("iets", "geen hash")


def test_two_accounts_with_one_password_have_different_hashes(passwords: Passwords) -> None:
    assert passwords.hash("hetzelfde") != passwords.hash("hetzelfde")


def test_real_passwords_cost_what_rfc_9106_says_for_low_memory() -> None:
    assert "$m=65536,t=3,p=4$" in Passwords(places=BoundedSemaphore(2)).hash("x")


def test_what_is_stored_of_a_token_is_not_the_token() -> None:
    token = bytes(range(32))
    assert len(token_digest(token)) == 32
    assert token_digest(token) != token
    assert token_digest(token) == token_digest(bytes(range(32)))


def test_a_form_token_belongs_to_one_session_and_one_register() -> None:
    token = bytes(range(32))
    assert form_token(KEY, token) == form_token(KEY, token)
    assert form_token(KEY, token) != form_token(KEY, token[::-1])
    assert form_token(KEY, token) != form_token(OTHER_KEY, token)


def test_wrong_tries_are_counted_under_a_name_that_cannot_be_read_back() -> None:
    assert name_key(KEY, "fg-gm9001") == name_key(KEY, "fg-gm9001")
    assert name_key(KEY, "fg-gm9001") != name_key(OTHER_KEY, "fg-gm9001")
    assert b"fg-gm9001" not in name_key(KEY, "fg-gm9001")


def test_names_that_differ_in_capitals_are_two_accounts_and_two_counts() -> None:
    assert name_key(KEY, "FG-gm9001") != name_key(KEY, "fg-gm9001")


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("198.51.100.4", "198.51.100.4", True),
        ("198.51.100.4", "198.51.100.5", False),
        ("198.51.100.4", "::ffff:198.51.100.4", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:DB8:1:2:0::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
        ("geen adres", "geen adres", True),
        ("geen adres", "ook geen adres", False),
    ],
)
def test_a_source_is_an_address_of_ipv4_or_a_network_of_64_bits_of_ipv6(
    one: str, other: str, *, together: bool
) -> None:
    assert (source_key(KEY, one) == source_key(KEY, other)) is together


def test_names_and_form_tokens_never_share_a_key_value() -> None:
    assert name_key(KEY, "abc").hex() != form_token(KEY, b"abc")


def test_a_refused_log_in_does_not_say_which_of_the_two_was_wrong() -> None:
    refusal = refuse_login()
    assert refusal.status == 401
    assert "naam of het wachtwoord" in refusal.detail


@pytest.mark.parametrize(("wait", "seconds"), [(timedelta(seconds=61), 61), (timedelta(milliseconds=1), 1)])
def test_a_log_in_that_must_wait_is_told_for_how_long(wait: timedelta, seconds: int) -> None:
    refusal = refuse_login(wait)
    assert (refusal.status, refusal.retry_after) == (429, seconds)
    assert str(seconds) in refusal.detail


def test_a_request_without_a_session_is_told_to_sign_in() -> None:
    assert not_logged_in().status == 401


def test_when_too_many_sign_in_at_once_the_next_is_told_to_come_back(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("register.accounts.PATIENCE", 0.01)
    for _place in range(AT_ONCE):
        assert passwords._places.acquire(timeout=1)
    with pytest.raises(Refusal) as refused:
        passwords.correct("iets", None)
    assert (refused.value.status, refused.value.retry_after) == (503, 5)
    for _place in range(AT_ONCE):
        passwords._places.release()


def test_a_wrong_password_gives_its_place_back(passwords: Passwords) -> None:
    stored = passwords.hash("goed")
    for _try in range(3 * AT_ONCE):
        assert not passwords.correct("fout", stored)
        assert not passwords.correct("fout", "geen hash")
    assert passwords.correct("goed", stored)
