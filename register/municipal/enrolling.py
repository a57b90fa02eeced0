# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's side of enrolment: from an empty tenant folder to an organisation that this node serves.

`request` makes every key of the organisation in its own folder (mode 700, each secret 600) and writes an aanmelding; the private half of the recovery key
goes to a file outside that folder, for a safe. `complete` takes the toelating that came back, checks it against the own aanmelding and key and against what
this node already believes, and writes certificate and settings. `renew` makes a new key beside the old one; completing a renewal points `tenant.toml` at the
new pair in one step. `check` says what there is and what is missing.

Nothing that exists is ever overwritten: a key that is lost cannot be made again. Only `tenant.toml` is, by a renewal, and of what an administrator wrote
in it nothing but the names of the pair changes; where that cannot be done the renewal is refused before anything is written.

Killed at any moment, a command leaves what was there or what it was to make, and the same command again finishes it. Files are whole or not there
(`process.serving.files`); a folder is made under another name and gets its own last; of an organisation `tenant.toml` comes last, because without
it a node passes the folder by. Completing twice is completing once.
"""

import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from policies.decision import Mandate
from process.language import gettext as _
from process.moments import Randomness
from process.peer import Peer
from process.serving.errors import SettingsError
from process.serving.files import settle, unfinished, write_new, write_over
from process.serving.secrets import read_secret, write_secret
from pseudonymisation.canary_pins import require_pins
from pseudonymisation.ceremony import CeremonyError, check_usable, parse_keyset
from pseudonymisation.receipts import require_vkeys
from register.certificates import CertificateError, Wanted, request_for, require_certificate
from register.enrolment import (
    Admission,
    EnrolmentRefusal,
    EnrolmentRequest,
    Network,
    Sign,
    SignedRequest,
    fingerprint,
    host_of,
    parse_admission,
    parse_request,
    request_file,
    require_fingerprint,
)
from register.municipal.settings import TENANT_FILE, NodeSettings, TenantSettings

REQUEST_NAME: Final = "aanmelding.json"
ADMISSION_NAME: Final = "toelating.json"
_RENEWAL: Final = "vernieuwing"
_KEY, _CERTIFICATE = "sleutel", "certificaat"
_SEAL, _SESSION, _RECOVERY = "dossiersleutel", "sessiesleutel", "herstel.pem"
_SECRET_BYTES: Final = 32


@dataclass(frozen=True)
class Wish:
    """What an organisation wants to be enrolled as; see `register.enrolment.EnrolmentRequest`."""

    organisation: str
    oin: str
    fg_contact: str
    contact: str
    address: str | None
    mandates: tuple[Mandate, ...]


@dataclass(frozen=True)
class Written:
    """A file for the other side, and its fingerprint for people."""

    path: Path
    fingerprint: str


def request(
    wish: Wish, tenants: Path, recovery_key_out: Path, *, moment: datetime, randomness: Randomness
) -> Written:
    """Make the folder of an organisation with all its keys, and its aanmelding.

    Raises:
        SettingsError: something is there already, or the recovery key would end up in the folder that it must survive.
        EnrolmentRefusal: something in the wish that the register would not take; nothing is left behind.
    """
    folder = tenants / wish.organisation
    _undo_broken_off(folder, recovery_key_out)
    _require_free(folder, recovery_key_out)
    key, recovery = ec.generate_private_key(ec.SECP256R1()), X25519PrivateKey.generate()
    content = _request(wish, key, recovery.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw), moment)
    making = _empty(folder)
    _write_secret(making / f"{_KEY}.pem", _pem(key))
    for name in (_SEAL, _SESSION):
        _write_secret(making / name, randomness(_SECRET_BYTES))
    public = recovery.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    _write(making / _RECOVERY, public)
    _write(making / REQUEST_NAME, content)
    # Before the folder is there: without it a casebook could not be recovered, and nobody would know.
    _write_secret(recovery_key_out, recovery.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    _give_its_name(making, folder)
    return Written(folder / REQUEST_NAME, fingerprint(content))


def renew(organisation: str, tenants: Path, *, moment: datetime, lost_key: bool) -> Written:
    """Make a new key beside the one in use, and an aanmelding for it that the former key signs too.

    Args:
        organisation: its code.
        tenants: folder of the tenants.
        moment: now.
        lost_key: the former key is not to be used; the register must then be told so as well.

    Raises:
        SettingsError: not enrolled here, a renewal is under way, or `tenant.toml` is written so that it could not be completed.
    """
    folder = tenants / organisation
    tenant = TenantSettings.load(folder / TENANT_FILE)
    former = _certificate_in(tenant.tls_certificate)
    first = _own_request(folder / REQUEST_NAME).request
    renewal = folder / _RENEWAL
    if (renewal / REQUEST_NAME).exists():
        raise SettingsError(
            _(
                "Er loopt al een vernieuwing in {pad}. Rond haar af met 'node enrol complete', of verwijder die map als zij niet is ingeschreven."
            ).format(pad=renewal)
        )
    # Told before anybody telephones.
    _naming(folder / TENANT_FILE, _pair("0"))
    key = ec.generate_private_key(ec.SECP256R1())
    wish = Wish(organisation, first.oin, first.fg_contact, first.contact, first.address, ())
    content = _request(
        wish,
        key,
        first.recovery_key,
        moment,
        replaces=sha256(former.public_bytes(Encoding.DER)).digest(),
        former_key=None if lost_key else _key_in(tenant.tls_key),
    )
    # Without an aanmelding nobody was told of it.
    _remove(renewal)
    making = _empty(renewal)
    _write_secret(making / f"{_KEY}.pem", _pem(key))
    _write(making / REQUEST_NAME, content)
    _give_its_name(making, renewal)
    return Written(renewal / REQUEST_NAME, fingerprint(content))


@dataclass(frozen=True)
class Completed:
    """What `complete` did.

    Attributes:
        organisation: its code.
        settings: the node's settings file.
        new_settings: whether it was written now.
        renewed: whether a certificate was replaced.
        ends_at: last moment of the certificate.
    """

    organisation: str
    settings: Path
    new_settings: bool
    renewed: bool
    ends_at: datetime


def complete(
    admission_path: Path, told: str, tenants: Path, settings: Path, *, moment: datetime
) -> Completed:
    """Take a toelating in.

    Args:
        admission_path: the file that came back.
        told: the fingerprint that the administrator of the register read out.
        tenants: folder of the tenants.
        settings: the node's settings file; written when there is none, with the network's files beside it.
        moment: now by the real clock: TLS knows no exercise.

    Raises:
        EnrolmentRefusal: another fingerprint, an altered file, not an answer to the own aanmelding, or another network than
            this node believes already.
        SettingsError: files that are missing or cannot be written, or a `tenant.toml` in which the new pair cannot be named.
    """
    content = _read(admission_path)
    require_fingerprint(told, content, ADMISSION_NAME)
    admission = parse_admission(content)
    folder = tenants / admission.organisation
    own = _answered(folder, admission)
    certificate = _own_certificate(admission, own, folder, moment)
    _require_keyset(admission.network)
    renewed = own.request.replaces is not None
    pair = _pair(_number_of(admission))
    # Refused before anything is written.
    naming = _naming(folder / TENANT_FILE, pair) if renewed and _under_way(folder, admission) else None
    fresh = not settings.exists()
    if fresh:
        _write_settings(settings, tenants, admission.network)
    else:
        _require_same_network(settings, admission.network)
    if naming is not None:
        _take_over(folder, admission, pair, naming)
    elif renewed:
        _clear(folder)
    else:
        _write(folder / f"{_CERTIFICATE}.pem", admission.certificate.encode())
        if not (folder / TENANT_FILE).exists():
            _write_tenant(folder, admission.organisation, own.request.fg_contact)
    return Completed(admission.organisation, settings, fresh, renewed, certificate.not_valid_after_utc)


@dataclass(frozen=True)
class State:
    """What a tenant folder holds.

    Attributes:
        organisation: its code.
        request: fingerprint of the aanmelding; None without one.
        missing: names of the files that are not there, in the order in which they come.
        days: until the certificate ends; None without one.
        renewal: fingerprint of a renewal that is under way; None otherwise.
    """

    organisation: str
    request: str | None
    missing: tuple[str, ...]
    days: int | None
    renewal: str | None


def states(tenants: Path, *, moment: datetime) -> tuple[State, ...]:
    """The state of every organisation of this node, by code.

    Raises:
        SettingsError: there is no such folder, or a certificate that cannot be read.
    """
    if not tenants.is_dir():
        raise SettingsError(_("De map {pad} is er niet.").format(pad=tenants))
    folders = (one for one in sorted(tenants.iterdir()) if one.is_dir() and not one.name.startswith("."))
    return tuple(_state(folder, moment) for folder in folders)


def _state(folder: Path, moment: datetime) -> State:
    wanted = [REQUEST_NAME, f"{_KEY}.pem", _SEAL, _SESSION, _RECOVERY, f"{_CERTIFICATE}.pem", TENANT_FILE]
    certificate = folder / f"{_CERTIFICATE}.pem"
    if (folder / TENANT_FILE).exists():
        tenant = TenantSettings.load(folder / TENANT_FILE)
        certificate = tenant.tls_certificate
        wanted = [REQUEST_NAME, TENANT_FILE]
        named = (tenant.tls_certificate, tenant.tls_key, tenant.seal_key_file, tenant.session_key_file)
        wanted += [one.name for one in (*named, tenant.recovery_key_file)]
    days = (_certificate_in(certificate).not_valid_after_utc - moment).days if certificate.exists() else None
    return State(
        folder.name,
        _fingerprint_of(folder / REQUEST_NAME),
        tuple(name for name in wanted if not (folder / name).exists()),
        days,
        _fingerprint_of(folder / _RENEWAL / REQUEST_NAME),
    )


def _fingerprint_of(path: Path) -> str | None:
    return fingerprint(path.read_bytes()) if path.exists() else None


def _undo_broken_off(folder: Path, recovery_key_out: Path) -> None:
    """Remove what a request left that was killed before it could tell anybody of the organisation."""
    making = unfinished(folder)
    public = making / _RECOVERY
    # First the private half, which can only be known by the public one; it opens nothing, for nothing was sealed yet.
    if public.exists() and recovery_key_out.exists() and _halves(recovery_key_out, public):
        recovery_key_out.unlink()
    _remove(making)


def _halves(private: Path, public: Path) -> bool:
    """Whether two files are the halves of one recovery key."""
    try:
        key = load_pem_private_key(_read(private), None)
    except (ValueError, TypeError):
        return False
    written = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return written == _read(public)


def _empty(folder: Path) -> Path:
    """An empty folder for its owner alone, under another name until `_give_its_name`."""
    making = unfinished(folder)
    _remove(making)
    try:
        making.mkdir(parents=True, mode=0o700)
    except OSError as error:
        raise _not_written(folder, error) from None
    return making


def _give_its_name(making: Path, folder: Path) -> None:
    try:
        making.rename(folder)
        settle(folder.parent)
    except OSError as error:
        raise _not_written(folder, error) from None


def _remove(folder: Path) -> None:
    try:
        if folder.exists():
            shutil.rmtree(folder)
    except OSError as error:
        raise _not_written(folder, error) from None


def _require_free(folder: Path, recovery_key_out: Path) -> None:
    if folder.exists():
        raise SettingsError(
            _(
                "De map {pad} bestaat al; daar wordt niets overschreven. Kijk met 'node enrol check' wat erin staat."
            ).format(pad=folder)
        )
    if recovery_key_out.exists():
        raise SettingsError(
            _("Het bestand {pad} bestaat al; een sleutel wordt nooit overschreven.").format(
                pad=recovery_key_out
            )
        )
    if folder.absolute().parent in recovery_key_out.absolute().parents:
        raise SettingsError(
            _(
                "De geheime helft van de herstelsleutel hoort niet bij de node. Kies met --recovery-key-out een plek daarbuiten, zoals een USB-stick."
            )
        )


def _request(  # noqa: PLR0913 - what an aanmelding is made of
    wish: Wish,
    key: ec.EllipticCurvePrivateKey,
    recovery_key: bytes,
    moment: datetime,
    *,
    replaces: bytes | None = None,
    former_key: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    hosts = () if wish.address is None else (host_of(wish.address),)
    wanted = Wanted(Peer("node", wish.organisation, wish.oin), key.public_key(), hosts)
    wished = EnrolmentRequest(
        organisation=wish.organisation,
        oin=wish.oin,
        csr=request_for(wanted, key),
        recovery_key=recovery_key,
        fg_contact=wish.fg_contact,
        contact=wish.contact,
        address=wish.address,
        mandates=wish.mandates,
        made_at=moment.replace(microsecond=0),
        replaces=replaces,
    )
    return request_file(wished, _signing(key), None if former_key is None else _signing(former_key))


def _signing(key: ec.EllipticCurvePrivateKey) -> Sign:
    return lambda content: key.sign(content, ec.ECDSA(hashes.SHA256()))


def _answered(folder: Path, admission: Admission) -> SignedRequest:
    """The own aanmelding that this toelating answers: the first, a renewal under way, or one that was finished before."""
    number = _number_of(admission)
    for path in (
        folder / REQUEST_NAME,
        folder / _RENEWAL / REQUEST_NAME,
        folder / f"aanmelding-{number}.json",
    ):
        if path.exists():
            own = _own_request(path)
            if own.digest == admission.request:
                return own
    raise EnrolmentRefusal(
        _("Deze toelating hoort niet bij een aanmelding van deze node."),
        _("Vraag de beheerder van het register om de toelating bij uw eigen aanmelding ({pad}).").format(
            pad=folder / REQUEST_NAME
        ),
    )


def _number_of(admission: Admission) -> str:
    """What tells the files of one renewal from those of another."""
    return admission.request.hex()[:8]


def _own_certificate(
    admission: Admission, own: SignedRequest, folder: Path, moment: datetime
) -> x509.Certificate:
    _require_key(folder, own)
    try:
        certificate = x509.load_pem_x509_certificate(admission.certificate.encode())
        authorities = x509.load_pem_x509_certificates(admission.network.authorities.encode())
        require_certificate(certificate, own.wanted, authorities, moment)
    except (CertificateError, ValueError) as error:
        raise EnrolmentRefusal(
            _("Het certificaat in de toelating kan niet: {reden}.").format(reden=error),
            _("Vraag de beheerder van het register om een nieuwe toelating."),
        ) from error
    return certificate


def _require_key(folder: Path, own: SignedRequest) -> None:
    for path in (folder / _RENEWAL / f"{_KEY}.pem", *sorted(folder.glob(f"{_KEY}*.pem"))):
        if path.exists() and _key_in(path).public_key() == own.wanted.key:
            return
    raise SettingsError(_("De sleutel bij de aanmelding in {pad} is er niet.").format(pad=folder))


def _require_keyset(network: Network) -> None:
    try:
        keyset = parse_keyset(network.keyset)
        check_usable(keyset, network.profile)
    except CeremonyError as error:
        raise EnrolmentRefusal(str(error), error.way_forward) from error
    try:
        require_pins(network.canaries)
    except ValueError as error:
        raise EnrolmentRefusal(
            _("De pinnen van de kanarie in de toelating kloppen niet: {fout}.").format(fout=error),
            _("Vraag de beheerder van het register om een nieuwe toelating."),
        ) from error
    try:
        keys = require_vkeys(network.holder_vkeys)
    except ValueError:
        keys = {}
    if len(network.keyholder_urls) != keyset.size or len(keys) != keyset.size:
        raise EnrolmentRefusal(
            _("De toelating noemt niet van elke sleutelhouder het adres en de sleutel van zijn kwitanties."),
            _("Vraag de beheerder van het register om een nieuwe toelating."),
        )


def _write_settings(settings: Path, tenants: Path, network: Network) -> None:
    files = {
        "sleutelset.json": network.keyset,
        "ontvangst.vkey": f"{network.receipt_vkey}\n".encode(),
        "logboek.vkey": f"{network.log_vkey}\n".encode(),
        "uitgevers.pem": network.authorities.encode(),
    }
    for name, content in files.items():
        _write(settings.parent / name, content)
    values = {
        "profile": network.profile,
        "tenants_folder": str(tenants.absolute()),
        "register_url": network.register_url,
        "register_receipt_key_file": "ontvangst.vkey",
        "register_log_key_file": "logboek.vkey",
        "keyholder_urls": list(network.keyholder_urls),
        "keyset_file": "sleutelset.json",
        "keyset_fingerprint": network.keyset_fingerprint,
        "keyholder_receipt_keys": list(network.holder_vkeys),
        "canary_pins": dict(network.canaries),
        "tls_authorities": "uitgevers.pem",
        "database_file": "node.sqlite",
    }
    _write(settings, _toml(values))


def _require_same_network(file: Path, network: Network) -> None:
    """A node believes one register; a second organisation cannot bring another."""
    known = NodeSettings.load(file)
    believed = {
        "profile": (known.profile, network.profile),
        "register_url": (known.register_url, network.register_url),
        "register_receipt_key_file": (_line(known.register_receipt_key_file), network.receipt_vkey),
        "register_log_key_file": (_line(known.register_log_key_file), network.log_vkey),
        "keyholder_urls": (known.keyholder_urls, network.keyholder_urls),
        "keyset_fingerprint": (known.keyset_fingerprint, network.keyset_fingerprint),
        "keyholder_receipt_keys": (known.keyholder_receipt_keys, network.holder_vkeys),
    }
    other = [name for name, (ours, theirs) in believed.items() if ours != theirs]
    if other:
        raise EnrolmentRefusal(
            _("Deze toelating is van een ander register dan waar deze node al bij hoort ({namen}).").format(
                namen=", ".join(other)
            ),
            _("Ga met de beheerder van het register na wat er veranderd is; er is niets geschreven."),
        )
    trusted = b"" if known.tls_authorities is None else _read(known.tls_authorities)
    ours = _certificates(trusted)
    if not _certificates(network.authorities.encode()) <= ours:
        raise EnrolmentRefusal(
            _("De toelating noemt een uitgever van certificaten die deze node nog niet vertrouwt."),
            _("Voeg die na controle toe aan {pad} en probeer het opnieuw.").format(pad=known.tls_authorities),
        )


def _certificates(pem: bytes) -> frozenset[bytes]:
    try:
        return frozenset(one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem))
    except ValueError:
        return frozenset()


def _pair(number: str) -> dict[str, str]:
    """What `tenant.toml` says of a renewed pair: setting -> name of the file beside it."""
    return {"tls_certificate": f"{_CERTIFICATE}-{number}.pem", "tls_key": f"{_KEY}-{number}.pem"}


def _under_way(folder: Path, admission: Admission) -> bool:
    """Whether it is this renewal that is still to be completed; not one that was, or another."""
    path = folder / _RENEWAL / REQUEST_NAME
    return path.exists() and _own_request(path).digest == admission.request


def _naming(file: Path, pair: dict[str, str]) -> bytes:
    """The text of `tenant.toml` in which these settings have these values, and everything else is as somebody wrote it.

    Raises:
        SettingsError: a value is not written on the line of its name, so that changing it would be guessing.
    """
    TenantSettings.load(file)
    text = _read(file).decode()
    before, named = tomllib.loads(text), text
    for name, value in pair.items():
        named = _SETTING[name].sub(rf'\g<1>"{value}"', named, count=1)
    try:
        after = tomllib.loads(named)
    except tomllib.TOMLDecodeError:
        after = {}
    if after == before | pair:
        return named.encode()
    other = [name for name, value in pair.items() if after.get(name) != value] or list(pair)
    raise SettingsError(
        _(
            "In {pad} kan {namen} niet worden aangepast, want het staat er anders dan dit commando kan lezen. Er is niets veranderd. "
            'Schrijf het als één regel, zoals {naam} = "{bestand}", en geef het commando opnieuw.'
        ).format(pad=file, namen=", ".join(other), naam=other[0], bestand=before[other[0]])
    )


_SETTING: Final = {
    name: re.compile(
        rf"""^([ \t]*["']?{name}["']?[ \t]*=[ \t]*)(?:"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*')""", re.MULTILINE
    )
    for name in _pair("")
}
"""A setting with a text on its own line. That it was the setting, and no line inside something else, is looked at afterwards."""


def _take_over(folder: Path, admission: Admission, pair: Mapping[str, str], naming: bytes) -> None:
    """The new pair gets its place; from then on `tenant.toml` names it, in one step. Interrupted, it goes on from where it was."""
    renewal = folder / _RENEWAL
    _write(folder / pair["tls_certificate"], admission.certificate.encode())
    fresh_key = renewal / f"{_KEY}.pem"
    if fresh_key.exists():
        _write(folder / pair["tls_key"], fresh_key.read_bytes(), mode=0o600)
    file = folder / TENANT_FILE
    try:
        if _read(file) != naming:
            write_over(file, naming)
        fresh_key.unlink(missing_ok=True)
        (renewal / REQUEST_NAME).rename(folder / f"aanmelding-{_number_of(admission)}.json")
    except OSError as error:
        raise _not_written(folder, error) from None
    _clear(folder)


def _clear(folder: Path) -> None:
    """The folder of a renewal goes when there is no renewal in it."""
    renewal = folder / _RENEWAL
    if renewal.exists() and not (renewal / REQUEST_NAME).exists():
        _remove(renewal)


def _write_tenant(folder: Path, organisation: str, fg_contact: str) -> None:
    values = {
        "organisation": organisation,
        "tls_certificate": f"{_CERTIFICATE}.pem",
        "tls_key": f"{_KEY}.pem",
        "seal_key_file": _SEAL,
        "session_key_file": _SESSION,
        "recovery_key_file": _RECOVERY,
        "fg_contact": fg_contact,
    }
    _write(folder / TENANT_FILE, _toml(values))


def _toml(values: Mapping[str, object]) -> bytes:
    lines = [f"{name} = {_toml_value(value)}" for name, value in values.items()]
    return ("\n".join(lines) + "\n").encode()


def _toml_value(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(one) for one in value) + "]"
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{_toml_value(name)} = {_toml_value(one)}" for name, one in value.items()) + "}"
        )
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _own_request(path: Path) -> SignedRequest:
    return parse_request(_read(path))


def _key_in(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        key = load_pem_private_key(read_secret(path).reveal(), None)
    except (ValueError, TypeError):
        raise SettingsError(_("De sleutel {pad} is niet te gebruiken.").format(pad=path)) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SettingsError(_("De sleutel {pad} is niet te gebruiken.").format(pad=path))
    return key


def _certificate_in(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        raise SettingsError(_("Het certificaat {pad} is niet te lezen.").format(pad=path)) from None


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _line(path: Path) -> str:
    return _read(path).decode("utf-8", "replace").strip()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise SettingsError(_("Het bestand {pad} is niet te lezen.").format(pad=path)) from None


def _write(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write what is not there yet; the same again is no harm, other content is never put over it."""
    try:
        write_new(path, content, mode=mode)
    except FileExistsError:
        if path.read_bytes() != content:
            raise SettingsError(
                _("Het bestand {pad} bestaat al met een andere inhoud; er wordt niets overschreven.").format(
                    pad=path
                )
            ) from None
    except OSError as error:
        raise _not_written(path, error) from None


def _write_secret(path: Path, value: bytes) -> None:
    try:
        write_secret(path, value)
    except OSError as error:
        raise _not_written(path, error) from None


def _not_written(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        _("{pad} is niet te schrijven ({fout}). Zorg dat het kan, en geef het commando opnieuw.").format(
            pad=path, fout=error.strerror or _("bestaat al")
        )
    )
