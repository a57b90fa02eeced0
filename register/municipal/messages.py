# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What waits for the aandachtsfunctionaris at this node: notices of the register, standing questions, and own signals that are asked with or confirmed again.

Every step is the register's to decide and to log; here is only the way to it. Each is a case of its own (C1): the signal, or the day on which notices are gone through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from process.moments import Clock, Randomness
from register.accounts import Account
from register.municipal.accounts import require
from register.municipal.asking import own_ground
from register.municipal.clients import RegisterAwayError, RegisterClient
from register.municipal.controls import day_of
from register.municipal.delivering import PURPOSE
from register.wire import (
    ActingFor,
    Antwoord,
    Attendering,
    AttenderingGedaan,
    AttenderingLijst,
    BerichtAfhandelen,
    Berichten,
    BerichtGelezen,
    Hervraging,
    Logbewijs,
    SignaalBevestigd,
    SignaalBevestigen,
)

_T = TypeVar("_T", Antwoord, AttenderingGedaan, AttenderingLijst, Berichten, BerichtGelezen, SignaalBevestigd)


@dataclass(frozen=True)
class Messages:
    """The use case, with what it needs."""

    register: RegisterClient
    organisation: str
    clock: Clock
    randomness: Randomness

    def waiting(self, account: Account) -> Berichten:
        """What waits.

        Raises:
            Refusal: 403 for the role, the register's own, or 503.
        """
        require(account, "berichten_lezen")
        acting = self._acting(account, f"BERICHTEN-{day_of(self.clock()):%Y%m%d}", "berichten_nalopen")
        return self._kept(account, "berichten", lambda: self.register.notices(acting))

    def finish(self, account: Account, kind: str, about: UUID) -> BerichtGelezen:
        """Somebody has read it.

        Raises:
            Refusal: as `waiting`.
        """
        require(account, "berichten_lezen")
        acting = self._acting(account, f"BERICHTEN-{day_of(self.clock()):%Y%m%d}", "berichten_nalopen")
        sent = BerichtAfhandelen(soort=kind, over_id=about)
        return self._kept(account, "bericht", lambda: self.register.finish_notice(sent, acting, self._key()))

    def ask_again(self, account: Account, signal_id: UUID, request_key: str | None) -> Antwoord:
        """Ask with an own signal.

        Raises:
            Refusal: as `waiting`; 404 for what is not ours.
        """
        require(account, "berichten_lezen")
        sent = Hervraging(organisatie=self.organisation)
        return self._kept(
            account,
            "bevraging",
            lambda: self.register.ask_again(
                str(signal_id),
                sent,
                self._grounded(account, _case(signal_id), "eigen_signaal_navragen"),
                request_key or self._key(),
            ),
        )

    def still_true(self, account: Account, signal_id: UUID) -> SignaalBevestigd:
        """Say that an own signal is still true.

        Raises:
            Refusal: as `ask_again`.
        """
        require(account, "signaal_verrijken_corrigeren_intrekken")
        sent = SignaalBevestigen(organisatie=self.organisation)
        return self._kept(
            account,
            "bevestiging",
            lambda: self.register.still_true(
                str(signal_id),
                sent,
                self._grounded(account, _case(signal_id), "signaal_bevestigen"),
                self._key(),
            ),
        )

    def follow(self, account: Account, sent: Attendering, request_key: str | None) -> AttenderingGedaan:
        """Set a standing question.

        Raises:
            Refusal: as `ask_again`; 400.
        """
        require(account, "attendering_zetten")
        return self._kept(
            account,
            "attendering",
            lambda: self.register.set_standing_question(
                sent,
                self._grounded(account, _case(sent.over_id), sent.reden),
                request_key or self._key(),
            ),
        )

    def following(self, account: Account) -> AttenderingLijst:
        """The standing questions of the role.

        Raises:
            Refusal: as `waiting`.
        """
        require(account, "attendering_zetten")
        case = f"BERICHTEN-{day_of(self.clock()):%Y%m%d}"
        return self._kept(
            account,
            "attenderingen",
            lambda: self.register.standing_questions(self._grounded(account, case, "berichten_nalopen")),
        )

    def unfollow(self, account: Account, number: UUID) -> AttenderingGedaan:
        """End one.

        Raises:
            Refusal: as `waiting`; 404.
        """
        require(account, "attendering_zetten")
        return self._kept(
            account,
            "attendering",
            lambda: self.register.end_standing_question(
                str(number), self._grounded(account, _case(number), "attendering_beeindigen"), self._key()
            ),
        )

    def _kept(self, account: Account, kind: str, ask: Callable[[], _T]) -> _T:
        try:
            answer = ask()
            proof: Logbewijs = answer.logbewijs
            self.register.keep_receipt(kind, account.officer, proof)
        except RegisterAwayError as away:
            raise away.refusal() from None
        return answer

    def _grounded(self, account: Account, case: str, reason: str) -> ActingFor:
        acting = self._acting(account, case, reason)
        return acting.model_copy(update={"grondslag": own_ground(self.register.grounds(acting))})

    @staticmethod
    def _acting(account: Account, case: str, reason: str) -> ActingFor:
        return ActingFor(
            medewerker=account.officer, rol=account.role, doel=PURPOSE, zaaknummer=case, reden=reason
        )

    def _key(self) -> str:
        return self.randomness(16).hex()


def _case(about: UUID) -> str:
    return f"SIGNAAL-{about.hex[:12].upper()}"
