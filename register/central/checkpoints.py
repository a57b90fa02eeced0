# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Ask the signer for a checkpoint whenever the log has grown, and keep what it signed.

Job `controlepunten`. Publishing fails open: without the signer, questions go on and the newest checkpoint grows old, visibly. What comes back is
verified before it is kept.
"""

from collections.abc import Mapping
from datetime import datetime

import httpx

from audit.canonical import base64_text
from audit.checkpoint import Checkpoint, open_checkpoint
from audit.note import NoteError, Verifier, parse
from register.central.store.work import RegisterDatabase


class Checkpointer:
    """Keeps the published checkpoint up to date.

    Args:
        signer: HTTP client of the signer.
        verifier: the log's key; a note that it does not verify is not kept.
    """

    def __init__(self, database: RegisterDatabase, signer: httpx.Client, verifier: Verifier) -> None:
        self._database = database
        self._signer = signer
        self._verifier = verifier

    def publish(self, moment: datetime) -> Mapping[str, int]:
        """The same as `once`, as a job: how many leaves the newest checkpoint has gained. When it is done makes no difference."""
        del moment
        before = self._published()
        return {"nieuwe bladen": self.once() - before}

    def once(self) -> int:
        """Publish the log as it is now; returns the size that stands in the newest checkpoint.

        Raises:
            httpx.HTTPError: the signer does not answer or refuses.
            NoteError: what it sent is not a checkpoint of this log.
        """
        with self._database.public() as connection:
            old = _size(self._database.log.latest_checkpoint(connection))
            if self._database.log.size(connection) == old:
                return old
        # What is signed can never be taken back, so it is on disk before the signer hears of it.
        with self._database.lasting() as connection:
            head = self._database.log.head(connection)
            # Of an empty log there is nothing to prove.
            proof = self._database.log.consistency_proof(connection, old, head.size) if old else ()
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

    def _published(self) -> int:
        with self._database.public() as connection:
            return _size(self._database.log.latest_checkpoint(connection))


def _size(note: str | None) -> int:
    return 0 if note is None else Checkpoint.from_text(parse(note).text).size
