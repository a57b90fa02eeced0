# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Composition root of the key holder: reads its files, opens its counts, and joins them to two resources.

What is logged is declared here and is counts only: `evaluated` (organisation, action, number of points) and `refused` (code). The
officer's pseudonymous id stands in the counts, not in the log; a point stands in neither. A limit that is reached is kept for the account of the day.
"""

import logging
import os
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

from fastapi import Depends, FastAPI, Request

from audit.note import NoteError, Signer
from audit.store.administration import Managed
from audit.store.engine import DatabaseUrlError, make_engine
from audit.store.health import database_check
from audit.store.jobs import JobStore
from audit.store.schema import bring_up
from process.language import gettext as _
from process.moments import Clock, Randomness
from process.operational import HOLDER
from process.peer import Peer
from process.problem import Refusal
from process.serving.clock import clock_from
from process.serving.described import refusals, refusing
from process.serving.errors import SettingsError
from process.serving.health import Readiness
from process.serving.jobs import Runner
from process.serving.memory import keep_memory_private
from process.serving.proxy import proxy_of
from process.serving.run import Listener, serve
from process.serving.secrets import read_secret
from process.serving.web import new_app, peer_of
from pseudonymisation.ceremony import CeremonyError, check_usable, parse_keyset
from pseudonymisation.desk.locks import vault_from
from pseudonymisation.keyholder.holder import Holder, require_node, require_register
from pseudonymisation.keyholder.jobs import jobs
from pseudonymisation.keyholder.quota import counters, opening_for, too_much
from pseudonymisation.keyholder.settings import KeyholderSettings
from pseudonymisation.keyholder.store import MIGRATIONS
from pseudonymisation.keyholder.store.counts import Counts
from pseudonymisation.keyholder.store.grants import SCHEMA
from pseudonymisation.keyholder.store.schema import job as job_table
from pseudonymisation.keyholder.succession import Succession, follows, require_later, retire
from pseudonymisation.oprf import HedgedNonce
from pseudonymisation.shares import read_share
from pseudonymisation.wire import (
    AccountResponse,
    Action,
    EvaluationRequest,
    EvaluationResponse,
    KeysetResponse,
    MarksResponse,
    WireOrganisation,
)

VERSION: Final = "1.0.0"

_log = logging.getLogger(__name__)


def system_randomness(count: int) -> bytes:
    """The random source of this process."""
    return os.urandom(count)


def run(settings: KeyholderSettings) -> None:
    """Serve until a signal; only callers with a certificate of our authority get in.

    Raises:
        SettingsError: something with which this process must not start.
    """
    # Before anything secret is read.
    keep_memory_private()
    clock = clock_from(settings.clock_file, settings.profile)
    app = create_app(settings, clock=clock, randomness=system_randomness)
    serve(
        [
            Listener(
                app,
                settings.host,
                settings.port,
                tls=settings,
                client_certificate=True,
                proxy=proxy_of(settings),
            )
        ],
        settings=settings,
        ready=app.state.ready,
        stream=HOLDER,
    )


def create_app(settings: KeyholderSettings, *, clock: Clock, randomness: Randomness) -> FastAPI:
    """The key holder as an application.

    Raises:
        SettingsError: a share that is missing, weak, readable by others, of another ceremony or locked with something else; a keyset that this profile may not use.
    """
    # Before the share is read: a crash must not write it to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    holders = _holders(settings, clock(), randomness)
    counts, states = _stores(settings)
    runner = Runner(jobs(counts), states, clock, randomness)
    openings = tuple(one.opening() for one in settings.import_openings)

    @asynccontextmanager
    async def beside(_app: FastAPI) -> AsyncIterator[None]:
        with runner.running():
            yield
        counts.close()

    app = new_app(
        "Sleutelhouder",
        VERSION,
        "Bewerkt verblinde punten met een aandeel van de sleutel (RFC 9497). Alleen voor nodes, met een certificaat.",
        on_refusal=_log_refusal,
        ready=Readiness([database_check(settings.database, SCHEMA)]),
        lifespan=beside,
        refuses=(503,),
    )

    @app.post("/v1/evaluaties", responses=refusals(409, 429))
    def evaluate(request: EvaluationRequest, peer: Annotated[Peer, Depends(_node)]) -> EvaluationResponse:
        moment = clock()
        holder = holders.at(moment)
        holder.check(request, peer)
        opening = opening_for(openings, peer.organisation, request.handeling, moment)
        limits = settings.quotas.of(request.handeling) if opening is None else opening.limits
        receipt = holder.receipt(request, moment)
        over = counts.add(
            counters(peer.organisation, request.medewerker, request.handeling, moment, limits),
            receipt,
            holder.key,
        )
        if over is not None:
            counts.reached(over, moment)
            raise too_much(over, moment, opening)
        _log.info("evaluated %s %s %d", peer.organisation, request.handeling, len(request.punten))
        return holder.evaluate(request, receipt)

    @app.get("/v1/sleutelset")
    def keyset(_peer: Annotated[Peer, Depends(_node)]) -> KeysetResponse:
        return holders.at(clock()).keyset()

    @app.get("/v1/verantwoordingen/{dag}")
    def account(dag: date, _peer: Annotated[Peer, Depends(_register)]) -> AccountResponse:
        moment = clock()
        holder = holders.at(moment)
        return holder.account(dag, moment, *counts.of_day(dag, holder.key))

    @app.get("/v1/verantwoordingen/{dag}/kwitanties")
    def marks(
        dag: date,
        organisatie: WireOrganisation,
        handeling: Action,
        _peer: Annotated[Peer, Depends(_register)],
    ) -> MarksResponse:
        key = holders.at(clock()).key
        return MarksResponse(kenmerken=tuple(counts.marks(dag, key, organisatie, handeling)))

    return app


@refusing(401, 403)
def _node(request: Request) -> Peer:
    return require_node(peer_of(request))


@refusing(401, 403)
def _register(request: Request) -> Peer:
    return require_register(peer_of(request))


def _log_refusal(_request: Request, refusal: Refusal) -> Refusal:
    _log.info("refused %s", refusal.code)
    return refusal


def _holders(settings: KeyholderSettings, moment: datetime, randomness: Randomness) -> Succession:
    """The share at work, and the one that follows it at the agreed moment."""
    if settings.next_share_file is None or settings.next_keyset_file is None:
        return Succession(
            _holder(settings, settings.share_file, settings.keyset_file, randomness), None, None
        )
    following = _holder(settings, settings.next_share_file, settings.next_keyset_file, randomness)
    if follows(settings, moment):
        return Succession(None, following, settings.next_from)
    present = _holder(settings, settings.share_file, settings.keyset_file, randomness)
    require_later(present.public, following.public)
    return Succession(present, following, settings.next_from)


def retire_share(settings: KeyholderSettings) -> bool:
    """Destroy the share of before, when the next one is in force and opens; False if it was gone already.

    Raises:
        SettingsError: one line on what stands in the way.
    """
    keep_memory_private()
    moment = clock_from(settings.clock_file, settings.profile)()
    if settings.next_share_file is not None and settings.next_keyset_file is not None:
        _holder(settings, settings.next_share_file, settings.next_keyset_file, system_randomness)
    return retire(settings, moment)


def _holder(
    settings: KeyholderSettings, share_file: Path, keyset_file: Path, randomness: Randomness
) -> Holder:
    secret = read_secret(share_file)
    try:
        keyset = parse_keyset(_read(keyset_file))
        check_usable(keyset, settings.profile)
        vault = vault_from(
            settings.share_passphrase_file,
            settings.share_vault_file,
            beside=share_file.parent,
            randomness=randomness,
        )
        share = read_share(secret, keyset, settings.profile, vault)
        signer = Signer.from_skey(read_secret(settings.receipt_key_file))
        nonce = HedgedNonce(share.nonce_key, randomness)
        return Holder(share, keyset, settings.profile, nonce, signer, randomness)
    except CeremonyError as error:
        raise SettingsError(f"{error} {error.way_forward}") from None
    except NoteError as error:
        raise SettingsError(
            _("De sleutel voor kwitanties {pad} is niet te gebruiken: {reden}.").format(
                pad=settings.receipt_key_file, reden=error
            )
        ) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SettingsError(_("De publieke sleutelset {pad} is niet te lezen.").format(pad=path)) from error


def _stores(settings: KeyholderSettings) -> tuple[Counts, JobStore]:
    try:
        engine = make_engine(settings.database, settings.pooling, name="signaalregister-keyholder")
    except DatabaseUrlError as error:
        raise SettingsError(str(error)) from None
    try:
        bring_up(
            engine,
            MIGRATIONS,
            migrating=settings.migrates_at_start,
            command="signaalregister keyholder database migrate",
        )
    except BaseException:
        engine.dispose()
        raise
    return Counts(engine), JobStore(engine, job_table)


def databases(settings: KeyholderSettings) -> tuple[Managed, ...]:
    """The databases of this key holder, for an administrator."""
    return (Managed(SCHEMA, settings.database, settings.database_owner_url or settings.database),)


@contextmanager
def open_runner(settings: KeyholderSettings) -> Iterator[Runner]:
    """The jobs of this key holder without its listener and without its share, for a command.

    Raises:
        SettingsError: one line on what stands in the way.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    counts, states = _stores(settings)
    try:
        yield Runner(jobs(counts), states, clock, system_randomness)
    finally:
        counts.close()
