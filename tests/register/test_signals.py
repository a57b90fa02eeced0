# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The value lists and what leaves the node."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.signals import (
    CONTROL_TYPES,
    EXPLOITATION_FORMS,
    INDICATOR_GROUPS,
    INDICATORS,
    OBSERVATION_BASES,
    REFUSED_INDICATORS,
    ROLES,
    Observation,
    carries,
    commitment,
    is_sexual,
    needs,
    problems,
    register_problems,
    sealed_problems,
    withhold,
)

NONCE = bytes(range(32))

LABOUR = Observation(
    "arbeid",
    "huisvesting_arbeidsmigranten",
    "woningcontrole",
    ("slapen_in_bedrijfspand",),
    (("s1", "onbekend"),),
)
SEXUAL = Observation(
    "seksueel_onbekend",
    "apv_seksinrichting_151a",
    "advertentiecontrole_webcrawler",
    ("derde_beheert_advertentie", "gehaald_en_gebracht"),
    (("s1", "mogelijk_slachtoffer"), ("s2", "mogelijk_facilitator")),
)

observations = st.builds(
    Observation,
    form=st.sampled_from(sorted(EXPLOITATION_FORMS)),
    basis=st.sampled_from(sorted(OBSERVATION_BASES)),
    control_type=st.sampled_from(sorted(CONTROL_TYPES)),
    indicators=st.lists(st.sampled_from(sorted(INDICATORS)), unique=True).map(tuple),
    roles=st.lists(st.sampled_from(sorted(ROLES)), min_size=1, max_size=3).map(
        lambda roles: tuple((f"s{place}", role) for place, role in enumerate(roles, 1))
    ),
)


@pytest.mark.parametrize(
    ("form", "basis", "control_type"),
    [
        ("seksueel_binnenlands", "anders", "overig"),
        ("onbekend", "apv_seksinrichting_151a", "overig"),
        ("onbekend", "anders", "prostitutiecontrole_vergund"),
        ("onbekend", "anders", "prostitutiecontrole_onvergund"),
        ("onbekend", "anders", "thuiswerk_hotel"),
        ("onbekend", "anders", "advertentiecontrole_webcrawler"),
        ("onbekend", "anders", "intakegesprek"),
    ],
)
def test_form_basis_or_control_type_makes_a_signal_sexual(form: str, basis: str, control_type: str) -> None:
    assert is_sexual(form, basis, control_type)


@pytest.mark.parametrize("control_type", ["online", "overig", "horeca", "woningcontrole"])
def test_other_controls_do_not(control_type: str) -> None:
    assert not is_sexual("arbeid", "alcoholwet_horeca", control_type)


@pytest.mark.parametrize(
    ("role", "criminal"),
    [
        ("mogelijk_facilitator", True),
        ("beide_mogelijk", True),
        ("mogelijk_slachtoffer", False),
        ("betrokkene_derde", False),
        ("onbekend", False),
    ],
)
def test_a_role_that_may_facilitate_needs_the_criminal_ground(role: str, criminal: bool) -> None:  # noqa: FBT001 - a case
    assert needs("arbeid", "anders", "overig", ["onbekend", role]) == (False, criminal)


@given(observations)
def test_nothing_sexual_leaves_and_nothing_else_is_held_back(seen: Observation) -> None:
    shown, sealed = withhold(seen)
    assert not is_sexual(shown.form, shown.basis, shown.control_type)
    if sealed is None:
        assert shown == seen
    else:
        assert sealed == seen
        assert (shown.form, shown.basis, shown.indicators) == ("overig", "anders", ())
        assert shown.control_type in {"overig", "online"}
        assert {role for _ref, role in shown.roles} == {"onbekend"}
    assert [ref for ref, _role in shown.roles] == [ref for ref, _role in seen.roles]


@given(observations, observations)
def test_two_sealed_signals_of_one_medium_look_alike(one: Observation, other: Observation) -> None:
    shown, sealed = withhold(one)
    also_shown, also_sealed = withhold(other)
    if (
        sealed
        and also_sealed
        and shown.control_type == also_shown.control_type
        and len(one.roles) == len(other.roles)
    ):
        assert shown == also_shown


@given(observations)
def test_what_the_node_lets_through_the_register_takes(seen: Observation) -> None:
    if problems(seen):
        return
    shown, sealed = withhold(seen)
    carrying = None if sealed is None else carries(sealed.indicators)
    assert not register_problems(shown, sealed_carries=carrying)
    if sealed is not None:
        assert not sealed_problems(sealed)


def test_the_register_refuses_a_sexual_signal_that_is_open() -> None:
    assert "verzegeld" in [error.field for error in register_problems(SEXUAL, sealed_carries=None)]


def test_the_register_refuses_a_sealed_signal_that_shows_anything() -> None:
    shown, _sealed = withhold(SEXUAL)
    for change in ({"form": "arbeid"}, {"indicators": ("overbewoning",)}, {"basis": "horeca"}):
        told = Observation(**{**vars(shown), **change})
        assert [error.field for error in register_problems(told, sealed_carries=True)] == ["verzegeld"]


def test_the_register_refuses_a_sealed_signal_that_nothing_carries() -> None:
    shown, _sealed = withhold(SEXUAL)
    assert [error.field for error in register_problems(shown, sealed_carries=False)] == ["aanwijzingen"]


def test_what_needed_no_seal_cannot_be_opened_as_sealed() -> None:
    assert [error.field for error in sealed_problems(LABOUR)] == ["ontzegeld"]


def test_the_commitment_is_sha256_over_label_nonce_and_canonical_json() -> None:
    fields = (
        b'{"aanwijzingen":["derde_beheert_advertentie","gehaald_en_gebracht"],'
        b'"controlesoort":"advertentiecontrole_webcrawler",'
        b'"subjecten":[{"ref":"s1","rol":"mogelijk_slachtoffer"},{"ref":"s2","rol":"mogelijk_facilitator"}],'
        b'"uitbuitingsvorm":"seksueel_onbekend","waarnemingGrondslag":"apv_seksinrichting_151a"}'
    )
    expected = hashlib.sha256(b"signaalregister/verzegeld/v1\x00" + NONCE + fields).digest()
    assert commitment(NONCE, SEXUAL) == expected


def test_the_commitment_does_not_depend_on_the_order_of_a_list() -> None:
    turned = Observation(
        SEXUAL.form, SEXUAL.basis, SEXUAL.control_type, SEXUAL.indicators[::-1], SEXUAL.roles[::-1]
    )
    assert commitment(NONCE, turned) == commitment(NONCE, SEXUAL)


@given(observations, observations)
def test_a_commitment_binds(one: Observation, other: Observation) -> None:
    same = (one.form, one.basis, one.control_type, set(one.indicators), set(one.roles)) == (
        other.form,
        other.basis,
        other.control_type,
        set(other.indicators),
        set(other.roles),
    )
    assert (commitment(NONCE, one) == commitment(NONCE, other)) is same


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_a_short_nonce_would_not_hide_and_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        commitment(bytes(size), SEXUAL)


@given(observations)
def test_only_a_carrying_indicator_carries(seen: Observation) -> None:
    assert carries(seen.indicators) is any(INDICATORS[code].draagt for code in seen.indicators)


@pytest.mark.parametrize("code", sorted(REFUSED_INDICATORS))
def test_a_refused_indicator_is_refused_with_its_reason(code: str) -> None:
    seen = Observation(
        LABOUR.form, LABOUR.basis, LABOUR.control_type, (code, *LABOUR.indicators), LABOUR.roles
    )
    assert [error.field for error in problems(seen)] == ["aanwijzingen"]
    assert REFUSED_INDICATORS[code] in problems(seen)[0].reason


def test_an_unknown_code_is_refused_and_not_repeated() -> None:
    seen = Observation("Jansen", "Jansen", "Jansen", ("Jansen",), (("s1", "Jansen"),))
    found = problems(seen)
    assert {error.field for error in found} == {
        "uitbuitingsvorm",
        "waarnemingGrondslag",
        "controlesoort",
        "aanwijzingen",
        "subjecten.0.rol",
    }
    assert not [error for error in found if "Jansen" in error.reason]


def test_every_indicator_has_words_and_a_group() -> None:
    assert len(INDICATORS) == 38
    for one in INDICATORS.values():
        assert one.group in INDICATOR_GROUPS
        assert one.label
        assert one.help.endswith(".")
    assert not INDICATORS.keys() & REFUSED_INDICATORS.keys()


def test_every_group_has_an_indicator_that_carries() -> None:
    assert {one.group for one in INDICATORS.values() if one.draagt} == set(INDICATOR_GROUPS)
