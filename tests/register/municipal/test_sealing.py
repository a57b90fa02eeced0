# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Sealed records open where they stand, with the seal or with the recovery key, and nowhere else."""

import random
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given
from hypothesis import strategies as st

from process.secret import Secret
from register.municipal import casebook
from register.municipal.casebook import Kept
from register.municipal.observations import read_back, written
from register.municipal.sealing import (
    BrokenSealError,
    Place,
    RecoveryKeyError,
    RecoverySecret,
    Seal,
    Sealed,
    expanding,
    identity_of,
    is_private,
    keyed_digest,
    named_seed,
    recovery_key,
    recovery_secret,
    seed_for,
)
from register.wire import Juridisch
from tests.register.municipal.office import RECOVERY, draft

SECRET = Secret(bytes(range(32)))
SIGNAL = UUID(int=5)
HERE = casebook.place("GM9004", casebook.TABLE, SIGNAL, 1)


def seal(secret: Secret = SECRET, number: int = 1) -> Seal:
    return Seal(secret, random.Random(number).randbytes, RECOVERY.public)


ELSEWHERE: dict[str, Place] = {
    "another organisation": replace(HERE, tenant="GM9003"),
    "another table": replace(HERE, table="outbox"),
    "another signal": replace(HERE, record=f"{UUID(int=6)}:1"),
    "another version": replace(HERE, record=f"{SIGNAL}:2"),
    "a place that reads the same when joined": Place("GM9004c", "asebook", HERE.record),
}


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_in_its_place(plain: bytes) -> None:
    assert seal().open(seal().close(plain, HERE), HERE) == plain


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_record_that_was_moved_does_not_open(name: str) -> None:
    sealed = seal().close(b"telefoon", HERE)
    with pytest.raises(BrokenSealError):
        seal().open(sealed, ELSEWHERE[name])
    with pytest.raises(BrokenSealError):
        RECOVERY.record_key(sealed, ELSEWHERE[name])


def other_content(sealed: Sealed) -> Sealed:
    return replace(sealed, content=seal(number=2).close(b"iets anders", HERE).content)


ALTERED: dict[str, Callable[[Sealed], Sealed]] = {
    "content": lambda one: replace(one, content=one.content[:-1] + bytes([one.content[-1] ^ 1])),
    "content of another record": other_content,
    "no content": lambda one: replace(one, content=b""),
    "wrapped key": lambda one: replace(one, wrapped=bytes(60)),
    "empty wrapped key": lambda one: replace(one, wrapped=b""),
    "the recovery wrap in its place": lambda one: replace(one, wrapped=one.recovery),
}


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_record_does_not_open(name: str) -> None:
    sealed = ALTERED[name](seal().close(b"telefoon", HERE))
    with pytest.raises(BrokenSealError):
        seal().open(sealed, HERE)


def test_another_seal_does_not_open_it_and_has_another_name() -> None:
    other = seal(Secret(bytes(range(1, 33))))
    with pytest.raises(BrokenSealError):
        other.open(seal().close(b"telefoon", HERE), HERE)
    assert other.name != seal().name
    assert seal().name not in SECRET.reveal()


def test_the_recovery_key_brings_a_record_under_a_new_seal_and_the_content_is_not_touched() -> None:
    sealed = seal().close(b"telefoon", HERE)
    new = seal(Secret(bytes(range(7, 39))))
    moved = new.wrapped(sealed.content, RECOVERY.record_key(sealed, HERE), HERE)
    assert new.open(moved, HERE) == b"telefoon"
    assert moved.content == sealed.content
    assert moved.seal_key == new.name
    assert RECOVERY.record_key(moved, HERE) == RECOVERY.record_key(sealed, HERE)


def test_another_recovery_key_opens_nothing() -> None:
    other = RecoverySecret(X25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
    sealed = seal().close(b"telefoon", HERE)
    with pytest.raises(BrokenSealError):
        other.record_key(sealed, HERE)
    with pytest.raises(BrokenSealError):
        RECOVERY.record_key(replace(sealed, recovery=None), HERE)
    assert sealed.recovery_key == RECOVERY.public.name != other.public.name


def as_revision_0001(plain: bytes, bound: str) -> Sealed:
    """As the software of revision 0001 sealed: straight under the derived key, bound to the signal."""
    key = HKDF(SHA256(), 32, salt=None, info=b"signaalregister/node/dossier/v1").derive(SECRET.reveal())
    nonce = bytes(range(12))
    return Sealed(nonce + AESGCM(key).encrypt(nonce, plain, bound.encode()))


def test_a_record_of_revision_0001_opens_and_gets_a_key_of_its_own() -> None:
    before = as_revision_0001(b"codes", f"{SIGNAL}:1")
    assert seal().open(before, HERE) == b"codes"
    renewed = seal().renewed(before, HERE)
    assert seal().open(renewed, HERE) == b"codes"
    assert renewed.seal_key == seal().name
    assert RECOVERY.record_key(renewed, HERE)


def test_a_record_of_revision_0001_opens_for_its_own_signal_in_the_casebook_only() -> None:
    before = as_revision_0001(b"codes", f"{SIGNAL}:1")
    for place in (ELSEWHERE["another signal"], casebook.place("GM9004", "outbox", SIGNAL, 1)):
        moved = replace(place, before_tenants=place.record if place.table == casebook.TABLE else None)
        with pytest.raises(BrokenSealError):
            seal().open(before, moved)


def test_sealed_records_secrets_and_places_show_nothing() -> None:
    sealed = seal().close(b"06 12345678", HERE)
    assert b"12345678" not in sealed.content
    shown = f"{sealed!r} {seal()!r} {RECOVERY!r} {Kept.of(draft(), Secret(b'n' * 32), Secret(b's' * 32))!r}"
    for hidden in ("12345678", "AB123456", "n" * 32, str(sealed.content)):
        assert hidden not in shown


def test_a_whole_observation_is_sealed_and_read_back() -> None:
    typed = draft(("name_dob", "Núñez, María;1998-00-24"), ("plate", "AB-12-CD"), border=True)
    kept = Kept.of(typed, Secret(b"n" * 32), Secret(b"s" * 32))
    opened = casebook.opened(casebook.sealed(kept, seal(), HERE), seal(), HERE)
    assert opened.draft is not None
    assert written(opened.draft) == written(typed)
    assert opened.observation == typed.observation
    assert (opened.nonce, opened.seed, opened.legal) == (kept.nonce, kept.seed, None)
    sent = replace(kept, legal=Juridisch(grondslag="OEF-G-GEM"))
    assert casebook.opened(casebook.sealed(sent, seal(), HERE), seal(), HERE).legal == sent.legal


def test_reading_back_what_was_written_writes_the_same() -> None:
    typed = draft(("social_handle", "instagram:iemand"), control="C-2345-6789")
    members = written(typed)
    assert members is not None
    assert written(read_back(members)) == members


def test_an_unreadable_attribute_is_not_written_down() -> None:
    assert written(draft(("geen-soort", "iets"))) is None


# ---- recovery keys in files --------------------------------------------------------------------------------------------


def private_pem(kind: KeySerializationEncryption | None = None) -> bytes:
    return RECOVERY.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, kind or NoEncryption())


def public_pem() -> bytes:
    return RECOVERY.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_the_two_halves_of_a_recovery_key_are_read_and_told_apart() -> None:
    assert recovery_key(public_pem()).name == recovery_secret(private_pem()).public.name
    assert is_private(private_pem())
    assert is_private(private_pem(BestAvailableEncryption(b"wachtwoord")))
    assert not is_private(public_pem())


EC_PRIVATE = generate_private_key(SECP256R1())
NOT_PUBLIC = {
    "the private half": private_pem(),
    "another kind of key": EC_PRIVATE.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    ),
    "no key": b"geen sleutel",
    "nothing": b"",
}
NOT_PRIVATE = {
    "the public half": (public_pem(), "geen geheime X25519-sleutel"),
    "another kind of key": (
        EC_PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "geen geheime X25519-sleutel",
    ),
    "a password on it": (private_pem(BestAvailableEncryption(b"wachtwoord")), "staat een wachtwoord"),
    "nothing": (b"", "geen geheime X25519-sleutel"),
}


@pytest.mark.parametrize("name", NOT_PUBLIC)
def test_what_is_no_public_recovery_key_is_refused(name: str) -> None:
    with pytest.raises(RecoveryKeyError, match="geen openbare X25519-sleutel"):
        recovery_key(NOT_PUBLIC[name])


@pytest.mark.parametrize("name", NOT_PRIVATE)
def test_what_is_no_private_recovery_key_is_refused(name: str) -> None:
    pem, reason = NOT_PRIVATE[name]
    with pytest.raises(RecoveryKeyError, match=reason):
        recovery_secret(pem)


# ---- seeds ---------------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_bytes_and_another_others() -> None:
    one, again, other = (expanding(Secret(seed * 32)) for seed in (b"a", b"a", b"b"))
    assert [one(5), one(48)] == [again(5), again(48)]
    assert other(5) != expanding(Secret(b"a" * 32))(5)
    assert expanding(Secret(b"a" * 32))(48) != expanding(Secret(b"a" * 32))(96)[48:]


def test_a_named_seed_depends_on_every_name_and_its_place() -> None:
    seeds = {
        named_seed(SECRET, *names).reveal() for names in (("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""), ())
    }
    assert len(seeds) == 5


def test_the_first_identity_numbers_signals_as_revision_0001_did() -> None:
    known = "afe6735718745630eaa709470f5d7a84"
    assert seed_for(identity_of(SECRET), "signaal", "toezichthouder-1", "sleutel-1") == named_seed(
        SECRET, "signaal", "toezichthouder-1", "sleutel-1"
    )
    assert named_seed(SECRET, "signaal", "toezichthouder-1", "sleutel-1").reveal()[:16].hex() == known


def test_a_keyed_digest_tells_contents_apart_and_needs_the_secret() -> None:
    one, other = identity_of(SECRET), identity_of(Secret(bytes(range(1, 33))))
    assert keyed_digest(one, b"a") == keyed_digest(one, b"a")
    assert len({keyed_digest(one, b"a"), keyed_digest(one, b"b"), keyed_digest(other, b"a")}) == 3
