# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from process.peer import KINDS, Peer, peer_from_certificate
from register.demo.certificates import Authority, Issued
from register.demo.plan import MUNICIPALITIES, oin

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "uitgever", NOW)


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def issue(authority: Authority, tmp_path: Path, kind: str = "node", organisation: str = "GM9001") -> Issued:
    return authority.issue(Peer(kind, organisation, oin(organisation)), tmp_path / f"{kind}-{organisation}")


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("organisation", MUNICIPALITIES)
def test_a_process_reads_back_from_its_certificate(
    authority: Authority, tmp_path: Path, kind: str, organisation: str
) -> None:
    issued = issue(authority, tmp_path, kind, organisation)
    der = read(issued.certificate).public_bytes(Encoding.DER)
    assert peer_from_certificate(der) == Peer(kind, organisation, oin(organisation))


def test_a_certificate_is_of_its_key_and_of_its_authority(authority: Authority, tmp_path: Path) -> None:
    issued = issue(authority, tmp_path)
    certificate = read(issued.certificate)
    key = load_pem_private_key(issued.key.read_bytes(), None)
    assert certificate.public_key() == key.public_key()
    certificate.verify_directly_issued_by(read(issued.authorities))


def test_another_authority_of_the_same_name_did_not_issue_it(authority: Authority, tmp_path: Path) -> None:
    certificate = read(issue(authority, tmp_path).certificate)
    other = Authority(tmp_path / "ander", NOW)
    with pytest.raises(InvalidSignature):
        certificate.verify_directly_issued_by(read(other.path))


def test_a_key_is_for_its_owner_only_and_the_authority_s_own_is_nowhere(
    authority: Authority, tmp_path: Path
) -> None:
    issued = issue(authority, tmp_path)
    assert stat.S_IMODE(issued.key.stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "uitgever").iterdir()] == ["uitgever.pem"]
    assert b"PRIVATE" not in authority.path.read_bytes()


def test_a_process_cannot_issue_certificates(authority: Authority, tmp_path: Path) -> None:
    certificate = read(issue(authority, tmp_path).certificate)
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    usage = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    assert (constraints.critical, constraints.value.ca) == (True, False)
    assert not usage.value.key_cert_sign


def test_a_process_is_server_and_client_on_loopback_only(authority: Authority, tmp_path: Path) -> None:
    extensions = read(issue(authority, tmp_path).certificate).extensions
    usage = set(extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
    assert usage == {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH}
    names = extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]


def test_a_certificate_of_an_exercise_lives_a_month(authority: Authority, tmp_path: Path) -> None:
    certificate = read(issue(authority, tmp_path).certificate)
    assert certificate.not_valid_before_utc < NOW
    assert certificate.not_valid_after_utc == NOW + timedelta(days=30)


def test_two_certificates_never_share_a_key_or_a_serial_number(authority: Authority, tmp_path: Path) -> None:
    first, second = (
        read(issue(authority, tmp_path, "node", name).certificate) for name in MUNICIPALITIES[:2]
    )
    assert first.serial_number != second.serial_number
    assert first.public_key() != second.public_key()


def test_an_issued_key_is_not_overwritten(authority: Authority, tmp_path: Path) -> None:
    issue(authority, tmp_path)
    with pytest.raises(FileExistsError):
        issue(authority, tmp_path)
