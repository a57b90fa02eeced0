# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Rules that parse and should not have been written so are found, each by its name."""

from dataclasses import replace

import pytest

from policies.desk.load import PROFILES, load_profile, load_texts
from policies.grounds import GroundRegister
from policies.lint import Finding, findings, repeated_ids
from policies.ruleset import PolicySet
from tests.policies.changed import texts

HIT = "toezichthouder.signalering.treffer"
MORE = """
@id("toezichthouder.signalering.dubbel")
@grondslag("G-GEM")
@doel("signalering")
@toelichting("Vraagt meer dan de regel van de treffer en laat hetzelfde zien.")
permit (principal in Rol::"toezichthouder", action == Action::"hit", resource)
// doel
when { context.doel == "signalering" }
// G-GEM
when { resource.gronden.contains("G-GEM") }
// C1
when { context.nummer && context.reden && context.grond_gekozen }
// C2
when { principal.deelnemer && principal.mandaat_geldig }
// C3
when { resource.sterk >= 1 || resource.middel >= 2 }
// C8
when { resource.beoordeeld };
"""
NEVER = """
@id("toezichthouder.signalering.nooit")
@grondslag("G-GEM")
@doel("signalering")
@toelichting("Vraagt een voorwaarde en haar tegendeel.")
permit (principal in Rol::"toezichthouder", action == Action::"muni_name", resource)
// doel
when { context.doel == "signalering" }
// G-GEM
when { resource.gronden.contains("G-GEM") }
// C8
when { resource.beoordeeld }
// onbeoordeeld
when { !resource.beoordeeld };
"""
OPPOSITE = """  onbeoordeeld:
    code: ''
    over: signaal
    cedar: '!resource.beoordeeld'
    eis: nog geen beoordeling
    zin: Er is al een beoordeling.
    weg: Geen.
"""
IDLE = """
@id("altijd.niets")
@grondslag("geen")
@doel("registratie_comensha")
@toelichting("Houdt bij CoMensha niets tegen, want daar is zonder beoordeling al niets te zien.")
forbid (principal, action == Action::"narrative_enc", resource)
// doel
when { context.doel == "registratie_comensha" }
// C8
unless { resource.beoordeeld };
"""
ANYWHERE = """
@id("toezichthouder.overal")
@grondslag("geen")
@doel("beheer")
@toelichting("Laat een veld zien zonder doel en zonder grondslag.")
permit (principal in Rol::"toezichthouder", action == Action::"muni_name", resource);
"""


def read(extra: str = "", conditions: str = "") -> tuple[PolicySet, GroundRegister]:
    """The rules of one role with something added, and records without grounds."""
    found = texts(roles=("toezichthouder",))
    if extra:
        found["extra.cedar"] = extra
    found["voorwaarden.yaml"] += conditions
    rules, register = load_texts(found)
    return rules, replace(register, grounds={})


@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_is_wrong_with_a_packaged_profile(profile: str) -> None:
    assert findings(*load_profile(profile)) == ()


@pytest.mark.parametrize(
    ("extra", "conditions", "rule", "told"),
    [
        (MORE, "", "toezichthouder.signalering.dubbel", f"{HIT} laat hetzelfde al toe"),
        (NEVER, OPPOSITE, "toezichthouder.signalering.nooit", "beslist nooit"),
        (IDLE, "", "altijd.niets", "houdt niets tegen"),
        (ANYWHERE, "", "toezichthouder.overal", "noemt het doel en een grondslag"),
    ],
    ids=["shadowed", "contradictory", "idle-forbid", "field-without-purpose"],
)
def test_a_rule_that_should_not_have_been_written_is_named(
    extra: str, conditions: str, rule: str, told: str
) -> None:
    (found,) = findings(*read(extra, conditions))
    assert found.rule == rule
    assert told in found.sentence


def test_of_two_equal_rules_one_is_too_many() -> None:
    twin = MORE.replace("\n// C8\nwhen { resource.beoordeeld }", "").replace(
        'action == Action::"hit"', 'action in [Action::"hit", Action::"attr_types_matched"]'
    )
    (found,) = findings(*read(twin))
    assert found.rule in {HIT, "toezichthouder.signalering.dubbel"}


def test_a_ground_that_no_rule_uses_is_told() -> None:
    rules, register = load_texts(texts(roles=("toezichthouder",)))
    told = [one.sentence for one in findings(rules, register) if not one.rule]
    assert any("G-FG" in one for one in told)
    assert not any("G-GEM" in one for one in told)


def test_a_name_above_two_rules_is_found_in_the_texts_though_they_do_not_parse() -> None:
    found = repeated_ids({"een.cedar": MORE, "twee.cedar": MORE + NEVER})
    assert found == (
        Finding(
            "toezichthouder.signalering.dubbel",
            "Deze naam staat boven 2 regels; elke regel heeft een eigen @id.",
        ),
    )
