# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a node must be told: the settings of every process (process/serving/settings.py) and these.

The certificate of `tls_certificate` is the node's own: it shows it to the register and the key holders, and with `serve_tls` to the browsers of
its users. Secrets are files that only the owner can read.
"""

from gettext import gettext as _
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from process.serving.settings import ProcessSettings


class NodeSettings(ProcessSettings):
    """Settings of one node."""

    model_config = SettingsConfigDict(env_prefix="SIGNAALREGISTER_NODE_")

    organisation: str = Field(
        description="Gemeentecode (GMnnnn) of partnercode van de organisatie; dezelfde als in het certificaat."
    )
    register_url: str = Field(description="Adres van het register, zoals https://register.example.nl:8443.")
    register_receipt_key_file: Path = Field(
        description="Openbare sleutel (vkey) waarmee het register zijn ontvangstbewijzen tekent."
    )
    keyholder_urls: tuple[str, ...] = Field(
        min_length=2,
        description="Adressen van de sleutelhouders, in de volgorde van de sleutelset (houder 1 eerst).",
    )
    keyset_file: Path = Field(description="Publieke sleutelset (sleutelset.json) van de ceremonie.")
    keyset_fingerprint: str = Field(
        pattern=r"^[0-9a-f]{64}$",
        description="Vingerafdruk van dat bestand (sha256sum), langs een andere weg gekregen.",
    )
    database_file: Path = Field(
        Path("node.sqlite"), description="SQLite-bestand van dit proces; wordt aangemaakt."
    )
    database_url: str | None = Field(
        None,
        description="PostgreSQL in plaats van SQLite: postgresql+psycopg://...; het wachtwoord staat in een passfile, niet hier.",
    )
    seal_key_file: Path = Field(description="Geheim waarmee het dossier op deze machine is versleuteld.")
    session_key_file: Path = Field(description="Geheim waarmee formulieren van pagina's zijn beveiligd.")
    serve_tls: bool = Field(
        default=False,
        description="Pagina's en API over TLS met het certificaat van dit proces; zonder TLS alleen op 127.0.0.1.",
    )
    open_gates: tuple[str, ...] | None = Field(
        None,
        description="Nummers die een grondslag opent: bsn, v_nummer. Niet ingevuld: beide in profiel oefening, anders geen.",
    )

    @field_validator("database_url")
    @classmethod
    def _no_password(cls, url: str | None) -> str | None:
        if url is not None and (urlsplit(url).password or "password" in parse_qs(urlsplit(url).query)):
            raise ValueError(_("zet geen wachtwoord in de instellingen; gebruik ?passfile=PAD in de URL"))
        return url

    @property
    def database(self) -> str:
        """The database as SQLAlchemy names it."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def gates(self) -> frozenset[str]:
        """Which legally prescribed numbers may be processed here (UAVG 46)."""
        if self.open_gates is None:
            return frozenset({"bsn", "v_nummer"}) if self.profile == "oefening" else frozenset()
        return frozenset(self.open_gates)
