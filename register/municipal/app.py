# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Composition root of the node: reads its files, opens its database, and joins rules, clients and pages.

Nothing is built at import. `create_app` takes clock, randomness and the way to connect as arguments; `run` gives it the real ones.
"""

import os
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from gettext import gettext as _
from importlib.resources import files
from pathlib import Path
from threading import BoundedSemaphore
from uuid import UUID

import httpx
from fastapi import FastAPI, Request

from audit.note import NoteError, Verifier
from audit.store.engine import DatabaseUrlError
from process.moments import Clock, Randomness
from process.problem import PassedOnRefusal, Refusal
from process.serving import tls
from process.serving.clock import clock_from
from process.serving.errors import SettingsError
from process.serving.run import Listener, serve
from process.serving.secrets import read_secret
from process.serving.web import new_app
from pseudonymisation.ceremony import CeremonyError, check_usable, parse_keyset
from pseudonymisation.stretch import stretch
from pseudonymisation.threshold import PublicKeyset
from register.accounts import AT_ONCE, Account, Passwords
from register.municipal.asking import Asking
from register.municipal.clients import (
    REGISTER_SECONDS,
    Connect,
    HolderPool,
    LogClient,
    RegisterClient,
    holder_timeout,
)
from register.municipal.controls import Control, day_of
from register.municipal.demanding import Demanding
from register.municipal.desk import Desk
from register.municipal.people import People
from register.municipal.pseudonyms import Pseudonymiser, Stretch
from register.municipal.records import Records, read_records
from register.municipal.sealing import Seal
from register.municipal.settings import NodeSettings
from register.municipal.store import NodeStore
from register.municipal.submitting import Submitting
from register.municipal.web import api, pages
from register.municipal.web.refusals import loggable
from register.signals import Municipality, known_organisation, municipalities_from

VERSION = "1.0.0"


def system_randomness(count: int) -> bytes:
    """The random source of this process."""
    return os.urandom(count)


def run(settings: NodeSettings) -> None:
    """Serve interface and pages until a signal.

    Raises:
        SettingsError: something with which this process must not start.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    app = create_app(settings, clock=clock, randomness=system_randomness)
    serve([Listener(app, settings.host, settings.port, tls=settings if settings.serve_tls else None)])


@dataclass(frozen=True)
class Outside:
    """What a test may replace of the world: how to connect, and what a password and a match key cost."""

    connect: Connect | None = None
    passwords: Passwords | None = None
    stretch_key: Stretch = stretch


def create_app(
    settings: NodeSettings, *, clock: Clock, randomness: Randomness, outside: Outside | None = None
) -> FastAPI:
    """The node as an application.

    Raises:
        SettingsError: an unknown organisation, a keyset with another fingerprint, a secret that is missing or weak.
    """
    # Before any identity is read: a crash must not write one to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    world = outside or Outside()
    connect = world.connect or partial(_connect, settings)
    municipalities = known_municipalities()
    _require_organisation(settings, municipalities)
    keyset = _keyset(settings)
    session_key = read_secret(settings.session_key_file)
    seal = Seal(read_secret(settings.seal_key_file), randomness)
    store = open_store(settings)
    store.purge(clock(), day_of(clock()))
    holders = _holders(settings, keyset, connect, clock)
    register = RegisterClient(
        connect(settings.register_url, REGISTER_SECONDS),
        _verifier(settings.register_receipt_key_file),
        store.put_receipt,
        clock,
    )
    demanding = Demanding(
        store,
        LogClient(connect(settings.register_url, REGISTER_SECONDS)),
        _verifier(settings.register_log_key_file),
        clock,
        settings.receipt_seconds,
    )
    pseudonymiser = Pseudonymiser(keyset, holders.evaluate, randomness, world.stretch_key)
    common = (settings.organisation, settings.gates, clock, randomness)
    desk = Desk(
        organisation=settings.organisation,
        profile=settings.profile,
        municipalities=municipalities,
        gates=settings.gates,
        store=store,
        people=People(
            store,
            world.passwords or Passwords(places=BoundedSemaphore(AT_ONCE)),
            session_key,
            clock,
            randomness,
        ),
        asking=Asking(store, pseudonymiser, register, seal, *common),
        submitting=Submitting(store, pseudonymiser, register, seal, *common),
        demanding=demanding,
        register=register,
        clock=clock,
        randomness=randomness,
    )
    on_refusal = partial(_log_refusal, desk)
    app = new_app(
        "Node",
        VERSION,
        "De node van een gemeente of partner: hier worden gegevens van mensen ingevuld, en alleen hier.",
        on_refusal=on_refusal,
        accepts=("application/json", "application/x-www-form-urlencoded"),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        with demanding.running():
            yield
        holders.close()
        register.close()
        store.close()

    app.router.lifespan_context = lifespan
    for router in api.routes(desk):
        app.include_router(router)
    pages.mount(app, desk, on_refusal, secure=settings.serve_tls)
    return app


def _log_refusal(desk: Desk, request: Request, refusal: Refusal) -> Refusal:
    """What the register refused stands in its log; everything else is counted here."""
    if not isinstance(refusal, PassedOnRefusal):
        officer = getattr(request.state, "officer", None)
        desk.store.put_refusal(desk.clock(), officer, refusal.code, loggable(refusal))
    return refusal


def known_municipalities() -> dict[str, Municipality]:
    """The list of municipalities that comes with the software."""
    return dict(municipalities_from(files("register").joinpath("data/gemeenten.csv").read_text("utf-8")))


def _require_organisation(settings: NodeSettings, municipalities: dict[str, Municipality]) -> None:
    if not known_organisation(settings.organisation, municipalities, profile=settings.profile):
        raise SettingsError(
            _("Organisatie {code} bestaat niet in profiel {profiel}.").format(
                code=settings.organisation, profiel=settings.profile
            )
        )


def _keyset(settings: NodeSettings) -> PublicKeyset:
    try:
        keyset = parse_keyset(_read(settings.keyset_file))
        check_usable(keyset, settings.profile)
    except CeremonyError as error:
        raise SettingsError(f"{error} {error.way_forward}") from None
    if keyset.fingerprint != settings.keyset_fingerprint:
        raise SettingsError(
            _(
                "De vingerafdruk van {pad} is niet die uit de instellingen. Vergelijk hem langs een andere weg."
            ).format(pad=settings.keyset_file)
        )
    if len(settings.keyholder_urls) != keyset.size:
        raise SettingsError(
            _(
                "De sleutelset heeft {aantal} houders; zet van elk het adres in keyholder_urls, op volgorde."
            ).format(aantal=keyset.size)
        )
    return keyset


def _verifier(file: Path) -> Verifier:
    try:
        return Verifier.from_vkey(_read(file).decode("utf-8", "replace"))
    except NoteError as error:
        raise SettingsError(
            _("De sleutel in {pad} is niet te gebruiken: {fout}").format(pad=file, fout=error)
        ) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise SettingsError(_("Het bestand {pad} is niet te lezen.").format(pad=path)) from None


def open_store(settings: NodeSettings) -> NodeStore:
    """The database of this node, with its tables up to date.

    Raises:
        SettingsError: a database that this software does not know.
    """
    try:
        store = NodeStore(settings.database)
    except DatabaseUrlError as error:
        raise SettingsError(str(error)) from None
    store.migrate()
    return store


def _holders(settings: NodeSettings, keyset: PublicKeyset, connect: Connect, clock: Clock) -> HolderPool:
    limit = holder_timeout()
    clients = []
    for url in settings.keyholder_urls:
        client = connect(url, limit.read or 0.0)
        client.timeout = limit
        clients.append(client)
    return HolderPool(clients, keyset, settings.organisation, clock)


def _connect(settings: NodeSettings, url: str, seconds: float) -> httpx.Client:
    return tls.client(settings, url, timeout=seconds)


def prepare(settings: NodeSettings, file: Path) -> tuple[int, int]:
    """Put accounts and controls of a file in the database; doing it again changes passwords and roles only.

    Returns:
        How many accounts and how many new controls.

    Raises:
        SettingsError: a file that is not right, with what is wrong.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    records = read_records(
        file, today=day_of(clock()), profile=settings.profile, municipalities=known_municipalities()
    )
    store = open_store(settings)
    try:
        return _put(records, store)
    finally:
        store.close()


def _put(records: Records, store: NodeStore) -> tuple[int, int]:
    passwords = Passwords(places=BoundedSemaphore(AT_ONCE))
    for one in records.accounts:
        officer = one.officer or str(UUID(bytes=system_randomness(16), version=4))
        store.put_account(Account(officer, one.name, one.role), passwords.hash(one.password()))
    new = [store.put_control(Control(**vars(control))) for control in records.controls]
    return len(records.accounts), sum(new)
