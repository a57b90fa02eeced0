# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Composition root of the register: two listeners, one for the machines of municipalities and partners, one for people of FG's and TMM.

Reads its secrets, opens its databases, loads the profile's policies, and hands clock and randomness to everything else. Nothing is built at import.
"""

import logging
import os
import resource
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from threading import BoundedSemaphore

import httpx
import yaml
from fastapi import APIRouter, FastAPI, Request

from audit.checkpoint import Checkpoint
from audit.cosignature import NOBODY, PolicyError, WitnessPolicy
from audit.note import NoteError, Signer, Verifier, parse
from audit.openssl import OpensslVerifier, by_openssl
from audit.store.administration import Managed
from audit.store.health import database_check
from audit.store.jobs import JobStore
from audit.store.keys import SCHEMA as KEYS
from audit.store.log import LogStore
from audit.store.wholeness import faults, one_moment
from policies.desk.load import ProfileError, load_profile, profile_texts, record_texts, texts_hash
from policies.grounds import GroundError
from policies.ruleset import PolicySetError
from process.language import gettext as _
from process.moments import Clock, Randomness
from process.operational import REGISTER
from process.problem import Refusal
from process.secret import Secret
from process.serving import tls
from process.serving.clock import clock_from, system_clock
from process.serving.errors import SettingsError
from process.serving.health import Readiness
from process.serving.jobs import Runner
from process.serving.ldv import ProcessingLog
from process.serving.metrics import Metrics
from process.serving.paced import Paced
from process.serving.proxy import pages_proxy_of, proxy_of
from process.serving.run import Listener, serve
from process.serving.secrets import read_secret
from process.serving.web import new_app
from pseudonymisation.receipts import require_vkeys
from register.accounts import AT_ONCE, Account, Passwords
from register.central import accounts
from register.central.administration import Administrator, only_administrator
from register.central.authority import make_authority, open_authority
from register.central.centre import Centre
from register.central.checkpoints import Checkpointer
from register.central.enrolling import Certify, Office
from register.central.epochs import Told, pin, require_present
from register.central.jobs import jobs, worries
from register.central.reconciling import HolderAccounts, KeyHolder
from register.central.records import LiveRecords, Packaged
from register.central.rotating import Converter, Places
from register.central.settings import RegisterSettings
from register.central.store import tables
from register.central.store.grants import SCHEMA
from register.central.store.opening import open_keys, open_register
from register.central.store.rotation import look, settled
from register.central.store.work import RegisterDatabase
from register.central.web import (
    access,
    case_pages,
    cases,
    emergencies,
    handovers,
    logboek,
    management_pages,
    managing,
    notices,
    outcomes,
    pages,
    policy,
    rights,
    safeguards,
    sessions,
    signals,
    supervising,
    tiles,
    zegels,
)
from register.central.web.free import leaves_at_once
from register.central.web.identify import by_certificate, by_session, sites
from register.central.web.refusals import log_refusal
from register.central.witnesses import ANSWER_SECONDS, Asking, Published
from register.enrolment import Network
from register.municipalities import municipalities_from
from register.scoring import weights_from
from register.second_factor import mandatory

VERSION = "1.0.0"
_log = logging.getLogger(__name__)
_ABOUT = "Gepseudonimiseerde signalen van mensenhandel, gedeeld tussen gemeenten. Geen enkel bericht bevat gegevens waarmee iemand te herkennen is."


@dataclass(frozen=True)
class Apps:
    """The two applications of the register, and how to give back what they hold."""

    machines: FastAPI
    people: FastAPI
    close: Callable[[], None]


def create_app(settings: RegisterSettings, *, clock: Clock, randomness: Randomness) -> Apps:
    """Build the register.

    Raises:
        SettingsError: one line on what stands in the way.
    """
    processing = _processing(settings, clock, randomness)
    centre = _centre(settings, clock, randomness, processing)
    vkeys = (settings.log_vkey, _receipt_signer(settings).verifier.vkey)
    published = publication(settings, centre.database)
    asking = Asking(centre.database, published, _to_witnesses(settings))
    converter = Converter(centre, places(settings), settings.rotation_workers)
    runner = _runner(settings, centre, converter, asking)
    ready = _readiness(settings, runner, centre, published, processing)
    _watch(ready.metrics, centre, runner, processing)
    ready.metrics.watch(
        "witnesses",
        "Witnesses of the log: all, and those that vouch for the newest checkpoint.",
        partial(_vouching, published),
        "kind",
    )

    def close() -> None:
        converter.close()
        asking.close()
        centre.database.close()

    return Apps(
        _machines(centre, vkeys, runner, ready, published),
        _people(settings, centre, vkeys, runner, ready, published),
        close,
    )


def run(settings: RegisterSettings) -> None:
    """Serve until told to stop."""
    # Pseudonyms pass through memory and two keys live in it: a crash must not write them to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    apps = create_app(
        settings, clock=clock_from(settings.clock_file, settings.profile), randomness=os.urandom
    )
    try:
        serve(
            [
                Listener(
                    _paced(apps.machines, settings),
                    settings.host,
                    settings.port,
                    tls=settings,
                    client_certificate=True,
                    proxy=proxy_of(settings),
                ),
                Listener(
                    _paced(apps.people, settings),
                    settings.people_host,
                    settings.people_port,
                    tls=settings if settings.people_tls else None,
                    pages_proxy=pages_proxy_of(
                        settings.pages_proxy_secret_file, settings.pages_proxy_addresses
                    ),
                ),
            ],
            settings=settings,
            ready=apps.machines.state.ready,
            stream=REGISTER,
        )
    finally:
        apps.close()


def _paced(app: FastAPI, settings: RegisterSettings) -> Paced:
    return Paced(app, settings.answer_step_ms / 1000, leaves_at_once)


@contextmanager
def open_runner(settings: RegisterSettings) -> Iterator[Runner]:
    """The jobs of the register without its listeners, for a command.

    Raises:
        SettingsError: one line on what stands in the way.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    clock = clock_from(settings.clock_file, settings.profile)
    centre = _centre(settings, clock, os.urandom)
    converter = Converter(centre, places(settings), settings.rotation_workers)
    asking = Asking(centre.database, publication(settings, centre.database), _to_witnesses(settings))
    try:
        yield _runner(settings, centre, converter, asking)
    finally:
        converter.close()
        asking.close()
        centre.database.engine.dispose()


@contextmanager
def open_administration(
    settings: RegisterSettings, officer: str | None, *, mending: bool = False
) -> Iterator[Administrator]:
    """The register's records for an administrator on this machine, beside the register that serves.

    Args:
        settings: of the register.
        officer: pseudonymous number of the administrator; None takes the one who has the mandate today.
        mending: also when the policy in force decides nothing.

    Raises:
        SettingsError: one line on what stands in the way.
        Refusal: 503, the policy in force decides nothing.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    live = _centre(settings, clock, os.urandom)
    try:
        centre, moment = live.frozen(mending=mending), clock()
        who = officer or only_administrator(centre, moment.date())
        if who is None:
            raise SettingsError(
                _("Zeg met --officer wie u bent: meer mensen beheren dit register, of niemand.")
            )
        table = municipalities_from(files("register").joinpath("data/gemeenten.csv").read_text("utf-8"))
        yield Administrator(centre, who, moment, settings.profile, table)
    finally:
        live.database.engine.dispose()


@contextmanager
def open_publication(settings: RegisterSettings) -> Iterator[tuple[Published, datetime]]:
    """The published log with its witnesses and the moment, for a command beside the register that serves.

    Raises:
        SettingsError: one line on what stands in the way.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    centre = _centre(settings, clock, os.urandom)
    try:
        yield publication(settings, centre.database), clock()
    finally:
        centre.database.engine.dispose()


def open_office(settings: RegisterSettings, certify: Certify) -> Office:
    """What makes a toelating.

    Raises:
        SettingsError: the settings do not say where nodes find the register, the key holders and the keyset.
    """
    if settings.address is None or not settings.keyholder_urls or settings.keyset_file is None:
        raise SettingsError(
            _("Zet address, keyholder_urls en keyset_file in de instellingen: zij staan in elke toelating.")
        )
    authorities, signer = tls.material(settings)[2], _receipt_signer(settings)
    try:
        network = Network(
            profile=settings.profile,
            register_url=settings.address,
            receipt_vkey=signer.verifier.vkey,
            log_vkey=settings.log_vkey,
            keyholder_urls=settings.keyholder_urls,
            keyset=settings.keyset_file.read_bytes(),
            holder_vkeys=settings.keyholder_receipt_keys,
            canaries=settings.canary_pins,
            authorities=authorities.read_text(encoding="ascii"),
        )
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("De sleutelset of de uitgevers zijn niet te lezen ({fout}).").format(fout=error)
        ) from error
    return Office(network, signer, certify, system_clock())


def issuing_authority(folder: Path, passphrase_file: Path) -> Certify:
    """The authority in a folder, ready to issue.

    Raises:
        SettingsError: it cannot be opened.
    """
    passphrase = _passphrase(passphrase_file)
    return open_authority(folder, passphrase, moment=system_clock(), randomness=os.urandom)


def new_authority(folder: Path, name: str, passphrase_file: Path) -> Path:
    """Make an authority for pilots; gives the path of its certificate.

    Raises:
        SettingsError: the folder holds one, or the passphrase is weak.
    """
    passphrase = _passphrase(passphrase_file)
    return make_authority(folder, name, passphrase, moment=system_clock(), randomness=os.urandom)


def _passphrase(file: Path) -> Secret:
    return Secret(read_secret(file, minimum=20).reveal().rstrip(b"\r\n"))


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
    passwords = Passwords(places=BoundedSemaphore(AT_ONCE))
    new = [
        accounts.New(
            organisation,
            account,
            passwords.hash(read_secret(password_file, minimum=12).reveal().decode("utf-8").strip()),
        )
        for organisation, account, password_file in rows
    ]
    with open_accounts(settings) as (centre, moment):
        accounts.make(centre, new, moment)
    return len(rows)


@contextmanager
def open_accounts(settings: RegisterSettings) -> Iterator[tuple[Centre, datetime]]:
    """The register and the moment, for a command about accounts beside the register that serves.

    Raises:
        SettingsError: one line on what stands in the way.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    centre = _centre(settings, clock, os.urandom)
    try:
        yield centre, clock()
    finally:
        centre.database.close()


def _processing(settings: RegisterSettings, clock: Clock, randomness: Randomness) -> ProcessingLog:
    folder = settings.processing_log_folder or settings.tag_key_file.with_name("verwerkingen")
    return ProcessingLog(folder, "register", clock=clock, randomness=randomness)


def _centre(
    settings: RegisterSettings,
    clock: Clock,
    randomness: Randomness,
    processing: ProcessingLog | None = None,
) -> Centre:
    try:
        rules, profile = load_profile(settings.profile)
        base_hash = texts_hash(record_texts(profile_texts(settings.profile)))
    except ProfileError as error:
        raise SettingsError(str(error)) from error
    engine = open_register(settings.database, settings.pooling, migrating=settings.migrates_at_start)
    found, strange = look(engine, settings.keyset, settings.epoch)
    kept = places(settings).epoch
    require_present(found, kept, settings.keyset, settings.epoch, strange=strange)
    # An exercise may begin without; its keys cannot be changed then.
    required = settings.profile != "oefening"
    told = Told(settings.keyset, settings.epoch, settings.keyset_fingerprint, required)
    pin(found, kept, told, partial(settled, engine, settings.keyset, settings.epoch))
    keys = open_keys(
        engine, settings.payload_keys, settings.pooling, migrating=settings.migrates(settings.payload_keys)
    )
    database = RegisterDatabase(
        engine,
        keys,
        origin=settings.log_origin,
        signer=_receipt_signer(settings),
        randomness=randomness,
        process=(processing or _processing(settings, clock, randomness)).write,
    )
    return Centre(
        database=database,
        records=_records(LiveRecords(database, Packaged(rules, profile, base_hash), clock)),
        clock=clock,
        randomness=randomness,
        keyset=(settings.keyset, settings.epoch),
        tag_key=read_secret(settings.tag_key_file),
        sealing_key=read_secret(settings.sealing_key_file),
        weights=weights_from(files("register").joinpath("data/weights.json").read_text("utf-8")),
        holder_keys=require_vkeys(settings.keyholder_receipt_keys),
        threshold=settings.keyholder_threshold,
        ration=settings.question_quota.ration(),
        terms=settings.session_terms,
        second_required=mandatory(settings.profile),
    )


def system_randomness(count: int) -> bytes:
    """Random bytes of the operating system."""
    return os.urandom(count)


def databases(settings: RegisterSettings) -> tuple[Managed, ...]:
    """The databases of the register, for an administrator."""
    return (
        Managed(SCHEMA, settings.database, settings.database_owner_url or settings.database),
        Managed(KEYS, settings.payload_keys, settings.payload_keys_owner_url or settings.payload_keys),
    )


def stored_log(settings: RegisterSettings) -> Iterator[tuple[int, str]]:
    """What is wrong with the log in the database, each with the log's size; at the end the size alone."""
    engine = open_register(settings.database, settings.pooling, migrating=False)
    keys = open_keys(engine, settings.payload_keys, settings.pooling, migrating=False)
    try:
        with one_moment(engine).connect() as connection:
            size = LogStore(tables.log).size(connection)
            verifier = _log_key(settings)
            for fault in faults(connection, tables.log, verifier=verifier, keys=keys.get_many):
                yield size, fault
        yield size, ""
    finally:
        engine.dispose()
        keys.close()


def _readiness(
    settings: RegisterSettings,
    runner: Runner,
    centre: Centre,
    published: Published,
    processing: ProcessingLog,
) -> Readiness:
    def of_witnesses() -> list[str]:
        return published.standing().worries(runner.now(), published.patience)

    return Readiness(
        [database_check(settings.database, SCHEMA), database_check(settings.payload_keys, KEYS)],
        [
            runner.worries,
            lambda: worries(runner.states(), runner.now()),
            of_witnesses,
            centre.records.worries,
            processing.worries,
        ],
    )


def _watch(metrics: Metrics, centre: Centre, runner: Runner, processing: ProcessingLog) -> None:
    """What of the register is worth a number: none of it is of one organisation."""
    log = centre.database.log

    def sizes() -> dict[str, float]:
        with centre.database.public() as connection:
            note = log.latest_checkpoint(connection)
            signed = 0 if note is None else Checkpoint.from_text(parse(note).text).size
            return {"written": log.head(connection).size, "signed": signed}

    metrics.watch("log_leaves", "Leaves of the log, written and signed.", sizes, "kind")
    metrics.watch("jobs_failing", "Failures in a row, by job.", partial(_failures, runner), "job")
    metrics.watch(
        "processing_lines",
        "Lines of the Logboek Dataverwerkingen, by what became of them.",
        processing.counts,
        "kind",
    )


def _vouching(published: Published) -> dict[str, float]:
    standing = published.standing()
    return {"known": len(standing.policy.witnesses), "vouching": len(standing.signed)}


def _failures(runner: Runner) -> dict[str, float]:
    states = runner.states()
    return {name: states[name].failures if name in states else 0 for name in runner.jobs}


def _records(live: LiveRecords) -> LiveRecords:
    try:
        live.read()
    except GroundError as error:
        raise SettingsError(
            _("De gegevens over organisaties en grondslagen kloppen niet met elkaar ({fout}).").format(
                fout=error
            )
        ) from error
    except PolicySetError as error:
        # Not a reason to stay down: the pages on which a second mandate agrees to going back must be there.
        _log.error("policy in force decides nothing: %s", error)
    return live


def _receipt_signer(settings: RegisterSettings) -> Signer:
    try:
        return Signer.from_skey(read_secret(settings.receipt_key_file))
    except NoteError as error:
        raise SettingsError(_("De sleutel voor ontvangstbewijzen is niet te gebruiken.")) from error


def _machines(
    centre: Centre, vkeys: tuple[str, str], runner: Runner, ready: Readiness, published: Published
) -> FastAPI:
    @asynccontextmanager
    async def beside(_app: FastAPI) -> AsyncIterator[None]:
        with runner.running():
            yield

    app = new_app(
        "Signaalregister",
        VERSION,
        _ABOUT,
        on_refusal=lambda request, refusal: log_refusal(centre, request, refusal),
        ready=ready,
        lifespan=beside,
        refuses=(503,),
    )
    app.include_router(signals.signals(centre, by_certificate(centre)))
    app.include_router(cases.dossiers(centre, by_certificate(centre)))
    app.include_router(case_pages.networks(centre, by_certificate(centre)))
    app.include_router(case_pages.exclusions(centre, by_certificate(centre)))
    app.include_router(cases.treffer_work(centre, by_certificate(centre)))
    app.include_router(handovers.handovers(centre, by_certificate(centre)))
    app.include_router(handovers.agendas(centre, by_certificate(centre)))
    app.include_router(handovers.feedback_told(centre, by_certificate(centre)))
    app.include_router(outcomes.effect_figures(centre, by_certificate(centre)))
    for router in _public(centre, published):
        app.include_router(router)
    app.include_router(outcomes.controls(centre, by_certificate(centre)))
    app.include_router(logboek.oversight(centre, by_certificate(centre), vkeys, published))
    app.include_router(emergencies.emergencies(centre, by_certificate(centre)))
    app.include_router(safeguards.freezes(centre, by_certificate(centre)))
    app.include_router(safeguards.breaches(centre, by_certificate(centre)))
    app.include_router(policy.routes(centre, by_certificate(centre, mending=True), "node"))
    app.include_router(rights.rights(centre, by_certificate(centre)))
    app.include_router(rights.processing_register(centre))
    app.include_router(supervising.inboxes(centre, by_certificate(centre)))
    app.include_router(supervising.months(centre, by_certificate(centre), vkeys))
    app.include_router(notices.reminding(centre, by_certificate(centre)))
    app.include_router(zegels.routes(centre, by_certificate(centre)))
    app.include_router(notices.readiness_of_notices(centre))
    app.include_router(notices.waiting_for(centre, by_certificate(centre)))
    app.include_router(management_pages.routes(centre, by_certificate(centre), ready, runner))
    app.include_router(managing.laying_down_with_two(centre, by_certificate(centre), "node"))
    app.include_router(access.routes(centre))
    access.echo_request_identifier(app)
    return app


def _people(  # noqa: PLR0913, PLR0917 - what this listener is made of
    settings: RegisterSettings,
    centre: Centre,
    vkeys: tuple[str, str],
    runner: Runner,
    ready: Readiness,
    published: Published,
) -> FastAPI:
    def refused(request: Request, refusal: Refusal) -> Refusal:
        return log_refusal(centre, request, refusal)

    interface = new_app(
        "Signaalregister voor FG en TMM",
        VERSION,
        _ABOUT,
        on_refusal=refused,
        ready=ready,
        accepts=("application/json", "application/x-www-form-urlencoded"),
        refuses=(503,),
    )
    passwords = Passwords(places=BoundedSemaphore(AT_ONCE))
    valid = sites(settings.passkey_origin, practising=settings.profile == "oefening")
    interface.include_router(sessions.sessions(centre, passwords, valid))
    interface.include_router(sessions.own_sign_in(centre, passwords, valid))
    interface.include_router(signals.signals(centre, by_session(centre)))
    interface.include_router(cases.dossiers(centre, by_session(centre)))
    interface.include_router(case_pages.networks(centre, by_session(centre)))
    interface.include_router(case_pages.exclusions(centre, by_session(centre)))
    interface.include_router(cases.treffer_work(centre, by_session(centre)))
    interface.include_router(handovers.handovers(centre, by_session(centre)))
    interface.include_router(handovers.agendas(centre, by_session(centre)))
    interface.include_router(outcomes.effect_figures(centre, by_session(centre)))
    interface.include_router(logboek.oversight(centre, by_session(centre), vkeys, published))
    interface.include_router(emergencies.emergencies(centre, by_session(centre)))
    interface.include_router(safeguards.freezes(centre, by_session(centre)))
    interface.include_router(safeguards.breaches(centre, by_session(centre)))
    interface.include_router(policy.routes(centre, by_session(centre, mending=True), "sessie"))
    interface.include_router(supervising.inboxes(centre, by_session(centre)))
    interface.include_router(supervising.months(centre, by_session(centre), vkeys))
    interface.include_router(notices.reminding(centre, by_session(centre)))
    interface.include_router(notices.waiting_for(centre, by_session(centre)))
    interface.include_router(management_pages.routes(centre, by_session(centre), ready, runner))
    interface.include_router(managing.laying_down_with_two(centre, by_session(centre), "sessie"))
    interface.include_router(managing.accounts(centre, by_session(centre), passwords))
    for router in _public(centre, published):
        interface.include_router(router)
    interface.include_router(rights.processing_register(centre))
    pages.mount(
        interface,
        centre,
        vkeys,
        profile=settings.profile,
        secure=settings.people_tls,
        on_refusal=refused,
        address=settings.passkey_origin,
    )
    return interface


def _public(centre: Centre, published: Published) -> tuple[APIRouter, ...]:
    """What anyone may read of the log, on both listeners."""
    return (
        logboek.public_log(published),
        logboek.witnessing(centre, published),
        tiles.tiles(published),
    )


def publication(settings: RegisterSettings, database: RegisterDatabase) -> Published:
    """The log as it is published, with the witnesses of the policy.

    Raises:
        SettingsError: the policy cannot be read, or is about another log.
    """
    log, policy = _log_key(settings), NOBODY
    if settings.witness_policy_file is not None:
        try:
            policy = by_openssl(WitnessPolicy.from_text(settings.witness_policy_file.read_bytes()))
        except (OSError, PolicyError) as error:
            raise SettingsError(
                _("Het bestand met getuigen {pad} is niet te gebruiken: {reden}.").format(
                    pad=settings.witness_policy_file, reden=error
                )
            ) from error
        if policy.log not in {None, log}:
            raise SettingsError(
                _("Het bestand met getuigen {pad} gaat over een ander logboek dan log_vkey.").format(
                    pad=settings.witness_policy_file
                )
            )
    return Published(database, log, policy, timedelta(minutes=settings.witness_patience_minutes))


def _to_witnesses(settings: RegisterSettings) -> httpx.Client:
    """A client for all witnesses, which know no certificate of ours; theirs may be of any authority that this machine or this register trusts."""
    context = ssl.create_default_context()
    context.load_verify_locations(tls.material(settings)[2])
    return httpx.Client(verify=context, timeout=ANSWER_SECONDS, trust_env=False, follow_redirects=False)


def _log_key(settings: RegisterSettings) -> Verifier:
    try:
        return OpensslVerifier.from_vkey(settings.log_vkey)
    except NoteError as error:
        raise SettingsError(_("De publieke sleutel van het logboek (log_vkey) klopt niet.")) from error


def _checkpointer(settings: RegisterSettings, centre: Centre) -> Checkpointer:
    signer = tls.client(settings, settings.signer_url)
    return Checkpointer(centre.database, signer, _log_key(settings))


def _accounts(settings: RegisterSettings) -> HolderAccounts:
    pinned = require_vkeys(settings.keyholder_receipt_keys)
    at_work = [
        KeyHolder(index, pinned[index], tls.client(settings, url))
        for index, url in enumerate(settings.keyholder_urls, start=1)
    ]
    leaving = [
        KeyHolder(
            one.holder, OpensslVerifier.from_vkey(one.receipt_key), tls.client(settings, one.url), left=True
        )
        for one in settings.keyholder_leaving
    ]
    return HolderAccounts([*at_work, *leaving])


def places(settings: RegisterSettings) -> Places:
    """Where the register keeps what belongs to its keys and in no backup of the database."""
    beside = settings.tag_key_file
    return Places(
        factor=settings.rotation_factor_file or beside.with_name("rotatiefactor"),
        epoch=settings.epoch_file or beside.with_name("tijdvak.json"),
    )


def _runner(settings: RegisterSettings, centre: Centre, converter: Converter, asking: Asking) -> Runner:
    store = JobStore(centre.database.engine, tables.job)
    work = jobs(
        centre,
        _checkpointer(settings, centre),
        asking,
        converter,
        store.states,
        settings.checkpoint_seconds,
        _accounts(settings),
    )
    return Runner(work, store, centre.clock, centre.randomness)
