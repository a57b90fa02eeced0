# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The ceremony: n organisations make one key together, and it never exists in one place (Pedersen's DKG with commit and reveal).

Every message is a file, signed by its party (`statement`) and bound to the session and to a hash of every file of the stages before it
(`Record.transcript`). So two parties that were sent different files find out at the next stage.

1. *Opening*: one participant draws a session and names keyset, profile, threshold, participants with their keys, and a deadline. Its fingerprint is
   compared by telephone, and with it all keys.
2. *Commitment*: each party makes a dealing of a random scalar to all (`dealing`) and shows its hash only.
3. *Reveal*: when all hashes are there, each shows its dealing. It must be the one of the hash. So nobody chooses its part after seeing another's.
4. *Approval*: each checks all dealings, opens its own shares in them, and approves; or complains, and then the session is over.
5. *Signature*: when all have approved, each signs all of it. When all have signed, holder j's share is Σ f_i(j), and K = Σ C_i0.

`progress` takes in what was offered, in that order, and stops at the first stage that is not complete. It never takes in: a file after the deadline;
another file in the place of one that was taken in; a file of another session; a file that was made upon other files than we have. Each is a `Fault` that
names the party. All n parties are needed in every stage: a ceremony is held rarely, and a party that is away would hold a share that nobody tried.

What a complaint leads to: `aborted` says whose fault it is, and names both. There is no second attempt inside a session: everything is made anew
under a new session, because whoever could have one dealing of several thrown out would choose among keys.

Pure. Files, folders, the clock and the random source are the command's (keyholder/ceremony/).
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from gettext import gettext as _
from types import MappingProxyType
from typing import Any, Final

from process.moments import Randomness
from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import CeremonyError, HolderShare, checked_name
from pseudonymisation.dealing import (
    HASH_BYTES,
    Complaint,
    Dealing,
    Round,
    Verdict,
    added_commitments,
    added_shares,
    check_rebuttal,
    distribute,
    judge,
    open_share,
    parse_complaint,
    parse_dealing,
)
from pseudonymisation.oprf import NONCE_KEY_BYTES
from pseudonymisation.p256 import SecretScalar
from pseudonymisation.statement import Fault, OwnKeys, Party, check_signed, signed, unchecked
from pseudonymisation.threshold import Origin, PublicKeyset, canonical_json, check_share

OPENING_FORMAT: Final = "signaalregister/ceremonie/v1"
TRANSCRIPT_FORMAT: Final = "signaalregister/transcript/v1"
OPENING_NAME: Final = "opening.json"
EPOCH: Final = 1
"""A ceremony begins a keyset; later epochs come from re-sharing and rotation."""

_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Stage(StrEnum):
    """What each party sends once, in this order; the value names its files."""

    COMMITMENT = "toezegging"
    REVEAL = "onthulling"
    APPROVAL = "goedkeuring"
    SIGNATURE = "ondertekening"

    @property
    def kind(self) -> str:
        """Member `formaat` of its statements."""
        return f"signaalregister/{self}/v1"

    def file(self, index: int) -> str:
        """Name of the file of one party."""
        return f"{self}-houder-{index}.json"


STAGES: Final = tuple(Stage)


def complaint_name(accuser: int, dealer: int) -> str:
    """Name of the file of a complaint."""
    return f"klacht-houder-{accuser}-over-{dealer}.json"


def rebuttal_name(accuser: int, dealer: int) -> str:
    """Name of the file of the answer to it."""
    return f"weerwoord-houder-{dealer}-aan-{accuser}.json"


def file_names(opening: "Opening") -> list[str]:
    """Every name that a file of the parties of a ceremony can have."""
    pairs = [(accuser, dealer) for accuser in opening.parties for dealer in opening.parties]
    return [
        *(stage.file(index) for stage in STAGES for index in opening.parties),
        *(complaint_name(*pair) for pair in pairs),
        *(rebuttal_name(*pair) for pair in pairs),
    ]


class Waiting(CeremonyError):
    """A stage that cannot be done yet: files of others are not there. Nothing is wrong."""


class Aborted(Fault):
    """There was a complaint: this session makes no key.

    Attributes:
        verdict: whose fault it is, as everyone can check.
    """

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(
            verdict.guilty.name,
            _(
                "{ontvanger} klaagt over het deelaandeel van {partij}; nagerekend ligt de fout bij {schuld}. Deze sessie maakt geen sleutel."
            ).format(ontvanger=verdict.accuser.name, partij=verdict.dealer.name, schuld=verdict.guilty.name),
            _("Zoek samen uit wat er misging, en open daarna een nieuwe ceremonie in een lege map."),
        )
        self.verdict = verdict


@dataclass(frozen=True)
class Opening:
    """What is agreed before anybody deals.

    Attributes:
        session: 32 random bytes.
        name: of the keyset to be.
        profile: of the keyset to be.
        threshold: t.
        parties: who takes part, by holder index 1..n.
        until: no file is accepted after this moment; UTC, whole seconds.
        opener: who opened, one of the parties.
        data: the file, signed by the opener.
    """

    session: bytes = field(repr=False)
    name: str
    profile: str
    threshold: int
    parties: Mapping[int, Party]
    until: datetime
    opener: Party
    data: bytes = field(repr=False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the file, 64 hexadecimal digits: what sha256sum prints over it."""
        return hashlib.sha256(self.data).hexdigest()

    @property
    def round(self) -> Round:
        """What every dealing of this ceremony is bound to."""
        return Round(self.session, bytes.fromhex(self.fingerprint), self.threshold, self.parties)

    def check(self) -> None:
        """Check that threshold and parties make sense together.

        Raises:
            ThresholdError: they do not.
        """
        self.round.members()

    def index_of(self, party: Party) -> int:
        """The holder index of a party.

        Raises:
            CeremonyError: it does not take part, or is named with other keys.
        """
        for index, one in self.parties.items():
            if one == party:
                return index
        raise CeremonyError(
            _("{partij} doet met deze sleutels niet mee aan deze ceremonie.").format(partij=party.name),
            _("Laat de opener uw deelnemersbestand gebruiken, en vergelijk de vingerafdruk opnieuw."),
        )


@dataclass(frozen=True)
class Proposal:
    """What the opener decides."""

    name: str
    profile: str
    threshold: int
    parties: Sequence[Party]
    until: datetime


def open_ceremony(proposal: Proposal, own: OwnKeys, moment: datetime, randomness: Randomness) -> Opening:
    """Open a ceremony under a new session.

    Raises:
        CeremonyError: a name that cannot be, a deadline that has passed, or an opener that does not take part.
        ThresholdError: a threshold or number of parties that makes no sense, or two of one name.
    """
    session = randomness(HASH_BYTES)
    if proposal.until <= moment:
        raise CeremonyError(
            _("De termijn van de ceremonie is al voorbij."), _("Kies met --until een moment dat nog komt.")
        )
    # For its sentence: what is read back says only that an opening is not good.
    Round(session, session, proposal.threshold, dict(enumerate(proposal.parties, start=1)))
    data = signed(_opening_members(proposal, own.party, session), own)
    return parse_opening(data)


def parse_opening(data: bytes) -> Opening:
    """Read an opening. That it is the one that was agreed shows only when its fingerprint is compared.

    Raises:
        Fault: not readable, not signed by one of its parties, or values that do not belong together.
    """
    members = unchecked(data, OPENING_FORMAT)
    try:
        parties = {
            one["houder"]: Party.of({name: value for name, value in one.items() if name != "houder"})
            for one in members["deelnemers"]
        }
        proposal = Proposal(
            checked_name(members["sleutelset"]),
            checked_name(members["profiel"]),
            members["drempel"],
            tuple(parties.values()),
            datetime.fromisoformat(members["uiterlijk"]),
        )
        opener = next(party for party in parties.values() if party.name == members["opener"])
        opening = Opening(
            base64url.decode(members["sessie"]),
            proposal.name,
            proposal.profile,
            proposal.threshold,
            MappingProxyType(parties),
            proposal.until,
            opener,
            data,
        )
        # Also settles unknown members, and numbers that are not 1..n in order.
        same = check_signed(data, OPENING_FORMAT, opener) == _opening_members(
            proposal, opener, opening.session
        )
        opening.check()
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, StopIteration) as error:
        if isinstance(error, CeremonyError):
            raise
        raise _unreadable_opening() from None
    if not same:
        raise _unreadable_opening()
    return opening


def _opening_members(proposal: Proposal, opener: Party, session: bytes) -> dict[str, object]:
    return {
        "formaat": OPENING_FORMAT,
        "sessie": base64url.encode(session),
        "sleutelset": checked_name(proposal.name),
        "profiel": checked_name(proposal.profile),
        "drempel": proposal.threshold,
        "uiterlijk": proposal.until.astimezone(UTC).isoformat(timespec="seconds"),
        "opener": opener.name,
        "deelnemers": [
            {"houder": index, **party.members()} for index, party in enumerate(proposal.parties, start=1)
        ],
    }


@dataclass(frozen=True)
class Record:
    """What one party has taken in, each file once.

    Attributes:
        opening: the opening.
        files: the files of the stages by name, whole stages first.
        dealings: the dealings in the reveals, by dealer.
        complaints: those taken in, by (accuser, dealer).
    """

    opening: Opening
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    dealings: Mapping[int, Dealing] = field(default_factory=dict, repr=False)
    complaints: Mapping[tuple[int, int], Complaint] = field(default_factory=dict, repr=False)

    def missing(self, stage: Stage) -> list[str]:
        """Whose file of a stage is not there yet."""
        return [
            party.name for index, party in self.opening.parties.items() if stage.file(index) not in self.files
        ]

    def transcript(self, before: Stage | None) -> str:
        """SHA-256 over the names and hashes of the opening and of all files of the stages before this one; None: of all stages."""
        stages = STAGES if before is None else STAGES[: STAGES.index(before)]
        names = [stage.file(index) for stage in stages for index in self.opening.parties]
        found = [(OPENING_NAME, self.opening.data), *((name, self.files[name]) for name in names)]
        listed = [{"naam": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in found]
        return hashlib.sha256(canonical_json({"formaat": TRANSCRIPT_FORMAT, "bestanden": listed})).hexdigest()

    @cached_property
    def keyset(self) -> PublicKeyset:
        """The keyset that the dealings make; all of them must be there.

        Raises:
            ThresholdError: the commitments cancel out.
        """
        opening = self.opening
        commitments = added_commitments([self.dealings[index] for index in opening.parties])
        return PublicKeyset(
            opening.name,
            opening.profile,
            EPOCH,
            opening.threshold,
            len(opening.parties),
            Origin.CEREMONY,
            commitments,
        )


def make_dealing(opening: Opening, own: OwnKeys, randomness: Randomness) -> Dealing:
    """This party's part of the key: a random scalar, dealt to all. The scalar does not outlive this call."""
    opening.index_of(own.party)
    return distribute(opening.round, own, SecretScalar.random(randomness), randomness)


def require(record: Record, stage: Stage) -> None:
    """Check that a stage may be done: every stage before it is complete, and nobody complained.

    Raises:
        Aborted: there was a complaint.
        Waiting: files of others are not there yet.
    """
    for earlier in STAGES[: STAGES.index(stage)]:
        require_complete(record, earlier)


def require_complete(record: Record, stage: Stage) -> None:
    """Check that everybody's file of a stage is there, and nobody complained.

    Raises:
        Aborted: there was a complaint.
        Waiting: files are not there yet; who is waited for is named.
    """
    if record.complaints:
        (_accuser, dealer), complaint = min(record.complaints.items(), key=lambda one: one[0])
        raise Aborted(judge(complaint, record.dealings[dealer]))
    missing = record.missing(stage)
    if missing:
        raise Waiting(
            _("Er is nog geen {stap} van {partijen}.").format(stap=stage, partijen=", ".join(missing)),
            _("Leg hun bestanden in de gedeelde map en geef deze opdracht opnieuw."),
        )


def statement(record: Record, stage: Stage, own: OwnKeys, dealing: bytes = b"") -> bytes:
    """This party's file of a stage; the same every time it is asked for.

    Args:
        record: everything of the stages before, taken in.
        stage: which.
        own: this party's keys.
        dealing: the file of its own dealing, for the first two stages.

    Raises:
        Aborted, Waiting: see `require`.
    """
    require(record, stage)
    return signed(_members(record, stage, record.opening.index_of(own.party), dealing), own)


def progress(record: Record, offered: Mapping[str, bytes], moment: datetime) -> Record:
    """Take in what was offered, stage by stage, up to the first that is not complete.

    Args:
        record: what was taken in before.
        offered: files by name; names that mean nothing are left alone.
        moment: now, for the deadline.

    Raises:
        Fault: a file that must not be taken in; the record is as it was.
    """
    for stage in STAGES:
        if stage is Stage.APPROVAL:
            record = _with_complaints(record, offered, moment)
        for index in record.opening.parties:
            name = stage.file(index)
            if name in offered:
                record = _with_file(record, stage, index, offered[name], moment)
        if record.missing(stage):
            break
    return record


def bad_dealers(record: Record, own: OwnKeys) -> list[int]:
    """The dealers whose share for this party is not good; opens all of this party's shares.

    Raises:
        Aborted, Waiting: see `require`.
        ThresholdError: the parts of all make no key.
    """
    require(record, Stage.APPROVAL)
    index, bad = record.opening.index_of(own.party), []
    for dealer in record.opening.parties:
        try:
            open_share(record.dealings[dealer], index, own)
        except Fault:
            bad.append(dealer)
    if not bad:
        check_share(_summed(record, own, index), index, record.keyset)
    return bad


def own_share(record: Record, own: OwnKeys, randomness: Randomness) -> HolderShare:
    """This party's share of the key, when everybody has signed.

    Raises:
        Aborted, Waiting: see `require`.
    """
    require_complete(record, Stage.SIGNATURE)
    index, keyset = record.opening.index_of(own.party), record.keyset
    secret = _summed(record, own, index)
    check_share(secret, index, keyset)
    nonce_key = Secret(randomness(NONCE_KEY_BYTES))
    return HolderShare(keyset.name, keyset.profile, EPOCH, index, secret, nonce_key, keyset.fingerprint)


def verified(opening: Opening, offered: Mapping[str, bytes]) -> Record:
    """Check a whole ceremony without any secret. Whether files were in time only those who were there can say, and they signed.

    Raises:
        Fault: something is not good; the party is named.
        Aborted: it ended in a complaint; rebuttals were checked.
        Waiting: it is not finished.
    """
    record = progress(Record(opening), offered, opening.until)
    for (accuser, dealer), complaint in record.complaints.items():
        data = offered.get(rebuttal_name(accuser, dealer))
        if data is not None:
            check_rebuttal(data, complaint, record.dealings[dealer])
    require_complete(record, Stage.SIGNATURE)
    return record


def _summed(record: Record, own: OwnKeys, index: int) -> SecretScalar:
    return added_shares(open_share(record.dealings[dealer], index, own) for dealer in record.opening.parties)


def _members(record: Record, stage: Stage, index: int, dealing: bytes) -> dict[str, object]:
    members: dict[str, object] = {
        "formaat": stage.kind,
        "sessie": base64url.encode(record.opening.session),
        "houder": index,
        "naam": record.opening.parties[index].name,
        "transcript": record.transcript(stage),
    }
    if stage is Stage.COMMITMENT:
        members["verdeling"] = hashlib.sha256(dealing).hexdigest()
    elif stage is Stage.REVEAL:
        members["verdeling"] = json.loads(dealing)
    else:
        members["vingerafdruk"] = record.keyset.fingerprint
    return members


def _with_file(record: Record, stage: Stage, index: int, data: bytes, moment: datetime) -> Record:
    party, name = record.opening.parties[index], stage.file(index)
    if _known(record, name, data, party):
        return record
    # A signature adds nothing that could be chosen late, and refusing it would leave one party without its share.
    if stage is not Stage.SIGNATURE:
        _check_time(record.opening, party, name, moment)
    members = check_signed(data, stage.kind, party)
    _check_bound(record, stage, party, members)
    dealings = record.dealings
    if stage is Stage.REVEAL:
        dealings = {**dealings, index: _revealed(record, index, members)}
    expected = _members(record, stage, index, _shown(members, stage))
    if stage is Stage.COMMITMENT:
        expected["verdeling"] = _checked_hash(members)
    if members != expected:
        raise _refused(party, _("De {stap} van {partij} klopt niet."), stage)
    return replace(record, files={**record.files, name: data}, dealings=dealings)


def _known(record: Record, name: str, data: bytes, party: Party) -> bool:
    if name not in record.files:
        return False
    if record.files[name] != data:
        raise Fault(
            party.name,
            _("{partij} verving {bestand} nadat het al was aangenomen.").format(
                partij=party.name, bestand=name
            ),
            _("Vraag {partij} waarom, zet het eerste bestand terug of open een nieuwe ceremonie.").format(
                partij=party.name
            ),
        )
    return True


def _check_time(opening: Opening, party: Party, name: str, moment: datetime) -> None:
    if moment > opening.until:
        raise Fault(
            party.name,
            _("{bestand} van {partij} kwam te laat: de termijn liep tot {moment}.").format(
                bestand=name, partij=party.name, moment=f"{opening.until:%d-%m-%Y %H:%M} UTC"
            ),
            _("Open een nieuwe ceremonie met een ruimere termijn."),
        )


def _check_bound(record: Record, stage: Stage, party: Party, members: Mapping[str, Any]) -> None:
    if members.get("sessie") != base64url.encode(record.opening.session):
        raise _refused(party, _("De {stap} van {partij} hoort bij een andere sessie."), stage)
    if members.get("transcript") != record.transcript(stage):
        raise _refused(
            party,
            _("{partij} maakte de {stap} bij andere bestanden van eerdere stappen dan hier liggen."),
            stage,
        )


def _shown(members: Mapping[str, Any], stage: Stage) -> bytes:
    return canonical_json(members["verdeling"]) if stage is Stage.REVEAL else b""


def _checked_hash(members: Mapping[str, Any]) -> object:
    """The hash in a commitment, if it has the form of one."""
    found = members.get("verdeling")
    return found if isinstance(found, str) and _HASH.fullmatch(found) else None


def _revealed(record: Record, index: int, members: Mapping[str, Any]) -> Dealing:
    """The dealing in a reveal: the one that was committed to, and good for everyone."""
    party = record.opening.parties[index]
    shown = members.get("verdeling")
    data = canonical_json(shown) if isinstance(shown, dict) else b""
    committed = json.loads(record.files[Stage.COMMITMENT.file(index)])["verdeling"]
    if hashlib.sha256(data).hexdigest() != committed:
        raise _refused(
            party,
            _("{partij} toont een andere verdeling dan die waarop de toezegging van {partij} slaat."),
            Stage.REVEAL,
        )
    return parse_dealing(data, record.opening.round, party)


def _with_complaints(record: Record, offered: Mapping[str, bytes], moment: datetime) -> Record:
    for accuser, party in record.opening.parties.items():
        for dealer in record.opening.parties:
            name = complaint_name(accuser, dealer)
            if name not in offered or _known(record, name, offered[name], party):
                continue
            if Stage.APPROVAL.file(accuser) in record.files:
                raise Fault(
                    party.name,
                    _("{partij} klaagt nadat zij had goedgekeurd; deze klacht telt niet.").format(
                        partij=party.name
                    ),
                    _("Vraag {partij} waarom, en haal {bestand} weg.").format(
                        partij=party.name, bestand=name
                    ),
                )
            _check_time(record.opening, party, name, moment)
            complaint = parse_complaint(offered[name], record.dealings[dealer], accuser)
            record = replace(
                record,
                files={**record.files, name: offered[name]},
                complaints={**record.complaints, (accuser, dealer): complaint},
            )
    return record


def _refused(party: Party, reason: str, stage: Stage) -> Fault:
    return Fault(
        party.name,
        reason.format(partij=party.name, stap=stage),
        _("Vraag {partij} om het goede bestand; lukt dat niet, open dan een nieuwe ceremonie.").format(
            partij=party.name
        ),
    )


def _unreadable_opening() -> Fault:
    return Fault(
        "",
        _("De opening van de ceremonie is niet te lezen of klopt niet."),
        _("Vraag de opener om het bestand opnieuw te sturen, en vergelijk de vingerafdruk."),
    )
