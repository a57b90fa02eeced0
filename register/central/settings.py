# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Settings of the register process (`SIGNAALREGISTER_REGISTER_*` or a TOML file). Secrets by file only."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from process.serving.settings import DatabaseSettings


class RegisterSettings(DatabaseSettings):
    """What the register must be told."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="SIGNAALREGISTER_REGISTER_")

    people_host: str = Field(
        "127.0.0.1", description="Adres van de pagina's voor FG en TMM; zonder TLS alleen 127.0.0.1."
    )
    people_tls: bool = Field(
        default=False, description="Serveer de pagina's over TLS met het certificaat van dit proces."
    )
    people_port: int = Field(0, ge=0, le=65535, description="Poort van de pagina's voor FG en TMM.")
    database_file: Path = Field(
        Path("register.sqlite"), description="SQLite-bestand van het register; wordt aangemaakt."
    )
    payload_keys_file: Path = Field(
        description="SQLite-bestand met de sleutels van de logregels; buiten database en reservekopie."
    )
    tag_key_file: Path = Field(description="Bestand met de sleutel K_reg van de opzoekwaarden (32 bytes).")
    sealing_key_file: Path = Field(
        description="Bestand met de sleutel waarmee punten verzegeld worden (32 bytes)."
    )
    receipt_key_file: Path = Field(
        description="Bestand met de sleutel waarmee ontvangstbewijzen ondertekend worden."
    )
    log_origin: str = Field(
        "signaalregister.example/oefening", description="Naam van het logboek, zoals in elk controlepunt."
    )
    log_vkey: str = Field(description="Publieke sleutel van de ondertekenaar van controlepunten (C2SP vkey).")
    signer_url: str = Field(description="Adres van de ondertekenaar.")
    checkpoint_seconds: float = Field(
        5.0, gt=0, le=600, description="Hoe vaak om een nieuw controlepunt gevraagd wordt, in seconden."
    )
    keyset: str = Field(
        "oefening", description="Naam van de sleutelset waaronder dit register pseudoniemen bewaart."
    )
    epoch: int = Field(1, ge=1, description="Tijdvak van de sleutelset.")
