# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Settings of the register process (`SIGNAALREGISTER_REGISTER_*` or a TOML file). Secrets by file only."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from process.language import gettext as _
from process.serving.settings import ProxiedSettings, without_password
from pseudonymisation.canary_pins import require_pins
from pseudonymisation.receipts import require_vkeys
from register.door.settings import DoorSettings
from register.rationing import Ration


class QuestionQuota(BaseModel):
    """The register's own quotas on questions, in attributes asked on; `flag_*`: from how many in a day the FG is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    officer_minute: int = Field(60, ge=0)
    officer_day: int = Field(300, ge=0)
    organisation_minute: int = Field(200, ge=0)
    organisation_day: int = Field(1_000, ge=0)
    flag_officer: int = Field(75, ge=1)
    flag_organisation: int = Field(150, ge=1)

    def ration(self) -> Ration:
        """The same, for the rules."""
        return Ration(**self.model_dump())


class LeavingHolder(BaseModel):
    """A key holder that left, or whose key was replaced, and that still answers for its last days."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    holder: int = Field(ge=1, le=16)
    url: str
    receipt_key: str

    @field_validator("receipt_key")
    @classmethod
    def _key_of_holder(cls, key: str) -> str:
        require_vkeys((key,))
        return key


class RegisterSettings(DoorSettings, ProxiedSettings):
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
    payload_keys_file: Path | None = Field(
        None,
        description="SQLite-bestand met de sleutels van de logregels; buiten database en reservekopie.",
    )
    payload_keys_url: str | None = Field(
        None,
        description="PostgreSQL met de sleutels van de logregels, in plaats van dat bestand; nooit de database van het register.",
    )
    payload_keys_owner_url: str | None = Field(
        None,
        description="Dezelfde database als eigenaar van de tabel; alleen `database migrate` gebruikt dit adres.",
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
    witness_policy_file: Path | None = Field(
        None,
        description="Bestand met de getuigen van het logboek en hoeveel er nodig zijn (C2SP tlog-policy); zonder bevestigt niemand het.",
    )
    witness_patience_minutes: int = Field(
        10,
        ge=1,
        le=44_640,
        description="Hoe lang het nieuwste controlepunt te weinig bevestigingen mag hebben voordat iemand het hoort; langer als getuigen per bestand meetellen.",
    )
    keyset: str = Field(
        "oefening", description="Naam van de sleutelset waaronder dit register pseudoniemen bewaart."
    )
    epoch: int = Field(
        1,
        ge=1,
        description="Tijdvak van de sleutelset waarmee dit register begon; na een wisseling zegt de database het.",
    )
    keyset_fingerprint: str | None = Field(
        None,
        pattern=r"^[0-9a-f]{64}$",
        description="Vingerafdruk (sha256sum) van sleutelset.json waarmee dit register begon, langs een andere weg gekregen; buiten profiel oefening verplicht bij de eerste start.",
    )
    epoch_file: Path | None = Field(
        None,
        description="Bestand dat onthoudt welk tijdvak en welke sleutelset gelden, buiten de database en haar reservekopie; anders `tijdvak.json` naast `tag_key_file`.",
    )
    rotation_factor_file: Path | None = Field(
        None,
        description="Bestand met de factor van een rotatie zolang die loopt, in een eigen map die in geen enkele reservekopie zit; alleen in profiel oefening mag dit leeg zijn: dan `rotatiefactor` naast `tag_key_file`.",
    )
    rotation_workers: int = Field(
        2, ge=0, le=64, description="Hoeveel processen punten omzetten tijdens een rotatie; een per kern."
    )
    processing_log_folder: Path | None = Field(
        None,
        description="Map voor het Logboek Dataverwerkingen, een bestand per dag; anders `verwerkingen` naast `tag_key_file`.",
    )
    address: str | None = Field(
        None,
        description="Adres van dit register voor nodes, zoals https://register.example.nl:8443; staat in elke toelating.",
    )
    keyholder_urls: tuple[str, ...] = Field(
        (), description="Adressen van de sleutelhouders (houder 1 eerst); staan in elke toelating."
    )
    keyset_file: Path | None = Field(
        None, description="Publieke sleutelset (sleutelset.json) van de ceremonie; staat in elke toelating."
    )

    keyholder_receipt_keys: tuple[str, ...] = Field(
        min_length=2,
        description="Openbare sleutels (vkey) waarmee de sleutelhouders hun kwitanties tekenen, houder 1 eerst; staan in elke toelating.",
    )
    keyholder_threshold: int = Field(
        2, ge=2, le=16, description="Van hoeveel sleutelhouders een verzoek kwitanties moet hebben."
    )
    keyholder_leaving: tuple[LeavingHolder, ...] = Field(
        (),
        description="Sleutelhouders die weg zijn en hun laatste dagen nog verantwoorden: van elk `holder` (nummer), `url` en `receipt_key`; haal ze weg als die dagen vergeleken zijn.",
    )
    canary_pins: dict[str, str] = Field(
        {},
        description="Per versie van de specificatie en per sleutel (versie/sleutel) de uitkomst van `node canary` of `register rotation canary`. Elke node controleert zichzelf ermee; staat in elke toelating.",
    )
    answer_step_ms: int = Field(
        250,
        ge=50,
        le=1000,
        description="Antwoorden gaan pas weg op een veelvoud van zoveel milliseconden na de vraag, zodat de duur niets verraadt.",
    )
    question_quota: QuestionQuota = Field(
        QuestionQuota(), description="Op hoeveel gegevens een medewerker en een organisatie mogen vragen."
    )

    @field_validator("keyholder_receipt_keys")
    @classmethod
    def _keys_of_holders(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        require_vkeys(keys)
        return keys

    @field_validator("canary_pins")
    @classmethod
    def _pins(cls, pins: dict[str, str]) -> dict[str, str]:
        require_pins(pins)
        return pins

    @field_validator("payload_keys_url", "payload_keys_owner_url")
    @classmethod
    def _keys_without_password(cls, url: str | None) -> str | None:
        return without_password(url)

    @model_validator(mode="after")
    def _keys_apart(self) -> Self:
        if (self.payload_keys_file is None) == (self.payload_keys_url is None):
            raise ValueError(_("geef payload_keys_file of payload_keys_url, een van de twee"))
        if self.payload_keys in {self.database, self.database_owner_url}:
            raise ValueError(
                _(
                    "de sleutels van de logregels horen in een andere database dan het register (payload_keys_url)"
                )
            )
        return self

    @model_validator(mode="after")
    def _enough_holders(self) -> Self:
        if self.keyholder_threshold > len(self.keyholder_receipt_keys):
            raise ValueError(
                _("keyholder_threshold is hoger dan het aantal sleutels in keyholder_receipt_keys")
            )
        if len(self.keyholder_urls) > len(self.keyholder_receipt_keys):
            raise ValueError(_("geef in keyholder_receipt_keys de sleutel van elk adres in keyholder_urls"))
        require_vkeys((*self.keyholder_receipt_keys, *(one.receipt_key for one in self.keyholder_leaving)))
        return self

    @model_validator(mode="after")
    def _factor_apart(self) -> Self:
        if self.profile == "oefening":
            return self
        if self.rotation_factor_file is None:
            raise ValueError(
                _(
                    "zet rotation_factor_file op een bestand in een eigen map die in geen enkele reservekopie zit: met een kopie van de factor zijn pseudoniemen van voor een rotatie om te rekenen"
                )
            )
        own = self.rotation_factor_file.resolve().parent
        for name, folder in self._folders():
            if own.is_relative_to(folder) or folder.is_relative_to(own):
                raise ValueError(
                    _(
                        "rotation_factor_file ligt in, boven of onder de map van {naam}, en die hoort in een reservekopie; geef de factor een eigen map die in geen enkele reservekopie zit"
                    ).format(naam=name)
                )
        return self

    def _folders(self) -> Iterator[tuple[str, Path]]:
        """Where what may be in a backup lies: setting and folder."""
        files = {
            "tag_key_file": self.tag_key_file,
            "sealing_key_file": self.sealing_key_file,
            "receipt_key_file": self.receipt_key_file,
            "epoch_file": self.epoch_file,
            "payload_keys_file": self.payload_keys_file,
            "database_file": None if self.database_url else self.database_file,
        }
        for name, file in files.items():
            if file is not None:
                yield name, file.resolve().parent

    @property
    def payload_keys(self) -> str:
        """The key store as SQLAlchemy names it."""
        return self.payload_keys_url or f"sqlite:///{self.payload_keys_file}"
