# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a node must be told: the settings of every process (process/serving/settings.py), these, and one file for each organisation.

The certificate of `tls_certificate` is for the browsers of users, with `serve_tls`. To the register and the key holders each organisation shows a
certificate of its own, that of its file. Secrets are files that only the owner can read.
"""

from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from process.language import gettext as _
from process.serving.errors import SettingsError
from process.serving.settings import values_of, wrong_values
from pseudonymisation.canary_pins import require_pins
from pseudonymisation.receipts import require_vkeys
from register.announcing import is_address
from register.door.settings import DoorSettings
from register.enrolment import roles_of
from register.municipal.accounts import ROLES

TENANT_FILE = "tenant.toml"

Line = Annotated[str, Field(min_length=2, max_length=100)]
"""A short text on a page."""

Algorithm = Literal["ES256", "ES384", "ES512", "EdDSA", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"]
"""Signatures of ID tokens that may be allowed: with a key of two halves. None of a shared secret, and not `none`."""


class NodeSettings(DoorSettings):
    """Settings of one node."""

    model_config = SettingsConfigDict(env_prefix="SIGNAALREGISTER_NODE_")

    tenants_folder: Path = Field(
        description="Map met voor elke organisatie een map met haar code als naam, en daarin tenant.toml."
    )
    register_url: str = Field(description="Adres van het register, zoals https://register.example.nl:8443.")
    register_receipt_key_file: Path = Field(
        description="Openbare sleutel (vkey) waarmee het register zijn ontvangstbewijzen tekent."
    )
    register_log_key_file: Path = Field(
        description="Openbare sleutel (vkey) van het logboek van het register; langs een andere weg gekregen."
    )
    witness_policy_file: Path | None = Field(
        None,
        description="Bestand met de getuigen van het logboek en hoeveel er nodig zijn (C2SP tlog-policy), langs een andere weg gekregen; wat minder getuigen bevestigden, telt hier niet als bewijs.",
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
    keyholder_receipt_keys: tuple[str, ...] = Field(
        min_length=2,
        description="Openbare sleutels (vkey) waarmee de sleutelhouders hun kwitanties tekenen, houder 1 eerst; langs een andere weg gekregen.",
    )
    canary_pins: dict[str, str] = Field(
        {},
        description="Per versie van de specificatie en per sleutel (versie/sleutel) wat de kanarie moet geven; meer mag, zoals voor en na een rotatie. Niet ingevuld: wat zij onder een sleutel de eerste keer gaf.",
    )
    database_file: Path = Field(
        Path("node.sqlite"), description="SQLite-bestand van dit proces; wordt aangemaakt."
    )
    serve_tls: bool = Field(
        default=False,
        description="Pagina's en API over TLS met het certificaat van dit proces; zonder TLS alleen op 127.0.0.1.",
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


def outgoing_problem(settings: "TenantSettings") -> str | None:
    """What is wrong with how messages leave, in a sentence; None if nothing leaves or everything is there."""
    told = settings.mail_host is not None or settings.webhook_url is not None
    checks = (
        (told and not _is_page(settings.page_url), _("page_url is geen adres van een pagina (https)")),
        (
            settings.mail_host is not None
            and not (settings.mail_from and is_address(settings.mail_from) and settings.mail_domains),
            _("bij mail_host horen mail_from (een e-mailadres) en mail_domains"),
        ),
        (
            (settings.mail_user is None) != (settings.mail_password_file is None),
            _("mail_user en mail_password_file horen bij elkaar"),
        ),
        (
            settings.webhook_url is not None
            and not _is_allowed(settings.webhook_url, settings.webhook_hosts),
            _("webhook_url is geen https-adres op een machine uit webhook_hosts"),
        ),
        (
            settings.webhook_url is not None and settings.webhook_key_file is None,
            _("bij webhook_url hoort webhook_key_file"),
        ),
    )
    return next((sentence for wrong, sentence in checks if wrong), None)


def provider_problem(settings: "TenantSettings") -> str | None:
    """What is wrong with how people sign in, in a sentence; None if there is no provider or everything is there."""
    if settings.oidc_issuer is None:
        return (
            None if settings.local_accounts else _("local_accounts kan alleen uit als er een oidc_issuer is")
        )
    strange = sorted(set(settings.oidc_roles.values()) - (roles_of(settings.organisation) & set(ROLES)))
    checks = (
        (not settings.oidc_client_id, _("bij oidc_issuer hoort oidc_client_id")),
        (
            not _is_page(settings.page_url),
            _("bij oidc_issuer hoort page_url, een adres van een pagina (https)"),
        ),
        (
            (settings.oidc_client_secret_file is None) == (settings.oidc_client_key_file is None),
            _("geef een van beide: oidc_client_secret_file of oidc_client_key_file"),
        ),
        (not settings.oidc_roles, _("bij oidc_issuer hoort oidc_roles: welke waarde is welke rol")),
        (
            bool(strange),
            _("oidc_roles noemt een rol die deze organisatie niet kan geven: {rollen}").format(
                rollen=", ".join(strange)
            ),
        ),
        (
            not any(settings.oidc_acr_values),
            _("bij oidc_issuer hoort oidc_acr_values: waaraan aanmelden in twee stappen te zien is"),
        ),
        (not settings.oidc_algorithms, _("oidc_algorithms is leeg")),
        ("openid" not in settings.oidc_scopes, _("in oidc_scopes hoort openid")),
    )
    return next((sentence for wrong, sentence in checks if wrong), None)


def _is_page(url: str | None) -> bool:
    parts = _split(url)
    here = parts.scheme == "http" and parts.hostname == "127.0.0.1"
    return bool(parts.hostname) and parts.username is None and (parts.scheme == "https" or here)


def _is_allowed(url: str, hosts: tuple[str, ...]) -> bool:
    parts = _split(url)
    return parts.scheme == "https" and parts.username is None and parts.hostname in hosts


def _split(url: str | None) -> SplitResult:
    try:
        return urlsplit(url or "")
    except ValueError:
        return urlsplit("")


class TenantSettings(BaseModel):
    """What a node must be told of one organisation: `tenant.toml` in its folder, never the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: str = Field(
        description="Gemeentecode (GMnnnn) of partnercode; dezelfde als de naam van de map en als in het certificaat."
    )
    tls_certificate: Path = Field(
        description="Certificaat waarmee deze organisatie zich bij register en sleutelhouders meldt (PEM)."
    )
    tls_key: Path = Field(description="Sleutel bij dat certificaat (PEM).")
    seal_key_file: Path = Field(description="Geheim waarmee het dossier van deze organisatie is versleuteld.")
    session_key_file: Path = Field(description="Geheim waarmee formulieren van pagina's zijn beveiligd.")
    recovery_key_file: Path = Field(
        description="Openbare herstelsleutel van deze organisatie (X25519, PEM); de geheime helft ligt buiten deze machine in een kluis."
    )
    open_gates: tuple[Literal["bsn", "v_nummer"], ...] | None = Field(
        None,
        description="Nummers die een grondslag opent: bsn, v_nummer. Niet ingevuld: beide in profiel oefening, anders geen.",
    )
    fg_contact: Annotated[str, Field(min_length=3, max_length=200)] = Field(
        description="Hoe medewerkers de functionaris gegevensbescherming van deze organisatie bereiken."
    )
    regional_contacts: tuple[tuple[Line, Line], ...] | None = Field(
        None,
        max_length=20,
        description="Wie er in deze regio gebeld kan worden, naast 112: paren van wie en hoe bereikbaar, zoals [['Zorgcoördinator', '090 000 00 10']]. Niet ingevuld: verzonnen nummers in profiel oefening, anders alleen 112.",
    )

    house_style_file: Path | None = Field(
        None,
        description="Bestand (CSS) met de design tokens van deze organisatie, en verder niets; niet ingevuld: de neutrale vormgeving.",
    )

    page_url: str | None = Field(
        None,
        description="Adres van de startpagina van deze node, zoals medewerkers het kennen; staat in e-mail en webhook.",
    )
    mail_host: str | None = Field(
        None, description="SMTP-server van deze organisatie; niet ingevuld: er gaat geen e-mail uit."
    )
    mail_port: int = Field(587, ge=1, le=65535, description="Poort van die server.")
    mail_tls: Literal["starttls", "tls"] = Field(
        "starttls", description="TLS na STARTTLS, of vanaf het begin (tls); zonder TLS gaat er niets uit."
    )
    mail_authorities: Path | None = Field(
        None,
        description="Uitgevers (PEM) van het certificaat van die server; niet ingevuld: die van deze machine.",
    )
    mail_user: str | None = Field(
        None, description="Naam om u bij die server aan te melden; niet ingevuld: zonder."
    )
    mail_password_file: Path | None = Field(None, description="Wachtwoord bij die naam.")
    mail_from: str | None = Field(None, description="Afzender van de e-mail.")
    mail_domains: tuple[str, ...] = Field(
        (),
        description="Wat achter het apenstaartje mag staan in het adres van een medewerker; andere adressen krijgen niets.",
    )
    webhook_url: str | None = Field(
        None, description="Adres (https) dat hoort dat er iets klaarstaat; niet ingevuld: geen."
    )
    webhook_hosts: tuple[str, ...] = Field(
        (),
        description="Machines waar dat adres op mag staan; een ander adres wordt bij het starten geweigerd.",
    )
    webhook_key_file: Path | None = Field(
        None, description="Geheim waarmee de webhook is ondertekend (HMAC-SHA256)."
    )
    webhook_authorities: Path | None = Field(
        None,
        description="Uitgevers (PEM) van het certificaat van dat adres; niet ingevuld: die van deze machine.",
    )

    local_accounts: bool = Field(
        default=True,
        description="Accounts van deze node met een wachtwoord openen ook; uit: alleen die van oidc_issuer.",
    )
    oidc_issuer: str | None = Field(
        None,
        description="Adres (https) van het aanmeldsysteem van deze organisatie (OpenID Connect), precies zoals dat zichzelf noemt; niet ingevuld: geen.",
    )
    oidc_client_id: str | None = Field(None, description="Naam van deze node bij dat systeem.")
    oidc_client_secret_file: Path | None = Field(None, description="Wachtwoord bij die naam.")
    oidc_client_key_file: Path | None = Field(
        None,
        description="In plaats van dat wachtwoord: geheime sleutel (PEM) waarmee de node tekent (private_key_jwt).",
    )
    oidc_client_key_algorithm: Literal["ES256", "PS256", "RS256"] = Field(
        "ES256", description="Algoritme bij die sleutel."
    )
    oidc_scopes: tuple[str, ...] = Field(("openid", "profile"), description="Wat de node daar vraagt.")
    oidc_role_claim: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        "roles", description="Claim in het ID-token met de rol."
    )
    oidc_roles: dict[str, str] = Field(
        {},
        description="Tabel: waarde van die claim -> rol bij deze node. Wat er niet in staat, betekent hier niets; precies één rol laat iemand binnen.",
    )
    oidc_name_claim: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        "preferred_username", description="Claim met de naam van het account."
    )
    oidc_acr_values: tuple[str, ...] = Field(
        (),
        description="Waarden van acr die zeggen dat iemand zich in twee stappen aanmeldde; een ervan moet in het token staan.",
    )
    oidc_algorithms: tuple[Algorithm, ...] = Field(
        ("ES256", "PS256", "RS256"),
        description="Algoritmen waarmee dat systeem mag tekenen; andere worden niet gelezen.",
    )
    oidc_leeway_seconds: int = Field(
        30, ge=0, le=120, description="Hoeveel seconden de klok daar en hier mogen verschillen."
    )
    oidc_authorities: Path | None = Field(
        None,
        description="Uitgevers (PEM) van het certificaat van dat systeem; niet ingevuld: die van deze machine.",
    )

    @model_validator(mode="after")
    def _has_a_whole_provider(self) -> Self:
        wrong = provider_problem(self)
        if wrong is not None:
            raise ValueError(wrong)
        return self

    @model_validator(mode="after")
    def _sends_whole_messages_only(self) -> Self:
        wrong = outgoing_problem(self)
        if wrong is not None:
            raise ValueError(wrong)
        return self

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read `tenant.toml`; relative paths in it are relative to the file.

        Raises:
            SettingsError: one Dutch sentence that names every setting that is wrong.
        """
        try:
            return cls(**values_of(cls, file))
        except ValidationError as error:
            raise SettingsError(
                _("De instellingen in {pad} kloppen niet ({wat}).").format(pad=file, wat=wrong_values(error))
            ) from None

    def gates(self, profile: str) -> frozenset[str]:
        """Which legally prescribed numbers may be processed here (UAVG 46)."""
        if self.open_gates is None:
            return frozenset({"bsn", "v_nummer"}) if profile == "oefening" else frozenset()
        return frozenset(self.open_gates)
