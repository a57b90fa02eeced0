# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Composition root of the register: two listeners, one for the machines of municipalities and partners, one for people of FG's and TMM.

Reads its secrets, opens its databases, loads the profile's policies, and hands clock and randomness to everything else. Nothing is built at import.
"""

import os
import resource
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from gettext import gettext as _
from pathlib import Path
from threading import BoundedSemaphore

import yaml
from fastapi import FastAPI, Request

from audit.note import NoteError, Signer, Verifier
from audit.store.engine import DatabaseUrlError, make_engine
from audit.store.keys import KeyStore
from audit.store.schema import migrate
from policies.desk.load import ProfileError, load_profile
from policies.engine import Engine
from process.moments import Clock, Randomness
from process.problem import Refusal
from process.serving import tls
from process.serving.clock import clock_from
from process.serving.errors import SettingsError
from process.serving.run import Listener, serve
from process.serving.secrets import read_secret
from process.serving.web import new_app
from register.accounts import AT_ONCE, Account, Passwords
from register.central.centre import Centre
from register.central.checkpoints import Checkpointer
from register.central.settings import RegisterSettings
from register.central.store import MIGRATIONS, people
from register.central.store.work import RegisterDatabase
from register.central.web import api, pages
from register.central.web.identify import by_certificate, by_session
from register.central.web.refusals import log_refusal

VERSION = "1.0.0"
_ABOUT = "Gepseudonimiseerde signalen van mensenhandel, gedeeld tussen gemeenten. Geen enkel bericht bevat gegevens waarmee iemand te herkennen is."


@dataclass(frozen=True)
class Apps:
    """The two applications of the register."""

    machines: FastAPI
    people: FastAPI


def create_app(settings: RegisterSettings, *, clock: Clock, randomness: Randomness) -> Apps:
    """Build the register.

    Raises:
        SettingsError: one line on what stands in the way.
    """
    centre = _centre(settings, clock, randomness)
    vkeys = (settings.log_vkey, _receipt_signer(settings).verifier.vkey)
    return Apps(_machines(settings, centre, vkeys), _people(settings, centre, vkeys))


def run(settings: RegisterSettings) -> None:
    """Serve until told to stop."""
    # Pseudonyms pass through memory and two keys live in it: a crash must not write them to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    apps = create_app(
        settings, clock=clock_from(settings.clock_file, settings.profile), randomness=os.urandom
    )
    serve(
        [
            Listener(apps.machines, settings.host, settings.port, tls=settings, client_certificate=True),
            Listener(
                apps.people,
                settings.people_host,
                settings.people_port,
                tls=settings if settings.people_tls else None,
            ),
        ]
    )


def add_accounts(settings: RegisterSettings, records: Path) -> int:
    """Make the accounts that a YAML file lists (`accounts: [{organisation, name, officer, role, password_file}]`).

    Raises:
        SettingsError: the file cannot be read or lacks something.
    """
    try:
        listed = yaml.safe_load(records.read_text(encoding="utf-8"))["accounts"]
        rows = [
            (
                one["organisation"],
                Account(one["officer"], one["name"], one["role"]),
                records.parent / one["password_file"],
            )
            for one in listed
        ]
    except (OSError, yaml.YAMLError, KeyError, TypeError) as error:
        raise SettingsError(_("Het bestand met accounts {pad} klopt niet.").format(pad=records)) from error
    engine = make_engine(settings.database)
    migrate(engine, MIGRATIONS)
    passwords = Passwords(places=BoundedSemaphore(AT_ONCE))
    for organisation, account, password_file in rows:
        hashed = passwords.hash(read_secret(password_file, minimum=12).reveal().decode("utf-8").strip())
        with engine.begin() as connection:
            people.add_account(connection, organisation, account, hashed)
    return len(rows)


def _centre(settings: RegisterSettings, clock: Clock, randomness: Randomness) -> Centre:
    try:
        policy = Engine(*load_profile(settings.profile))
        engine, keys = (
            make_engine(settings.database),
            KeyStore(make_engine(f"sqlite:///{settings.payload_keys_file}")),
        )
    except (ProfileError, DatabaseUrlError) as error:
        raise SettingsError(str(error)) from error
    migrate(engine, MIGRATIONS)
    keys.create()
    database = RegisterDatabase(
        engine, keys, origin=settings.log_origin, signer=_receipt_signer(settings), randomness=randomness
    )
    return Centre(
        database=database,
        policy=policy,
        clock=clock,
        randomness=randomness,
        keyset=(settings.keyset, settings.epoch),
        tag_key=read_secret(settings.tag_key_file),
        sealing_key=read_secret(settings.sealing_key_file),
    )


def _receipt_signer(settings: RegisterSettings) -> Signer:
    try:
        return Signer.from_skey(read_secret(settings.receipt_key_file))
    except NoteError as error:
        raise SettingsError(_("De sleutel voor ontvangstbewijzen is niet te gebruiken.")) from error


def _machines(settings: RegisterSettings, centre: Centre, vkeys: tuple[str, str]) -> FastAPI:
    checkpointer = _checkpointer(settings, centre)

    @asynccontextmanager
    async def beside(_app: FastAPI) -> AsyncIterator[None]:
        with checkpointer.running():
            yield

    app = new_app(
        "Signaalregister",
        VERSION,
        _ABOUT,
        on_refusal=lambda request, refusal: log_refusal(centre, request, refusal),
        lifespan=beside,
    )
    app.include_router(api.case_work(centre, by_certificate(centre)))
    app.include_router(api.public_log(centre))
    app.include_router(api.oversight(centre, by_certificate(centre), vkeys))
    return app


def _people(settings: RegisterSettings, centre: Centre, vkeys: tuple[str, str]) -> FastAPI:
    def refused(request: Request, refusal: Refusal) -> Refusal:
        return log_refusal(centre, request, refusal)

    interface = new_app(
        "Signaalregister voor FG en TMM",
        VERSION,
        _ABOUT,
        on_refusal=refused,
        accepts=("application/json", "application/x-www-form-urlencoded"),
    )
    interface.include_router(api.sessions(centre, Passwords(places=BoundedSemaphore(AT_ONCE))))
    interface.include_router(api.case_work(centre, by_session(centre)))
    interface.include_router(api.oversight(centre, by_session(centre), vkeys))
    interface.include_router(api.public_log(centre))
    pages.mount(
        interface, centre, vkeys, profile=settings.profile, secure=settings.people_tls, on_refusal=refused
    )
    return interface


def _checkpointer(settings: RegisterSettings, centre: Centre) -> Checkpointer:
    try:
        verifier = Verifier.from_vkey(settings.log_vkey)
    except NoteError as error:
        raise SettingsError(_("De publieke sleutel van het logboek (log_vkey) klopt niet.")) from error
    signer = tls.client(settings, settings.signer_url)
    return Checkpointer(centre.database, signer, verifier, settings.checkpoint_seconds)
