# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What one holder answers, and to whom.

Steps, in this order, for every request that has the right form:

1. the peer is a node, and the organisation in the body is the one in its certificate (403);
2. the keyset and the epoch are the ones that this holder has (409);
3. the receipt is made up, its points are within quota, and they are counted with its mark (429; `quota`, `store/`);
4. every point times the share, one proof over all of them, and the signed receipt, which says who had how many evaluated for which request.

The account of a day goes to the register alone, which compares it with the receipts that it saw, and where they differ asks for the marks.

The form itself (sizes, points on the curve) was settled while the message was read (`wire`). There is no check that the points are
fresh or that the person exists: they are uniform, and say nothing.
"""

from datetime import date, datetime

from audit.note import Signer
from process.language import gettext as _
from process.moments import Randomness
from process.peer import Peer
from process.problem import FieldError, Refusal
from pseudonymisation import base64url
from pseudonymisation.ceremony import HolderShare, check_holder_share, check_usable
from pseudonymisation.oprf import NonceSource, prove
from pseudonymisation.receipts import (
    NUMBER_BYTES,
    VALID,
    Account,
    Counted,
    EvaluationReceipt,
    Reached,
    sign_account,
    sign_evaluation,
)
from pseudonymisation.threshold import PublicKeyset
from pseudonymisation.wire import AccountResponse, EvaluationRequest, EvaluationResponse, KeysetResponse


class Holder:
    """One share at work.

    Args:
        share: this holder's; checked against the keyset.
        keyset: the public keyset.
        profile: of the process; a dealt keyset works in `oefening` only.
        nonce: makes the one-time secrets of proofs.
        signer: signs receipts and accounts; a key of this holder alone.
        randomness: for the numbers of receipts.

    Raises:
        CeremonyError: share, keyset and profile do not belong together.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a holder consists of
        self,
        share: HolderShare,
        keyset: PublicKeyset,
        profile: str,
        nonce: NonceSource,
        signer: Signer,
        randomness: Randomness,
    ) -> None:
        check_usable(keyset, profile)
        check_holder_share(share, keyset)
        self._share = share
        self._keyset = keyset
        self._nonce = nonce
        self._signer = signer
        self._key = signer.verifier.public_key
        self._randomness = randomness

    @property
    def public(self) -> PublicKeyset:
        """The public keyset that it works with."""
        return self._keyset

    def check(self, request: EvaluationRequest, peer: Peer) -> None:
        """Steps 1 and 2.

        Raises:
            Refusal: 403 or 409.
        """
        if request.organisatie != peer.organisation:
            raise Refusal(
                403,
                "andere-organisatie",
                _("U vraagt namens een andere organisatie."),
                _("De organisatie in het verzoek is niet de organisatie van het certificaat."),
                way_forward=_(
                    "Vraag de beheerder om de organisatie in de instellingen van de node te controleren."
                ),
                fields=(FieldError("organisatie", _("Dit is niet de organisatie van het certificaat.")),),
            )
        if (request.sleutelset, request.epoch) != (self._keyset.name, self._keyset.epoch):
            raise self._other_keyset(request)

    def _other_keyset(self, request: EvaluationRequest) -> Refusal:
        field = "sleutelset" if request.sleutelset != self._keyset.name else "epoch"
        return Refusal(
            409,
            "andere-sleutelset",
            _("Deze sleutelhouder werkt met een andere sleutelset of epoch."),
            _(
                "De houder heeft sleutelset {sleutelset}, epoch {epoch}. Antwoorden van twee epochs zijn niet te combineren."
            ).format(sleutelset=self._keyset.name, epoch=self._keyset.epoch),
            way_forward=_(
                "Vraag de beheerder om de publieke sleutelset van deze epoch vast te leggen. "
                "Laat eerst de vingerafdruk langs een andere weg vergelijken."
            ),
            fields=(FieldError(field, _("Dit past niet bij de sleutelset van de houder.")),),
        )

    @property
    def key(self) -> bytes:
        """The public key of its receipts."""
        return self._key

    def evaluate(self, request: EvaluationRequest, receipt: EvaluationReceipt) -> EvaluationResponse:
        """Step 4; the caller has done the others, so the organisation is the verified one and the receipt is counted."""
        evaluated = tuple(self._share.secret.times_each(request.punten))
        proof = prove(self._share.secret, request.punten, evaluated, nonce=self._nonce)
        return EvaluationResponse(
            houder=self._share.holder,
            sleutelset=self._keyset.name,
            epoch=self._keyset.epoch,
            punten=evaluated,
            bewijs=base64url.encode(proof.to_bytes()),
            kwitantie=sign_evaluation(receipt, self._signer),
        )

    def receipt(self, request: EvaluationRequest, moment: datetime) -> EvaluationReceipt:
        """The receipt that this request will get when it is within quota; steps 1 and 2 were done."""
        whole = moment.replace(microsecond=0)
        return EvaluationReceipt(
            holder=self._share.holder,
            number=self._randomness(NUMBER_BYTES),
            organisation=request.organisatie,
            keyset=self._keyset.name,
            epoch=self._keyset.epoch,
            action=request.handeling,
            points=len(request.punten),
            request=request.verzoek,
            moment=whole,
            expires=whole + VALID,
        )

    def account(
        self, day: date, moment: datetime, counted: tuple[Counted, ...], reached: tuple[Reached, ...]
    ) -> AccountResponse:
        """What this holder did on a day, signed; the counts are the caller's."""
        account = Account(
            self._share.holder,
            self.key,
            self._keyset.name,
            self._keyset.epoch,
            day,
            moment,
            counted,
            reached,
        )
        return AccountResponse(verklaring=sign_account(account, self._signer))

    def keyset(self) -> KeysetResponse:
        """The public values, so that a node can see early that its pinned keyset is out of date."""
        return KeysetResponse(
            houder=self._share.holder,
            vingerafdruk=self._keyset.fingerprint,
            document=self._keyset.members(),
        )


def require_register(peer: Peer) -> Peer:
    """The account of a day says who worked when: it is for the register, which keeps the log of it.

    Raises:
        Refusal: 403.
    """
    if peer.kind != "register":
        raise Refusal(
            403,
            "geen-register",
            _("Alleen het register mag de verantwoording van een dag ophalen."),
            _("Hierin staat hoeveel elke organisatie liet bewerken."),
            way_forward=_(
                "De functionaris gegevensbescherming leest in het logboek van het register wat de eigen organisatie deed."
            ),
        )
    return peer


def require_node(peer: Peer) -> Peer:
    """Deny by default: of all our processes only nodes have questions for a holder.

    Raises:
        Refusal: 403.
    """
    if peer.kind != "node":
        raise Refusal(
            403,
            "geen-node",
            _("Alleen een node mag een sleutelhouder iets vragen."),
            _(
                "Dit certificaat is van een ander soort proces. Wie ook pseudoniemen kan opslaan, mag ze niet kunnen maken."
            ),
            way_forward=_("Stel de vraag vanuit de node van uw organisatie."),
        )
    return peer
