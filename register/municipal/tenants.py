# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The organisations of a node, read from their folders and checked before anything is served.

`<tenants_folder>/<code>/tenant.toml`, one folder for each organisation. In this order: at least one folder; each named after the organisation
in it, and none twice; an organisation that exists in this profile; a certificate that names this organisation, is of its key and has not run out
(by the clock of this machine: TLS knows no exercise); secrets that are secret, and shared with no other organisation; a recovery key that is public, without its private half beside it;
a provider of accounts that nobody in between can play.
A folder without `tenant.toml` is no organisation yet, and is passed over. What is wrong is told in one sentence, and nothing starts.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from process.language import gettext as _
from process.peer import UnknownPeer, peer_from_certificate
from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.secrets import read_secret
from register.addresses import usable
from register.municipal.sealing import RecoveryKeyError, is_private, recovery_key, recovery_secret
from register.municipal.settings import TENANT_FILE, NodeSettings, TenantSettings
from register.municipalities import Municipality, known_organisation

PRIVATE_RECOVERY_FILE = "herstelsleutel.pem"
"""As an enrolment calls the private half, which has no place beside the casebook that it opens."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tenant:
    """One organisation of this node, with what is its own.

    Attributes:
        settings: its file.
        seal_key: under which its casebook is sealed.
        session_key: for the forms of its people.
        recovery_key: to which its casebook is sealed as well; the private half is elsewhere.
    """

    settings: TenantSettings
    seal_key: Secret
    session_key: Secret
    recovery_key: X25519PublicKey = field(repr=False)

    @property
    def code(self) -> str:
        """Code of the organisation."""
        return self.settings.organisation


def read_tenants(
    settings: NodeSettings, municipalities: Mapping[str, Municipality], now: datetime
) -> tuple[Tenant, ...]:
    """The organisations of this node, by code.

    Args:
        settings: of the node.
        municipalities: that exist.
        now: by the clock of this machine.

    Raises:
        SettingsError: one sentence with what is wrong and where.
    """
    found = tenant_settings(settings, municipalities)
    tenants = tuple(_checked(one, now, settings.profile) for one in found)
    _require_own_secrets(tenants)
    return tenants


def tenant_settings(
    settings: NodeSettings, municipalities: Mapping[str, Municipality]
) -> tuple[TenantSettings, ...]:
    """The files of the organisations of this node, by code; keys and certificates are not looked at.

    Raises:
        SettingsError: there is none, one twice, one in a folder with another name, or one that does not exist here.
    """
    folder = settings.tenants_folder
    try:
        files = sorted(folder.glob(f"*/{TENANT_FILE}"))
        folder.stat()
    except OSError:
        raise SettingsError(
            _("De map {pad} met organisaties (tenants_folder) is niet te lezen.").format(pad=folder)
        ) from None
    if not files:
        raise SettingsError(
            _(
                "Deze node heeft nog geen organisatie: in {pad} staat geen map met een bestand {bestand}. Maak er een voor elke organisatie."
            ).format(pad=folder, bestand=TENANT_FILE)
        )
    named: dict[str, Path] = {}
    found = []
    for file in files:
        one = TenantSettings.load(file)
        if one.organisation in named:
            raise SettingsError(
                _(
                    "Organisatie {code} staat in twee mappen: {een} en {ander}. Haal er een weg of zet er de goede code in."
                ).format(code=one.organisation, een=named[one.organisation], ander=file.parent)
            )
        named[one.organisation] = file.parent
        found.append(one)
    for one in found:
        _require_place(one, named[one.organisation], municipalities, settings.profile)
    return tuple(sorted(found, key=lambda one: one.organisation))


def the_only(tenants: Sequence[TenantSettings], wanted: str | None) -> TenantSettings:
    """The organisation that a command is about.

    Raises:
        SettingsError: it is not at this node, or none was named and there are several.
    """
    codes = ", ".join(one.organisation for one in tenants)
    if wanted is None and len(tenants) == 1:
        return tenants[0]
    if wanted is None:
        raise SettingsError(
            _("Deze node heeft meer organisaties. Zeg met --organisation om welke het gaat: {codes}.").format(
                codes=codes
            )
        )
    for one in tenants:
        if one.organisation == wanted:
            return one
    raise SettingsError(
        _("Organisatie {code} staat niet op deze node. Kies uit: {codes}.").format(code=wanted, codes=codes)
    )


def _require_place(
    one: TenantSettings, folder: Path, municipalities: Mapping[str, Municipality], profile: str
) -> None:
    if folder.name != one.organisation:
        raise SettingsError(
            _("De map {pad} is van organisatie {code}, maar heet anders. Geef de map de naam {code}.").format(
                pad=folder, code=one.organisation
            )
        )
    if not known_organisation(one.organisation, municipalities, profile=profile):
        raise SettingsError(
            _("Organisatie {code} bestaat niet in profiel {profiel}.").format(
                code=one.organisation, profiel=profile
            )
        )


def _checked(one: TenantSettings, now: datetime, profile: str) -> Tenant:
    certificate = _certificate(one)
    _require_named(one, certificate)
    _require_valid(one, certificate, now)
    _require_its_key(one, certificate)
    recovery = recovery_key_of(one, profile)
    _require_safe_provider(one, profile)
    return Tenant(one, read_secret(one.seal_key_file), read_secret(one.session_key_file), recovery)


def _require_safe_provider(one: TenantSettings, profile: str) -> None:
    """Who listens in between would be the provider."""
    if one.oidc_issuer is not None and not usable(one.oidc_issuer, loopback=profile == "oefening"):
        raise SettingsError(
            _(
                "Het aanmeldsysteem van {code} (oidc_issuer) heeft geen bruikbaar adres. Geef een adres dat met https:// begint; http kan alleen op deze machine, in profiel oefening."
            ).format(code=one.organisation)
        )


def _certificate(one: TenantSettings) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(one.tls_certificate.read_bytes())
    except (OSError, ValueError):
        raise SettingsError(
            _("Het certificaat {pad} van {code} is niet te lezen als PEM.").format(
                pad=one.tls_certificate, code=one.organisation
            )
        ) from None


def _require_named(one: TenantSettings, certificate: x509.Certificate) -> None:
    try:
        peer = peer_from_certificate(certificate.public_bytes(Encoding.DER))
    except UnknownPeer:
        peer = None
    if peer is None or peer.kind != "node":
        raise SettingsError(
            _("Het certificaat {pad} van {code} is niet dat van een node. Vraag een nieuw aan.").format(
                pad=one.tls_certificate, code=one.organisation
            )
        )
    if peer.organisation != one.organisation:
        raise SettingsError(
            _(
                "Het certificaat {pad} is van {ander} en niet van {code}. Zet het certificaat van {code} in deze map."
            ).format(pad=one.tls_certificate, ander=peer.organisation, code=one.organisation)
        )


def _require_valid(one: TenantSettings, certificate: x509.Certificate, now: datetime) -> None:
    if now >= certificate.not_valid_after_utc:
        raise SettingsError(
            _("Het certificaat {pad} van {code} is op {dag} verlopen. Vraag een nieuw aan.").format(
                pad=one.tls_certificate,
                code=one.organisation,
                dag=f"{certificate.not_valid_after_utc:%d-%m-%Y}",
            )
        )
    if now < certificate.not_valid_before_utc:
        raise SettingsError(
            _(
                "Het certificaat {pad} van {code} geldt pas vanaf {dag}. Klopt de klok van deze machine?"
            ).format(
                pad=one.tls_certificate,
                code=one.organisation,
                dag=f"{certificate.not_valid_before_utc:%d-%m-%Y}",
            )
        )


def _require_its_key(one: TenantSettings, certificate: x509.Certificate) -> None:
    try:
        key = load_pem_private_key(read_secret(one.tls_key).reveal(), None)
    except (ValueError, TypeError):
        raise SettingsError(
            _("De sleutel {pad} van {code} is niet te lezen als PEM zonder wachtwoord.").format(
                pad=one.tls_key, code=one.organisation
            )
        ) from None
    form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        raise SettingsError(
            _("De sleutel {pad} van {code} hoort niet bij haar certificaat.").format(
                pad=one.tls_key, code=one.organisation
            )
        )


def recovery_key_of(one: TenantSettings, profile: str) -> X25519PublicKey:
    """The public recovery key of an organisation, whose private half is not on this machine.

    Raises:
        SettingsError: it is not a public X25519 key; or the private half is here, outside an exercise.
    """
    try:
        public = recovery_key(one.recovery_key_file.read_bytes()).public
    except (OSError, RecoveryKeyError):
        raise SettingsError(
            _(
                "De openbare herstelsleutel {pad} van {code} is geen openbare X25519-sleutel (PEM). De geheime helft hoort niet op deze machine."
            ).format(pad=one.recovery_key_file, code=one.organisation)
        ) from None
    _require_offline(one, profile)
    return public


def _require_offline(one: TenantSettings, profile: str) -> None:
    """A key beside what it opens protects nothing: whoever takes the machine has both."""
    folder = one.recovery_key_file.parent
    for file in sorted([*folder.glob("*.pem"), *folder.glob("*.key")]):
        if not _holds_recovery_secret(file):
            continue
        if profile != "oefening":
            raise SettingsError(
                _(
                    "De geheime herstelsleutel van {code} staat op deze machine ({pad}). Zet hem op een schijf die u in een kluis legt, en wis hem hier."
                ).format(code=one.organisation, pad=file)
            )
        _log.warning("%s: the private recovery key stands on this machine (%s)", one.organisation, file)


def _holds_recovery_secret(file: Path) -> bool:
    try:
        pem = file.read_bytes()
    except OSError:
        return False
    if not is_private(pem):
        return False
    if file.name == PRIVATE_RECOVERY_FILE:
        # With a password on it too, which we cannot look behind.
        return True
    try:
        recovery_secret(pem)
    except RecoveryKeyError:
        return False
    return True


def _require_own_secrets(tenants: Sequence[Tenant]) -> None:
    """Two organisations under one secret would be one organisation to whoever holds it."""
    seen: list[tuple[Secret, str]] = []
    for one in tenants:
        for secret in (one.seal_key, one.session_key):
            for known, code in seen:
                if secret == known:
                    raise SettingsError(
                        _(
                            "{een} en {ander} gebruiken hetzelfde geheim. Maak voor elk geheim een eigen bestand."
                        ).format(een=code, ander=one.code)
                    )
            seen.append((secret, one.code))
