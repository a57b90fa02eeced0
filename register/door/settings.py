# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a process with pages for people must be told of signing in."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, field_validator

from process.serving.settings import DatabaseSettings, ip_addresses
from register.accounts import Terms
from register.passkeys import origin_problem


class DoorSettings(DatabaseSettings):
    """A process at which people sign in."""

    passkey_origin: str | None = Field(
        None,
        description="Adres van de pagina's zoals mensen het openen, zoals https://node.example.nl; passkeys horen bij dit adres en gaan verloren als het verandert. Niet ingevuld: geen passkeys.",
    )
    session_idle_minutes: int = Field(
        30, ge=5, le=30, description="Na hoeveel minuten zonder gebruik een aanmelding eindigt."
    )
    session_hours: int = Field(
        8, ge=1, le=8, description="Na hoeveel uur een aanmelding eindigt, ook als zij gebruikt wordt."
    )
    pages_proxy_secret_file: Path | None = Field(
        None,
        description="Geheim waarmee een proxy voor de pagina's zich bekendmaakt (minstens 32 tekens); dan telt het adres dat hij meegeeft als iemand vaak iets verkeerds invult. Niet ingevuld: het adres van de verbinding telt.",
    )
    pages_proxy_addresses: tuple[str, ...] = Field((), description="IP-adressen vanwaar die proxy werkt.")

    @field_validator("pages_proxy_addresses")
    @classmethod
    def _pages_addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        return ip_addresses(addresses)

    @field_validator("passkey_origin")
    @classmethod
    def _origin(cls, origin: str | None) -> str | None:
        wrong = None if origin is None else origin_problem(origin)
        if wrong is not None:
            raise ValueError(wrong)
        return origin

    @property
    def session_terms(self) -> Terms:
        """How long a session lives."""
        return Terms(timedelta(minutes=self.session_idle_minutes), timedelta(hours=self.session_hours))
