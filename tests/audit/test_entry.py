# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import os
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.entry import (
    LEAF_SIZE,
    PADDING,
    SLOTS,
    Catalogue,
    EntryError,
    EventType,
    Opening,
    make_entry,
    payload_bytes,
    payload_content,
    seal,
    unseal,
    verify_opening,
)
from process.secret import Secret

KEY = Secret(bytes(range(32)))
CATALOGUE = Catalogue(
    [
        EventType(
            "bevraging",
            {"vrager": frozenset({"doel", "controlenummer"}), "beantwoorder": frozenset({"doel"})},
        ),
        EventType("ingetrokken", {"eigenaar": frozenset()}),
    ]
)


def seeded(seed: int) -> Callable[[int], bytes]:
    return Random(seed).randbytes


def payloads(parties: int) -> dict[str, bytes]:
    return {
        f"GM{n:04}": payload_bytes(f"GM{n:04}", {"doel": "signalering", "nummer": n}) for n in range(parties)
    }


@given(st.integers(1, 40), st.integers())
def test_the_leaf_has_one_length_and_every_party_can_open_its_part(parties: int, seed: int) -> None:
    entry = make_entry(payloads(parties), randomness=seeded(seed))
    assert len(entry.leaf) == LEAF_SIZE
    assert set(entry.openings) == set(payloads(parties))
    for organisation, opening in entry.openings.items():
        verify_opening(entry.leaf, opening)
        assert payload_content(organisation, opening.payload)["doel"] == "signalering"


def test_an_opening_does_not_show_how_many_parties_there_are() -> None:
    for parties in (1, 2, SLOTS):
        entry = make_entry(payloads(parties), randomness=os.urandom)
        sealed = {
            len(seal(opening, name, entry.leaf, KEY, randomness=os.urandom))
            for name, opening in entry.openings.items()
        }
        assert {len(opening.path) for opening in entry.openings.values()} == {6}
        assert sealed == {12 + PADDING + 16}


def test_the_place_of_a_party_says_nothing_of_its_name() -> None:
    places = {make_entry(payloads(2), randomness=seeded(n)).openings["GM0000"].slot for n in range(1000)}
    assert places == set(range(SLOTS))


def test_parties_never_share_a_place() -> None:
    entry = make_entry(payloads(SLOTS), randomness=seeded(1))
    assert {opening.slot for opening in entry.openings.values()} == set(range(SLOTS))


def test_more_parties_than_places_still_fit_in_one_leaf() -> None:
    entry = make_entry(payloads(SLOTS + 1), randomness=seeded(1))
    assert len(entry.leaf) == LEAF_SIZE
    for opening in entry.openings.values():
        verify_opening(entry.leaf, opening)


def test_the_same_payload_never_makes_the_same_leaf() -> None:
    one, other = (make_entry(payloads(1), randomness=os.urandom) for _ in range(2))
    assert one.leaf != other.leaf


def test_an_opening_verifies_with_sha_256_alone() -> None:
    entry = make_entry(payloads(3), randomness=seeded(7))
    opening = entry.openings["GM0002"]
    commitment = sha256(b"signaalregister/audit/verbintenis/v1\n" + opening.nonce + opening.payload).digest()
    reached, place = sha256(b"\x00" + commitment).digest(), opening.slot
    for sibling in opening.path:
        both = sibling + reached if place % 2 else reached + sibling
        reached, place = sha256(b"\x01" + both).digest(), place // 2
    assert entry.leaf == b"\x01" + reached


def test_an_entry_that_concerns_nobody_is_refused() -> None:
    with pytest.raises(EntryError, match="ten minste"):
        make_entry({}, randomness=os.urandom)


@given(st.sampled_from(["payload", "nonce", "slot", "path", "leaf"]), st.integers(0, 5))
def test_an_opening_that_was_changed_does_not_verify(part: str, where: int) -> None:
    entry = make_entry(payloads(2), randomness=seeded(3))
    opening, leaf = entry.openings["GM0001"], entry.leaf
    if part == "payload":
        opening = replace(opening, payload=opening.payload.replace(b"signalering", b"opsporing"))
    elif part == "nonce":
        opening = replace(opening, nonce=opening.nonce[::-1])
    elif part == "slot":
        opening = replace(opening, slot=opening.slot ^ (1 << where))
    elif part == "path":
        path = [*opening.path[:where], bytes(32), *opening.path[where + 1 :]]
        opening = replace(opening, path=tuple(path))
    else:
        leaf = leaf[: where + 1] + bytes([leaf[where + 1] ^ 1]) + leaf[where + 2 :]
    with pytest.raises(EntryError):
        verify_opening(leaf, opening)


@pytest.mark.parametrize(
    "leaf", [b"", bytes(33), b"\x02" + bytes(32), b"\x01" + bytes(31), b"\x01" + bytes(33)]
)
def test_a_leaf_of_unknown_form_is_not_verified(leaf: bytes) -> None:
    opening = make_entry(payloads(1), randomness=seeded(3)).openings["GM0000"]
    with pytest.raises(EntryError, match="vorm van blad"):
        verify_opening(leaf, opening)


@given(st.integers(0, 4000), st.integers())
def test_what_is_sealed_opens_with_its_key(length: int, seed: int) -> None:
    payload = payload_bytes("GM0344", {"toelichting": "x" * length})
    entry = make_entry({"GM0344": payload}, randomness=seeded(seed))
    sealed = seal(entry.openings["GM0344"], "GM0344", entry.leaf, KEY, randomness=seeded(seed))
    assert (len(sealed) - 28) % PADDING == 0
    assert unseal(sealed, "GM0344", entry.leaf, KEY) == entry.openings["GM0344"]


SEALED_ENTRY = make_entry(payloads(2), randomness=seeded(5))
SEALED = seal(SEALED_ENTRY.openings["GM0000"], "GM0000", SEALED_ENTRY.leaf, KEY, randomness=seeded(6))


@pytest.mark.parametrize(
    ("sealed", "organisation", "leaf", "key"),
    [
        pytest.param(SEALED, "GM0000", SEALED_ENTRY.leaf, Secret(bytes(32)), id="another_key"),
        pytest.param(SEALED, "GM0001", SEALED_ENTRY.leaf, KEY, id="another_organisation"),
        pytest.param(SEALED, "GM0000", b"\x01" + bytes(32), KEY, id="another_leaf"),
        pytest.param(SEALED[:-1], "GM0000", SEALED_ENTRY.leaf, KEY, id="cut_short"),
        pytest.param(b"", "GM0000", SEALED_ENTRY.leaf, KEY, id="empty"),
        pytest.param(SEALED[:20] + b"x" + SEALED[21:], "GM0000", SEALED_ENTRY.leaf, KEY, id="changed"),
        pytest.param(SEALED, "GM0000", SEALED_ENTRY.leaf, Secret(b"short"), id="key_of_another_length"),
    ],
)
def test_what_is_sealed_opens_for_its_organisation_entry_and_key_only(
    sealed: bytes, organisation: str, leaf: bytes, key: Secret
) -> None:
    with pytest.raises(EntryError, match="gaat met deze sleutel niet open"):
        unseal(sealed, organisation, leaf, key)


def test_a_sealed_payload_for_another_organisation_is_refused_though_it_opens() -> None:
    sealed = seal(SEALED_ENTRY.openings["GM0001"], "GM0000", SEALED_ENTRY.leaf, KEY, randomness=seeded(6))
    with pytest.raises(EntryError, match="andere organisatie"):
        unseal(sealed, "GM0000", SEALED_ENTRY.leaf, KEY)


def test_a_sealed_opening_of_another_entry_is_refused_though_it_opens() -> None:
    other = make_entry(payloads(1), randomness=seeded(8)).openings["GM0000"]
    sealed = seal(other, "GM0000", SEALED_ENTRY.leaf, KEY, randomness=seeded(6))
    with pytest.raises(EntryError, match="hoort niet bij dit blad"):
        unseal(sealed, "GM0000", SEALED_ENTRY.leaf, KEY)


@pytest.mark.parametrize(
    "opening",
    [
        Opening(0, (bytes(32),) * 17, bytes(32), b"{}"),
        Opening(0, (), bytes(32), b"x" * 10_000),
    ],
    ids=["too_deep", "no_tree"],
)
def test_a_sealed_opening_of_another_form_is_refused(opening: Opening) -> None:
    sealed = seal(opening, "GM0000", SEALED_ENTRY.leaf, KEY, randomness=seeded(6))
    with pytest.raises(EntryError):
        unseal(sealed, "GM0000", SEALED_ENTRY.leaf, KEY)


def test_a_declared_event_becomes_a_payload() -> None:
    assert CATALOGUE.payload("bevraging", "vrager", {"doel": "signalering", "controlenummer": "C-1"}) == {
        "gebeurtenis": "bevraging",
        "ontvanger": "vrager",
        "velden": {"doel": "signalering", "controlenummer": "C-1"},
    }


@pytest.mark.parametrize(
    ("event", "audience", "fields", "match"),
    [
        ("onbekend", "vrager", {}, "catalogus"),
        ("bevraging", "toezichthouder", {}, "geen ontvanger"),
        ("bevraging", "vrager", {"telefoon": "x"}, "veld telefoon"),
        ("bevraging", "beantwoorder", {"controlenummer": "C-1"}, "veld controlenummer"),
        ("ingetrokken", "eigenaar", {"doel": "x"}, "veld doel"),
    ],
)
def test_what_the_catalogue_does_not_declare_cannot_be_logged(
    event: str, audience: str, fields: dict[str, str], match: str
) -> None:
    with pytest.raises(EntryError, match=match):
        CATALOGUE.payload(event, audience, fields)


def test_a_refused_field_is_named_without_its_value() -> None:
    with pytest.raises(EntryError) as caught:
        CATALOGUE.payload("bevraging", "vrager", {"telefoon": "0612345678"})
    assert "0612345678" not in str(caught.value)


def test_a_catalogue_with_two_meanings_for_one_name_is_refused() -> None:
    with pytest.raises(ValueError, match="of its own"):
        Catalogue([EventType("a", {"x": frozenset()}), EventType("a", {"y": frozenset()})])


def test_an_event_that_nobody_may_read_is_refused() -> None:
    with pytest.raises(ValueError, match="audience"):
        Catalogue([EventType("a", {})])


@pytest.mark.parametrize(
    "payload",
    [b"", b"[]", b'{"organisatie":"GM0000"}', b'{"inhoud":[],"organisatie":"GM0000"}', b'{ "inhoud":{} }'],
)
def test_a_malformed_payload_is_refused(payload: bytes) -> None:
    with pytest.raises(EntryError):
        payload_content("GM0000", payload)
