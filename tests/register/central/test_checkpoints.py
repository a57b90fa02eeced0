# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import httpx
import pytest

from audit.checkpoint import open_checkpoint
from audit.note import NoteError, Signer
from process.secret import Secret
from register.central.checkpoints import Checkpointer
from register.central.store.work import RegisterDatabase
from tests.register.central.conftest import LOG_SIGNER, ORIGIN, Publish, SignerProcess
from tests.register.central.world import MOMENT, World, signal


def published(database: RegisterDatabase) -> int:
    """The size in the newest checkpoint, or -1."""
    with database.public() as connection:
        note = database.log.latest_checkpoint(connection)
    return -1 if note is None else open_checkpoint(note, LOG_SIGNER.verifier).size


def test_what_grew_is_signed_and_published(
    world: World, database: RegisterDatabase, publish: Publish
) -> None:
    world.submit("GM9001", signal())
    assert publish() == published(database) == 1
    world.submit("GM9001", signal())
    world.submit("GM9002", signal())
    assert publish() == published(database) == 3


def test_a_log_that_did_not_grow_is_not_signed_again(
    world: World, database: RegisterDatabase, publish: Publish, signer: SignerProcess
) -> None:
    world.submit("GM9001", signal())
    publish()
    signer.away = True
    assert publish() == published(database) == 1


def test_without_the_signer_requests_go_on_and_the_checkpoint_grows_old(
    world: World, database: RegisterDatabase, publish: Publish, signer: SignerProcess
) -> None:
    world.submit("GM9001", signal())
    publish()
    signer.away = True
    world.submit("GM9001", signal())
    with pytest.raises(httpx.HTTPError):
        publish()
    assert published(database) == 1
    signer.away = False
    assert publish() == 2


def test_a_signature_that_got_lost_on_its_way_is_fetched(
    world: World, database: RegisterDatabase, publish: Publish, signer: SignerProcess
) -> None:
    world.submit("GM9001", signal())
    signer.lost = True
    with pytest.raises(httpx.HTTPError):
        publish()
    signer.lost = False
    world.submit("GM9001", signal())
    # The signer already signed 1 and is asked from 0: it refuses, and its last note is taken.
    assert publish() == published(database) == 1
    assert publish() == published(database) == 2


def test_a_note_of_another_key_is_not_kept(
    world: World, database: RegisterDatabase, signer: SignerProcess
) -> None:
    world.submit("GM9001", signal())
    other = Signer(ORIGIN, Secret(bytes(range(7, 39)))).verifier
    with pytest.raises(NoteError):
        Checkpointer(database, signer.client(), other).once()
    assert published(database) == -1


def test_a_signer_that_remembers_another_tree_signs_nothing_for_this_one(
    world: World, database: RegisterDatabase, publish: Publish
) -> None:
    for _signal in range(3):
        world.submit("GM9001", signal())
    publish()
    world.forget_the_log()
    for _signal in range(5):
        world.submit("GM9001", signal())
    with pytest.raises((NoteError, httpx.HTTPError)):
        publish()
    assert published(database) == -1


def test_as_a_job_it_says_how_many_leaves_were_gained(
    world: World, database: RegisterDatabase, signer: SignerProcess
) -> None:
    checkpointer = Checkpointer(database, signer.client(), LOG_SIGNER.verifier)
    world.submit("GM9001", signal())
    world.submit("GM9001", signal())
    assert checkpointer.publish(MOMENT) == {"nieuwe bladen": 2}
    assert checkpointer.publish(MOMENT) == {"nieuwe bladen": 0}
