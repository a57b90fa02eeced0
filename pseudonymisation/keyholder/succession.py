# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From one epoch to the next at an agreed moment, without a restart: before it a holder works with its present share, from it on with the next, never with both.

Whoever asks under the other epoch gets the refusal of `holder`. From the moment on the present share is of no use any more: this process lets it go at the
first request, a restart does not read it, and `keyholder retire-share` destroys its file.
"""

from datetime import UTC, datetime

from process.language import gettext as _
from process.serving.errors import SettingsError
from process.serving.files import settle
from pseudonymisation.keyholder.holder import Holder
from pseudonymisation.keyholder.settings import KeyholderSettings
from pseudonymisation.threshold import PublicKeyset


class Succession:
    """Which holder is at work.

    Args:
        present: until the moment; None when that has passed.
        following: from the moment on; None when none was agreed.
        moment: the agreed moment.
    """

    def __init__(self, present: Holder | None, following: Holder | None, moment: datetime | None) -> None:
        if present is None and following is None:
            raise ValueError("nobody is at work")
        self._present = present
        self._following = following
        self._moment = moment

    def at(self, now: datetime) -> Holder:
        """The holder at work at this moment."""
        if self._following is not None and (self._present is None or self._due(now)):
            self._present = None
            return self._following
        assert self._present is not None  # noqa: S101 - one of the two is there, for the type checker
        return self._present

    def _due(self, now: datetime) -> bool:
        return self._moment is not None and now >= self._moment


def follows(settings: KeyholderSettings, now: datetime) -> bool:
    """Whether the agreed moment has come, so that the present share is not to be read."""
    return settings.next_from is not None and now >= settings.next_from


def require_later(present: PublicKeyset, following: PublicKeyset) -> None:
    """Check that one keyset can come after the other.

    Raises:
        SettingsError: another keyset, or no later epoch.
    """
    same = (present.name, present.profile) == (following.name, following.profile)
    if not same or following.epoch <= present.epoch:
        raise SettingsError(
            _(
                "next_keyset_file is geen latere epoch van dezelfde sleutelset; gebruik die van de herverdeling."
            )
        )


def retire(settings: KeyholderSettings, now: datetime) -> bool:
    """Destroy the share of before; the caller has opened the next one. False if it was gone already.

    Raises:
        SettingsError: there is no next share, its moment has not come, or both are one file.
    """
    if settings.next_share_file is None or settings.next_from is None:
        raise SettingsError(
            _("Er is geen volgend aandeel ingesteld (next_share_file); er is niets vernietigd.")
        )
    if now < settings.next_from:
        raise SettingsError(
            _("Het volgende aandeel geldt pas vanaf {moment}; er is niets vernietigd.").format(
                moment=f"{settings.next_from.astimezone(UTC):%d-%m-%Y %H:%M} UTC"
            )
        )
    if settings.share_file.resolve() == settings.next_share_file.resolve():
        raise SettingsError(
            _("share_file en next_share_file zijn hetzelfde bestand; er is niets vernietigd.")
        )
    there = settings.share_file.exists()
    settings.share_file.unlink(missing_ok=True)
    settle(settings.share_file.parent)
    return there
