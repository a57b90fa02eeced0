# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a key holder must be told: the settings of every process (process/serving/settings.py) and these.

The defaults of the quotas let a busy municipality work and keep guessing slow (docs/threat-model.md, "How fast can a node that went bad guess"): at 8,000
points a day for questions it takes one organisation more than thirty years to have every mobile number in the Netherlands evaluated, and every day of it stands in
the counts of two holders.
"""

from datetime import date
from pathlib import Path
from typing import Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_settings import SettingsConfigDict

from process.language import gettext as _
from process.serving.settings import DatabaseSettings, ProxiedSettings
from pseudonymisation.keyholder.quota import Limits, Opening


class ActionQuota(BaseModel):
    """Points per minute and per day for one kind of action, of one officer and of an organisation as a whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    officer_minute: int = Field(ge=0)
    officer_day: int = Field(ge=0)
    organisation_minute: int = Field(ge=0)
    organisation_day: int = Field(ge=0)

    def limits(self) -> Limits:
        """The same, for the rules."""
        return Limits(**self.model_dump())


def _quota(
    officer_minute: int, officer_day: int, organisation_minute: int, organisation_day: int
) -> ActionQuota:
    return ActionQuota(
        officer_minute=officer_minute,
        officer_day=officer_day,
        organisation_minute=organisation_minute,
        organisation_day=organisation_day,
    )


class Quotas(BaseModel):
    """One quota for each kind of action; a table in the settings file replaces one whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vragen: ActionQuota = Field(
        default=_quota(400, 2_000, 1_600, 8_000),
        description="Asking: 10 questions of 40 points a minute, 50 a day; an organisation 200 a day.",
    )
    indienen: ActionQuota = Field(
        default=_quota(4_000, 20_000, 8_000, 40_000),
        description="Submitting what was seen at a control.",
    )
    invoeren: ActionQuota = Field(
        default=_quota(4_000, 20_000, 8_000, 40_000),
        description="Submitting from files and case systems; `import_openings` gives more for a while.",
    )
    inzage: ActionQuota = Field(
        default=_quota(80, 400, 400, 2_000),
        description="Requests of data subjects: few, and each takes a person some time.",
    )

    kanarie: ActionQuota = Field(
        default=_quota(40, 4_000, 40, 4_000),
        description="A node that checks its own pseudonyms, once a day and at each start; 8 points each time. A node that starts again and again looks once in five minutes: 2,304 points.",
    )

    def of(self, action: str) -> Limits:
        """The limits of one action."""
        quota: ActionQuota = getattr(self, action)
        return quota.limits()


class ImportOpening(BaseModel):
    """More room for one organisation to import years of work, on the advice of its FG, until a day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: str = Field(pattern=r"^[A-Za-z0-9-]{2,64}$")
    until: date
    document: str = Field(min_length=3, max_length=200)
    officer_minute: int = Field(ge=0)
    officer_day: int = Field(ge=0)
    organisation_minute: int = Field(ge=0)
    organisation_day: int = Field(ge=0)

    def opening(self) -> Opening:
        """The same, for the rules."""
        limits = Limits(
            self.officer_minute, self.officer_day, self.organisation_minute, self.organisation_day
        )
        return Opening(self.organisation, self.until, self.document, limits)


class KeyholderSettings(DatabaseSettings, ProxiedSettings):
    """Settings of one key holder."""

    model_config = SettingsConfigDict(env_prefix="SIGNAALREGISTER_KEYHOLDER_")

    keyset_file: Path = Field(description="Publieke sleutelset (sleutelset.json) van de ceremonie.")
    share_file: Path = Field(
        description="Geheim aandeel van deze houder (aandeel.json), alleen leesbaar voor de eigenaar."
    )
    share_passphrase_file: Path | None = Field(
        None,
        description="Wachtzin waarmee het aandeel is verzegeld, in een andere map (zoals een credential van systemd).",
    )
    share_vault_file: Path | None = Field(
        None, description="Sleutel van de kluis waarmee het aandeel is verzegeld, in een andere map."
    )
    next_share_file: Path | None = Field(
        None, description="Aandeel van de volgende epoch, verzegeld zoals share_file; geldt vanaf next_from."
    )
    next_keyset_file: Path | None = Field(None, description="Publieke sleutelset van de volgende epoch.")
    next_from: AwareDatetime | None = Field(
        None,
        description="Afgesproken moment waarop alle houders wisselen, met tijdzone, zoals 2026-12-01T03:00:00+00:00.",
    )
    receipt_key_file: Path = Field(
        description="Sleutel waarmee deze houder kwitanties en verantwoordingen ondertekent; `keyholder receipt-key` maakt hem."
    )
    database_file: Path = Field(
        Path("keyholder.sqlite"), description="SQLite-bestand met de tellers; wordt aangemaakt."
    )
    quotas: Quotas = Field(
        Quotas(), description="Hoeveel punten een medewerker en een organisatie mogen laten bewerken."
    )
    import_openings: tuple[ImportOpening, ...] = Field(
        (), description="Ruimere invoer van een organisatie, tot een dag, op advies van haar FG."
    )

    @model_validator(mode="after")
    def _next_is_whole(self) -> Self:
        parts = (self.next_share_file, self.next_keyset_file, self.next_from)
        if any(part is None for part in parts) and any(part is not None for part in parts):
            raise ValueError(_("geef next_share_file, next_keyset_file en next_from alle drie, of geen"))
        return self
