# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The published log with what witnesses vouch for; asking them, and taking in what they give by file.

Job `getuigen`, beside `controlepunten`: it asks every witness with an address to vouch for the newest checkpoint (C2SP tlog-witness `add-checkpoint`),
all at once, until each has; and once more when this process has just started, since the database may be a copy of before. What comes back is verified before it is kept. Publishing waits for nobody (register.witnesses, 1).

Nothing is published beyond the newest signed checkpoint: leaves and proofs of what was not signed yet are not there.
"""

import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.cosignature import PolicyWitness, WitnessPolicy, cosignatures, read_cosignatures
from audit.note import NoteError, Signature, Verifier, add_signatures, parse, parse_signatures
from audit.store.log import LogIndexError
from audit.tiles import HEIGHT, WIDTH, Tile
from audit.witnessing import Offer, size_from
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register.central.store import witnesses as store
from register.central.store.work import RegisterDatabase
from register.witnesses import ACCUSES, Heard, Said, Witnessing, drowns_out, takes_back

ANSWER_SECONDS = 5.0
LARGEST_ANSWER = 64 * 1024
AT_ONCE = 8

_log = logging.getLogger(__name__)


class Published:
    """The log as it is published.

    Args:
        database: of the register.
        log: the log's key.
        policy: whose cosignatures count.
        patience: how long the newest checkpoint may lack them before people are told.
    """

    def __init__(
        self, database: RegisterDatabase, log: Verifier, policy: WitnessPolicy, patience: timedelta
    ) -> None:
        self.policy = policy
        self.patience = patience
        self._database = database
        self._log = log
        self._by_key = {store.key_of(one.key): one for one in policy.witnesses}

    def checkpoint(self, *, enough: bool = False) -> str | None:
        """The newest checkpoint with its cosignatures; with `enough`, the newest that enough witnesses vouch for. None if there is none."""
        with self._database.public() as connection:
            if not enough:
                note = self._database.log.latest_checkpoint(connection)
            else:
                found = store.newest_with(connection, tuple(self._by_key), self.policy.needed)
                note = (
                    None
                    if found is None or not self._by_key
                    else self._database.log.checkpoint_at(connection, found[0])
                )
        return None if note is None else self.cosigned(note)

    def cosigned(self, note: str) -> str:
        """A checkpoint of this log with its cosignatures."""
        with self._database.public() as connection:
            lines = store.lines(connection, _size(note))
        return add_signatures(note, self.good_lines(note, lines).values())

    def signed_size(self) -> int:
        """How many leaves are published: as many as the newest checkpoint has."""
        with self._database.public() as connection:
            note = self._database.log.latest_checkpoint(connection)
        return 0 if note is None else _size(note)

    def leaves(self, begin: int, end: int) -> list[bytes]:
        """The bytes of published leaves from `begin` up to and without `end`."""
        size = self.signed_size()
        with self._database.public() as connection:
            return self._database.log.leaves(connection, begin, min(end, size))

    def hashes(self, tile: Tile) -> list[bytes]:
        """The hashes in a tile of the published log.

        Raises:
            LogIndexError: the log has no such tile.
        """
        self._require_published((tile.index * WIDTH + tile.width) << (tile.level * HEIGHT))
        with self._database.public() as connection:
            return self._database.log.hashes(connection, tile.addresses)

    def inclusion(self, index: int, size: int) -> tuple[bytes, ...]:
        """The inclusion proof of a leaf in the tree of `size` leaves.

        Raises:
            LogIndexError: there is no such leaf, or the published log is not that long.
        """
        self._require_published(size)
        with self._database.public() as connection:
            return self._database.log.inclusion_proof(connection, index, size)

    def consistency(self, old: int, new: int) -> tuple[bytes, ...]:
        """The consistency proof between two sizes.

        Raises:
            LogIndexError: they are in the wrong order, or the published log is not that long.
        """
        self._require_published(new)
        with self._database.public() as connection:
            return self._database.log.consistency_proof(connection, old, new)

    def _require_published(self, size: int) -> None:
        if size > self.signed_size():
            raise LogIndexError("the published log is not that long")

    def offer(self, old: int, note: str | None = None) -> Offer | None:
        """A checkpoint of ours, or else the newest, to a witness that vouched for `old` leaves last; None before the first.

        Raises:
            LogIndexError: the log is shorter than that.
        """
        with self._database.public() as connection:
            note = note or self._database.log.latest_checkpoint(connection)
            if note is None:
                return None
            # Of an empty log there is nothing to prove.
            proof = self._database.log.consistency_proof(connection, old, _size(note)) if old else ()
        return Offer(old, proof, note)

    def take(self, note: str, moment: datetime) -> tuple[str, ...]:
        """Keep the cosignatures of our witnesses on a checkpoint that came by file; gives their labels.

        Raises:
            Refusal: it is no checkpoint of this log, no witness of ours vouches for it, or it is of another tree than this log.
        """
        try:
            checkpoint = open_checkpoint(note, self._log)
            found = cosignatures(note, self.policy.keys)
        except NoteError as error:
            raise _not_a_checkpoint(error) from error
        if not found:
            raise _no_witness()
        self._require_ours(checkpoint)
        by = {
            store.key_of(w.key): (w, one)
            for one in found
            for w in self.policy.witnesses
            if w.key.made(one.signature)
        }
        with self._database.public() as connection:
            known_lines = store.lines(connection, checkpoint.size)
        labels = tuple(witness.label for witness, _one in by.values())
        fresh = {key: one for key, one in by.items() if key not in known_lines}
        if not fresh:
            # Anyone may bring once more what everybody can read: it makes no witness look alive, and nobody wait.
            return labels
        with self._database.engine.begin() as connection:
            kept = self._database.log.checkpoint_at(connection, checkpoint.size)
            if kept is None:
                raise _unknown_checkpoint()
            store.enlist(connection, tuple(self._by_key), moment)
            known = store.heard(connection)
            for key, (witness, one) in fresh.items():
                store.add(connection, checkpoint.size, witness.key, one.seconds, str(one.signature), moment)
                if checkpoint.size >= known[key].size and takes_back(known[key], one.seconds):
                    store.put(connection, key, _confirmed(known[key], checkpoint.size, moment))
        return labels

    def standing(self) -> Witnessing:
        """How the newest checkpoint stands."""
        with self._database.public() as connection:
            note = self._database.log.latest_checkpoint(connection)
            lines = {} if note is None else store.lines(connection, _size(note))
            found = (
                store.newest_with(connection, tuple(self._by_key), self.policy.needed)
                if self._by_key
                else None
            )
            heard = store.heard(connection)
        good = {} if note is None else self.good_lines(note, lines)
        return Witnessing(
            policy=self.policy,
            size=None if note is None else _size(note),
            signed=tuple(one.label for key, one in self._by_key.items() if key in good),
            enough_size=None if found is None else found[0],
            enough_at=None if found is None else found[1],
            heard={one.label: heard[key] for key, one in self._by_key.items() if key in heard},
        )

    def _require_ours(self, checkpoint: Checkpoint) -> None:
        with self._database.public() as connection:
            try:
                root = self._database.log.root_at(connection, checkpoint.size)
            except LogIndexError:
                root = b""
        if root != checkpoint.root:
            _log.critical("a signed checkpoint of %d leaves is not of this tree", checkpoint.size)
            raise _another_tree()

    def good_lines(self, note: str, lines: Mapping[str, str]) -> dict[str, Signature]:
        """Of the lines kept with a checkpoint, by witness, those of the policy that verify.

        A line that was changed in the database must not condemn the whole note, nor count.
        """
        checkpoint, good = Checkpoint.from_text(parse(note).text), {}
        for key, one in self._by_key.items():
            with suppress(NoteError):
                good[key] = read_cosignatures(parse_signatures(lines.get(key, "")), checkpoint, one.key)
        return good


@dataclass(frozen=True)
class _Answer:
    """What a witness said to one request: a cosignature with its moment, or something else."""

    said: Said
    seconds: int = 0
    line: Signature | None = None
    seen: int | None = None


class Asking:
    """The job.

    Args:
        database: of the register.
        published: the log as it is published.
        client: for all witnesses; what they say is signed, so the connection only has to reach them.
    """

    def __init__(self, database: RegisterDatabase, published: Published, client: httpx.Client) -> None:
        self._database = database
        self.published = published
        self._client = client
        self._reached: set[str] = set()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def ask(self, moment: datetime) -> Mapping[str, int]:
        """Ask every witness with an address that does not vouch for the newest checkpoint yet."""
        policy = self.published.policy
        with self._database.public() as connection:
            note = self._database.log.latest_checkpoint(connection)
            heard = store.heard(connection)
            lines = {} if note is None else store.lines(connection, _size(note))
        good = {} if note is None else self.published.good_lines(note, lines)
        keys = {store.key_of(one.key): one for one in policy.witnesses}
        self._enlist([key for key in keys if key not in heard], moment)
        asked = [
            one for key, one in keys.items() if one.url and (key not in good or key not in self._reached)
        ]
        if note is None or not asked:
            return {"gevraagd": 0, "bevestigd": 0}
        checkpoint = Checkpoint.from_text(parse(note).text)
        known = {key: heard.get(key, Heard(Said.NOTHING, moment)) for key in keys}
        with ThreadPoolExecutor(
            max_workers=min(AT_ONCE, len(asked)), thread_name_prefix="getuige"
        ) as threads:
            answers = list(
                threads.map(lambda one: self._asked(one, known[store.key_of(one.key)].size, note), asked)
            )
        with self._database.engine.begin() as connection:
            for one, answer in zip(asked, answers, strict=True):
                key = store.key_of(one.key)
                if answer.line is not None:
                    store.add(connection, checkpoint.size, one.key, answer.seconds, str(answer.line), moment)
                if _news(known[key], answer):
                    store.put(connection, key, _told(known[key], answer, checkpoint.size, moment))
                if answer.said is not Said.AWAY:
                    self._reached.add(key)
                _shout(one.label, known[key], answer)
        return {"gevraagd": len(asked), "bevestigd": sum(one.line is not None for one in answers)}

    def _enlist(self, fresh: list[str], moment: datetime) -> None:
        if fresh:
            with self._database.engine.begin() as connection:
                store.enlist(connection, fresh, moment)

    def _asked(self, witness: PolicyWitness, old: int, note: str) -> _Answer:
        """What a witness says of a checkpoint, asked from where we think it is, and once more from where it says it is."""
        checkpoint = Checkpoint.from_text(parse(note).text)
        try:
            # A log that is shorter than what this witness vouched for asks from nothing, to be told what was seen.
            status, body = self._sent(witness, old if old <= checkpoint.size else 0, note)
            if status == httpx.codes.CONFLICT:
                seen = size_from(body)
                if seen is not None and seen > checkpoint.size:
                    return self._longer(seen)
                if seen is None or seen == old:
                    return _Answer(Said.REFUSED)
                status, body = self._sent(witness, seen, note)
        except (httpx.HTTPError, LogIndexError) as error:
            _log.warning("witness %s: %s", witness.label, type(error).__name__)
            return _Answer(Said.AWAY)
        if status == httpx.codes.OK:
            return _read(witness, body, checkpoint)
        if status == httpx.codes.UNPROCESSABLE_ENTITY:
            return _Answer(Said.OTHER)
        _log.warning("witness %s: status %d", witness.label, status)
        return _Answer(Said.AWAY if status >= 500 or status in {409, 429} else Said.REFUSED)

    def _longer(self, seen: int) -> _Answer:
        """A witness saw more than this checkpoint: it may have come from elsewhere, but it is in our log then."""
        ours = self.published.signed_size()
        return _Answer(Said.AWAY) if seen <= ours else _Answer(Said.SHORTER, seen=seen)

    def _sent(self, witness: PolicyWitness, old: int, note: str) -> tuple[int, bytes]:
        offer = self.published.offer(old, note)
        if offer is None or witness.url is None:
            raise LogIndexError("nothing to vouch for")
        ends = time.monotonic() + ANSWER_SECONDS
        body = bytearray()
        address = witness.url.rstrip("/") + "/add-checkpoint"
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        with self._client.stream("POST", address, content=offer.body.encode(), headers=headers) as response:
            for part in response.iter_bytes():
                body += part
                if len(body) > LARGEST_ANSWER or time.monotonic() > ends:
                    raise httpx.ReadTimeout("an answer without end")
        return response.status_code, bytes(body)


def _read(witness: PolicyWitness, body: bytes, checkpoint: Checkpoint) -> _Answer:
    try:
        line = read_cosignatures(parse_signatures(body), checkpoint, witness.key)
    except NoteError as error:
        _log.warning("witness %s: %s", witness.label, error)
        return _Answer(Said.REFUSED)
    return _Answer(Said.CONFIRMED, int.from_bytes(line.signature[:8], "big"), line)


def _news(known: Heard, answer: _Answer) -> bool:
    """Whether what a witness says changes what is known of it."""
    if answer.line is not None:
        return takes_back(known, answer.seconds)
    return answer.said is not known.said and not drowns_out(known, answer.said)


def _told(known: Heard, answer: _Answer, size: int, moment: datetime) -> dict[str, object]:
    if answer.line is not None:
        return _confirmed(known, size, moment)
    return {"said": answer.said.value, "since": moment, "seen": answer.seen}


def _confirmed(known: Heard, size: int, moment: datetime) -> dict[str, object]:
    since = known.since if known.said is Said.CONFIRMED else moment
    return {"said": Said.CONFIRMED.value, "since": since, "size": size, "confirmed_at": moment, "seen": None}


def _shout(label: str, known: Heard, answer: _Answer) -> None:
    """Say it loudly, once for each change."""
    if answer.said in ACCUSES and known.said is not answer.said:
        _log.critical("WITNESS %s SAYS THE LOG IS NOT WHAT IT WAS: %s", label, answer.said.value)


def _size(note: str) -> int:
    return Checkpoint.from_text(parse(note).text).size


def _not_a_checkpoint(error: NoteError) -> Refusal:
    return Refusal(
        400,
        "ongeldige-invoer",
        _("Dit is geen bevestigd controlepunt van dit logboek."),
        _("Er is niets opgeslagen: {reden}.").format(reden=error),
        way_forward=_(
            "Lever het bestand in dat 'signaalregister witness cosign' maakte, zonder er iets in te veranderen."
        ),
        fields=(FieldError("controlepunt", str(error)),),
    )


def _no_witness() -> Refusal:
    return Refusal(
        400,
        "onbekende-getuige",
        _("Geen getuige van dit logboek heeft dit bevestigd."),
        _("De handtekeningen zijn niet van een getuige die dit register kent."),
        way_forward=_(
            "Geef de openbare sleutel van uw getuige (witness.vkey) aan de beheerder van het register."
        ),
    )


def _unknown_checkpoint() -> Refusal:
    return Refusal(
        409,
        "onbekend-controlepunt",
        _("Dit controlepunt heeft het register niet bewaard."),
        _("Er is niets opgeslagen."),
        way_forward=_("Haal een nieuw verzoek op en bevestig dat."),
    )


def _another_tree() -> Refusal:
    return Refusal(
        409,
        "ander-logboek",
        _("Dit ondertekende controlepunt is niet van het logboek zoals het nu is."),
        _("Het logboek is korter geworden of veranderd sinds u dit bevestigde. Er is niets opgeslagen."),
        way_forward=_(
            "Bewaar uw bestand: het is bewijs. Bel de andere FG's en de beheerder van het register."
        ),
    )


def shorter_than(size: int) -> Refusal:
    """Somebody vouched for more than there is."""
    return Refusal(
        409,
        "logboek-korter",
        _("Zo lang is het logboek niet."),
        _(
            "U vraagt om een verzoek vanaf {aantal} bladen, en het nieuwste controlepunt telt er minder."
        ).format(aantal=size),
        way_forward=_(
            "Hebt u dit aantal zelf bevestigd, dan is het logboek teruggezet: bel de andere FG's en de beheerder van het register."
        ),
    )
