# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`GET /v1/dossiers/{trefferId}/netwerk`, `/spoor`, `/waarom`: the network of one opened case, for TMM.

The order is the guarantee:

1. A network begins with the subjects on the track of a treffer (`tracks.examine_track`) of which policy opens `link_graph` to this reader: released in phase 2, assessed, criteria on record (C7, C8, C10).
   What is hidden is not there from here on, so it leads nowhere, counts nowhere and marks nothing.
2. It grows step by step, at most `MOST_STEPS` of them, from the visible to who shares with them what ties (`register.network.TIES`) or stands in the same signal; each step is examined by policy before the next.
   Always the same number of steps and queries, whatever is found.
3. What is built of it (`register.network`) is built from what is visible, weighed as a question is, with what people said about pairs and without what is in the exclusion register.
4. What a reader gets is what lies within the steps that were asked for, at most `MOST_NODES` nodes; every node tells by which line it came. Each look is an entry, at the reader's organisation and at every owner of what was shown.

Nothing is kept: the same case asked tomorrow is derived again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from uuid import UUID

from audit.canonical import JSON, canonical_json
from policies.decision import Asker, Occasion
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.bulk import Tokens
from register.central.asking_for import Acting, asker, occasion
from register.central.centre import Centre, permit, receipt, require_rule
from register.central.concerning import concern
from register.central.examining import examine
from register.central.phase2 import not_found
from register.central.store import assertions, exclusions, frequencies
from register.central.store import signals as signal_store
from register.central.store import treffers as treffer_store
from register.central.store.assertions import Record
from register.central.store.signals import StoredSubject
from register.central.store.treffers import StoredTreffer
from register.central.store.work import LoggedWork
from register.central.telling import why_shown
from register.central.tracks import examine_track, may_open
from register.central.treffers import (
    ENOUGH,
    phase_2_state,
    reading_payloads,
    shown_subjects,
    surroundings,
    with_bands,
)
from register.enquiry import Examined
from register.links import Side
from register.matching import MOST_CARRIERS, SubjectKey, Weighing
from register.measures import measured
from register.movement import Companion, Sighting, companions, stays
from register.network import (
    TIES,
    Edge,
    Kind,
    Network,
    Node,
    Observed,
    Step,
    agreements,
    build,
    carried_by,
    expanded,
    restricted,
    why_path,
    without,
)
from register.ports import Permit
from register.wire import (
    Binding,
    Groep,
    Knoop,
    Maten,
    Metgezel,
    Netwerk,
    Spoor,
    SpoorPersoon,
    SubjectVerwijzing,
    Verband,
    Verblijf,
    Verklaring,
    Waarneming,
    WaaromPad,
)
from register.words import bond_said, evidence_said, group_said, mark_said, measure_warning, node_name

MOST_STEPS: Final = 3
MOST_NODES: Final = 300
DOSSIER: Final = "dossier"
"""What an assertion was made in (`link_assertion.context_kind`)."""

FIELDS: Final = ("hit", "muni_name", "period_bucket", "attr_types_matched", "link_graph")
"""Fields of the matrix that a network is made of."""

_MEMBERS: Final = {
    "link_graph": "verbanden",
    "muni_name": "gemeenten",
    "period_bucket": "eerste",
    "attr_types_matched": "soorten",
}


@dataclass(frozen=True)
class CaseView:
    """What one reader may see of one case.

    Attributes:
        treffer: the case.
        network: of all that is visible within `MOST_STEPS`.
        shown: the part that was asked for.
        steps: node -> how it came.
        cut: whether it ended because there were too many.
        visible: the examined subjects of which the network is made.
        stored: subject -> its signal.
        said: what people said in this case, oldest first.
        agreeing: pair of subjects -> families on which they agree enough.
        observed: of what the network was built, with its tags; they never leave the register.
        names: code of an organisation -> its name.
    """

    treffer: StoredTreffer
    network: Network
    shown: Network
    steps: Mapping[Node, Step]
    cut: bool
    visible: Mapping[SubjectKey, Examined]
    stored: Mapping[SubjectKey, StoredSubject]
    said: Sequence[Record]
    agreeing: Mapping[frozenset[SubjectKey], frozenset[str]]
    observed: Sequence[Observed] = field(repr=False)
    names: Mapping[str, str]

    def tags_of(self, node: Node, family: str) -> set[bytes]:
        """The tags for which a node stands."""
        members = self.shown.members[node]
        if self.shown.of(members[0]) != node:
            return carried_by(self.observed, family, members)
        # An organisation itself: what all its signals carry.
        own = frozenset(members)
        each = [one.tokens.tags.get(family, frozenset()) for one in self.observed if one.subject in own]
        return set(frozenset.intersection(*each)) if each else set()

    def stamp(self, node: Node) -> str:
        """Of what a node was made: another signal, and it is another stamp. Numbers count within one look, so who names a node says with it which one was seen."""
        made_of = [f"{key.signal_id}/{key.version}/{key.ref}" for key in self.shown.members[node]]
        return sha256(canonical_json([node.kind.value, *made_of])).hexdigest()[:16]

    @property
    def examined(self) -> list[Examined]:
        """The examined subjects of what is shown."""
        keys = {key for node in self.shown.members if node.kind in _OWN for key in self.shown.members[node]}
        return [self.visible[key] for key in sorted(keys)]


_OWN: Final = frozenset({Kind.PERSON, Kind.ORGANISATION})


def network_of(centre: Centre, acting: Acting, treffer_id: UUID, steps: int) -> Netwerk:
    """The network of a case within so many steps.

    Raises:
        Refusal: 403, or 404 for what does not exist for this person.
    """
    person, why, allowed = _entrance(centre, acting)
    with centre.database.logged(acting.moment) as work:
        view = look(centre, work, allowed, acting, person, why, treffer_id, steps)
        _enter(centre, work, acting, allowed, view, "netwerk")
    measures = measured(view.shown)
    return Netwerk(
        treffer_id=treffer_id,
        fase_2=phase_2_state(view.treffer),
        knopen=[_node(view, node, brokers=measures.brokers) for node in sorted(view.shown.members)],
        verbanden=[
            line(edge, view.names, bridge=edge in measures.bridges, by=_led(view, edge))
            for edge in view.shown.edges
        ],
        groepen=[
            Groep(personen=[one.key for one in group.persons], nakijken=group_said(group) or None)
            for group in view.shown.groups
            if len(group.persons) > 1 or group.flagged
        ],
        maten=Maten(
            verbanden=measures.quality.ties,
            bruggen=measures.quality.bridges,
            vragen=measures.quality.questions,
            tegenstrijdig=measures.quality.conflicting,
            gedeeld=measures.quality.shared,
            nakijken=measures.quality.flagged,
            waarschuwingen=[measure_warning(one) for one in measures.warnings],
        ),
        verklaringen=[_assertion(centre, acting, one) for one in view.said],
        afgekapt=view.cut,
        waarom=why_shown(centre, why.purpose, view.examined, _MEMBERS, _fields(view)),
        logbewijs=receipt(work),
    )


def track_of(centre: Centre, acting: Acting, treffer_id: UUID, steps: int) -> Spoor:
    """Where and when each person of a case was seen, in the order of time.

    Raises:
        Refusal: as `network_of`.
    """
    person, why, allowed = _entrance(centre, acting)
    with centre.database.logged(acting.moment) as work:
        view = look(centre, work, allowed, acting, person, why, treffer_id, steps)
        _enter(centre, work, acting, allowed, view, "spoor")
    return Spoor(
        treffer_id=treffer_id,
        fase_2=phase_2_state(view.treffer),
        personen=_people(view),
        waarom=why_shown(centre, why.purpose, view.examined, _MEMBERS, _fields(view)),
        logbewijs=receipt(work),
    )


def why_between(
    centre: Centre, acting: Acting, treffer_id: UUID, ends: tuple[str, str], steps: int
) -> WaaromPad:
    """The lines between two nodes of a case, each with its reason.

    Raises:
        Refusal: as `network_of`; 404 also for a node that is not in this network.
    """
    person, why, allowed = _entrance(centre, acting)
    with centre.database.logged(acting.moment) as work:
        view = look(centre, work, allowed, acting, person, why, treffer_id, steps)
        nodes = {node.key: node for node in view.shown.members}
        if not {*ends} <= nodes.keys():
            raise not_found()
        path = why_path(view.shown, nodes[ends[0]], nodes[ends[1]])
        _enter(centre, work, acting, allowed, view, "waarom")
    return WaaromPad(
        treffer_id=treffer_id,
        van=ends[0],
        naar=ends[1],
        verbonden=path is not None and all(edge.ties for edge in path),
        pad=[line(edge, view.names) for edge in path or ()],
        logbewijs=receipt(work),
    )


def look(  # noqa: PLR0913, PLR0917 - the whole question
    centre: Centre,
    work: LoggedWork,
    allowed: Permit,
    acting: Acting,
    person: Asker,
    why: Occasion,
    treffer_id: UUID,
    steps: int,
) -> CaseView:
    """Derive what this reader may see of a case.

    Raises:
        Refusal: 404.
    """
    treffer = treffer_store.one(work, allowed, treffer_id, why.today)
    # The same steps where there is none: what is not there costs what is not for this person.
    on_track, stored = examine_track(centre, work, allowed, person, why, treffer, FIELDS)
    starts = {one.candidate.subject: one for one in on_track if one.opens("link_graph")}
    growing = _Growing(centre, work, allowed, person, why, treffer, dict(starts), dict(stored))
    for _step in range(MOST_STEPS):
        growing.step()
    network, pairs, observed = growing.built()
    said = assertions.of_context(work, allowed, DOSSIER, treffer_id)
    shown = [one for one in on_track if one.opens("hit")]
    if treffer is None or not shown or not may_open(acting, treffer, shown):
        raise not_found()
    first = {node for key in starts if (node := network.of(key)) is not None}
    found, cut = expanded(network, first, depth=min(steps, MOST_STEPS), most=MOST_NODES)
    visible = {_side(key): key for key in growing.visible}
    # What was said about a signal that does not exist for this reader does not exist either.
    told = [
        one
        for one in said
        if {Side(one.signal_a, one.ref_a), Side(one.signal_b, one.ref_b)} <= visible.keys()
    ]
    part = restricted(network, found.keys())
    names = {one.id: one.name for one in centre.policy.register.organisations.values()}
    return CaseView(
        treffer, network, part, found, cut, growing.visible, growing.stored, told, pairs, observed, names
    )


class _Growing:
    """What is visible so far, and the next step from it."""

    def __init__(  # noqa: PLR0913, PLR0917 - the whole question
        self,
        centre: Centre,
        work: LoggedWork,
        allowed: Permit,
        person: Asker,
        why: Occasion,
        treffer: StoredTreffer | None,
        visible: dict[SubjectKey, Examined],
        stored: dict[SubjectKey, StoredSubject],
    ) -> None:
        self._centre, self._work, self._allowed = centre, work, allowed
        self._person, self._why = person, why
        self._around = surroundings(work, allowed, treffer)
        self.visible, self.stored = visible, stored
        self._last: Collection[SubjectKey] = list(visible)
        self._denied = set[SubjectKey]()
        self.tags = self._tags_of(self._last)

    def step(self) -> None:
        """Take in who shares something that ties with the last ones, or stands in one signal with them, as far as policy opens it."""
        sought = {
            tag: family
            for key in self._last
            for tag, family in self.tags.get(key, {}).items()
            if family in TIES
        }
        snapshot = frequencies.snapshot(self._work, self._allowed, sought)
        excluded = exclusions.among(self._work, self._allowed, sought, self._why.today)
        able = [
            tag for tag in sought if tag not in excluded and snapshot.carriers.get(tag, 0) <= MOST_CARRIERS
        ]
        found: dict[SubjectKey, frozenset[str]] = {}
        for posting in signal_store.find(
            self._work, self._allowed, self._centre.keyset[0], able, self._why.today
        ):
            found[posting.subject] = found.get(posting.subject, frozenset()) | {posting.family}
        beside = signal_store.beside(
            self._work, self._allowed, {key.signal_id for key in self._last}, self._why.today
        )
        new = {key: found.get(key, frozenset()) for key in {*found, *beside}}
        new = {key: of for key, of in new.items() if key not in self.visible and key not in self._denied}
        stored = signal_store.load(self._work, self._allowed, new, self._why.today)
        examined = examine(
            self._centre,
            self._person,
            self._why,
            with_bands(new, stored),
            stored,
            FIELDS,
            self._around,
            alike=True,
        )
        opened = {one.candidate.subject: one for one in examined if one.opens("link_graph")}
        self._denied |= new.keys() - opened.keys()
        self.visible |= opened
        self.stored |= {key: stored[key] for key in opened}
        self._last = list(opened)
        self.tags |= self._tags_of(self._last)

    def built(self) -> tuple[Network, dict[frozenset[SubjectKey], frozenset[str]], list[Observed]]:
        """The network of all that is visible, what agrees between each pair that was judged, and of what it was built."""
        weighing = Weighing(
            self._centre.weights,
            frequencies.snapshot(
                self._work, self._allowed, {tag for tags in self.tags.values() for tag in tags}
            ),
        )
        said = assertions.of_signals(self._work, self._allowed, {key.signal_id for key in self.visible})
        observed = [
            _observed(one, self.stored[key], self.tags.get(key, {}))
            for key, one in sorted(self.visible.items())
        ]
        every = {tag for tags in self.tags.values() for tag in tags}
        observed = without(observed, exclusions.among(self._work, self._allowed, every, self._why.today))
        pairs = list(agreements(observed, weighing))
        agreeing = {
            frozenset({observed[one.one].subject, observed[one.other].subject}): one.families for one in pairs
        }
        return build(observed, pairs, said), agreeing, observed

    def _tags_of(self, keys: Collection[SubjectKey]) -> dict[SubjectKey, dict[bytes, str]]:
        return signal_store.tags_of(self._work, self._allowed, self._centre.keyset[0], keys)


def _observed(one: Examined, stored: StoredSubject, tags: Mapping[bytes, str]) -> Observed:
    families: dict[str, set[bytes]] = {}
    for tag, family in tags.items():
        families.setdefault(family, set()).add(tag)
    return Observed(
        one.candidate.subject,
        organisation=stored.kind == "organisatie",
        place=one.organisation if one.opens("muni_name") else None,
        week=one.week if one.opens("period_bucket") else None,
        tokens=Tokens({family: frozenset(those) for family, those in families.items()}),
    )


def _entrance(centre: Centre, acting: Acting) -> tuple[Asker, Occasion, Permit]:
    person, why = asker(centre.policy.register, acting), occasion(acting, ENOUGH)
    require_rule(centre, person, why, "link_graph")
    return person, why, permit(centre, person, why, "bevragen")


def _enter(  # noqa: PLR0913, PLR0917 - one log entry
    centre: Centre, work: LoggedWork, acting: Acting, allowed: Permit, view: CaseView, part: str
) -> None:
    extra: dict[str, JSON] = {
        "treffer": str(view.treffer.row.treffer_id),
        "onderdeel": part,
        "signalen_geteld": len({one.candidate.subject.signal_id for one in view.examined}),
    }
    concern(centre, work, acting, "netwerk_geraadpleegd", shown_subjects(view.examined))
    work.enter(reading_payloads("netwerk_geraadpleegd", acting, allowed, extra, view.examined))


def _fields(view: CaseView) -> set[str]:
    """The fields that some line of the view shows."""
    evidence = [edge.evidence for edge in view.shown.edges]
    said = {
        "link_graph": bool(view.shown.members),
        "muni_name": any(one.places for one in evidence),
        "period_bucket": any(one.first is not None for one in evidence),
        "attr_types_matched": any(one.families for one in evidence),
    }
    return {field for field, shown in said.items() if shown}


def sightings_of(view: CaseView, node: Node) -> list[Sighting]:
    """Where and when the signals of a person were, as far as opened."""
    return [one for one, _signal_id in _seen(view, node)]


def _seen(view: CaseView, node: Node) -> list[tuple[Sighting, UUID]]:
    """The same, each with its signal."""
    found = [(view.visible[key], key.signal_id) for key in view.shown.members[node]]
    return sorted(
        (
            (Sighting(one.organisation, one.week), signal_id)
            for one, signal_id in found
            if one.opens("muni_name") and one.opens("period_bucket")
        ),
        key=lambda both: (both[0].week, both[0].organisation),
    )


def _people(view: CaseView) -> list[SpoorPersoon]:
    """Everybody of whom something was opened, with who in this case was in the same places in the same weeks."""
    seen = {node: _seen(view, node) for node in sorted(view.shown.members) if node.kind is Kind.PERSON}
    moved = {node: [one for one, _signal_id in those] for node, those in seen.items() if those}
    return [
        _person(
            node,
            seen[node],
            companions(those, {one: of for one, of in moved.items() if one != node}, None),
        )
        for node, those in moved.items()
    ]


def _person(
    node: Node, seen: Sequence[tuple[Sighting, UUID]], beside: Sequence[Companion[Node]]
) -> SpoorPersoon:
    return SpoorPersoon(
        knoop=node.key,
        label=node_name(node),
        waarnemingen=[
            Waarneming(gemeente=one.organisation, week=one.week, signaal_id=signal_id)
            for one, signal_id in seen
        ],
        verblijven=[
            Verblijf(gemeenten=list(one.places), eerste=one.first, laatste=one.last, signalen=one.signals)
            for one in stays(one for one, _signal_id in seen)
        ],
        metgezellen=[
            Metgezel(
                knoop=one.key.key,
                label=node_name(one.key),
                samen=[Waarneming(gemeente=cell.organisation, week=cell.week) for cell in one.cells],
            )
            for one in beside
        ],
    )


def _node(view: CaseView, node: Node, brokers: Collection[Node]) -> Knoop:
    step, mark = view.steps[node], view.shown.marks[node]
    own = node.kind in _OWN
    return Knoop(
        knoop=node.key,
        soort=node.kind.value,
        label=node_name(node),
        signalen=[
            SubjectVerwijzing(signaal_id=key.signal_id, ref=key.ref)
            for key in (view.shown.members[node] if own else ())
        ],
        bindingen=[
            Binding(
                een=SubjectVerwijzing(signaal_id=bond.one.signal_id, ref=bond.one.ref),
                ander=SubjectVerwijzing(signaal_id=bond.other.signal_id, ref=bond.other.ref),
                reden=bond_said(bond),
            )
            for bond in view.shown.bonds.get(node, ())
        ],
        personen=None if own else mark.persons,
        gedeeld=mark.shared or mark.collapsed,
        opmerking=mark_said(mark) or None,
        stap=step.depth,
        via=None if step.by is None else step.by.other(node).key,
        waardoor=None if step.by is None else evidence_said(step.by, view.names),
        knooppunt=node in brokers,
        stempel=view.stamp(node),
    )


def _led(view: CaseView, edge: Edge) -> bool:
    return any(step.by == edge for step in view.steps.values())


def changed_since(part: str) -> Refusal:
    """What somebody chose is made of other signals than when they looked."""
    return Refusal(
        409,
        "netwerk-veranderd",
        _("Dit netwerk is veranderd sinds u keek."),
        _("Bij wat u koos, horen nu andere signalen. Er is niets vastgelegd."),
        way_forward=_("Open het netwerk opnieuw, kijk wat er anders is, en kies nog een keer."),
        fields=(FieldError(part, _("Dit is niet wat u zag.")),),
    )


def line(edge: Edge, names: Mapping[str, str], *, bridge: bool = False, by: bool = False) -> Verband:
    """A line as it travels, with its reason in words."""
    found = edge.evidence
    return Verband(
        van=edge.a.key,
        naar=edge.b.key,
        soort=edge.kind.value,
        bindt=edge.ties,
        brug=bridge,
        weg=by,
        reden=evidence_said(edge, names),
        signalen_geteld=found.signals,
        gemeenten=list(found.places),
        eerste=found.first,
        laatste=found.last,
    )


def _assertion(centre: Centre, acting: Acting, row: Record) -> Verklaring:
    said_by = centre.policy.register.current(row.organisation, acting.moment.date())
    return Verklaring(
        verklaring_id=row.assertion_id,
        soort=row.kind,
        een=SubjectVerwijzing(signaal_id=row.signal_a, ref=row.ref_a),
        ander=SubjectVerwijzing(signaal_id=row.signal_b, ref=row.ref_b),
        reden=row.reason,
        organisatie=row.organisation,
        rol=row.role,
        medewerker=row.officer if said_by == acting.organisation else None,
        gemaakt=row.made_at,
        ingetrokken=row.withdrawn_at,
        reden_intrekking=row.withdrawn_reason,
    )


def _side(key: SubjectKey) -> Side:
    return Side(key.signal_id, key.ref)
