# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Ask the signer for a checkpoint whenever the log has grown, and keep what it signed.

Publishing fails open: without the signer, questions go on and the newest checkpoint grows old, visibly. What comes back is verified before it is kept.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from audit.canonical import base64_text
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.note import NoteError, Verifier, parse
from register.central.store.work import RegisterDatabase

_log = logging.getLogger(__name__)


class Checkpointer:
    """Keeps the published checkpoint up to date.

    Args:
        signer: HTTP client of the signer.
        verifier: the log's key; a note that it does not verify is not kept.
        seconds: pause between looks.
    """

    def __init__(
        self, database: RegisterDatabase, signer: httpx.Client, verifier: Verifier, seconds: float
    ) -> None:
        self._database = database
        self._signer = signer
        self._verifier = verifier
        self._seconds = seconds
        self._stop = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run beside the requests until the block ends."""
        thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join(timeout=10)

    def once(self) -> int:
        """Publish the log as it is now; returns the size that stands in the newest checkpoint.

        Raises:
            httpx.HTTPError: the signer does not answer or refuses.
            NoteError: what it sent is not a checkpoint of this log.
        """
        with self._database.public() as connection:
            head = self._database.log.head(connection)
            note = self._database.log.latest_checkpoint(connection)
            old = 0 if note is None else Checkpoint.from_text(parse(note).text).size
            if head.size == old:
                return old
            proof = self._database.log.consistency_proof(connection, old, head.size)
        answer = self._signer.post(
            "/v1/ondertekeningen",
            json={
                "logboek": self._database.origin,
                "oudeOmvang": old,
                "omvang": head.size,
                "wortel": base64_text(head.root),
                "samenhang": [base64_text(one) for one in proof],
            },
        )
        if answer.status_code == httpx.codes.CONFLICT:
            return self._catch_up()
        answer.raise_for_status()
        return self._keep(answer.json()["controlepunt"])

    def _catch_up(self) -> int:
        """The signer is ahead of what we kept: an earlier answer was lost. Take its last note if it is of our tree."""
        answer = self._signer.get("/v1/ondertekeningen/laatste")
        answer.raise_for_status()
        return self._keep(answer.json()["controlepunt"])

    def _keep(self, note: str) -> int:
        checkpoint = open_checkpoint(note, self._verifier)
        with self._database.engine.begin() as connection:
            if self._database.log.root_at(connection, checkpoint.size) != checkpoint.root:
                raise NoteError("the signer's checkpoint is not of this tree")
            return self._database.log.save_checkpoint(connection, note).size

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            try:
                self.once()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next look must come
                _log.warning("no new checkpoint: %s", type(error).__name__)
