# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A key is believed only under the pin of its organisation: what a register could do to it is refused, and named."""

from datetime import date, timedelta
from typing import Any

import pytest

from audit.note import Signer, sign_note
from process.secret import Secret
from register.recipients import (
    LONGEST,
    Fault,
    KeyFault,
    KeyStatement,
    Pin,
    believed,
    key_id,
    next_pin,
    refusal,
    signed,
    signer_name,
)

TODAY = date(2026, 3, 2)
KEY, OTHER_KEY = bytes(range(32)), bytes(range(50, 82))


def signer(organisation: str = "TMM", seed: int = 1) -> Signer:
    return Signer(signer_name(organisation), Secret(bytes(range(seed, seed + 32))))


def said(signs: Signer | None = None, **changed: Any) -> KeyStatement:
    members: dict[str, Any] = {
        "organisation": "TMM",
        "version": 3,
        "key": KEY,
        "valid_from": TODAY,
        "valid_until": TODAY + timedelta(days=100),
        "signer": (signs or signer()).verifier.vkey,
    }
    return KeyStatement(**(members | changed))


def note(signs: Signer | None = None, **changed: Any) -> str:
    return signed(said(signs, **changed), signs or signer())


PIN = Pin("TMM", signer().verifier.vkey, 3, said().digest)


def fault_of(written: str, pin: Pin | None = PIN, organisation: str = "TMM", today: date = TODAY) -> Fault:
    with pytest.raises(KeyFault) as caught:
        believed(written, pin, organisation, today)
    return caught.value.fault


def test_the_pinned_key_is_believed_and_a_newer_one_moves_the_pin() -> None:
    assert believed(note(), PIN, "TMM", TODAY).key == KEY
    newer = believed(note(version=4, key=OTHER_KEY), PIN, "TMM", TODAY)
    moved = next_pin(PIN, newer)
    assert (moved.version, moved.digest, moved.signer) == (4, newer.digest, PIN.signer)
    assert fault_of(note(), moved) is Fault.ROLLED_BACK


def test_the_register_swaps_the_key_and_signs_it_itself() -> None:
    assert fault_of(note(signer(seed=90), key=OTHER_KEY)) is Fault.OTHER_SIGNER


def test_the_register_alters_a_verklaring() -> None:
    assert fault_of(note().replace("\n3\n", "\n4\n")) is Fault.UNREADABLE
    assert fault_of(sign_note(said().text, [signer(seed=90)])) is Fault.UNREADABLE


def test_another_organisation_signs() -> None:
    other = signer("GM9002", 90)
    assert fault_of(note(other, organisation="GM9002")) is Fault.OTHER_ORGANISATION
    with pytest.raises(KeyFault):
        note(other)
    # Under the right name of the key, and still with another key.
    assert fault_of(sign_note(said(signer(seed=90)).text, [signer(seed=90)])) is Fault.OTHER_SIGNER


def test_an_older_version_is_rolled_back_and_the_same_version_with_another_key_is_a_swap() -> None:
    assert fault_of(note(version=2)) is Fault.ROLLED_BACK
    assert fault_of(note(key=OTHER_KEY)) is Fault.REPLACED


def test_withdrawn_expired_and_not_yet() -> None:
    assert fault_of(note(version=4, key=None)) is Fault.WITHDRAWN
    assert fault_of(note(), today=TODAY + timedelta(days=100)) is Fault.EXPIRED
    assert believed(note(), PIN, "TMM", TODAY + timedelta(days=99)).key == KEY
    assert fault_of(note(), today=TODAY - timedelta(days=1)) is Fault.NOT_YET


def test_nothing_is_believed_without_a_pin_of_that_organisation() -> None:
    assert fault_of(note(), None) is Fault.UNPINNED
    assert fault_of(note(), PIN, "NLA") is Fault.UNPINNED


MALFORMED = {
    "empty": "",
    "no signature": said().text,
    "a line more": sign_note(said().text + "x\n", [signer()]),
    "another format": sign_note(said().text.replace("/v1", "/v2"), [signer()]),
    "version zero": sign_note(said(version=0).text, [signer()]),
    "a version with a plus": sign_note(said().text.replace("\n3\n", "\n+3\n"), [signer()]),
    "too long a term": sign_note(said(valid_until=TODAY + LONGEST + timedelta(days=1)).text, [signer()]),
    "ends before it begins": sign_note(said(valid_until=TODAY).text, [signer()]),
    "a short key": sign_note(said(key=KEY[:31]).text, [signer()]),
    "a day of another calendar": sign_note(said().text.replace(TODAY.isoformat(), "20260302"), [signer()]),
}


@pytest.mark.parametrize("written", list(MALFORMED.values()), ids=list(MALFORMED))
def test_malformed(written: str) -> None:
    with pytest.raises(KeyFault) as caught:
        KeyStatement.read(written)
    assert caught.value.fault is Fault.UNREADABLE


def test_the_one_spelling_is_read_back() -> None:
    assert KeyStatement.read(note()) == said()
    assert KeyStatement.read(note(key=None)).key_id is None
    assert said().key_id == key_id(KEY) != key_id(OTHER_KEY)


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_is_explained_with_a_way_forward(fault: Fault) -> None:
    told = refusal(fault, "TMM")
    assert told.status == 409
    assert "TMM" in told.title
    assert told.detail
    assert told.way_forward
