# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A lost seal loses nothing: the recovery key brings everything under a new one, and the same import still adds nothing."""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from process.problem import Refusal
from process.secret import Secret
from process.serving.errors import SettingsError
from register.municipal import casebook
from register.municipal.app import Outside, create_app
from register.municipal.casebook import Entry
from register.municipal.cli import node
from register.municipal.outbox import Delivered, Waiting
from register.municipal.recovery import KeyKeeping
from register.municipal.sealing import RecoverySecret, Seal, Sealed
from register.municipal.settings import NodeSettings, TenantSettings
from register.municipal.store import NodeDatabase
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.sealed import KINDS, Record, SealedStore
from register.municipal.tenants import recovery_key_of
from tests.register.municipal.office import (
    CONTACT,
    KEY,
    OFFICER,
    RECOVERY,
    SEAL,
    Killed,
    World,
    draft,
)
from tests.register.municipal.world import (
    ORGANISATION,
    Browser,
    Hands,
    Officer,
    RegisterStation,
    people,
    running,
    signal,
)

NEW_SEAL = Secret(bytes(range(200, 232)))
OTHER = RecoverySecret(X25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
RUN = UUID(int=77)
VAULT = "kluis.pem"
HEADERS = {"Idempotency-Key": "signaal-0001"}
ROWS = 5


def filled(world: World) -> tuple[UUID, UUID, UUID]:
    """Signals of an import and of a person in the casebook, one that waits, and a draft: numbers of the last three."""
    with world.office() as office:
        for number in range(ROWS):
            office.submitting.submit(
                OFFICER, draft(("phone", f"061234560{number}")), f"rij-{number:05}", run=RUN
            )
        stored = office.submitting.submit(OFFICER, draft(), KEY)
        world.register.fails = "away"
        waits = office.submitting.submit(OFFICER, draft(("phone", "0612345699")), "wacht-0001")
        world.register.fails = ""
        aside = office.drafting.keep(OFFICER, {"telefoon": ("0612345698",)})
    assert isinstance(stored, Delivered)
    assert isinstance(waits, Waiting)
    return stored.answer.signaal_id, waits.row.signal_id, aside.draft_id


def recovering(world: World, seal: Secret = NEW_SEAL) -> tuple[NodeDatabase, KeyKeeping]:
    database = NodeDatabase(world.url)
    made = Seal(seal, os.urandom, RECOVERY.public)
    return database, KeyKeeping(SealedStore(database, world.tenant), made, world.tenant)


def test_with_a_lost_seal_the_node_does_not_start_and_says_what_to_do(world: World) -> None:
    filled(world)
    world.seal = NEW_SEAL
    with pytest.raises(SettingsError) as refused, world.office():
        pass
    told = str(refused.value)
    assert "verzegeld met een ander geheim" in told
    assert f"signaalregister node recover --tenant {ORGANISATION} --recovery-key" in told


def test_after_a_recovery_everything_opens_and_the_same_import_adds_nothing(world: World) -> None:
    stored, waits, aside = filled(world)
    database, keys = recovering(world)
    done = keys.recover(RECOVERY)
    database.close()
    there = {"node_secret": 1, "casebook": ROWS + 1, "outbox": 1, "draft": 1}
    assert dict(done.gone_over) == {**there, "narrative": 0, "received_release": 0}
    assert set(done.lost.values()) == {0}
    world.seal = NEW_SEAL
    world.clock.forward(minutes=5)
    with world.office() as office:
        seen = office.consulting.look(CONTACT, stored, "opvolging")
        assert seen.kept.draft is not None
        assert seen.kept.draft.subjects[0].given[0].attribute.get("number")  # type: ignore[union-attr]
        assert office.drafting.open(OFFICER, aside)[1] == {"telefoon": ("0612345698",)}
        assert office.delivering.deliver_waiting(world.clock())["verstuurd"] == 1
        assert office.casebook.entry(waits) is not None
        before = len(world.register.signals)
        for number in range(ROWS):
            again = office.submitting.submit(
                OFFICER, draft(("phone", f"061234560{number}")), f"rij-{number:05}", run=RUN
            )
            assert isinstance(again, Delivered)
            assert again.repeated
        assert len(world.register.signals) == before == ROWS + 2


class MortalStore(SealedStore):
    """Sealed records of a process that is killed when it has replaced so many batches."""

    batches_left = 0

    def replace(self, renewed: list[tuple[Record, Sealed]]) -> int:
        if renewed and not self.batches_left:
            raise Killed
        self.batches_left -= bool(renewed)
        return super().replace(renewed)


def test_an_interrupted_recovery_is_run_again(world: World) -> None:
    filled(world)
    attempts = 0
    while True:
        attempts += 1
        database, keys = recovering(world)
        store = MortalStore(database, world.tenant)
        store.batches_left = 1
        try:
            replace(keys, store=store, batch=2).recover(RECOVERY)
        except Killed:
            continue
        finally:
            database.close()
        break
    # Nine records of four tables, two at a time.
    assert attempts == 6
    world.seal = NEW_SEAL
    with world.office() as office:
        assert office.casebook.count(None, world.clock().date()) == ROWS + 1
        found = office.submitting.submit(OFFICER, draft(), KEY)
        assert isinstance(found, Delivered)
        assert found.repeated


def test_another_recovery_key_is_refused_and_changes_nothing(world: World) -> None:
    filled(world)
    database, keys = recovering(world)
    with pytest.raises(Refusal, match="past niet"):
        keys.recover(OTHER)
    database.close()
    with world.office() as office:
        assert office.casebook.count(None, world.clock().date()) == ROWS + 1


def test_a_recovery_without_a_loss_does_nothing(world: World) -> None:
    filled(world)
    database, keys = recovering(world, SEAL)
    done = keys.recover(RECOVERY)
    database.close()
    assert set(done.gone_over.values()) == set(done.lost.values()) == {0}


def test_a_record_that_was_moved_before_the_recovery_stays_behind_and_is_counted(world: World) -> None:
    stored, _waits, _aside = filled(world)
    database, keys = recovering(world)
    batch = keys.store.under_other_seals("casebook", b"", None, 10)
    here = next(one for one in batch if one.key[0] == stored)
    other = next(one for one in batch if one.key[0] != stored)
    keys.store.replace([(here, other.sealed)])
    done = keys.recover(RECOVERY)
    database.close()
    assert (done.gone_over["casebook"], done.lost["casebook"]) == (ROWS, 1)


def test_when_the_recovery_key_changes_every_record_goes_over_at_the_next_start(world: World) -> None:
    filled(world)
    world.recovery = OTHER.public
    with world.office() as office:
        store = office.keys.store
        for kind in KINDS:
            assert store.behind(kind, office.keys.seal.name, OTHER.public.name, None, 9) == []
    database, keys = recovering(world)
    keys = replace(keys, seal=replace(keys.seal, recovery=OTHER.public))
    with pytest.raises(Refusal, match="past niet"):
        keys.recover(RECOVERY)
    assert keys.recover(OTHER).gone_over["casebook"] == ROWS + 1
    database.close()


# ---- records of revision 0001 ----------------------------------------------------------------------------------------------


def as_before(world: World, signal_id: UUID, status: str = "bevestigd", seal: Secret = SEAL) -> None:
    """A record of revision 0001 in the place of one of ours, with what that software kept."""
    with world.office() as office:
        entry = office.casebook.entry(signal_id)
        assert entry is not None
        place = casebook.place(world.tenant, casebook.TABLE, signal_id, 1)
        kept = casebook.opened(entry.sealed, office.keys.seal, place)
        seen = kept.observation
        plain = {
            "observedOn": kept.observed_on.isoformat(),
            "form": seen.form,
            "basis": seen.basis,
            "controlType": seen.control_type,
            "indicators": list(seen.indicators),
            "roles": [list(pair) for pair in seen.roles],
            "nonce": kept.nonce.reveal().hex(),
            "seed": kept.seed.reveal().hex(),
        }
        key = HKDF(SHA256(), 32, salt=None, info=b"signaalregister/node/dossier/v1").derive(seal.reveal())
        content = AESGCM(key).encrypt(bytes(12), json.dumps(plain).encode(), f"{signal_id}:1".encode())
        old = replace(entry, sealed=Sealed(bytes(12) + content), content=None, answer=None, status=status)
        office.casebook.put(old)


def one_of_before(world: World, status: str = "bevestigd", seal: Secret = SEAL) -> UUID:
    with world.office() as office:
        found = office.submitting.submit(OFFICER, draft(), KEY)
        assert isinstance(found, Delivered)
    as_before(world, found.answer.signaal_id, status, seal)
    return found.answer.signaal_id


def test_a_record_of_revision_0001_still_opens_and_survives_a_loss_once_this_software_started(
    world: World,
) -> None:
    number = one_of_before(world)
    with world.office() as office:
        assert office.consulting.look(CONTACT, number, "opvolging").kept.observation == draft().observation
    database, keys = recovering(world)
    assert keys.recover(RECOVERY).gone_over["casebook"] == 1
    database.close()
    world.seal = NEW_SEAL
    with world.office() as office:
        seen = office.consulting.look(CONTACT, number, "opvolging")
        assert (seen.kept.draft, seen.kept.observation) == (None, draft().observation)


def test_a_record_of_revision_0001_that_never_got_a_key_is_lost_with_its_seal(world: World) -> None:
    one_of_before(world)
    database, keys = recovering(world)
    assert keys.recover(RECOVERY).lost["casebook"] == 1
    database.close()


@pytest.mark.parametrize("status", ["bevestigd", "concept"])
def test_a_signal_of_revision_0001_that_is_sent_again_is_the_same_message(world: World, status: str) -> None:
    number = one_of_before(world, status)
    with world.office() as office:
        with pytest.raises(Refusal, match="met andere gegevens"):
            office.submitting.submit(OFFICER, draft(border=True), KEY)
        again = office.submitting.submit(OFFICER, draft(), KEY)
        assert isinstance(again, Delivered)
        assert again.answer.herhaald
        assert len(set(world.sent())) == len(world.register.signals) == 1
        entry = office.casebook.entry(number)
        assert entry is not None
        assert entry.acknowledged
        asked = len(world.register.requests)
        assert office.submitting.submit(OFFICER, draft(), KEY) == again
        assert len(world.register.requests) == asked


def test_a_signal_of_revision_0001_is_not_answered_while_the_register_is_away(world: World) -> None:
    one_of_before(world, "concept")
    world.register.fails = "away"
    world.clock.forward(minutes=5)
    with world.office() as office, pytest.raises(Refusal, match="lukt nu niet") as refused:
        office.submitting.submit(OFFICER, draft(), KEY)
    assert refused.value.status == 503


def test_one_record_that_is_damaged_does_not_stop_the_node(world: World) -> None:
    number = one_of_before(world, seal=NEW_SEAL)
    with world.office() as office:
        with pytest.raises(Refusal, match="niet te openen"):
            office.consulting.look(CONTACT, number, "opvolging")
        assert isinstance(office.submitting.submit(OFFICER, draft(), "sleutel-0002"), Delivered)


def test_a_first_start_with_another_seal_than_that_of_the_records_is_refused(
    world: World, tmp_path: Path
) -> None:
    database = NodeDatabase(f"sqlite:///{tmp_path / 'oud.sqlite'}")
    database.migrate([ORGANISATION])
    made = Seal(NEW_SEAL, os.urandom, RECOVERY.public)
    keys = KeyKeeping(SealedStore(database, ORGANISATION), made, ORGANISATION)
    old = Entry(
        UUID(int=5), 1, "iemand", "h" * 32, "bevestigd", world.clock(), date(2027, 3, 2), b"d" * 32,
        Sealed(bytes(40)),
    )  # fmt: skip
    CasebookStore(database, ORGANISATION).put(old)
    with pytest.raises(SettingsError, match="verzegeld met een ander geheim"):
        keys.ready()
    database.close()


# ---- the command -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def offline(settings: NodeSettings, tmp_path: Path) -> Path:
    """The private half of the organisation's recovery key, outside its folder."""
    private = X25519PrivateKey.generate()
    home = settings.tenants_folder / ORGANISATION
    (home / "herstel.pem").write_bytes(
        private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    file = tmp_path / VAULT
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return file


@pytest.fixture
def settings_file(settings: NodeSettings, tmp_path: Path, offline: Path) -> Path:
    assert offline == tmp_path / VAULT
    values = settings.model_dump(mode="json", exclude_none=True)
    file = tmp_path / "node.toml"
    file.write_text("\n".join(f"{name} = {json.dumps(value)}" for name, value in values.items()))
    return file


def command(settings_file: Path, key: Path, *more: str) -> Result:
    arguments = ["recover", "--settings", str(settings_file), "--recovery-key", str(key), *more]
    return CliRunner().invoke(node, arguments)


def test_the_command_makes_a_new_seal_brings_everything_under_it_and_counts(
    settings: NodeSettings, settings_file: Path, outside: Outside, register: RegisterStation, clock: Hands
) -> None:
    people(settings, outside, ORGANISATION)
    with running(create_app(settings, clock=clock, randomness=os.urandom, outside=outside)) as app:
        sent = Officer(Browser(app), "toezichthouder").post("/v1/signalen", signal(), **HEADERS)
        assert sent.status_code == 201, sent.text
    (settings.tenants_folder / ORGANISATION / "zegel").unlink()
    done = command(settings_file, settings_file.parent / VAULT, "--tenant", ORGANISATION)
    assert done.exit_code == 0, done.output
    assert "Nieuw zegel gemaakt" in done.output
    assert "dossier: 1 hersteld" in done.output
    assert "nummering: 1 hersteld" in done.output
    register.requests.clear()
    with running(create_app(settings, clock=clock, randomness=os.urandom, outside=outside)) as app:
        again = Officer(Browser(app), "toezichthouder").post("/v1/signalen", signal(), **HEADERS)
        assert again.json() == sent.json() | {"herhaald": True}
    assert not register.requests
    repeated = command(settings_file, settings_file.parent / VAULT)
    assert "alles opent al met dit zegel" in repeated.output


def test_the_command_refuses_another_key_in_words(
    settings: NodeSettings, settings_file: Path, outside: Outside, clock: Hands, tmp_path: Path
) -> None:
    people(settings, outside, ORGANISATION)
    with running(create_app(settings, clock=clock, randomness=os.urandom, outside=outside)):
        (settings.tenants_folder / ORGANISATION / "zegel").unlink()
    other = tmp_path / "ander.pem"
    other.write_bytes(OTHER.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    refused = command(settings_file, other)
    assert isinstance(refused.exception, Refusal)
    assert refused.exception.code == "andere-herstelsleutel"
    locked = tmp_path / "slot.pem"
    locked.write_bytes(
        OTHER.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim"))
    )
    assert "staat een wachtwoord" in str(command(settings_file, locked).exception)


# ---- the private half stays away -------------------------------------------------------------------------------------------


def test_the_private_recovery_key_beside_the_casebook_stops_the_node_outside_an_exercise(
    settings: NodeSettings, offline: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = settings.tenants_folder / ORGANISATION
    tenant = TenantSettings.load(home / "tenant.toml")
    stands = recovery_key_of(tenant, "covenant").public_bytes_raw()
    for name in ("herstelsleutel.pem", "iets-anders.pem"):
        (home / name).write_bytes(offline.read_bytes())
        with pytest.raises(SettingsError, match=rf"geheime herstelsleutel van GM9004 .*{name}"):
            recovery_key_of(tenant, "covenant")
        assert recovery_key_of(tenant, "oefening").public_bytes_raw() == stands
        assert "the private recovery key stands on this machine" in caplog.text
        (home / name).unlink()
        caplog.clear()


def test_a_private_recovery_key_behind_a_password_has_no_place_there_either(settings: NodeSettings) -> None:
    home = settings.tenants_folder / ORGANISATION
    (home / "herstelsleutel.pem").write_bytes(
        OTHER.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"geheim"))
    )
    with pytest.raises(SettingsError, match="in een kluis"):
        recovery_key_of(TenantSettings.load(home / "tenant.toml"), "covenant")
