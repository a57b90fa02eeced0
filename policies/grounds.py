# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Grounds in law as records, and whether one is in force for somebody today.

The law of this file (policy-codes.md, "Profiles and gates" and "Ground codes"), in this order:

1. A ground is a **record**: who decided it, in which document, with which FG advice. No record, no ground.
2. It is in force for an organisation that holds it (its own, or as one of the parties), between its dates, after it was
   decided, with FG advice on record and no objection left unanswered (AVG 38(6): the FG advises, the answer decides),
   and while its gate, if it has one, is open.
3. G-VIT and G-TOEST belong to one case. They count only when the asker **chose** them: G-TOEST for the case it names,
   G-VIT while the asker states acute danger. A standing consent for everybody does not exist.
4. Between two organisations a ground with parties must bind both; otherwise the one could draw on a covenant that the
   other never signed. Whose parties are those of a samenwerkingsverband or covenant counts for who is party to it that day.
5. A code that the profile does not admit is no ground, whatever is on record (policies.profiles).
6. G-SC of a cell is G-SEKS and G-STRAF, tested on the ground ids stored with the signal, never on the question.

Left to others: reading records from text (records), who may record a ground (the action grondslag_vaststellen).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final, Self

from policies.decision import Mandate
from policies.profiles import NOTHING_OPENS, Profile
from process.language import gettext as _
from process.language import later

CODES: Final = (
    "G-GEM",
    "G-SEKS",
    "G-STRAF",
    "G-RIEC",
    "G-ZVH",
    "G-CONV",
    "G-WPG",
    "G-WPG (19/20)",
    "G-BPG",
    "G-TOEST",
    "G-VIT",
    "G-RECHT",
    "G-FG",
    "G-AP",
    "G-STAT",
)
GATES: Final = ("G-SEKS", "G-STRAF", "BSN", "V-NUMMER", "FASE-2", "G-CONV")
HOSTS: Final = ("RIEC", "ZVH")
KINDS: Final = ("samenwerkingsverband", "convenant")
CASE_BOUND: Final = frozenset({"G-TOEST", "G-VIT"})
_HOST_DEPENDENT: Final = " (host-dependent)"
_MOST_KEPT: Final = 4_096
"""Of how many organisations and days a register keeps what they hold."""


class GroundError(ValueError):
    """A register of grounds that cannot be trusted as it is written; says which record and what is wrong."""


@dataclass(frozen=True)
class FgAdvice:
    """What the FG advised, and when the college answered an objection in writing (None: not yet)."""

    on: date
    document: str
    objection: bool = False
    answered_on: date | None = None

    def blocks(self, on: date) -> bool:
        """True while the advice lies in the future or an objection is unanswered."""
        answered = self.answered_on is not None and self.answered_on <= on
        return self.on > on or (self.objection and not answered)


@dataclass(frozen=True)
class Ground:
    """One recorded ground.

    `organisation` holds it, or `parties` do (those of `alliance`, a samenwerkingsverband or covenant, hosted by `host`).
    `purposes` and `roles` narrow it; empty means no narrower than the rules. `case` is the control or case number of a
    case-bound ground. Both days of validity are included.
    """

    id: str
    code: str
    article: str
    task: str
    valid_from: date
    valid_to: date
    document: str
    decided_by: str
    decided_on: date
    fg_advice: FgAdvice | None
    organisation: str = ""
    parties: frozenset[str] = frozenset()
    alliance: str = ""
    host: str = ""
    purposes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    case: str = field(default="", repr=False)

    @property
    def holders(self) -> frozenset[str]:
        """Who holds it, alone or as parties."""
        return self.parties | ({self.organisation} if self.organisation else frozenset())

    def held_by(self, organisation: str) -> bool:
        """True if this organisation is the holder or one of the parties."""
        return organisation == self.organisation or organisation in self.parties

    def binds(self, owner: str) -> bool:
        """True if the owner of a signal is bound as well; a ground without parties asks nothing of the owner."""
        return not self.parties or self.held_by(owner)


@dataclass(frozen=True)
class Gate:
    """A switch that is closed until decided; `decision` names who decided what, `fg_advice` what the FG advised before."""

    code: str
    open: bool
    decision: str
    fg_advice: FgAdvice | None = None


@dataclass(frozen=True)
class Party:
    """An organisation in a samenwerkingsverband or covenant, from and until (both days included; None: no bound of its own)."""

    organisation: str
    valid_from: date | None = None
    valid_to: date | None = None

    def takes_part(self, on: date) -> bool:
        """True if it is a party on this day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_to is None or on <= self.valid_to
        )


@dataclass(frozen=True)
class Alliance:
    """A registered samenwerkingsverband or covenant: its host, its parties, and from and until when (both days included).

    `host` is RIEC or ZVH; "" only for a covenant. A party that left and came back stands there twice.
    """

    id: str
    name: str
    kind: str
    host: str
    parties: tuple[Party, ...]
    document: str
    valid_from: date
    valid_to: date | None = None

    def bound(self, on: date) -> frozenset[str]:
        """The parties on this day; nobody when the whole is not in force."""
        if on < self.valid_from or (self.valid_to is not None and self.valid_to < on):
            return frozenset()
        return frozenset(one.organisation for one in self.parties if one.takes_part(on))

    def binds(self, organisation: str, on: date) -> bool:
        """True if the organisation is a party on this day, and the whole is in force."""
        return organisation in self.bound(on)

    @property
    def members(self) -> frozenset[str]:
        """Every organisation that ever was a party."""
        return frozenset(one.organisation for one in self.parties)


@dataclass(frozen=True)
class Organisation:
    """A registered organisation; `latitude` and `longitude` in WGS 84 degrees place it on a map (None: nowhere).

    It takes part from and until (both days included; None: no such bound). `successor` took over what it left on the day
    after `valid_to`: by law its rights and duties, its signals among them (Wet arhi 44). `contact` says how its aandachtsfunctionaris is reached, day and night.
    """

    id: str
    name: str
    participant: bool
    latitude: float | None = None
    longitude: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    contact: str = field(default="", repr=False)

    def takes_part(self, on: date) -> bool:
        """True if the organisation is a participant on this day (first half of C2)."""
        return self.participant and not self.ended(on) and (self.valid_from is None or self.valid_from <= on)

    def ended(self, on: date) -> bool:
        """True if the organisation is there no longer on this day."""
        return self.valid_to is not None and self.valid_to < on


@dataclass(frozen=True)
class Criterion:
    """One item of the checklist behind C10 (BGS 2.16(2), 2.20(3)): data, because the covenant sets it."""

    id: str
    question: str


def in_force(ground: Ground, on: date, organisation: str, purpose: str, role: str) -> bool:
    """True if nothing stands between this record and this organisation, purpose and role on this day."""
    return all(_checks(ground, on, organisation, purpose, role))


def obstacle(ground: Ground, on: date, organisation: str, purpose: str, role: str) -> str | None:
    """Why this record is no ground for this organisation, purpose and role on this day, in Dutch; None if it is one."""
    sentences = (
        _("Deze grondslag is niet van uw organisatie."),
        _("Deze grondslag geldt nog niet."),
        _("Deze grondslag is verlopen."),
        _("Over deze grondslag is nog niet besloten."),
        _(
            "Bij deze grondslag ligt geen advies van de FG, of een bezwaar is nog niet schriftelijk beantwoord."
        ),
        _("Deze grondslag is niet voor dit doel."),
        _("Deze grondslag is niet voor uw rol."),
    )
    checks = _checks(ground, on, organisation, purpose, role)
    return next((why for holds, why in zip(checks, sentences, strict=True) if not holds), None)


def _checks(ground: Ground, on: date, organisation: str, purpose: str, role: str) -> tuple[bool, ...]:
    """The tests of law 2, in the order of the sentences of `obstacle`."""
    return (
        ground.held_by(organisation),
        on >= ground.valid_from,
        on <= ground.valid_to,
        on >= ground.decided_on,
        ground.fg_advice is not None and not ground.fg_advice.blocks(on),
        not ground.purposes or purpose in ground.purposes,
        not ground.roles or role in ground.roles,
    )


@dataclass(frozen=True)
class GroundExpression:
    """The ground of a cell: every part of `parts` must be met, each by any of its codes (`|` binds before `+`).

    `host_dependent`: the codes of a part count only at their own host, G-RIEC at RIEC and G-ZVH at ZVH.
    `special`: the cell also asks G-SC, which only a stored signal can answer.
    """

    parts: tuple[frozenset[str], ...]
    host_dependent: bool
    special: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an expression of policy-matrix.csv, such as `G-RIEC|G-ZVH (host-dependent)+G-SC`.

        Raises:
            GroundError: a code that policy-codes.md does not know, or nothing at all.
        """
        host_dependent = _HOST_DEPENDENT in text
        names = [part.split("|") for part in text.replace(_HOST_DEPENDENT, "").split("+")]
        special = ["G-SC"] in names
        parts = tuple(frozenset(part) for part in names if part != ["G-SC"])
        unknown = {code for part in parts for code in part} - set(CODES)
        if unknown or not parts:
            raise GroundError(_("onbekende grondslag '{tekst}'").format(tekst=text))
        return cls(parts, host_dependent, special)

    @property
    def codes(self) -> frozenset[str]:
        """Every code that can help to meet the expression."""
        return frozenset().union(*self.parts)

    def met_by(self, codes: Collection[str], *, host: str = "", special_covered: bool = False) -> bool:
        """True if these codes meet it. `special_covered` answers G-SC for the signal at hand."""
        usable = set(codes)
        if self.host_dependent:
            usable &= {f"G-{host}"}
        return all(part & usable for part in self.parts) and (special_covered or not self.special)


@dataclass(frozen=True)
class GroundRegister:
    """All records that policy rests on, as one value; a change makes a new register.

    Dictionaries are keyed by id or code. Nothing here says what a role may do with a ground: that is in the rules.
    """

    grounds: Mapping[str, Ground]
    gates: Mapping[str, Gate]
    alliances: Mapping[str, Alliance]
    organisations: Mapping[str, Organisation]
    mandates: tuple[Mandate, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    profile: Profile = NOTHING_OPENS

    def under(self, profile: Profile) -> "GroundRegister":
        """The same records for a policy set of this profile, in which years and notice may be others.

        Raises:
            GroundError: other grounds open there, so these are the records of another law.
        """
        if not self.profile.opens_as(profile):
            raise GroundError(
                _(
                    "profiel {profiel} opent andere grondslagen dan waarvoor is vastgelegd: profiel {vastgelegd}"
                ).format(profiel=profile.name, vastgelegd=self.profile.name)
            )
        return replace(self, profile=profile)

    def opens(self, code: str) -> bool:
        """True if the profile admits this ground code and its gate, if it has one, is open."""
        return code in self.profile.grounds and self.gate_open(code)

    def as_of(self, ground: Ground, on: date) -> Ground:
        """The ground with those holders only that are party to its samenwerkingsverband or covenant on this day.

        Whoever holds it with others is one of its parties from here on, so that a ground that lost its last party binds nobody else.
        """
        if not ground.alliance:
            return ground
        alliance = self.alliances.get(ground.alliance)
        left = frozenset[str]() if alliance is None else ground.holders & alliance.bound(on)
        return replace(
            ground,
            organisation=ground.organisation if ground.organisation in left else "",
            parties=left if ground.parties else frozenset(),
        )

    def usable(self, ground: Ground, on: date, organisation: str, purpose: str, role: str) -> bool:
        """True if this ground stands for this organisation, purpose and role on this day: opened here, and in force."""
        return self.opens(ground.code) and in_force(self.as_of(ground, on), on, organisation, purpose, role)

    def gate_open(self, code: str) -> bool:
        """True if the code has no gate, or its gate is recorded and open. A gate without a record is closed."""
        if code not in GATES:
            return True
        gate = self.gates.get(code)
        return gate is not None and gate.open

    def with_gate(self, code: str, *, opened: bool, decision: str) -> Self:
        """The same register with one gate decided otherwise."""
        if code not in GATES:
            raise GroundError(_("er is geen poort '{code}'").format(code=code))
        return replace(self, gates={**self.gates, code: Gate(code, opened, decision)})

    def with_grounds(self, *grounds: Ground) -> Self:
        """The same register with records added or replaced by id."""
        added = replace(self, grounds={**self.grounds, **{ground.id: ground for ground in grounds}})
        added.check()
        return added

    def mandate_of(self, organisation: str, officer: str, role: str, on: date) -> Mandate | None:
        """The recorded mandate of this officer for this role: the one in force that day, else any; None if there is none."""
        wanted = (organisation, officer, role)
        found = self._mandates.get(wanted, ())
        in_force_now = (one for one in found if one.covers(*wanted, on))
        return next(in_force_now, found[0] if found else None)

    def participant(self, organisation: str, on: date) -> bool:
        """True if the organisation is a registered participant that day (first half of C2)."""
        known = self.organisations.get(organisation)
        return known is not None and known.takes_part(on)

    def current(self, organisation: str, on: date) -> str:
        """The organisation that this one is on that day: itself, or who took over from it by then.

        Whoever compares an owner with somebody who asks compares what this gives; an unknown organisation is itself.
        """
        seen = {organisation}
        while (record := self.organisations.get(organisation)) is not None:
            if not record.successor or not record.ended(on) or record.successor in seen:
                break
            organisation = record.successor
            seen.add(organisation)
        return organisation

    def lineage(self, organisation: str, on: date) -> frozenset[str]:
        """The organisation and all that it took over from by that day: under these codes its signals and entries may stand.

        Empty for one that somebody else took over from: what was its is not its own any more.
        """
        codes = {organisation, *self.organisations}
        return frozenset(code for code in codes if self.current(code, on) == organisation)

    def available(  # noqa: PLR0913 - each is a separate fact of the question, and none has a safe default
        self,
        *,
        organisation: str,
        purpose: str,
        role: str,
        on: date,
        chosen: str | None,
        control: str,
        acute_danger: bool,
    ) -> tuple[Ground, ...]:
        """The grounds that this asker can rest on now, the chosen one first, then by id."""

        def counts(ground: Ground) -> bool:
            if ground.code == "G-TOEST":
                return chosen == ground.id and bool(ground.case) and ground.case == control
            if ground.code == "G-VIT":
                return chosen == ground.id and acute_danger
            return True

        found = [ground for ground in self._standing(organisation, purpose, role, on) if counts(ground)]
        # By id already; sorting keeps that order.
        return tuple(sorted(found, key=lambda ground: ground.id != chosen))

    def covers(self, ground_id: str | None, code: str, on: date, *organisations: str) -> bool:
        """True if the ground stored with a signal (G-SEKS, G-STRAF) is in force today for all these organisations.

        Purpose and role do not matter here: the node recorded the ground for the signal, not for a question.
        """
        ground = self.grounds.get(ground_id or "")
        if ground is None or ground.code != code or not self.opens(code):
            return False
        unnarrowed = replace(self.as_of(ground, on), purposes=frozenset(), roles=frozenset())
        return all(in_force(unnarrowed, on, organisation, "", "") for organisation in organisations)

    def _standing(self, organisation: str, purpose: str, role: str, on: date) -> tuple[Ground, ...]:
        """The grounds in force for an organisation, purpose and role on a day, by id; kept, because every question of the day asks for them."""
        wanted = (organisation, purpose, role, on)
        found = self._kept.get(wanted)
        if found is None:
            held = (self.as_of(ground, on) for ground in self._held.get(organisation, ()))
            standing = (
                one for one in held if self.opens(one.code) and in_force(one, on, organisation, purpose, role)
            )
            found = tuple(sorted(standing, key=lambda ground: ground.id))
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[wanted] = found
        return found

    @cached_property
    def _kept(self) -> dict[tuple[str, str, str, date], tuple[Ground, ...]]:
        return {}

    @cached_property
    def _held(self) -> Mapping[str, tuple[Ground, ...]]:
        found: dict[str, list[Ground]] = {}
        for ground in self.grounds.values():
            for holder in ground.holders:
                found.setdefault(holder, []).append(ground)
        return {holder: tuple(grounds) for holder, grounds in found.items()}

    @cached_property
    def _mandates(self) -> Mapping[tuple[str, str, str], tuple[Mandate, ...]]:
        found: dict[tuple[str, str, str], list[Mandate]] = {}
        for one in self.mandates:
            found.setdefault((one.organisation, one.officer, one.role), []).append(one)
        return {whose: tuple(mandates) for whose, mandates in found.items()}

    def any_in_force(self, code: str, organisation: str, on: date) -> bool:
        """True if the organisation holds some ground of this code today; used to say what an answer leaves out."""
        return any(
            self.covers(ground.id, code, on, organisation) for ground in self._held.get(organisation, ())
        )

    def check(self) -> None:
        """Refuse references to nothing: a ground is held by registered organisations and parties of its alliance.

        A successor is another registered organisation, and takes over from one that ended. No ground is of a code that the profile does not admit.

        Raises:
            GroundError: names the record and what is wrong with it.
        """
        for alliance in self.alliances.values():
            self._require_registered(alliance.id, alliance.members)
            if alliance.valid_to is not None and alliance.valid_to < alliance.valid_from:
                raise GroundError(_("{naam}: eindigt voordat het begint").format(naam=alliance.id))
        for ground in self.grounds.values():
            self._check_ground(ground)
        for one in self.organisations.values():
            if one.successor and (
                one.successor not in self.organisations or one.successor == one.id or one.valid_to is None
            ):
                raise GroundError(
                    _("{naam}: opvolger {opvolger} kan het niet overnemen").format(
                        naam=one.id, opvolger=one.successor
                    )
                )

    def _check_ground(self, ground: Ground) -> None:
        if not ground.holders:
            raise GroundError(_("{naam}: niemand heeft deze grondslag").format(naam=ground.id))
        self._require_registered(ground.id, ground.holders)
        if ground.code not in self.profile.grounds:
            raise GroundError(
                _("{naam}: profiel {profiel} laat {code} niet toe").format(
                    naam=ground.id, profiel=self.profile.name, code=ground.code
                )
            )
        problem = alliance_problem(ground, self.alliances.get(ground.alliance), self.profile)
        if problem:
            raise GroundError(f"{ground.id}: {problem}")
        if ground.valid_to < ground.valid_from:
            raise GroundError(_("{naam}: eindigt voordat het begint").format(naam=ground.id))

    def _require_registered(self, name: str, organisations: frozenset[str]) -> None:
        strangers = organisations - set(self.organisations)
        if strangers:
            raise GroundError(
                _("{naam}: niet ingeschreven: {namen}").format(naam=name, namen=", ".join(sorted(strangers)))
            )


def alliance_problem(ground: Ground, alliance: Alliance | None, profile: Profile) -> str | None:
    """Why this ground cannot rest on this samenwerkingsverband or covenant, in Dutch; None if it can, or needs none.

    G-RIEC is of a RIEC and G-ZVH of a Zorg- en Veiligheidshuis; G-CONV is of a covenant and names its purposes.
    """
    bound = ground.code in profile.within_alliance
    if alliance is None:
        return (
            _(
                "Deze grondslag is er alleen voor partijen van een geregistreerd samenwerkingsverband of convenant."
            )
            if ground.alliance or bound
            else None
        )
    checks = (
        (
            ground.holders <= alliance.members,
            _("Niet elke houder van deze grondslag is partij bij {verband}."),
        ),
        (
            not bound or ground.code not in {"G-RIEC", "G-ZVH"} or ground.code == f"G-{alliance.host}",
            _("{verband} heeft een andere gastheer dan deze grondslag vraagt."),
        ),
        (
            not bound or (ground.code == "G-CONV") == (alliance.kind == "convenant"),
            _("{verband} is niet de soort afspraak waarop deze grondslag rust."),
        ),
        (
            not bound or ground.code != "G-CONV" or bool(ground.purposes),
            _("Een grondslag uit een convenant ({verband}) noemt de doelen."),
        ),
    )
    return next((later(why, verband=alliance.id) for holds, why in checks if not holds), None)


def codes_of(grounds: Iterable[Ground], owner: str | None = None) -> frozenset[str]:
    """The codes of these grounds; with an owner only of those that bind the owner too."""
    return frozenset(ground.code for ground in grounds if owner is None or ground.binds(owner))
