# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One dealer's verifiable distribution of a secret scalar to named receivers (Feldman 1987), and what happens when it is not good.

A *round* says who receives, how many of them are needed, in which session, and on what everyone agreed before it (`transcript`). In a round a
dealer makes one dealing:

1. a polynomial f of degree t-1 with a given constant term: random in a ceremony that makes a key, λ_i·k_i in one that shares it anew;
2. commitments C_j = a_j·G;
3. a proof that it knows a_0 (Schnorr), bound to dealer, receivers, session, transcript and all commitments. Without it a dealer that
   speaks last could take its C_0 from the others' and choose the key (a rogue key);
4. f(j) for receiver j, sealed (`envelope`) to the key that j made for this dealer in this session (`sealing`), bound to the same and to j;
5. the dealer's signature over all of it (`statement`).

`parse_dealing` checks 5, 1-3 and the form of 4: what everyone can check. `open_share` is the receiver's: its seal opens, and f(j)·G = Σ j^i·C_i.
If not, it complains: a signed statement with the secret of that key, which opens its sealed share to everyone, and nothing else. `judge` then says whose fault
it is, with no help of either. A dealer that is accused falsely rebuts: it states the share that the complaint opens to, which is good. A complaint with
another secret opens nothing, and is its receiver's own fault.

What a complaint gives away is f(j) of one dealer, to everyone. In a session that is abandoned that is harmless when a_0 was drawn for it. When a_0 comes
from a share that stays in use (λ_i·k_i), one receiver fewer than t suffices afterwards to find it, and with its own old share it would have the key. So in a
re-sharing nobody complains: a receiver *objects*, a signed statement that opens nothing. The session ends as well, and whose fault it is, is for somebody to
judge who receives nothing: the receiver shows that one its complaint (docs/adr/0026).

Left to others: who may be a dealer, order and time of messages, and what a_0·G must be (`joint` for a new key). The constant term, and every
random number but the ephemeral keys of `envelope`, come in as arguments.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from process.language import gettext as _
from process.moments import Randomness
from pseudonymisation import base64url, envelope
from pseudonymisation.envelope import Unopenable
from pseudonymisation.oprf import Proof
from pseudonymisation.p256 import (
    ORDER,
    SCALAR_BYTES,
    Point,
    PublicScalar,
    SecretScalar,
    add,
    hash_to_scalar,
    total,
)
from pseudonymisation.statement import Fault, OwnKeys, Party, check_signed, signed
from pseudonymisation.threshold import (
    MAXIMUM_HOLDERS,
    Sharing,
    ThresholdError,
    canonical_json,
    committed_key,
    split_among,
)

DEALING_FORMAT: Final = "signaalregister/verdeling/v2"
COMPLAINT_FORMAT: Final = "signaalregister/klacht/v2"
REBUTTAL_FORMAT: Final = "signaalregister/weerwoord/v1"
OBJECTION_FORMAT: Final = "signaalregister/bezwaar/v1"
HASH_BYTES: Final = 32

_ROUND: Final = "signaalregister/verdeelronde/v2"
_SEAL: Final = "signaalregister/deelaandeel/v1"
_POSSESSION_DST: Final = b"HashToScalar-signaalregister/bezit/v1"
_NONCE_DST: Final = b"HashToScalar-signaalregister/bezit-nonce/v1"
_NONCE_RANDOM_BYTES: Final = 32


def check_receivers(threshold: int, receivers: Mapping[int, Party], *, for_all: bool = False) -> None:
    """Check that a threshold and receivers make sense together.

    Raises:
        ThresholdError: a threshold under 2 or over the number of receivers, too many of them, or two receivers of one name or key.
    """
    # One key under two names would be one receiver with two shares.
    names = {one.name for one in receivers.values()}
    keys = {one.signing for one in receivers.values()}
    fits = threshold == 1 if for_all else 2 <= threshold <= len(receivers)
    # One more than holders: in a rotation the register takes part.
    most = MAXIMUM_HOLDERS + for_all
    good = fits and 2 <= len(receivers) <= most and min(receivers) >= 1
    if not good or len(names) != len(receivers) or len(keys) != len(receivers):
        raise _no_round()


@dataclass(frozen=True)
class Receiver:
    """Who gets a share of one dealer.

    Attributes:
        party: who.
        sealing: the point that it made for this dealer in this session.
    """

    party: Party
    sealing: Point = field(repr=False)

    def members(self) -> dict[str, object]:
        """Its values under their names in files."""
        return {**self.party.members(), "zegelsleutel": base64url.encode(self.sealing.encode())}


@dataclass(frozen=True)
class Round:
    """What the dealing of one dealer is bound to.

    Attributes:
        session: 32 bytes that no other session has.
        transcript: SHA-256 of everything on which the parties agreed before they dealt.
        threshold: t, how many receivers are needed.
        receivers: who gets f(j), by j from 1.
        for_all: the number dealt is for every receiver, whole: threshold 1, a constant polynomial. For a factor, never for a key.

    Raises:
        ThresholdError: see `check_receivers`; or two receivers with one key to seal to.
    """

    session: bytes
    transcript: bytes
    threshold: int
    receivers: Mapping[int, Receiver]
    for_all: bool = False

    def __post_init__(self) -> None:
        parties = {index: one.party for index, one in self.receivers.items()}
        check_receivers(self.threshold, parties, for_all=self.for_all)
        if len({one.sealing for one in self.receivers.values()}) != len(parties):
            raise _no_round()
        if len(self.session) != HASH_BYTES or len(self.transcript) != HASH_BYTES:
            raise ValueError("session and transcript are 32 bytes each")
        object.__setattr__(self, "receivers", MappingProxyType(dict(sorted(self.receivers.items()))))

    def members(self) -> dict[str, object]:
        """Its values under their names in files."""
        return {
            "sessie": base64url.encode(self.session),
            "transcript": base64url.encode(self.transcript),
            "drempel": self.threshold,
            "ontvangers": [{"houder": index, **one.members()} for index, one in self.receivers.items()],
        }

    def binding(self, dealer: Party, commitments: Sequence[Point]) -> bytes:
        """SHA-256 of round, dealer and commitments: what proof and seals are bound to."""
        members = {"verdeler": dealer.members(), "toezeggingen": _texts(commitments), **self.members()}
        return hashlib.sha256(canonical_json({"formaat": _ROUND, **members})).digest()


@dataclass(frozen=True)
class Dealing:
    """One dealer's distribution, as everyone sees it.

    Attributes:
        dealer: who dealt.
        round: in which round.
        commitments: C_0..C_(t-1).
        possession: proof that the dealer knows the logarithm of C_0.
        sealed: the sealed f(j) of each receiver.
        data: the file, signed.
    """

    dealer: Party
    round: Round = field(repr=False)
    commitments: tuple[Point, ...] = field(repr=False)
    possession: Proof = field(repr=False)
    sealed: Mapping[int, bytes] = field(repr=False)
    data: bytes = field(repr=False)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file: what is committed to before it is shown."""
        return hashlib.sha256(self.data).digest()

    def committed(self, index: int) -> Point:
        """f(index)·G."""
        return committed_key(self.commitments, index)

    def info(self, index: int) -> bytes:
        """What the seal of this receiver is bound to."""
        return _seal_info(self.round.binding(self.dealer, self.commitments), index)


@dataclass(frozen=True)
class Complaint:
    """A receiver's statement that its share in a dealing is not good, with what opens it.

    Attributes:
        accuser: the receiver.
        index: its number.
        secret: of the key that the dealer had to seal to: opens the seal, and is of no other use.
        data: the file, signed.
    """

    accuser: Party
    index: int
    secret: SecretScalar = field(repr=False)
    data: bytes = field(repr=False)

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file."""
        return hashlib.sha256(self.data).digest()


@dataclass(frozen=True)
class Verdict:
    """What anyone finds who opens the share of a complaint.

    Attributes:
        dealer: the accused.
        accuser: the receiver that complained.
        guilty: whichever of the two is at fault.
    """

    dealer: Party
    accuser: Party
    guilty: Party


class BadShare(Fault):
    """The share that a dealer sealed for this receiver is not good: complain."""


def distribute(round_: Round, dealer: OwnKeys, constant: SecretScalar, randomness: Randomness) -> Dealing:
    """Make a dealing.

    Args:
        round_: to whom, and bound to what.
        dealer: the dealer's keys.
        constant: a_0, in [1, n-2]; kept by the dealer no longer than this call needs it.
        randomness: for the other coefficients and the nonce of the proof.

    Raises:
        ValueError: a share outside [1, n-2], of probability 2^-250; start again.
    """
    if round_.for_all:
        sharing = Sharing(dict.fromkeys(round_.receivers, constant), (constant.public_point(),))
    else:
        sharing = split_among(constant, round_.threshold, round_.receivers, randomness)
    binding = round_.binding(dealer.party, sharing.commitments)
    possession = _prove(constant, binding, randomness)
    sealed = {
        index: envelope.seal(share.to_bytes(), round_.receivers[index].sealing, _seal_info(binding, index))
        for index, share in sharing.shares.items()
    }
    members = _dealing_members(round_, dealer.party, sharing.commitments, possession, sealed)
    return Dealing(dealer.party, round_, sharing.commitments, possession, sealed, signed(members, dealer))


def parse_dealing(data: bytes, round_: Round, dealer: Party) -> Dealing:
    """Read a dealing and check all of it that everyone can check.

    Raises:
        Fault: not signed by this dealer; of another session, round or dealer; commitments that do not fit; no proof of possession; a
            sealed share missing, double, or in no form that could be opened.
    """
    members = check_signed(data, DEALING_FORMAT, dealer)
    if members.get("sessie") != base64url.encode(round_.session):
        raise Fault(
            dealer.name,
            _("De verdeling van {partij} hoort bij een andere sessie.").format(partij=dealer.name),
            _("Vraag {partij} om de verdeling van deze sessie; gebruik nooit een oud bestand.").format(
                partij=dealer.name
            ),
        )
    try:
        commitments = tuple(Point.decode(base64url.decode(text)) for text in members["toezeggingen"])
        possession = Proof.from_bytes(base64url.decode(members["bezit"]))
        sealed = {
            _index(one["houder"]): base64url.decode(one["verzegeld"]) for one in members["deelaandelen"]
        }
        for one in sealed.values():
            # A sealed share that nobody could open would make a complaint about it impossible.
            envelope.check_form(one, SCALAR_BYTES)
        same = members == _dealing_members(round_, dealer, commitments, possession, sealed)
        for index in round_.receivers:
            committed_key(commitments, index)
    except (KeyError, TypeError, AttributeError, ValueError):
        same = False
    if not same or len(commitments) != round_.threshold or set(sealed) != set(round_.receivers):
        raise _bad_dealing(
            dealer,
            _("De verdeling van {partij} klopt niet of is voor andere ontvangers.").format(
                partij=dealer.name
            ),
        )
    if not _proven(possession, commitments[0], round_.binding(dealer, commitments)):
        raise _bad_dealing(
            dealer,
            _("{partij} bewijst niet dat zij haar eigen bijdrage aan de sleutel kent.").format(
                partij=dealer.name
            ),
        )
    return Dealing(dealer, round_, commitments, possession, MappingProxyType(sealed), data)


def open_share(dealing: Dealing, index: int, secret: SecretScalar) -> SecretScalar:
    """The receiver's own share f(index), checked against the commitments; `secret` is of its key for this dealer.

    Raises:
        BadShare: it does not open, or is another number than was committed to; `complain` about it.
    """
    try:
        opened = envelope.unseal(dealing.sealed[index], secret, dealing.info(index))
    except Unopenable:
        opened = b""
    share = _fitting(opened, dealing, index)
    if share is None:
        raise BadShare(
            dealing.dealer.name,
            _("{partij} verzegelde voor {ontvanger} een deelaandeel dat niet klopt.").format(
                partij=dealing.dealer.name, ontvanger=dealing.round.receivers[index].party.name
            ),
            _("Dien een klacht in: deze sessie stopt, en de ceremonie begint opnieuw."),
        )
    return share


def complain(dealing: Dealing, index: int, own: OwnKeys, secret: SecretScalar) -> Complaint:
    """A signed complaint of this receiver, for everyone to judge. It gives away the secret of its key for this dealer, and so its share in this dealing."""
    return Complaint(
        own.party, index, secret, signed(_complaint_members(dealing, own.party, index, secret), own)
    )


def parse_complaint(data: bytes, dealing: Dealing, index: int) -> Complaint:
    """Read a complaint of receiver `index` about a dealing.

    Raises:
        Fault: not signed by that receiver, about another dealing, or with another secret than that of its key for this dealer: then the
            complaint says nothing, and the receiver is at fault.
    """
    receiver = dealing.round.receivers[index]
    accuser = receiver.party
    members = check_signed(data, COMPLAINT_FORMAT, accuser)
    try:
        found = SecretScalar.from_bytes(base64url.decode(members["zegelgeheim"]))
        same = found.public_point() == receiver.sealing
        same = same and members == _complaint_members(dealing, accuser, index, found)
    except (KeyError, TypeError, AttributeError, ValueError):
        same = False
    if not same:
        raise _says_nothing(dealing, accuser)
    return Complaint(accuser, index, found, data)


def objection(dealing: Dealing, index: int, own: OwnKeys) -> bytes:
    """This receiver's signed statement that its share is not good; it opens nothing."""
    return signed({"formaat": OBJECTION_FORMAT, **_about(dealing, own.party, index)}, own)


def check_objection(data: bytes, dealing: Dealing, index: int) -> None:
    """Check that this is an objection of receiver `index` against this dealing.

    Raises:
        Fault: not signed by that receiver, or about another dealing.
    """
    accuser = dealing.round.receivers[index].party
    members = check_signed(data, OBJECTION_FORMAT, accuser)
    if members != {"formaat": OBJECTION_FORMAT, **_about(dealing, accuser, index)}:
        raise _says_nothing(dealing, accuser)


def judge(complaint: Complaint, dealing: Dealing) -> Verdict:
    """Open the share of a complaint and say whose fault it is: the dealer's when the share is bad, the receiver's when it is good."""
    good = _publicly_opened(complaint, dealing) is not None
    return Verdict(dealing.dealer, complaint.accuser, complaint.accuser if good else dealing.dealer)


def rebut(complaint: Complaint, dealing: Dealing, own: OwnKeys) -> bytes:
    """The dealer's signed answer to a complaint that is false: the share that it opens to, which is good.

    Raises:
        Fault: the complaint is right, so there is nothing to say against it.
    """
    share = _publicly_opened(complaint, dealing)
    if share is None:
        raise Fault(
            dealing.dealer.name,
            _("De klacht van {ontvanger} over {partij} klopt; daar is geen weerwoord op.").format(
                ontvanger=complaint.accuser.name, partij=dealing.dealer.name
            ),
            _("Zoek uit waarom het deelaandeel niet klopte, en begin de ceremonie opnieuw."),
        )
    return signed(_rebuttal_members(complaint, dealing, share), own)


def check_rebuttal(data: bytes, complaint: Complaint, dealing: Dealing) -> None:
    """Check a dealer's rebuttal: it stands when the share in it is good and is what the complaint opens to.

    Raises:
        Fault: it does not stand.
    """
    members = check_signed(data, REBUTTAL_FORMAT, dealing.dealer)
    share = _publicly_opened(complaint, dealing)
    if share is None or members != _rebuttal_members(complaint, dealing, share):
        raise Fault(
            dealing.dealer.name,
            _("Het weerwoord van {partij} op de klacht van {ontvanger} klopt niet.").format(
                partij=dealing.dealer.name, ontvanger=complaint.accuser.name
            ),
            _("Begin de ceremonie opnieuw, en bespreek met {partij} wat er misging.").format(
                partij=dealing.dealer.name
            ),
        )


def added_shares(shares: Iterable[SecretScalar]) -> SecretScalar:
    """Σ f_i(j): the receiver's own share of the sum of what was dealt.

    Raises:
        ValueError: a sum outside [1, n-2], of probability 2^-255; start again.
    """
    return SecretScalar(sum(share.reveal() for share in shares) % ORDER)


def added_commitments(dealings: Sequence[Dealing]) -> tuple[Point, ...]:
    """The commitments to the sum of what was dealt, coefficient by coefficient.

    Raises:
        ThresholdError: they cancel out, or differ in number; honest ones do not.
    """
    sums = [total(column) for column in zip(*(one.commitments for one in dealings), strict=True)]
    found = tuple(point for point in sums if point is not None)
    if not sums or len(found) != len(sums):
        raise ThresholdError(_("De bijdragen van de deelnemers heffen elkaar op; houd een nieuwe ceremonie."))
    return found


def _texts(points: Iterable[Point]) -> list[str]:
    return [base64url.encode(point.encode()) for point in points]


def _dealing_members(
    round_: Round,
    dealer: Party,
    commitments: Sequence[Point],
    possession: Proof,
    sealed: Mapping[int, bytes],
) -> dict[str, object]:
    return {
        "formaat": DEALING_FORMAT,
        **round_.members(),
        "verdeler": dealer.members(),
        "toezeggingen": _texts(commitments),
        "bezit": base64url.encode(possession.to_bytes()),
        "deelaandelen": [
            {"houder": index, "verzegeld": base64url.encode(sealed[index])} for index in sorted(sealed)
        ],
    }


def _says_nothing(dealing: Dealing, accuser: Party) -> Fault:
    return Fault(
        accuser.name,
        _("De klacht van {ontvanger} over {partij} bewijst niets.").format(
            ontvanger=accuser.name, partij=dealing.dealer.name
        ),
        _("Begin de ceremonie opnieuw, en bespreek met {ontvanger} wat er misging.").format(
            ontvanger=accuser.name
        ),
    )


def _about(dealing: Dealing, accuser: Party, index: int) -> dict[str, object]:
    return {
        "sessie": base64url.encode(dealing.round.session),
        "verdeler": dealing.dealer.name,
        "ontvanger": accuser.name,
        "houder": index,
        "verdeling": base64url.encode(dealing.digest),
    }


def _complaint_members(
    dealing: Dealing, accuser: Party, index: int, secret: SecretScalar
) -> dict[str, object]:
    return {
        "formaat": COMPLAINT_FORMAT,
        **_about(dealing, accuser, index),
        # Of a key that is for this dealer in this session, which this complaint ends.
        "zegelgeheim": base64url.encode(secret.to_bytes()),
    }


def _rebuttal_members(complaint: Complaint, dealing: Dealing, share: SecretScalar) -> dict[str, object]:
    return {
        "formaat": REBUTTAL_FORMAT,
        **_about(dealing, complaint.accuser, complaint.index),
        "klacht": base64url.encode(complaint.digest),
        # Public already: the complaint opens it.
        "deelaandeel": base64url.encode(share.to_bytes()),
    }


def _publicly_opened(complaint: Complaint, dealing: Dealing) -> SecretScalar | None:
    """The share that a complaint opens to, if it is the one that was committed to."""
    sealed, info = dealing.sealed[complaint.index], dealing.info(complaint.index)
    try:
        return _fitting(envelope.unseal(sealed, complaint.secret, info), dealing, complaint.index)
    except Unopenable:
        return None


def _fitting(opened: bytes, dealing: Dealing, index: int) -> SecretScalar | None:
    try:
        share = SecretScalar.from_bytes(opened)
    except ValueError:
        return None
    return share if share.public_point() == dealing.committed(index) else None


def _prove(constant: SecretScalar, binding: bytes, randomness: Randomness) -> Proof:
    # Hedged like the nonces of `oprf`: should the source fail, two dealings still have two nonces.
    drawn = constant.to_bytes() + randomness(_NONCE_RANDOM_BYTES) + binding
    nonce = SecretScalar(hash_to_scalar(drawn, _NONCE_DST))
    challenge = _challenge(binding, constant.public_point(), nonce.public_point())
    return Proof(challenge, (nonce.reveal() - challenge * constant.reveal()) % ORDER)


def _proven(proof: Proof, key: Point, binding: bytes) -> bool:
    nonce = add(PublicScalar(proof.response).public_point(), PublicScalar(proof.challenge).times(key))
    return nonce is not None and _challenge(binding, key, nonce) == proof.challenge


def _challenge(binding: bytes, key: Point, nonce: Point) -> int:
    return hash_to_scalar(binding + key.encode() + nonce.encode(), _POSSESSION_DST)


def _seal_info(binding: bytes, index: int) -> bytes:
    return _SEAL.encode() + b"\n" + binding + index.to_bytes(2, "big")


def _no_round() -> ThresholdError:
    return ThresholdError(_("De drempel klopt niet, of twee ontvangers hebben dezelfde naam of sleutel."))


def _index(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def _bad_dealing(dealer: Party, reason: str) -> Fault:
    return Fault(
        dealer.name,
        reason,
        _(
            "Begin de ceremonie opnieuw met een nieuwe sessie, en bespreek met {partij} wat er misging."
        ).format(partij=dealer.name),
    )
