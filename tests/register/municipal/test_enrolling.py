# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's side of enrolment on real files, against a register's toelating made with the register's own code."""

import os
import shutil
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from audit.note import Signer
from policies.decision import Mandate
from process.secret import Secret
from process.serving.clock import system_clock
from process.serving.errors import SettingsError
from register.certificates import Wanted
from register.enrolment import (
    Admission,
    EnrolmentRefusal,
    Network,
    admission_file,
    fingerprint,
    parse_request,
)
from register.municipal import enrolling
from register.municipal.cli import node
from register.municipal.enrolling import Completed, Wish, Written
from register.municipal.settings import NodeSettings, TenantSettings
from register.municipal.tenants import read_tenants, tenant_settings
from register.municipalities import municipalities_from
from tests.register.central.enrolling_world import LOG, RECEIPTS, PilotAuthority, keyset, network

MUNICIPALITIES = municipalities_from(files("register").joinpath("data/gemeenten.csv").read_text("utf-8"))
CODE = "GM9005"
SECRETS = ("sleutel.pem", "dossiersleutel", "sessiesleutel")


@dataclass
class Office:
    """An administrator of a node with an empty folder, and a register that answers."""

    folder: Path
    authority: PilotAuthority
    network: Network

    @property
    def tenants(self) -> Path:
        return self.folder / "organisaties"

    @property
    def safe(self) -> Path:
        return self.folder / "kluis"

    @property
    def settings(self) -> Path:
        return self.folder / "instellingen.toml"

    def home(self, code: str = CODE) -> Path:
        return self.tenants / code

    def request(self, code: str = CODE, **changes: Any) -> Written:
        mandate = Mandate(
            "fg",
            code,
            "medewerker-0001",
            date(2026, 1, 1),
            date(2030, 1, 1),
            date(2025, 11, 3),
            date(2025, 10, 6),
        )
        wish = Wish(code, "0" * 20, "fg@oefenmeer.example", "piket, 091 000 00 05", None, (mandate,))
        changed = replace(wish, **changes)
        out = self.safe / f"{code}.pem"
        return enrolling.request(changed, self.tenants, out, moment=system_clock(), randomness=os.urandom)

    def answer(self, written: Written, known: Network | None = None) -> bytes:
        """The register's toelating to an aanmelding."""
        signed = parse_request(written.path.read_bytes())
        certificate = self.authority(signed.wanted).public_bytes(Encoding.PEM).decode()
        admission = Admission(
            signed.request.organisation, signed.digest, certificate, known or self.network, system_clock()
        )
        return admission_file(replace(admission, made_at=signed.request.made_at), RECEIPTS)

    def complete(self, content: bytes, told: str | None = None) -> Completed:
        path = self.folder / "post.json"
        path.write_bytes(content)
        return enrolling.complete(
            path, told or fingerprint(content), self.tenants, self.settings, moment=system_clock()
        )

    def files(self) -> dict[str, bytes]:
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != "post.json"
        }


@pytest.fixture
def office(tmp_path: Path) -> Office:
    authority = PilotAuthority()
    return Office(tmp_path, authority, network(authority))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ---- request --------------------------------------------------------------------------------------------------------


def test_a_request_makes_every_key_for_its_owner_alone(office: Office) -> None:
    office.request()
    assert mode(office.home()) == 0o700
    assert {mode(office.home() / name) for name in SECRETS} == {0o600}
    assert mode(office.safe / f"{CODE}.pem") == 0o600
    assert len({(office.home() / name).read_bytes() for name in SECRETS}) == len(SECRETS)


def test_the_private_half_of_the_recovery_key_is_not_in_the_folder(office: Office) -> None:
    written = office.request()
    private = load_pem_private_key((office.safe / f"{CODE}.pem").read_bytes(), None)
    public = load_pem_public_key((office.home() / "herstel.pem").read_bytes())
    assert isinstance(private, X25519PrivateKey)
    assert private.public_key() == public
    asked = parse_request(written.path.read_bytes()).request
    assert asked.recovery_key == private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    secret = private.private_bytes_raw()
    kept = [path.read_bytes() for path in office.home().iterdir() if path.name != "sleutel.pem"]
    assert not [one for one in kept if secret in one or b"PRIVATE" in one]


def test_the_fingerprint_is_that_of_the_file(office: Office) -> None:
    written = office.request()
    assert written.fingerprint == fingerprint(written.path.read_bytes())


def test_nothing_that_exists_is_overwritten(office: Office) -> None:
    office.request()
    before = office.files()
    with pytest.raises(SettingsError, match="bestaat al"):
        office.request()
    assert office.files() == before
    (office.safe / "GM9006.pem").write_bytes(b"een andere sleutel")
    with pytest.raises(SettingsError, match="nooit overschreven"):
        office.request("GM9006")
    assert not office.home("GM9006").exists()


def test_the_recovery_key_must_leave_the_node(office: Office) -> None:
    wish = Wish(CODE, "0" * 20, "fg@oefenmeer.example", "piket, 091 000 00 05", None, ())
    for inside in (office.home() / "geheim.pem", office.tenants / "geheim.pem"):
        with pytest.raises(SettingsError, match="recovery-key-out"):
            enrolling.request(wish, office.tenants, inside, moment=system_clock(), randomness=os.urandom)
    assert not office.tenants.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"oin": "12"},
        {"fg_contact": ""},
        {"contact": "a\nb"},
        {"address": "http://node"},
        {"organisation": "../GM9005"},
    ],
    ids=lambda one: next(iter(one)),
)
def test_a_wish_that_the_register_would_not_take_leaves_nothing_behind(
    office: Office, changes: dict[str, Any]
) -> None:
    with pytest.raises(EnrolmentRefusal):
        office.request(**changes)
    assert office.files() == {}


# ---- complete -------------------------------------------------------------------------------------------------------


def test_after_completing_the_node_reads_its_settings_and_its_organisation(office: Office) -> None:
    done = office.complete(office.answer(office.request()))
    assert (done.organisation, done.new_settings, done.renewed) == (CODE, True, False)
    settings = NodeSettings.load(office.settings)
    assert settings.keyset_fingerprint == office.network.keyset_fingerprint
    assert settings.keyset_file.read_bytes() == office.network.keyset
    assert settings.keyholder_urls == office.network.keyholder_urls
    assert settings.register_receipt_key_file.read_text("utf-8").strip() == RECEIPTS.verifier.vkey
    assert settings.register_log_key_file.read_text("utf-8").strip() == LOG.verifier.vkey
    (tenant,) = read_tenants(settings, MUNICIPALITIES, system_clock())
    assert (tenant.code, tenant.settings.fg_contact) == (CODE, "fg@oefenmeer.example")


def test_completing_twice_is_completing_once(office: Office) -> None:
    admission = office.answer(office.request())
    office.complete(admission)
    before = office.files()
    assert not office.complete(admission).new_settings
    assert office.files() == before


def test_a_wrong_fingerprint_is_refused_and_nothing_is_written(office: Office) -> None:
    admission = office.answer(office.request())
    before = office.files()
    with pytest.raises(EnrolmentRefusal) as refused:
        office.complete(admission, told="0000-0000-0000-0000-0000-0000-0000-0000")
    assert "vingerafdruk" in refused.value.detail
    assert office.files() == before


def test_a_toelating_to_another_s_request_is_refused(office: Office, tmp_path: Path) -> None:
    elsewhere = Office(tmp_path / "elders", office.authority, office.network)
    office.request()
    before = office.files()
    with pytest.raises(EnrolmentRefusal, match=r".") as refused:
        office.complete(office.answer(elsewhere.request()))
    assert "hoort niet bij een aanmelding" in refused.value.detail
    assert {name: one for name, one in office.files().items() if "elders" not in name} == before


def test_a_certificate_for_another_key_is_refused(office: Office) -> None:
    written = office.request()
    signed = parse_request(written.path.read_bytes())
    other = parse_request(office.request("GM9006").path.read_bytes()).wanted
    swapped = office.authority(Wanted(signed.wanted.peer, other.key)).public_bytes(Encoding.PEM).decode()
    admission = Admission(CODE, signed.digest, swapped, office.network, signed.request.made_at)
    with pytest.raises(EnrolmentRefusal) as refused:
        office.complete(admission_file(admission, RECEIPTS))
    assert "sleutel uit de aanmelding" in refused.value.detail


@pytest.mark.parametrize(
    "changes",
    [
        {"profile": "riec-wgs"},
        {"keyholder_urls": ("https://een.example",)},
        {"keyset": b"{}"},
        {"canaries": {"2026-3": "ab" * 32}},
    ],
)
def test_a_keyset_that_cannot_be_used_is_refused(office: Office, changes: dict[str, object]) -> None:
    known = replace(office.network, **changes)  # type: ignore[arg-type]
    written = office.request()
    with pytest.raises(EnrolmentRefusal):
        office.complete(office.answer(written, known))
    assert not office.settings.exists()


def test_pins_of_the_canaries_come_with_the_toelating_by_version_and_key(office: Office) -> None:
    pins = {f"2026-3/{'ab' * 16}": "cd" * 32, f"2026-3/{'ef' * 16}": "01" * 32}
    office.complete(office.answer(office.request(), replace(office.network, canaries=pins)))
    assert NodeSettings.load(office.settings).canary_pins == pins


def test_a_second_organisation_of_the_same_register_joins_the_node(office: Office) -> None:
    office.complete(office.answer(office.request()))
    before = office.settings.read_bytes()
    assert not office.complete(office.answer(office.request("GM9006", oin="1" * 20))).new_settings
    assert office.settings.read_bytes() == before
    found = tenant_settings(NodeSettings.load(office.settings), MUNICIPALITIES)
    assert [one.organisation for one in found] == [CODE, "GM9006"]


def test_a_second_organisation_cannot_bring_another_register(office: Office) -> None:
    office.complete(office.answer(office.request()))
    other = Signer("log.example/elders", Secret(bytes(range(1, 33)))).verifier.vkey
    second = office.request("GM9006")
    for changes in ({"log_vkey": other}, {"register_url": "https://elders.example"}, {"keyset": keyset()}):
        known = replace(office.network, **changes)
        with pytest.raises(EnrolmentRefusal) as refused:
            office.complete(office.answer(second, known))
        assert "ander register" in refused.value.detail
    assert not (office.home("GM9006") / "tenant.toml").exists()


def test_an_issuer_that_the_node_does_not_believe_is_refused_by_name_of_the_file(office: Office) -> None:
    office.complete(office.answer(office.request()))
    office.authority = PilotAuthority()
    known = replace(office.network, authorities=office.authority.pem)
    second = office.request("GM9006")
    with pytest.raises(EnrolmentRefusal) as refused:
        office.complete(office.answer(second, known))
    assert "uitgevers.pem" in refused.value.way_forward


# ---- renew ----------------------------------------------------------------------------------------------------------


def renewed(office: Office) -> Written:
    return enrolling.renew(CODE, office.tenants, moment=system_clock(), lost_key=False)


def test_a_renewal_takes_a_new_pair_into_use_in_one_step(office: Office) -> None:
    office.complete(office.answer(office.request()))
    first = TenantSettings.load(office.home() / "tenant.toml")
    admission = office.answer(renewed(office))
    assert TenantSettings.load(office.home() / "tenant.toml") == first, "until it is completed"
    assert office.complete(admission).renewed
    second = TenantSettings.load(office.home() / "tenant.toml")
    assert second.tls_key != first.tls_key
    assert mode(second.tls_key) == 0o600
    certificate = x509.load_pem_x509_certificate(second.tls_certificate.read_bytes())
    key = load_pem_private_key(second.tls_key.read_bytes(), None)
    assert certificate.public_key() == key.public_key()
    assert replace_pair(second, first) == first, "and nothing else changed"
    assert first.tls_key.exists(), "the former key is the administrator's to remove"


def replace_pair(tenant: TenantSettings, of: TenantSettings) -> TenantSettings:
    return tenant.model_copy(update={"tls_certificate": of.tls_certificate, "tls_key": of.tls_key})


def test_completing_a_renewal_twice_is_completing_it_once(office: Office) -> None:
    office.complete(office.answer(office.request()))
    admission = office.answer(renewed(office))
    office.complete(admission)
    before = office.files()
    assert office.complete(admission).renewed
    assert office.files() == before


def test_a_renewal_after_a_renewal_works_and_an_old_answer_does_no_harm(office: Office) -> None:
    office.complete(office.answer(office.request()))
    former = office.answer(renewed(office))
    office.complete(former)
    later = office.answer(renewed(office))
    office.complete(former)
    before = TenantSettings.load(office.home() / "tenant.toml")
    office.complete(later)
    assert TenantSettings.load(office.home() / "tenant.toml").tls_key != before.tls_key


def test_one_renewal_at_a_time(office: Office) -> None:
    office.complete(office.answer(office.request()))
    renewed(office)
    with pytest.raises(SettingsError, match="al een vernieuwing"):
        renewed(office)


def test_a_renewal_is_signed_by_the_former_key(office: Office) -> None:
    office.complete(office.answer(office.request()))
    certificate = x509.load_pem_x509_certificate((office.home() / "certificaat.pem").read_bytes())
    signed = parse_request(renewed(office).path.read_bytes())
    assert signed.signed_by(certificate.public_key())  # type: ignore[arg-type]


# ---- a tenant.toml that somebody edited -----------------------------------------------------------------------------


EDITS = {
    "comments": lambda text: "# van ons\n" + text.replace("\n", "  # na te kijken\n"),
    "single quotes": lambda text: text.replace('"', "'"),
    "other spaces": lambda text: text.replace(" = ", "\t=").replace("tls_", "  tls_"),
    "another order": lambda text: "".join(sorted(text.splitlines(keepends=True), reverse=True)),
    "quoted names": lambda text: text.replace("tls_key =", '"tls_key" =').replace("tls_c", "tls_c"),
    "lines that end as on Windows": lambda text: text.replace("\n", "\r\n"),
    "a path that says the folder": lambda text: text.replace('"sleutel.pem"', '"./sleutel.pem"'),
    "an escape": lambda text: text.replace('"sleutel.pem"', r'"sleutel\u002epem"'),
    "the former line as a comment": lambda text: '# tls_key = "sleutel.pem"\n' + text,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_a_renewal_names_the_new_pair_however_the_file_was_edited_and_leaves_the_rest(
    office: Office, edit: Callable[[str], str]
) -> None:
    office.complete(office.answer(office.request()))
    file = office.home() / "tenant.toml"
    first = TenantSettings.load(file)
    file.write_bytes(edit(file.read_bytes().decode()).encode())
    file.chmod(0o640)
    before = file.read_bytes().decode().splitlines()
    admission = office.answer(renewed(office))
    assert office.complete(admission).renewed
    second = TenantSettings.load(file)
    certificate = x509.load_pem_x509_certificate(second.tls_certificate.read_bytes())
    assert certificate.public_key() == load_pem_private_key(second.tls_key.read_bytes(), None).public_key()
    assert second.tls_key.resolve() != first.tls_key.resolve()
    assert replace_pair(second, first) == first
    after = file.read_bytes().decode().splitlines()
    assert len(after) == len(before)
    assert len([one for one, other in zip(before, after, strict=True) if one != other]) == 2
    assert mode(file) == 0o640


BEYOND = {
    "over more lines": lambda text: text.replace('"sleutel.pem"', '"""\\\n    sleutel.pem"""'),
    "raw over more lines": lambda text: text.replace('"sleutel.pem"', "'''\nsleutel.pem'''"),
    "a line that only looks like it": lambda text: (
        'fg_contact = """\ntls_key = "x"\n"""\n' + text.replace('fg_contact = "fg@oefenmeer.example"\n', "")
    ),
    "a name with an escape": lambda text: text.replace("tls_key", r'"tls\u005fkey"'),
}


@pytest.mark.parametrize("edit", BEYOND.values(), ids=BEYOND.keys())
@pytest.mark.parametrize("when", ["before the request", "before the answer is taken in"])
def test_a_file_that_cannot_be_changed_is_refused_by_name_and_nothing_is_written(
    office: Office, edit: Callable[[str], str], when: str
) -> None:
    office.complete(office.answer(office.request()))
    file = office.home() / "tenant.toml"
    written = file.read_bytes()
    answer = office.answer(renewed(office)) if when == "before the answer is taken in" else b""
    file.write_bytes(edit(written.decode()).encode())
    assert TenantSettings.load(file).organisation == CODE, "a node reads it"
    before = office.files()
    with pytest.raises(SettingsError, match=r"tls_key.*Er is niets veranderd.*op.*opnieuw|één regel"):
        office.complete(answer) if answer else renewed(office)
    assert office.files() == before
    file.write_bytes(written)
    office.complete(answer or office.answer(renewed(office)))
    assert TenantSettings.load(file).tls_key.name != "sleutel.pem", "mended by hand it goes on"


# ---- killed at any step ---------------------------------------------------------------------------------------------


TOUCHES = frozenset({"write", "fsync", "rename", "replace", "mkdir", "rmdir", "unlink"})


def touches(event: str, called: object) -> bool:
    """Whether a call is one that changes a file or a folder: of the operating system, or of an open file."""
    whose = getattr(called, "__self__", None)
    name = getattr(called, "__name__", "")
    return (
        event == "c_call" and name in TOUCHES and (isinstance(whose, ModuleType) or hasattr(whose, "fileno"))
    )


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Do something in a process of its own that is killed (-9) right before its n-th touch of a file; False if it came to its end."""
    touched = 0

    def watch(_frame: object, event: str, argument: object) -> None:
        nonlocal touched
        if touches(event, argument):
            touched += 1
            if touched == step:
                os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        try:
            sys.setprofile(watch)
            act()
            sys.setprofile(None)
            os._exit(0)
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def at_every_step(office: Office, act: Callable[[], object], then: Callable[[], None]) -> int:
    """Kill at each step in turn, each time in the folder as it is now, and look; returns how many steps there were."""
    kept = office.folder.with_name("zoals-het-was")
    shutil.copytree(office.folder, kept)
    step = 1
    while killed_at(step, act):
        then()
        shutil.rmtree(office.folder)
        shutil.copytree(kept, office.folder)
        step += 1
    return step - 1


def left_over(office: Office) -> list[Path]:
    return list(office.folder.rglob(".*"))


def serves(office: Office) -> tuple[str, ...]:
    """The organisations that a node with these files serves; everything that they name is read and checked."""
    settings = NodeSettings.load(office.settings)
    for path in (settings.keyset_file, settings.register_receipt_key_file, settings.register_log_key_file):
        assert path.read_bytes().endswith((b"\n", b"}")), path
    return tuple(one.code for one in read_tenants(settings, MUNICIPALITIES, system_clock()))


@pytest.fixture
def office_in_a_folder(tmp_path: Path) -> Office:
    authority = PilotAuthority()
    (tmp_path / "kantoor").mkdir()
    return Office(tmp_path / "kantoor", authority, network(authority))


def test_killed_at_any_step_of_a_request_the_same_command_again_finishes_it(
    office_in_a_folder: Office,
) -> None:
    office = office_in_a_folder

    def then() -> None:
        if office.home().exists():
            (state,) = enrolling.states(office.tenants, moment=system_clock())
            assert state.missing == ("certificaat.pem", "tenant.toml"), "all of it, or nothing"
            assert (office.safe / f"{CODE}.pem").exists()
        else:
            office.request()
        office.complete(office.answer(Written(office.home() / "aanmelding.json", "")))
        assert serves(office) == (CODE,)
        assert left_over(office) == []
        public = load_pem_public_key((office.home() / "herstel.pem").read_bytes())
        private = load_pem_private_key((office.safe / f"{CODE}.pem").read_bytes(), None)
        assert isinstance(private, X25519PrivateKey)
        assert private.public_key() == public

    assert at_every_step(office, office.request, then) > 20


@pytest.mark.parametrize("which", ["the first organisation", "a second one"])
def test_killed_at_any_step_of_completing_the_same_command_again_finishes_it(
    office_in_a_folder: Office, which: str
) -> None:
    office, code = office_in_a_folder, CODE
    if which == "a second one":
        office.complete(office.answer(office.request()))
        code = "GM9006"
    answer = office.answer(office.request(code, oin="1" * 20))
    before = () if which == "the first organisation" else (CODE,)
    whole: list[dict[str, bytes]] = []

    def then() -> None:
        if (office.home(code) / "tenant.toml").exists():
            assert serves(office) == (*before, code), "the new state"
        elif before:
            assert serves(office) == before, "the old state"
        elif office.settings.exists():
            with pytest.raises(SettingsError, match="nog geen organisatie"):
                serves(office)
        assert office.complete(answer).organisation == code
        assert serves(office) == (*before, code)
        assert left_over(office) == []
        whole.append(office.files())

    assert at_every_step(office, lambda: office.complete(answer), then) > 10
    assert all(one == whole[0] for one in whole)


def test_killed_at_any_step_of_completing_a_renewal_the_node_has_a_whole_pair_and_the_command_finishes_it(
    office_in_a_folder: Office,
) -> None:
    office = office_in_a_folder
    office.complete(office.answer(office.request()))
    answer = office.answer(renewed(office))
    whole: list[dict[str, bytes]] = []

    def then() -> None:
        assert serves(office) == (CODE,), "the old pair or the new one"
        assert office.complete(answer).renewed
        assert TenantSettings.load(office.home() / "tenant.toml").tls_key.name != "sleutel.pem"
        assert serves(office) == (CODE,)
        assert left_over(office) == []
        whole.append(office.files())
        renewed(office)

    assert at_every_step(office, lambda: office.complete(answer), then) > 10
    assert all(one == whole[0] for one in whole)


def test_killed_at_any_step_of_asking_for_a_renewal_it_can_be_asked_for_again(
    office_in_a_folder: Office,
) -> None:
    office = office_in_a_folder
    office.complete(office.answer(office.request()))

    def then() -> None:
        assert serves(office) == (CODE,)
        asked = office.home() / "vernieuwing" / "aanmelding.json"
        written = Written(asked, "") if asked.exists() else renewed(office)
        assert office.complete(office.answer(written)).renewed
        assert serves(office) == (CODE,)
        assert left_over(office) == []

    assert at_every_step(office, lambda: renewed(office), then) > 10


def test_what_is_renamed_is_on_the_disk_first(office: Office) -> None:
    """As the operating system was asked: a rename comes after the flush of what it names, and is flushed itself."""
    asked: list[str] = []
    answer = office.answer(office.request())

    def watch(_frame: object, event: str, argument: object) -> None:
        if touches(event, argument):
            asked.append(getattr(argument, "__name__", ""))

    sys.setprofile(watch)
    try:
        office.complete(answer)
    finally:
        sys.setprofile(None)
    renames = [place for place, name in enumerate(asked) if name in {"rename", "replace"}]
    assert len(renames) == 7, "the network's four files, settings, certificate and tenant.toml"
    assert all(asked[place - 1] == asked[place + 1] == "fsync" for place in renames)


# ---- check, and the commands ---------------------------------------------------------------------------------------


def test_check_says_what_is_missing_and_how_long_the_certificate_lasts(office: Office) -> None:
    written = office.request()
    (before,) = enrolling.states(office.tenants, moment=system_clock())
    assert (before.request, before.missing, before.days) == (
        written.fingerprint,
        ("certificaat.pem", "tenant.toml"),
        None,
    )
    office.complete(office.answer(written))
    (after,) = enrolling.states(office.tenants, moment=system_clock())
    assert (after.missing, after.days, after.renewal) == ((), 29, None)
    again = renewed(office)
    (later,) = enrolling.states(office.tenants, moment=system_clock() + timedelta(days=40))
    assert (later.days, later.renewal) == (-11, again.fingerprint)


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(node, ["enrol", *arguments])
    return result.exit_code, result.output


def test_the_commands_tell_what_to_do_next(office: Office) -> None:
    tenants, safe = str(office.tenants), str(office.safe / "GM9005.pem")
    code, told = run(
        *(
            "request",
            "--organisation",
            CODE,
            "--oin",
            "0" * 20,
            "--fg-contact",
            "fg@oefenmeer.example",
            "--contact",
            "piket 091",
        ),
        *("--mandate", "toezichthouder=medewerker-0001,2025-11-03,2025-10-06"),
        *("--from", "2026-01-01", "--until", "2030-01-01"),
        *("--recovery-key-out", safe, "--tenants", tenants),
    )
    assert code == 0, told
    written = Written(
        office.home() / "aanmelding.json", fingerprint((office.home() / "aanmelding.json").read_bytes())
    )
    assert written.fingerprint in told
    assert "kluis" in told
    assert "lees de vingerafdruk voor" in told
    assert run("check", "--tenants", tenants)[0] == 1
    admission = office.answer(written)
    (office.folder / "toelating.json").write_bytes(admission)
    code, told = run(
        *("complete", "--admission", str(office.folder / "toelating.json"), "--tenants", tenants),
        *("--fingerprint", fingerprint(admission), "--out", str(office.settings)),
    )
    assert code == 0, told
    assert "node prepare" in told
    code, told = run("check", "--tenants", tenants)
    assert "compleet" in told
    assert code == 1, "twenty-nine days is soon"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--mandate", "fg=medewerker-0001,2025-11-03,2025-10-06"),
        ("--mandate", "fg=medewerker-0001", "--from", "2026-01-01", "--until", "2030-01-01"),
        ("--mandate", "fg=medewerker-0001,2025-11-03", "--from", "2026-01-01", "--until", "2030-01-01"),
        ("--mandate", "fg=medewerker-0001,gisteren,vandaag", "--from", "2026-01-01", "--until", "2030-01-01"),
        ("--mandate", "baas=x,2025-11-03,2025-10-06", "--from", "2026-01-01"),
    ],
)
def test_a_mandate_without_days_training_or_screening_or_with_an_unknown_role_is_used_wrongly(
    office: Office, arguments: tuple[str, ...]
) -> None:
    code, told = run(
        *(
            "request",
            "--organisation",
            CODE,
            "--oin",
            "0" * 20,
            "--fg-contact",
            "fg@oefenmeer.example",
            "--contact",
            "piket 091",
        ),
        *("--recovery-key-out", str(office.safe / "a.pem"), "--tenants", str(office.tenants), *arguments),
    )
    assert code == 2, told
    assert not office.tenants.exists()
