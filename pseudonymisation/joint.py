# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The ceremony: n organisations make one key together, and it never exists in one place (Pedersen's DKG with commit and reveal).

Every message is a file, signed by its party (`statement`) and bound to the session and to a hash of every file of the stages before it
(`Record.transcript`). So two parties that were sent different files find out at the next stage.

1. *Opening* (`opening`): one participant draws a session and names keyset, profile, threshold, participants with their keys, and a deadline. Its
   fingerprint is compared by telephone, and with it all keys.
2. *Sealing keys*: each receiver makes a key for each dealer, of this session only (`sealing`).
3. *Commitment*: when all keys are there, each dealer makes a dealing to all receivers (`dealing`), of a random scalar, and shows its hash only.
4. *Reveal*: when all hashes are there, each shows its dealing. It must be the one of the hash. So nobody chooses its part after seeing another's.
5. *Approval*: each checks all dealings, opens its own shares in them, and approves; or complains, and then the session is over.
6. *Signature*: when all have approved, each signs all of it. When all have signed, holder j's share is Σ f_i(j), and K = Σ C_i0.

`progress` takes in what was offered, in that order, and stops at the first stage that is not complete. It never takes in: a file after the deadline;
another file in the place of one that was taken in; a file of another session; a file that was made upon other files than we have. Each is a `Fault` that
names the party. All n parties are needed in every stage: a ceremony is held rarely, and a party that is away would hold a share that nobody tried.

A *re-sharing* and a *rotation* go through the same stages; what is dealt, by whom and to whom is in `opening`. In a re-sharing the first commitment of each
dealer must be λ_i·K_i of the keyset of before, so nobody deals anything but its share, and K stays. In a rotation what is dealt adds up to ρ, and each approval
carries the scaled keyset with a proof (`rotation`). Receivers send sealing keys, dealers commitment and reveal, everybody the last two.

What a complaint leads to: `aborted` says whose fault it is, and names both. There is no second attempt inside a session: everything is made anew
under a new session, because whoever could have one dealing of several thrown out would choose among keys. In a re-sharing it is an objection: it opens nothing.

Pure. Files, folders, the clock and the random source are the command's (keyholder/ceremony/).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret
from pseudonymisation import base64url
from pseudonymisation.ceremony import CeremonyError, HolderShare, check_holder_share
from pseudonymisation.dealing import (
    Complaint,
    Dealing,
    Round,
    Verdict,
    added_commitments,
    added_shares,
    check_objection,
    check_rebuttal,
    distribute,
    judge,
    open_share,
    parse_complaint,
    parse_dealing,
)
from pseudonymisation.opening import OPENING_NAME, Opening, Purpose
from pseudonymisation.oprf import NONCE_KEY_BYTES
from pseudonymisation.p256 import Point, SecretScalar
from pseudonymisation.rotation import Factor, Scaling, scale, scaled_keyset, scaled_share
from pseudonymisation.sealing import SealingKeys, listed, parse_listed
from pseudonymisation.statement import Fault, OwnKeys, Party, check_signed, signed
from pseudonymisation.threshold import Origin, PublicKeyset, ThresholdError, canonical_json, check_share

TRANSCRIPT_FORMAT: Final = "signaalregister/transcript/v1"

_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Stage(StrEnum):
    """What each party sends once, in this order; the value names its files."""

    SEALING = "zegelsleutel"
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


def senders(opening: Opening, stage: Stage) -> tuple[int, ...]:
    """Who sends a file of this stage, by number."""
    if stage is Stage.SEALING:
        return tuple(opening.receivers)
    return opening.dealers if stage in {Stage.COMMITMENT, Stage.REVEAL} else tuple(opening.parties)


def complaint_name(accuser: int, dealer: int) -> str:
    """Name of the file of a complaint."""
    return f"klacht-houder-{accuser}-over-{dealer}.json"


def rebuttal_name(accuser: int, dealer: int) -> str:
    """Name of the file of the answer to it."""
    return f"weerwoord-houder-{dealer}-aan-{accuser}.json"


def file_names(opening: Opening) -> list[str]:
    """Every name that a file of the parties of a ceremony can have."""
    pairs = _pairs(opening)
    return [
        *(stage.file(index) for stage in STAGES for index in senders(opening, stage)),
        *(complaint_name(*pair) for pair in pairs),
        *(rebuttal_name(*pair) for pair in pairs),
    ]


def _pairs(opening: Opening) -> list[tuple[int, int]]:
    """Who can complain about whom."""
    return [(accuser, dealer) for accuser in opening.receivers for dealer in opening.dealers]


class Waiting(CeremonyError):
    """A stage that cannot be done yet: files of others are not there. Nothing is wrong."""


class Objected(Fault):
    """A receiver objected in a re-sharing: this session makes no keyset. Whose fault it is these files do not tell."""

    def __init__(self, accuser: Party, dealer: Party) -> None:
        super().__init__(
            "",
            _(
                "{ontvanger} kreeg van {partij} een deelaandeel dat niet klopt, of zegt dat. Deze herverdeling is gestopt."
            ).format(ontvanger=accuser.name, partij=dealer.name),
            _(
                "{ontvanger} laat het bewijs zien aan iemand die zelf niets ontvangt (ceremony verify --evidence). Open daarna een nieuwe herverdeling."
            ).format(ontvanger=accuser.name),
        )


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
class Record:
    """What one party has taken in, each file once.

    Attributes:
        opening: the opening.
        files: the files of the stages by name, whole stages first.
        sealing: what to seal to, by receiver and then by dealer.
        dealings: the dealings in the reveals, by dealer.
        complaints: those taken in, by (accuser, dealer).
        objections: (accuser, dealer) of those taken in, in a re-sharing.
        scaling: in a rotation, what the approvals say the scaled keyset is.
    """

    opening: Opening
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    sealing: Mapping[int, Mapping[int, Point]] = field(default_factory=dict, repr=False)
    dealings: Mapping[int, Dealing] = field(default_factory=dict, repr=False)
    complaints: Mapping[tuple[int, int], Complaint] = field(default_factory=dict, repr=False)
    objections: frozenset[tuple[int, int]] = frozenset()
    scaling: Scaling | None = field(default=None, repr=False)

    def missing(self, stage: Stage) -> list[str]:
        """Whose file of a stage is not there yet."""
        parties = self.opening.parties
        return [
            parties[index].name
            for index in senders(self.opening, stage)
            if stage.file(index) not in self.files
        ]

    def transcript(self, before: Stage | None) -> str:
        """SHA-256 over the names and hashes of the opening and of all files of the stages before this one; None: of all stages."""
        stages = STAGES if before is None else STAGES[: STAGES.index(before)]
        names = [stage.file(index) for stage in stages for index in senders(self.opening, stage)]
        found = [(OPENING_NAME, self.opening.data), *((name, self.files[name]) for name in names)]
        listed = [{"naam": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in found]
        return hashlib.sha256(canonical_json({"formaat": TRANSCRIPT_FORMAT, "bestanden": listed})).hexdigest()

    def round(self, dealer: int) -> Round:
        """What the dealing of this dealer is bound to; all sealing keys must be there."""
        transcript = bytes.fromhex(self.transcript(Stage.COMMITMENT))
        return self.opening.round(
            transcript, {receiver: self.sealing[receiver][dealer] for receiver in self.opening.receivers}
        )

    @cached_property
    def keyset(self) -> PublicKeyset:
        """The keyset that the dealings make; all of them must be there, and in a rotation one approval.

        Raises:
            ThresholdError: the commitments cancel out.
            InvalidProof: in a rotation, what was said is not the keyset of before times what was dealt.
        """
        opening, before = self.opening, self.opening.before
        commitments = added_commitments([self.dealings[index] for index in opening.dealers])
        if before is not None and before.purpose is Purpose.ROTATION:
            if self.scaling is None:
                raise ThresholdError(_("Er is nog geen goedkeuring met de nieuwe sleutelset."))
            return scaled_keyset(before.keyset, self.scaling, commitments[0])
        return PublicKeyset(
            opening.name,
            opening.profile,
            opening.epoch,
            opening.threshold,
            len(opening.receivers),
            Origin.CEREMONY if before is None else before.keyset.origin,
            commitments,
        )


def make_dealing(
    record: Record, own: OwnKeys, randomness: Randomness, share: HolderShare | None = None
) -> Dealing:
    """This party's dealing: a random scalar, or in a re-sharing its old share times λ. The scalar does not outlive this call.

    Args:
        record: with the sealing keys of all receivers.
        own: this party's keys.
        randomness: for everything that is drawn.
        share: the old share, in a re-sharing.

    Raises:
        CeremonyError: this party deals nothing here, or a share that is not of the keyset of before and of this holder.
        Waiting: sealing keys are not there yet.
    """
    opening = record.opening
    number = opening.index_of(own.party)
    if number not in opening.dealers:
        raise CeremonyError(
            _("{partij} ontvangt in deze herverdeling, en verdeelt niets.").format(partij=own.party.name),
            _("Wacht op de onthullingen van de anderen, en geef dan ceremony approve."),
        )
    require(record, Stage.COMMITMENT)
    if opening.purpose is Purpose.RESHARING:
        constant = opening.term(number, _old_share(opening, number, share).secret)
    else:
        constant = SecretScalar.random(randomness)
    return distribute(record.round(number), own, constant, randomness)


def _old_share(opening: Opening, number: int, share: HolderShare | None) -> HolderShare:
    before = opening.before
    if share is None or before is None or share.holder != opening.old_holder(number):
        raise CeremonyError(
            _("Voor deze stap is uw aandeel van de vorige sleutelset nodig, en van geen andere houder."),
            _("Geef het met --share-file."),
        )
    check_holder_share(share, before.keyset)
    return share


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
    if record.objections:
        accuser, dealer = min(record.objections)
        raise Objected(record.opening.parties[accuser], record.opening.parties[dealer])
    missing = record.missing(stage)
    if missing:
        raise Waiting(
            _("Er is nog geen {stap} van {partijen}.").format(stap=stage, partijen=", ".join(missing)),
            _("Leg hun bestanden in de gedeelde map en geef deze opdracht opnieuw."),
        )


def statement(
    record: Record, stage: Stage, own: OwnKeys, dealing: bytes = b"", seals: SealingKeys | None = None
) -> bytes:
    """This party's file of a stage; the same every time it is asked for.

    Args:
        record: everything of the stages before, taken in.
        stage: which.
        own: this party's keys.
        dealing: the file of its own dealing, for commitment and reveal.
        seals: its sealing keys of this session, for the first stage, and for the approval of a rotation.

    Raises:
        Aborted, Waiting: see `require`.
    """
    require(record, stage)
    index = record.opening.index_of(own.party)
    if stage is Stage.SEALING:
        record = replace(record, sealing={**record.sealing, index: _of_session(record, seals).public})
    if stage is Stage.APPROVAL and record.opening.before and record.opening.purpose is Purpose.ROTATION:
        factor = _summed(record, index, seals)
        # Whatever others approved: what this party signs it made itself.
        record = replace(record, scaling=scale(record.opening.before.keyset, factor))
    return signed(_members(record, stage, index, dealing), own)


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
        for index in senders(record.opening, stage):
            name = stage.file(index)
            if name in offered:
                record = _with_file(record, stage, index, offered[name], moment)
        if record.missing(stage):
            break
    return record


def bad_dealers(record: Record, own: OwnKeys, seals: SealingKeys | None) -> list[int]:
    """The dealers whose share for this party is not good; opens all of this party's shares.

    Raises:
        Aborted, Waiting: see `require`.
        ThresholdError: the parts of all make no key.
    """
    require(record, Stage.APPROVAL)
    index, bad = record.opening.index_of(own.party), list[int]()
    if index not in record.opening.receivers:
        return bad
    for dealer in record.opening.dealers:
        try:
            open_share(record.dealings[dealer], index, _of_session(record, seals).by_dealer[dealer])
        except Fault:
            bad.append(dealer)
    if not bad and record.opening.purpose is not Purpose.ROTATION:
        check_share(_summed(record, index, seals), index, record.keyset)
    return bad


def becomes_holder(record: Record, own: OwnKeys) -> bool:
    """Whether this party has a share in the end: not an old holder that leaves, nor the register."""
    opening = record.opening
    number = opening.index_of(own.party)
    if opening.purpose is Purpose.ROTATION:
        return opening.old_holder(number) is not None
    return number in opening.receivers


def own_share(
    record: Record,
    own: OwnKeys,
    seals: SealingKeys,
    randomness: Randomness,
    share: HolderShare | None = None,
) -> HolderShare:
    """This party's share of the key, when everybody has signed.

    Args:
        record: all of the ceremony.
        own: this party's keys.
        seals: its sealing keys of this session.
        randomness: for the nonce key.
        share: the share of before, in a rotation.

    Raises:
        Aborted, Waiting: see `require`.
        CeremonyError: in a rotation, a share that is not of the keyset of before and of this holder.
    """
    require_complete(record, Stage.SIGNATURE)
    index, keyset = record.opening.index_of(own.party), record.keyset
    secret = _summed(record, index, seals)
    if record.opening.purpose is Purpose.ROTATION:
        old = _old_share(record.opening, index, share)
        index, secret = old.holder, scaled_share(old.secret, secret)
    check_share(secret, index, keyset)
    nonce_key = Secret(randomness(NONCE_KEY_BYTES))
    return HolderShare(
        keyset.name, keyset.profile, keyset.epoch, index, secret, nonce_key, keyset.fingerprint
    )


def own_factor(record: Record, own: OwnKeys, seals: SealingKeys) -> Factor:
    """ρ, for the register, when everybody has signed.

    Raises:
        Aborted, Waiting: see `require`.
        ValueError: no rotation.
    """
    require_complete(record, Stage.SIGNATURE)
    before = record.opening.before
    if before is None or before.purpose is not Purpose.ROTATION:
        raise ValueError("only a rotation has a factor")
    value = _summed(record, record.opening.index_of(own.party), seals)
    return Factor(before.keyset.name, before.keyset.fingerprint, record.keyset.fingerprint, value)


def verified(opening: Opening, offered: Mapping[str, bytes]) -> Record:
    """Check a whole ceremony without any secret. Whether files were in time only those who were there can say, and they signed.

    Everybody approved before anybody signed. So beside all signatures a complaint is of a party that approved, and counts no more than it did for those who were there:
    one participant does not undo afterwards what all have signed.

    Raises:
        Fault: something is not good; the party is named.
        Aborted: it ended in a complaint; rebuttals were checked.
        Waiting: it is not finished.
    """
    complaints = {complaint_name(*pair) for pair in _pairs(opening)}
    if all(stage.file(index) in offered for stage in STAGES for index in senders(opening, stage)):
        offered = {name: data for name, data in offered.items() if name not in complaints}
    record = progress(Record(opening), offered, opening.until)
    for (accuser, dealer), complaint in record.complaints.items():
        data = offered.get(rebuttal_name(accuser, dealer))
        if data is not None:
            check_rebuttal(data, complaint, record.dealings[dealer])
    require_complete(record, Stage.SIGNATURE)
    return record


def _summed(record: Record, index: int, seals: SealingKeys | None) -> SecretScalar:
    by_dealer = _of_session(record, seals).by_dealer
    return added_shares(
        open_share(record.dealings[dealer], index, by_dealer[dealer]) for dealer in record.opening.dealers
    )


def _of_session(record: Record, seals: SealingKeys | None) -> SealingKeys:
    """The sealing keys, of this session and no other.

    Raises:
        ValueError: none, or of another session: the caller has mixed up two.
    """
    if seals is None or seals.session != record.opening.session:
        raise ValueError("sealing keys are of one session")
    return seals


def _members(record: Record, stage: Stage, index: int, dealing: bytes) -> dict[str, object]:
    members: dict[str, object] = {
        "formaat": stage.kind,
        "sessie": base64url.encode(record.opening.session),
        "houder": index,
        "naam": record.opening.parties[index].name,
        "transcript": record.transcript(stage),
    }
    if stage is Stage.SEALING:
        members["zegelsleutels"] = listed(record.sealing[index])
    elif stage is Stage.COMMITMENT:
        members["verdeling"] = hashlib.sha256(dealing).hexdigest()
    elif stage is Stage.REVEAL:
        members["verdeling"] = json.loads(dealing)
    else:
        members["vingerafdruk"] = record.keyset.fingerprint
        if stage is Stage.APPROVAL and record.scaling is not None:
            members |= record.scaling.members()
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
    if stage is Stage.SEALING:
        record = _with_sealing(record, index, members)
    if stage is Stage.REVEAL:
        dealings = {**dealings, index: _revealed(record, index, members)}
    if stage is Stage.APPROVAL and record.opening.purpose is Purpose.ROTATION:
        record = _with_scaling(record, party, members)
    expected = _members(record, stage, index, _shown(members, stage))
    if stage is Stage.COMMITMENT:
        expected["verdeling"] = _checked_hash(members)
    if members != expected:
        raise _refused(party, _("De {stap} van {partij} klopt niet."), stage)
    return replace(record, files={**record.files, name: data}, dealings=dealings)


def _with_sealing(record: Record, index: int, members: Mapping[str, Any]) -> Record:
    """The record with what a receiver made to be sealed to; of nobody else."""
    party = record.opening.parties[index]
    try:
        public = parse_listed(members["zegelsleutels"], record.opening.dealers)
    except (KeyError, TypeError, AttributeError, ValueError):
        raise _refused(party, _("De {stap} van {partij} klopt niet."), Stage.SEALING) from None
    for other, theirs in record.sealing.items():
        if other != index and set(theirs.values()) & set(public.values()):
            # Who of the two copied it, no file tells.
            raise Fault(
                party.name,
                _("{partij} en {ander} tonen dezelfde zegelsleutel; een van beide nam hem over.").format(
                    partij=party.name, ander=record.opening.parties[other].name
                ),
                _("Breek deze sessie af, zoek uit wie het was, en open een nieuwe ceremonie."),
            )
    return replace(record, sealing={**record.sealing, index: public})


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
    dealing = parse_dealing(data, record.round(index), party)
    resharing = record.opening.purpose is Purpose.RESHARING
    if resharing and dealing.commitments[0] != record.opening.committed_term(index):
        raise _refused(
            party, _("{partij} verdeelt iets anders dan haar aandeel van de vorige sleutelset."), Stage.REVEAL
        )
    return dealing


def _with_scaling(record: Record, party: Party, members: Mapping[str, Any]) -> Record:
    """The record with what an approval says the scaled keyset is, if that is proven."""
    try:
        told = replace(record, scaling=Scaling.of(members))
        _checked = told.keyset
    except (KeyError, TypeError, AttributeError, ValueError):
        raise _refused(
            party,
            _("{partij} bewijst niet dat de nieuwe sleutelset de vorige maal de rotatiefactor is."),
            Stage.APPROVAL,
        ) from None
    return told


def _with_complaints(record: Record, offered: Mapping[str, bytes], moment: datetime) -> Record:
    for accuser, party in record.opening.receivers.items():
        for dealer in record.opening.dealers:
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
            if record.opening.purpose is Purpose.RESHARING:
                check_objection(offered[name], record.dealings[dealer], accuser)
                record = replace(
                    record,
                    files={**record.files, name: offered[name]},
                    objections=record.objections | {(accuser, dealer)},
                )
                continue
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
