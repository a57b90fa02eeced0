# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a node must be told: the settings of every process (process/serving/settings.py) and these.

The certificate of `tls_certificate` is the node's own: it shows it to the register and the key holders, and with `serve_tls` to the browsers of
its users. Secrets are files that only the owner can read.
"""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from process.serving.settings import DatabaseSettings


class NodeSettings(DatabaseSettings):
    """Settings of one node."""

    model_config = SettingsConfigDict(env_prefix="SIGNAALREGISTER_NODE_")

    organisation: str = Field(
        description="Gemeentecode (GMnnnn) of partnercode van de organisatie; dezelfde als in het certificaat."
    )
    register_url: str = Field(description="Adres van het register, zoals https://register.example.nl:8443.")
    register_receipt_key_file: Path = Field(
        description="Openbare sleutel (vkey) waarmee het register zijn ontvangstbewijzen tekent."
    )
    register_log_key_file: Path = Field(
        description="Openbare sleutel (vkey) van het logboek van het register; langs een andere weg gekregen."
    )
    receipt_seconds: float = Field(
        30.0,
        gt=0,
        description="Pauze in seconden tussen twee keer vragen of ontvangstbewijzen in het logboek staan.",
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

    @property
    def gates(self) -> frozenset[str]:
        """Which legally prescribed numbers may be processed here (UAVG 46)."""
        if self.open_gates is None:
            return frozenset({"bsn", "v_nummer"}) if self.profile == "oefening" else frozenset()
        return frozenset(self.open_gates)
