# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The organisations of a node: read from their folders, and each fault told in one sentence before anything is served."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from process.peer import Peer
from process.serving.clock import system_clock
from process.serving.errors import SettingsError
from process.serving.secrets import write_secret
from register.demo.certificates import Authority
from register.municipal.app import Outside, create_app, known_municipalities, prepare
from register.municipal.settings import NodeSettings, TenantSettings
from register.municipal.tenants import Tenant, read_tenants
from tests.api.documents import operations
from tests.register.municipal.world import ORGANISATION, Hands, open_store, tenant_folder

OTHER = "GM9003"


@pytest.fixture
def folder(settings: NodeSettings) -> Path:
    """The folder of organisations, with ORGANISATION in it."""
    return settings.tenants_folder


def read(settings: NodeSettings, **later: float) -> tuple[Tenant, ...]:
    return read_tenants(settings, known_municipalities(), system_clock() + timedelta(**later))


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def issued(home: Path, kind: str, organisation: str) -> None:
    """Another certificate with its key, in the place of that of the folder."""
    made = Authority(home.parent.parent / f"ander-{kind}", system_clock()).issue(
        Peer(kind, organisation, "0" * 20), home / "ander"
    )
    for name in (made.certificate.name, made.key.name):
        (home / "ander" / name).replace(home / name)


def test_organisations_come_in_the_order_of_their_codes(settings: NodeSettings, folder: Path) -> None:
    tenant_folder(folder, OTHER)
    assert [one.code for one in read(settings)] == [OTHER, ORGANISATION]


def test_a_folder_without_a_file_is_no_organisation_yet(settings: NodeSettings, folder: Path) -> None:
    (folder / "GM9001").mkdir()
    (folder / "lees-mij.txt").write_text("uitleg")
    assert [one.code for one in read(settings)] == [ORGANISATION]


def no_organisation(folder: Path) -> None:
    (folder / ORGANISATION / "tenant.toml").unlink()


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def one_code_twice(folder: Path) -> None:
    shutil.copytree(folder / ORGANISATION, folder / "GM9001")


def another_name(folder: Path) -> None:
    (folder / ORGANISATION).rename(folder / "gemeente")


def does_not_exist(folder: Path) -> None:
    tenant_folder(folder, "GM9999")


def is_real(folder: Path) -> None:
    tenant_folder(folder, "GM0014")


def certificate_of_another(folder: Path) -> None:
    issued(folder / ORGANISATION, "node", OTHER)


def certificate_of_another_kind(folder: Path) -> None:
    issued(folder / ORGANISATION, "keyholder", ORGANISATION)


def certificate_that_is_none(folder: Path) -> None:
    (folder / ORGANISATION / "certificaat.pem").write_text("geen certificaat")


def no_certificate(folder: Path) -> None:
    (folder / ORGANISATION / "certificaat.pem").unlink()


def key_of_another(folder: Path) -> None:
    (folder / ORGANISATION / "sleutel.pem").unlink()
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_secret(folder / ORGANISATION / "sleutel.pem", pem)


def key_that_is_none(folder: Path) -> None:
    (folder / ORGANISATION / "sleutel.pem").write_text("dit is helemaal geen sleutel, en lang genoeg")


def key_that_others_read(folder: Path) -> None:
    (folder / ORGANISATION / "sleutel.pem").chmod(0o644)


def no_seal_key(folder: Path) -> None:
    (folder / ORGANISATION / "zegel").unlink()


def weak_session_key(folder: Path) -> None:
    (folder / ORGANISATION / "sessie").write_bytes(b"x" * 64)


def one_secret_for_two(folder: Path) -> None:
    home = tenant_folder(folder, OTHER)
    shutil.copy2(folder / ORGANISATION / "zegel", home / "zegel")


def private_recovery_key(folder: Path) -> None:
    pem = X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / ORGANISATION / "herstel.pem").write_bytes(pem)


def recovery_key_on_a_curve(folder: Path) -> None:
    public = generate_private_key(SECP256R1()).public_key()
    (folder / ORGANISATION / "herstel.pem").write_bytes(
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


def no_recovery_key(folder: Path) -> None:
    (folder / ORGANISATION / "herstel.pem").unlink()


def setting_with_another_name(folder: Path) -> None:
    replaced(folder / ORGANISATION / "tenant.toml", "fg_contact", "fg_kontakt")


def gate_that_does_not_exist(folder: Path) -> None:
    with (folder / ORGANISATION / "tenant.toml").open("a") as file:
        file.write('open_gates = ["kenteken"]\n')


def no_toml(folder: Path) -> None:
    (folder / ORGANISATION / "tenant.toml").write_text("organisation: GM9004")


FAULTS: dict[Callable[[Path], None], str] = {
    no_organisation: r"nog geen organisatie: in .*organisaties staat geen map met een bestand tenant\.toml",
    no_folder: r"map .* met organisaties \(tenants_folder\) is niet te lezen",
    one_code_twice: r"GM9004 staat in twee mappen: .*GM9001 en .*GM9004",
    another_name: r"map .*gemeente is van organisatie GM9004, maar heet anders",
    does_not_exist: r"GM9999 bestaat niet in profiel oefening",
    is_real: r"GM0014 bestaat niet in profiel oefening",
    certificate_of_another: r"is van GM9003 en niet van GM9004",
    certificate_of_another_kind: r"van GM9004 is niet dat van een node",
    certificate_that_is_none: r"certificaat .* van GM9004 is niet te lezen",
    no_certificate: r"certificaat .* van GM9004 is niet te lezen",
    key_of_another: r"sleutel .* van GM9004 hoort niet bij haar certificaat",
    key_that_is_none: r"sleutel .* van GM9004 is niet te lezen als PEM",
    key_that_others_read: r"Anderen op deze machine kunnen het geheim .*sleutel\.pem lezen",
    no_seal_key: r"geheim .*zegel is er niet",
    weak_session_key: r"geheim .*sessie is te zwak",
    one_secret_for_two: r"GM9003 en GM9004 gebruiken hetzelfde geheim",
    private_recovery_key: r"herstel\.pem van GM9004 is geen openbare X25519-sleutel",
    recovery_key_on_a_curve: r"herstel\.pem van GM9004 is geen openbare X25519-sleutel",
    no_recovery_key: r"herstel\.pem van GM9004 is geen openbare X25519-sleutel",
    setting_with_another_name: r"fg_contact: ontbreekt; fg_kontakt: deze naam kennen we niet",
    gate_that_does_not_exist: r"open_gates\.0: deze waarde past hier niet",
    no_toml: r"tenant\.toml is niet te lezen",
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_node_does_not_start_with(
    fault: Callable[[Path], None], settings: NodeSettings, folder: Path, outside: Outside, clock: Hands
) -> None:
    fault(folder)
    with pytest.raises(SettingsError, match=FAULTS[fault]) as refused:
        create_app(settings, clock=clock, randomness=bytes, outside=outside)
    assert len(str(refused.value).splitlines()) == 1
    assert not settings.database_file.exists()


def test_a_certificate_that_has_run_out_stops_the_node_and_says_when(settings: NodeSettings) -> None:
    with pytest.raises(
        SettingsError, match=r"van GM9004 is op \d\d-\d\d-\d{4} verlopen\. Vraag een nieuw aan"
    ):
        read(settings, days=31)


def test_a_certificate_of_tomorrow_makes_one_look_at_the_clock(settings: NodeSettings) -> None:
    with pytest.raises(SettingsError, match=r"geldt pas vanaf .* Klopt de klok van deze machine"):
        read(settings, days=-2)


def test_a_certificate_is_judged_by_the_clock_of_the_machine_and_not_of_the_exercise(
    settings: NodeSettings, outside: Outside, clock: Hands
) -> None:
    clock.forward(days=400)
    made = create_app(settings, clock=clock, randomness=bytes, outside=outside)
    assert ("POST", "/v1/sessies") in operations(made.openapi())


def test_settings_of_an_organisation_all_say_what_they_are() -> None:
    assert not [name for name, one in TenantSettings.model_fields.items() if not one.description]


def test_settings_of_an_organisation_do_not_come_from_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FG_CONTACT", "fg_contact", "SIGNAALREGISTER_NODE_FG_CONTACT"):
        monkeypatch.setenv(name, "iemand anders")
    assert TenantSettings.load(folder / ORGANISATION / "tenant.toml").fg_contact.startswith("FG van")


@pytest.mark.parametrize(
    ("profile", "gates", "expected"),
    [
        ("oefening", None, {"bsn", "v_nummer"}),
        ("riec-wgs", None, set()),
        ("riec-wgs", ["bsn"], {"bsn"}),
        ("oefening", [], set()),
    ],
)
def test_prescribed_numbers_are_off_unless_opened(
    tmp_path: Path, profile: str, gates: list[str] | None, expected: set[str]
) -> None:
    home = tenant_folder(tmp_path / "andere", OTHER, open_gates=gates)
    assert TenantSettings.load(home / "tenant.toml").gates(profile) == expected


def test_no_secret_shows_when_an_organisation_is_printed(settings: NodeSettings) -> None:
    (one,) = read(settings)
    shown = repr(one)
    assert one.seal_key.reveal().hex() not in shown
    assert repr(one.seal_key.reveal()) not in shown


RECORDS = """
accounts:
  - naam: inspecteur
    rol: toezichthouder
    wachtwoordBestand: inspecteur.wachtwoord
"""


@pytest.fixture
def records(tmp_path: Path) -> Path:
    write_secret(tmp_path / "inspecteur.wachtwoord", b"een-lang-wachtwoord\n")
    (tmp_path / "begin.yaml").write_text(RECORDS)
    return tmp_path / "begin.yaml"


def test_accounts_are_put_at_the_organisation_that_is_named(
    settings: NodeSettings, folder: Path, records: Path
) -> None:
    tenant_folder(folder, OTHER)
    assert prepare(settings, records, OTHER) == (1, 0)
    found = {}
    for code in (OTHER, ORGANISATION):
        store = open_store(settings, code)
        found[code] = store.account("inspecteur") is not None
        store.close()
    assert found == {OTHER: True, ORGANISATION: False}


@pytest.mark.parametrize(
    ("named", "words"),
    [
        (None, "Zeg met --organisation om welke het gaat: GM9003, GM9004"),
        ("GM9001", "GM9001 staat niet op deze node. Kies uit: GM9003, GM9004"),
    ],
)
def test_accounts_need_to_know_whose_they_are(
    settings: NodeSettings, folder: Path, records: Path, named: str | None, words: str
) -> None:
    tenant_folder(folder, OTHER)
    with pytest.raises(SettingsError, match=words):
        prepare(settings, records, named)
