# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import base64
import random
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.secret import Secret
from register.second_factor import (
    DIGITS,
    HALF_LIFETIME,
    HALF_TRIES,
    RECOVERY_CODES,
    STEP,
    WINDOW,
    Half,
    Method,
    accepted_step,
    code_of,
    complete,
    mandatory,
    methods_from,
    methods_text,
    new_recovery_codes,
    opened,
    otpauth,
    recovery_digest,
    sealed,
    secret_text,
    step_of,
)

RFC_SECRET = b"12345678901234567890"
RFC_6238 = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
"""RFC 6238 appendix B, SHA-1, eight digits: seconds since 1970 -> code."""
MOMENT = datetime(2026, 3, 2, 9, 30, 10, tzinfo=UTC)
NOW = step_of(MOMENT)
KEY, OTHER = Secret(bytes(range(32))), Secret(bytes(range(1, 33)))
secrets = st.binary(min_size=20, max_size=20)


@pytest.mark.parametrize(("seconds", "code"), RFC_6238.items())
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert code_of(RFC_SECRET, step_of(moment), 8) == code
    assert accepted_step(RFC_SECRET, code[-DIGITS:], moment, -1) == seconds // STEP


@given(secrets, st.integers(-3, 3))
def test_a_code_counts_one_step_early_or_late_and_no_further(secret: bytes, away: int) -> None:
    taken = accepted_step(secret, code_of(secret, NOW + away), MOMENT, -1)
    near = range(NOW - WINDOW, NOW + WINDOW + 1)
    same = [step for step in near if code_of(secret, step) == code_of(secret, NOW + away)]
    assert taken == (same[-1] if same else None)


@given(secrets, st.lists(st.integers(-2, 2), max_size=8))
def test_no_step_is_taken_twice_and_none_before_one_that_was_taken(secret: bytes, tried: list[int]) -> None:
    last = -1
    for away in tried:
        step = accepted_step(secret, code_of(secret, NOW + away), MOMENT, last)
        assert step is None or step > last
        last = last if step is None else step


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12345a", "\uff11\uff12\uff13\uff14\uff15\uff16", "-12345", "\x00" * 6]
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert accepted_step(RFC_SECRET, typed, MOMENT, -1) is None


def test_a_code_may_be_typed_in_two_halves() -> None:
    code = code_of(RFC_SECRET, NOW)
    assert accepted_step(RFC_SECRET, f" {code[:3]} {code[3:]} ", MOMENT, -1) == NOW


def test_an_app_reads_the_same_secret_as_people_type_over() -> None:
    address = urlsplit(otpauth(RFC_SECRET, "Signaal register", "fg: GM9001"))
    asked = parse_qs(address.query, strict_parsing=True)
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert asked["secret"] == [secret_text(RFC_SECRET).replace(" ", "")]
    assert base64.b32decode(asked["secret"][0]) == RFC_SECRET
    assert (asked["issuer"], "+" in address.query) == (["Signaal register"], False)


@given(st.integers(0, 2**32))
def test_recovery_codes_are_ten_different_ones_that_forgive_how_they_are_typed(seed: int) -> None:
    codes = new_recovery_codes(random.Random(seed).randbytes)
    assert len(set(codes)) == RECOVERY_CODES
    for code in codes:
        assert [len(part) for part in code.split("-")] == [4] * 4
        typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        assert recovery_digest(KEY, "GM9001 fg", typed) == recovery_digest(KEY, "GM9001 fg", code)


def test_a_recovery_code_is_of_one_person_and_one_process() -> None:
    code = new_recovery_codes(random.Random(3).randbytes)[0]
    kept = recovery_digest(KEY, "GM9001\x00fg", code)
    assert kept != recovery_digest(KEY, "GM9002\x00fg", code)
    assert kept != recovery_digest(OTHER, "GM9001\x00fg", code)


def test_half_a_session_lives_five_minutes_and_five_tries() -> None:
    instant = timedelta(microseconds=1)
    assert Half("fg", MOMENT - HALF_LIFETIME + instant, HALF_TRIES - 1).alive(MOMENT)
    assert not Half("fg", MOMENT - HALF_LIFETIME).alive(MOMENT)
    assert not Half("fg", MOMENT, HALF_TRIES).alive(MOMENT)


@given(st.binary(max_size=40), st.text(max_size=10), st.text(max_size=10), st.integers(0, 60))
def test_what_was_sealed_opens_for_whom_it_was_sealed_and_unchanged_only(
    content: bytes, bound: str, other: str, place: int
) -> None:
    text = sealed(KEY, "app", bound, content, random.Random(1).randbytes)
    assert opened(KEY, "app", bound, text) == content
    assert opened(OTHER, "app", bound, text) is None
    assert opened(KEY, "wie", bound, text) is None
    assert other == bound or opened(KEY, "app", other, text) is None
    changed = bytearray(text)
    changed[place % len(text)] ^= 1
    assert opened(KEY, "app", bound, bytes(changed)) is None
    assert opened(KEY, "app", bound, text[: place % len(text)]) is None


def test_only_an_exercise_goes_without_a_second_factor() -> None:
    assert [mandatory(one) for one in ("oefening", "riec-wgs", "wgs-aansluiting", "")] == [
        False,
        True,
        True,
        True,
    ]


@given(st.sets(st.sampled_from(list(Method)), min_size=1))
def test_a_session_is_complete_with_any_means_beside_the_password(methods: set[Method]) -> None:
    stored = methods_from(methods_text(methods))
    assert stored == methods
    assert complete(stored, required=False)
    assert complete(stored, required=True) is (stored != {Method.PASSWORD})


def test_a_session_from_before_means_were_kept_had_a_password_only() -> None:
    assert not complete(methods_from(None), required=True)
