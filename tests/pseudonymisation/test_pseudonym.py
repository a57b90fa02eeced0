# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
import hashlib
import hmac as standard_hmac
import inspect
from itertools import combinations
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from pseudonymisation import pseudonym as module
from pseudonymisation.pseudonym import (
    FAMILIES,
    Agreement,
    Evidence,
    NotAPointError,
    Pseudonym,
    SealBrokenError,
    Strength,
    UnknownFamilyError,
    agreement,
    enough,
    enough_for_organisation,
    family_named,
    kind_for_people,
    kinds_for_people,
    length_prefixed,
    open_point,
    seal_point,
    tag,
    weight,
)

K_REG = bytes(range(32))
SEAL_KEY = bytes(range(32, 64))
NONCE = bytes(range(12))
SETS_OF_FAMILIES = st.sets(st.sampled_from(sorted(FAMILIES)))


def point(scalar: int = 7, form: PublicFormat = PublicFormat.CompressedPoint) -> bytes:
    return ec.derive_private_key(scalar, ec.SECP256R1()).public_key().public_bytes(Encoding.X962, form)


def a_pseudonym(family: str = "phone", scalar: int = 7) -> Pseudonym:
    return Pseudonym(family, point(scalar))


BAD_POINTS = {
    "empty": b"",
    "identity": b"\x00",
    "identity_padded_to_33_bytes": bytes(33),
    "uncompressed": point(form=PublicFormat.UncompressedPoint),
    "uncompressed_prefix_cut_to_33_bytes": point(form=PublicFormat.UncompressedPoint)[:33],
    "truncated": point()[:-1],
    "one_byte_more": point() + b"\x00",
    "off_curve": b"\x02" + (1).to_bytes(32, "big"),
    "x_not_reduced": b"\x02" + b"\xff" * 32,
    "unknown_prefix": b"\x05" + point()[1:],
}


@pytest.mark.parametrize("name", BAD_POINTS)
def test_a_pseudonym_is_one_compressed_point_and_nothing_else(name: str) -> None:
    with pytest.raises(NotAPointError):
        Pseudonym("phone", BAD_POINTS[name])


def test_a_pseudonym_never_shows_its_point() -> None:
    shown = f"{a_pseudonym()!r} {a_pseudonym()} {[a_pseudonym()]}"
    assert point().hex() not in shown
    assert repr(point()) not in shown
    assert shown.startswith("Pseudonym(family='phone', point=<masked>)")


def test_an_unknown_family_is_refused_everywhere_and_never_ignored() -> None:
    for refuse in (
        lambda: Pseudonym("nationality", point()),
        lambda: enough({"phone", "nationality"}),
        lambda: enough_for_organisation({"kvk", "nationality"}),
        lambda: agreement({"phone", "nationality"}),
        lambda: kinds_for_people({"nationality"}),
        lambda: kind_for_people("nationality"),
        lambda: family_named("PHONE"),
        lambda: open_point(SEAL_KEY, "oefening", "nationality", bytes(61)),
    ):
        with pytest.raises(UnknownFamilyError):
            refuse()


def test_the_tag_is_hmac_sha256_over_keyset_family_and_point() -> None:
    message = b"\x00\x08oefening" + b"\x00\x05phone" + point()
    expected = standard_hmac.new(K_REG, message, hashlib.sha256).digest()
    assert tag(K_REG, "oefening", a_pseudonym()) == expected


def test_tags_differ_by_key_keyset_family_and_point() -> None:
    tags = {
        tag(K_REG, "signaal", a_pseudonym()),
        tag(K_REG[::-1], "signaal", a_pseudonym()),
        tag(K_REG, "comensha", a_pseudonym()),
        tag(K_REG, "signaal", a_pseudonym("email")),
        tag(K_REG, "signaal", a_pseudonym(scalar=8)),
    }
    assert len(tags) == 5


def test_a_short_tag_key_and_a_nameless_keyset_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        tag(K_REG[:31], "signaal", a_pseudonym())
    with pytest.raises(ValueError, match="named keyset"):
        tag(K_REG, "", a_pseudonym())


def test_length_prefixes_keep_parts_apart() -> None:
    assert length_prefixed(b"ab", b"c") == b"\x00\x02ab\x00\x01c"
    assert length_prefixed(b"ab", b"c") != length_prefixed(b"a", b"bc")
    with pytest.raises(ValueError, match="65535"):
        length_prefixed(bytes(65536))


def test_a_sealed_point_opens_to_the_same_pseudonym() -> None:
    sealed = seal_point(SEAL_KEY, "signaal", a_pseudonym(), NONCE)
    assert len(sealed) == 61
    assert point()[1:] not in sealed
    assert open_point(SEAL_KEY, "signaal", "phone", sealed) == a_pseudonym()


SEALED = seal_point(SEAL_KEY, "signaal", a_pseudonym(), NONCE)
BROKEN_SEALS = {
    "moved_to_another_keyset": (SEAL_KEY, "comensha", "phone", SEALED),
    "moved_to_another_family": (SEAL_KEY, "signaal", "email", SEALED),
    "opened_with_another_key": (K_REG, "signaal", "phone", SEALED),
    "one_bit_of_ciphertext_changed": (
        SEAL_KEY,
        "signaal",
        "phone",
        SEALED[:20] + bytes([SEALED[20] ^ 1]) + SEALED[21:],
    ),
    "nonce_changed": (SEAL_KEY, "signaal", "phone", bytes(12) + SEALED[12:]),
    "truncated": (SEAL_KEY, "signaal", "phone", SEALED[:-1]),
    "empty": (SEAL_KEY, "signaal", "phone", b""),
}


@pytest.mark.parametrize("name", BROKEN_SEALS)
def test_a_broken_seal_does_not_open(name: str) -> None:
    with pytest.raises(SealBrokenError):
        open_point(*BROKEN_SEALS[name])


def test_a_seal_takes_a_key_of_32_and_a_nonce_of_12_bytes_only() -> None:
    for key, nonce in ((SEAL_KEY[:16], NONCE), (SEAL_KEY, NONCE[:8])):
        with pytest.raises(ValueError, match="bytes"):
            seal_point(key, "signaal", a_pseudonym(), nonce)


# ---- condition C3 -----------------------------------------------------------------------------------------

ENOUGH = [
    {"phone"},
    {"document"},
    {"bsn"},
    {"v_nummer"},
    {"email"},
    {"social_handle"},
    {"ad_id_or_url"},
    {"iban"},
    {"name_dob"},
    {"name_dob_near"},
    {"name_dob_part", "plate"},
    {"name_dob", "name_dob_near", "name_dob_part"},
    {"phone", "work_alias"},
]
TOO_LITTLE = [
    set[str](),
    {"name_dob_part"},
    {"plate"},
    {"work_alias"},
    {"bag_address"},
    {"work_alias", "bag_address"},
    {"kvk"},
    {"kvk", "bag_address", "work_alias"},
    {"name_dob_part", "work_alias", "bag_address"},
    {"plate", "work_alias", "bag_address", "kvk"},
]


@pytest.mark.parametrize("families", ENOUGH, ids=lambda families: "+".join(sorted(families)))
def test_c3_is_satisfied_by_one_strong_or_two_mediums(families: set[str]) -> None:
    assert enough(families)


@pytest.mark.parametrize("families", TOO_LITTLE, ids=lambda families: "+".join(sorted(families)) or "nothing")
def test_c3_is_not_satisfied_by_weak_ones_or_one_medium(families: set[str]) -> None:
    assert not enough(families)


def test_a_complete_date_makes_a_name_two_mediums_and_part_of_it_one() -> None:
    assert weight({"name_dob"}) == Evidence(strong=0, medium=2)
    assert weight({"name_dob_part"}) == Evidence(strong=0, medium=1)


def test_families_of_one_attribute_are_weighed_once() -> None:
    assert weight({"name_dob", "name_dob_near", "name_dob_part"}) == weight({"name_dob"})
    assert weight(["plate", "plate"]) == weight(["plate"])


@given(SETS_OF_FAMILIES, SETS_OF_FAMILIES)
def test_more_agreement_never_weighs_less(some: set[str], more: set[str]) -> None:
    assert not enough(some) or enough(some | more)
    order = [Agreement.TOO_LITTLE, Agreement.POSSIBLE, Agreement.KNOWN]
    assert order.index(agreement(some)) <= order.index(agreement(some | more))


@given(SETS_OF_FAMILIES)
def test_weak_and_foreign_families_never_change_the_verdict(families: set[str]) -> None:
    counting = {name for name in families if FAMILIES[name].person in {Strength.STRONG, Strength.MEDIUM}}
    assert enough(families) == enough(counting)
    assert agreement(families) == agreement(counting)


@given(SETS_OF_FAMILIES)
def test_agreement_says_something_exactly_when_c3_holds(families: set[str]) -> None:
    assert (agreement(families) is not Agreement.TOO_LITTLE) == enough(families)


def test_agreement_on_lossy_families_only_is_possible_at_most() -> None:
    lossy = [name for name, family in FAMILIES.items() if family.lossy]
    for count in range(len(lossy) + 1):
        for families in combinations(lossy, count):
            assert agreement(families) is not Agreement.KNOWN
    assert agreement({"name_dob_near"}) is Agreement.POSSIBLE
    assert agreement({"name_dob_part", "plate"}) is Agreement.POSSIBLE
    assert agreement({"name_dob"}) is Agreement.KNOWN
    assert agreement({"name_dob_near", "phone"}) is Agreement.KNOWN


def test_premises_and_companies_are_known_by_number_or_address_and_never_by_a_persons_name() -> None:
    assert enough_for_organisation({"kvk"})
    assert enough_for_organisation({"bag_address"})
    assert not enough_for_organisation({"plate"})
    assert not enough_for_organisation({"name_dob", "document", "bsn", "v_nummer", "work_alias"})
    assert not enough_for_organisation(set())


# ---- the table --------------------------------------------------------------------------------------------


def test_every_family_has_a_constant_count_and_a_dutch_name() -> None:
    for name, family in FAMILIES.items():
        assert name == family.name
        assert family.tokens >= 1
        assert kind_for_people(family.attribute)


def test_the_kinds_that_people_see_are_per_attribute_and_in_table_order() -> None:
    assert kinds_for_people(["name_dob_part", "name_dob", "phone"]) == ("telefoon", "naam en geboortedatum")
    assert kinds_for_people([]) == ()


def test_the_table_in_the_specification_is_the_table_in_the_code() -> None:
    text = (Path(__file__).parents[2] / "docs" / "spec" / "match-keys.md").read_text(encoding="utf-8")
    for family in FAMILIES.values():
        row = (
            f"| `{family.name}` | {family.attribute} | {family.person.value} | {family.organisation.value} | "
            f"{family.mediums} | {family.tokens} | {'yes' if family.lossy else 'no'} | {family.stretch} |"
        )
        assert row in text, row


def test_this_module_imports_no_other_module_of_ours_but_the_language_of_its_words() -> None:
    ours = ("audit", "policies", "process", "pseudonymisation", "register")
    imported = [
        line.split()[1]
        for line in inspect.getsource(module).splitlines()
        if line.startswith(("import ", "from "))
    ]
    assert len(imported) > 5
    assert [name for name in imported if name.partition(".")[0] in ours] == ["process.language"]


@pytest.mark.parametrize("family", ["person_phone", "person_place", "name_pair"])
def test_what_only_weighs_in_the_score_is_told_as_no_kind(family: str) -> None:
    assert kinds_for_people({"phone", family}) == ("telefoon",)
    assert kinds_for_people({"phone", family, "name_dob_word"}) == ("telefoon", "naam en geboortedatum")
