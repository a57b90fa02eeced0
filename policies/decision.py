# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The question that policy decides, and its answer.

The law of this file:

1. Only frozen data; what a rule means is in the Cedar text, what a ground is in `grounds`.
2. **Every default denies.** A fact that nobody stated reads as the most restrictive one: a signal is without police
   contact, needs the special and the criminal ground, has no handling code and no known age until its owner says
   otherwise. So forgetting a fact can hide something, never show it.
3. A reason says whom it is about. A reason about the **asker** may be shown; a reason about a **signal** may never be:
   to the asker that denial equals not-found (policy-codes.md, "Refusals about the asker are explicit").

Sources: policy-matrix.csv (roles, purposes, fields), policy-actions.csv (actions), policy-codes.md (conditions),
signal-model.yaml (facts). Left to others: where the facts come from (register), and showing them (explain).
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

ROLES: Final = (
    "toezichthouder",
    "aandachtsfunctionaris",
    "ketenregisseur",
    "zorgcoordinator",
    "tmm_analist",
    "tmm_coordinator",
    "nla",
    "kmar",
    "comensha_registrar",
    "fg",
    "register_beheerder",
    "auditor_ap",
    "nrm_onderzoeker",
    "ambassadeur",
    "contactpunt",
    "functioneel_beheerder",
)
PURPOSES: Final = (
    "signalering",
    "hulpverlening",
    "opsporing_handoff",
    "registratie_comensha",
    "inzage",
    "toezicht_avg",
    "statistiek",
)
FIELDS: Final = (
    "hit",
    "count_other_muni",
    "muni_name",
    "period_bucket",
    "exploitation_form",
    "indicators",
    "role_in_signal",
    "contact_officer",
    "narrative_enc",
    "minor_flag",
    "link_graph",
    "raw_pseudonyms",
    "attr_types_matched",
    "evaluation_code",
    "feedback_status",
)
ACTIONS: Final = (
    "signaal_indienen",
    "bevragen",
    "bewaren_na_bevraging",
    "attendering_zetten",
    "signaal_verrijken_corrigeren_intrekken",
    "treffer_oppakken",
    "contact_vrijgeven",
    "verhaal_vrijgeven",
    "niet_dezelfde_vastleggen",
    "fase_2_openen",
    "overdracht_starten",
    "overdracht_aannemen_en_terugkoppelen",
    "netwerk_koppelen",
    "comensha_melder_vastleggen",
    "noodopening",
    "rechtenverzoek_behandelen",
    "logboek_beoordelen",
    "bevriezing_verzoeken",
    "advies_op_grondslag_of_beleid",
    "grondslag_vaststellen",
    "beleid_activeren",
    "accounts_beheren",
    "sleutels_houders_getuigen_beheren",
    "statistiek_opvragen",
)
OWN_SUBMISSIONS: Final = frozenset({"signaal_indienen", "bewaren_na_bevraging"})
"""Actions on a signal that is not stored yet: every reason is about the asker's own input and may be shown."""

_HANDLING: Final = {
    "H1": "H1",
    "H1_no_restriction_within_convenant": "H1",
    "H2": "H2",
    "H2_ask_contributor": "H2",
    "H3": "H3",
    "H3_care_only": "H3",
}

About = Literal["asker", "signal"]


@dataclass(frozen=True)
class Mandate:
    """A role that an organisation gave to one officer, from and until (both days included).

    `trained_on` and `screened_on`: when the officer was trained and screened for it; None (nobody recorded it) never counts.
    """

    role: str
    organisation: str
    officer: str
    valid_from: date
    valid_to: date
    trained_on: date | None = None
    screened_on: date | None = None

    def covers(self, organisation: str, officer: str, role: str, on: date) -> bool:
        """True if this mandate is this officer's, for this role, on this day."""
        same = (self.organisation, self.officer, self.role) == (organisation, officer, role)
        return same and self.valid_from <= on <= self.valid_to


@dataclass(frozen=True)
class Asker:
    """Who asks: a verified organisation, an officer of it and the role that officer acts in.

    `participant`: the organisation is a registered participant (C2). `host`: where a ketenregisseur works, "RIEC" or
    "ZVH" ("" if it does not matter); it decides between two grounds. `officer` is unique within the organisation.
    """

    organisation: str
    officer: str = field(repr=False)
    role: str
    mandate: Mandate | None
    participant: bool
    host: str = ""

    def __post_init__(self) -> None:
        if not self.organisation or not self.officer:
            raise ValueError("an asker has an organisation and an officer")

    @property
    def address(self) -> str:
        """The one recipient that C14 means: `organisation/officer`."""
        return f"{self.organisation}/{self.officer}"

    def mandated(self, on: date) -> bool:
        """True if the mandate is the asker's own, for this role, on this day (second half of C2)."""
        return self.mandate is not None and self.mandate.covers(
            self.organisation, self.officer, self.role, on
        )


@dataclass(frozen=True)
class Formalities:
    """What must be on paper before an administrative action (policy-actions.csv); everything absent by default.

    `recipients` counts the named recipients of a narrative. `term_days` is the term of an attendering in days.
    """

    explicit: bool = False
    term_days: int = 0
    recipients: int = 0
    ground_per_attribute: bool = False
    feedback_code: str = ""
    signed_off: bool = False
    advice_recorded: bool = False
    objection_open: bool = True
    decision: str = ""
    document: str = ""
    hash_logged: bool = False


@dataclass(frozen=True)
class Occasion:
    """Why and how somebody asks or acts now.

    `today` is frozen for the whole decision. `control` is a control or case number, `ground_id` the ground chosen from
    the organisation's register (C1). `asked_strong` and `asked_medium` count the attributes of the question itself
    (C3 on the action bevragen). `coarse`, `aggregate` and `masked` are the caller's promise to answer in no other shape
    (C17, C11, C12). `file_open_until`: the last day of a time-boxed opening (C16). `second`: the other of four eyes.
    """

    purpose: str
    today: date
    control: str = field(default="", repr=False)
    reason: str = field(default="", repr=False)
    ground_id: str | None = None
    asked_strong: int = 0
    asked_medium: int = 0
    coarse: bool = False
    aggregate: bool = False
    masked: bool = False
    file_open_until: date | None = None
    identity_checked: bool = False
    acute_danger: bool = False
    break_glass: bool = False
    second: Asker | None = None
    formalities: Formalities = Formalities()


@dataclass(frozen=True)
class SignalFacts:
    """What the register knows of one stored signal (or of the case, log or account an action is about).

    `owner`: organisation that submitted it. `parties`: both sides of the treffer, the owner included; `case_parties`:
    organisations for which a case is open. `care_coordinator`: organisation whose zorgcoördinator is in charge (C6).
    `minor`: "ja", "nee" or "onbekend"; "" means that nobody stated it. `handling`: H1, H2 or H3, long or short form.
    `needs_special` and `needs_criminal` say that the signal needs G-SEKS or G-STRAF, the two ids name the ground that
    the node recorded for it. `matched_strong` and `matched_medium` count what this match rests on (C3).
    `organisations_matched`: organisations with a match, the owner included (C14). `rewrapped_to`: `Asker.address` of
    the one recipient of the narrative. `released_to`: organisations that got an answer to their contact request (C4).
    """

    owner: str = ""
    parties: AbstractSet[str] = frozenset()
    case_parties: AbstractSet[str] = frozenset()
    care_coordinator: str = ""
    minor: str = ""
    no_police_contact: bool = True
    care_track: bool = False
    acute_danger: bool = False
    needs_special: bool = True
    needs_criminal: bool = True
    special_category_ground_id: str | None = None
    criminal_ground_id: str | None = None
    handling: str = ""
    border_context: bool = False
    labour: bool = False
    victim_subject: bool = False
    carrying_indicator: bool = False
    matched_strong: int = 0
    matched_medium: int = 0
    organisations_matched: int = 0
    assessed: bool = False
    released_to: AbstractSet[str] = frozenset()
    four_eyes: bool = False
    phase2_open: bool = False
    criteria_stored: bool = False
    rewrapped_to: str = field(default="", repr=False)
    committee_advice: bool = False
    supplier_consent: bool = False

    @property
    def handling_code(self) -> str:
        """H1, H2 or H3; "" for anything the signal model does not know, which no rule lets through."""
        return _HANDLING.get(self.handling, "")


def fitting(organisation: str, address: str, owner: str) -> SignalFacts:
    """A signal that meets every condition a signal can meet for one asker: what is still refused of it is refused because of the asker.

    Args:
        organisation: the asker's.
        address: `Asker.address`, as the one recipient of a narrative.
        owner: whose signal it is.
    """
    return SignalFacts(
        owner=owner,
        parties=frozenset({owner, organisation}),
        case_parties=frozenset({owner, organisation}),
        care_coordinator=organisation,
        minor="nee",
        no_police_contact=False,
        care_track=True,
        acute_danger=True,
        needs_special=False,
        needs_criminal=False,
        handling="H1",
        border_context=True,
        labour=True,
        victim_subject=True,
        carrying_indicator=True,
        matched_strong=1,
        matched_medium=2,
        organisations_matched=2,
        assessed=True,
        released_to=frozenset({organisation}),
        four_eyes=True,
        phase2_open=True,
        criteria_stored=True,
        rewrapped_to=address,
        committee_advice=True,
        supplier_consent=True,
    )


@dataclass(frozen=True)
class Reason:
    """Why not, in plain Dutch, and how to get there; `about` says whether the asker may read it."""

    code: str
    sentence: str
    way: str
    about: About


ALARM: Final = "ALARM"
"""Code of the reason when the engine itself failed: a denial, and something for the operator to look at."""


@dataclass(frozen=True)
class Decision:
    """Yes or no for one field or action, with everything the record of it needs.

    `rule_ids`: `@id` of the deciding rules. `ground_ids`: grounds it rests on, `ground_id` the one to name first.
    `stored_ground_ids`: the G-SEKS or G-STRAF ground of the signal, for the record only: to the asker it would give
    the form or a role away.
    `conditions`: condition codes of the deciding rules, which also bind how the answer looks (C11, C12, C17) and what
    follows (C9: alert both FG's). `policy_set_hash`: SHA-256 of the policy set, hex.
    """

    allowed: bool
    rule_ids: tuple[str, ...]
    ground_ids: tuple[str, ...]
    conditions: frozenset[str]
    policy_set_hash: str
    reasons: tuple[Reason, ...] = ()
    stored_ground_ids: tuple[str, ...] = ()

    @property
    def ground_id(self) -> str | None:
        """The ground to name first, None for a denial or an action without a ground."""
        return self.ground_ids[0] if self.ground_ids else None

    @property
    def alarm(self) -> bool:
        """True if the engine failed; somebody must look, the asker sees a plain denial."""
        return any(reason.code == ALARM for reason in self.reasons)

    @property
    def shown_reasons(self) -> tuple[Reason, ...]:
        """The reasons the asker may read: those about the asker, never one about a stored signal."""
        return tuple(reason for reason in self.reasons if reason.about == "asker")
