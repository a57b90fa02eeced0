# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""An authority for pilots: a folder with a certificate and a key that only a passphrase opens.

Production uses PKIoverheid; nothing else knows the difference. Whoever has the folder and the passphrase can make any process: keep them apart, and off the
machines that serve. A certificate that is issued here does not by itself let a node in: the register takes only those on record (register.central.records).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from process.language import gettext as _
from process.moments import Randomness
from process.secret import Secret
from process.serving.errors import SettingsError
from process.serving.files import write_new
from process.serving.secrets import write_secret
from register.certificates import Issuer, Span, Wanted, issue, self_signed

CERTIFICATE_NAME = "uitgever.pem"
KEY_NAME = "uitgever.sleutel"
AUTHORITY_DAYS = timedelta(days=5 * 365)
CERTIFICATE_DAYS = timedelta(days=398)
"""What browsers accept of a certificate at most (CA/Browser Forum, ballot SC31)."""

_BACKDATED = timedelta(minutes=5)
_SERIAL_BYTES = 19
"""RFC 5280 4.1.2.2: positive and at most 20 bytes."""


def make_authority(
    folder: Path, name: str, passphrase: Secret, *, moment: datetime, randomness: Randomness
) -> Path:
    """Make a new authority; gives the path of its certificate.

    Raises:
        SettingsError: the folder holds one already.
    """
    if (folder / KEY_NAME).exists() or (folder / CERTIFICATE_NAME).exists():
        raise SettingsError(_("In {pad} staat al een uitgever; kies een lege map.").format(pad=folder))
    key = ec.generate_private_key(ec.SECP256R1())
    span = Span(moment - _BACKDATED, moment + AUTHORITY_DAYS, _serial(randomness))
    sealed = key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(passphrase.reveal())
    )
    write_secret(folder / KEY_NAME, sealed)
    path = folder / CERTIFICATE_NAME
    write_new(path, self_signed(name, key, span).public_bytes(Encoding.PEM))
    return path


@dataclass(frozen=True)
class OpenAuthority:
    """An authority whose key is open, at one moment of the real clock."""

    issuer: Issuer
    moment: datetime
    randomness: Randomness

    def __call__(self, wanted: Wanted) -> x509.Certificate:
        """Issue what is wanted, for as long as the authority itself lasts at most."""
        end = min(self.moment + CERTIFICATE_DAYS, self.issuer.certificate.not_valid_after_utc)
        return issue(wanted, self.issuer, Span(self.moment - _BACKDATED, end, _serial(self.randomness)))


def open_authority(
    folder: Path, passphrase: Secret, *, moment: datetime, randomness: Randomness
) -> OpenAuthority:
    """Open an authority.

    Raises:
        SettingsError: not there, or another passphrase.
    """
    try:
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE_NAME).read_bytes())
        key = load_pem_private_key((folder / KEY_NAME).read_bytes(), passphrase.reveal())
    except (OSError, ValueError, TypeError):
        raise SettingsError(
            _("De uitgever in {pad} is niet te openen: de bestanden of het wachtwoord kloppen niet.").format(
                pad=folder
            )
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SettingsError(_("De sleutel in {pad} is er geen van ons.").format(pad=folder))
    return OpenAuthority(Issuer(certificate, key), moment, randomness)


def certificate_in(file: Path) -> x509.Certificate:
    """A certificate that was issued elsewhere (PEM).

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        return x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        raise SettingsError(_("In {pad} staat geen leesbaar certificaat (PEM).").format(pad=file)) from None


def _serial(randomness: Randomness) -> int:
    return int.from_bytes(randomness(_SERIAL_BYTES), "big") | 1
