# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Composition root of the node: reads its files, opens its database, and joins rules, clients and pages, once for each organisation.

Nothing is built at import. `create_app` takes clock, randomness and the way to connect as arguments; `run` gives it the real ones.
"""

import os
import resource
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from importlib.resources import files
from pathlib import Path
from threading import BoundedSemaphore
from typing import cast
from uuid import UUID

import httpx
from fastapi import FastAPI, Request

from audit.cosignature import NOBODY, PolicyError, WitnessPolicy
from audit.note import NoteError, Verifier
from audit.openssl import OpensslVerifier, by_openssl
from audit.store.administration import Managed
from audit.store.engine import DatabaseUrlError
from audit.store.health import database_check
from policies.desk.load import load_profile
from policies.ruleset import PolicySet
from process.language import gettext as _
from process.moments import Clock, Randomness
from process.operational import NODE
from process.problem import PassedOnRefusal, Refusal
from process.secret import Secret
from process.serving import tls
from process.serving.clock import clock_from, system_clock
from process.serving.errors import SettingsError
from process.serving.health import Readiness
from process.serving.jobs import Runner
from process.serving.ldv import ProcessingLog
from process.serving.metrics import Metrics, in_steps
from process.serving.proxy import pages_proxy_of
from process.serving.run import Listener, serve
from process.serving.secrets import read_secret, write_secret
from process.serving.sending import Hook, Mailer, trusting
from process.serving.web import OnRefusal, new_app
from pseudonymisation.ceremony import CeremonyError, check_usable, parse_keyset
from pseudonymisation.receipts import require_vkeys
from pseudonymisation.stretch import stretch
from pseudonymisation.threshold import PublicKeyset
from register.accounts import AT_ONCE, Account, Passwords
from register.enrolment import roles_of
from register.municipal.announcing import Announcing, ByHook, ByMail
from register.municipal.asking import Asking
from register.municipal.canary import Canary
from register.municipal.changes import Changes
from register.municipal.clients import (
    REGISTER_SECONDS,
    Connect,
    HolderPool,
    LogClient,
    RegisterClient,
    holder_threads,
    holder_timeout,
)
from register.municipal.closing import Closing
from register.municipal.consulting import Consulting
from register.municipal.controls import Control, day_of
from register.municipal.delivering import Delivering
from register.municipal.demanding import Demanding
from register.municipal.desk import Desk
from register.municipal.drafting import Drafting
from register.municipal.elsewhere import Elsewhere
from register.municipal.freezes import Freezes
from register.municipal.house import House
from register.municipal.inspecting import Inspecting
from register.municipal.intake import Lanes, TakingIn
from register.municipal.jobs import jobs
from register.municipal.keeping import Keeping
from register.municipal.messages import Messages
from register.municipal.people import People
from register.municipal.personnel import Personnel
from register.municipal.plates import PlateGuard
from register.municipal.processing import Processing
from register.municipal.pseudonyms import Pseudonymiser, Stretch, stretch_threads
from register.municipal.reach import worries
from register.municipal.receiving import OwnKeys, Receiving
from register.municipal.records import Records, read_records
from register.municipal.recovery import KeyKeeping, Recovered
from register.municipal.releasing import Releasing
from register.municipal.sealing import RecoveryKey, RecoveryKeyError, Seal, named_seed, recovery_secret
from register.municipal.settings import NodeSettings, TenantSettings
from register.municipal.sharing import Sharing
from register.municipal.store import STRANGERS, NodeDatabase, NodeStore
from register.municipal.store.announcements import AnnouncementStore
from register.municipal.store.canary import CanaryStore
from register.municipal.store.casebook import CasebookStore
from register.municipal.store.changes import ChangeStore
from register.municipal.store.controls import OutcomeStore
from register.municipal.store.database import told_to_revisions
from register.municipal.store.drafts import DraftStore
from register.municipal.store.flags import FlagStore
from register.municipal.store.grants import SCHEMA
from register.municipal.store.identities import IdentityStore
from register.municipal.store.imports import ImportStore
from register.municipal.store.looks import LookStore
from register.municipal.store.mirror import MirrorStore
from register.municipal.store.outbox import OutboxStore
from register.municipal.store.own import OwnStore
from register.municipal.store.releases import ReleaseStore
from register.municipal.store.reminders import ReminderStore
from register.municipal.store.sealed import SealedStore
from register.municipal.submitting import Submitting
from register.municipal.tenants import Tenant, read_tenants, recovery_key_of, tenant_settings, the_only
from register.municipal.treffers import Treffers, contacts
from register.municipal.web import (
    aflopen,
    api,
    berichten,
    bevriezingen,
    delen,
    gemeenteaccount,
    herinneringen,
    invoer,
    inzage,
    maand,
    medewerkers,
    pages,
    treffers,
    vrijgaven,
)
from register.municipal.web.refusals import loggable
from register.municipal.web.visits import SIGN_IN
from register.municipal.web.who import Who
from register.municipalities import Municipality, municipalities_from, organisation_name
from register.second_factor import mandatory
from register.theme.house_style import HouseStyleError, house_style

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
    serve(
        [
            Listener(
                app,
                settings.host,
                settings.port,
                tls=settings if settings.serve_tls else None,
                pages_proxy=pages_proxy_of(settings.pages_proxy_secret_file, settings.pages_proxy_addresses),
            )
        ],
        settings=settings,
        ready=app.state.ready,
        stream=NODE,
    )


@dataclass(frozen=True)
class Outside:
    """What a test may replace of the world: how to connect, what a password and a match key cost, whether canaries are looked at, the clock of certificates and ID tokens, and who answers as a provider of accounts."""

    connect: Connect | None = None
    passwords: Passwords | None = None
    stretch_key: Stretch = stretch
    unsafe_without_canaries: bool = False
    machine_clock: Clock = system_clock
    provider: httpx.BaseTransport | None = None


def create_app(
    settings: NodeSettings, *, clock: Clock, randomness: Randomness, outside: Outside | None = None
) -> FastAPI:
    """The node as an application.

    Raises:
        SettingsError: an organisation that is not right, a keyset with another fingerprint, a secret that is missing or weak.
    """
    # Before any identity is read: a crash must not write one to disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    house, close = _opened(settings, clock, randomness, outside or Outside())
    house.purge(clock())
    runner = _runner(settings, house, randomness)
    on_refusal = partial(_log_refusal, house)
    ready = Readiness(
        [database_check(settings.database, SCHEMA)],
        [
            lambda: worries(house.desks.values()),
            runner.worries,
            lambda: [one for desk in house.desks.values() for one in desk.lines.worries()],
        ],
    )
    _watch(ready.metrics, house, runner, clock)
    app = front(house, ready, on_refusal, secure=settings.serve_tls)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        with runner.running():
            yield
        close()

    app.router.lifespan_context = lifespan
    return app


def front(house: House, ready: Readiness, on_refusal: OnRefusal, *, secure: bool) -> FastAPI:
    """Interface and pages before a house; they keep nothing of it, and ask it at each request."""
    app = new_app(
        "Node",
        VERSION,
        "De node van een gemeente of partner: hier worden gegevens van mensen ingevuld, en alleen hier.",
        on_refusal=on_refusal,
        ready=ready,
        accepts=("application/json", "application/x-www-form-urlencoded"),
        refuses=(503,),
    )
    who = Who(house)
    for router in (
        *api.routes(house, who),
        *invoer.routes(who),
        herinneringen.routes(who),
        maand.routes(who),
        delen.routes(who),
        inzage.routes(who),
        aflopen.routes(who),
        medewerkers.routes(who),
        bevriezingen.routes(who),
        treffers.routes(who),
        treffers.handover_routes(who),
        vrijgaven.routes(who),
        *berichten.routes(who),
    ):
        app.include_router(router)
    pages.mount(app, house, on_refusal, secure=secure)
    return app


@contextmanager
def open_runner(settings: NodeSettings) -> Iterator[Runner]:
    """The jobs of the node without its pages, for a command.

    Raises:
        SettingsError: something with which this process must not start.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    clock = clock_from(settings.clock_file, settings.profile)
    house, close = _opened(settings, clock, system_randomness, Outside())
    try:
        yield _runner(settings, house, system_randomness)
    finally:
        close()


def _runner(settings: NodeSettings, house: House, randomness: Randomness) -> Runner:
    work = jobs(house, settings.receipt_seconds)
    return Runner(work, house.database.job_states(), house.first.clock, randomness)


def _opened(
    settings: NodeSettings, clock: Clock, randomness: Randomness, world: Outside
) -> tuple[House, Callable[[], None]]:
    """All organisations at work, and how to give back what they hold."""
    municipalities = known_municipalities()
    tenants = read_tenants(settings, municipalities, world.machine_clock())
    connect = world.connect or partial(_connect, settings, {one.code: one.settings for one in tenants})
    common = _Common(
        settings=settings,
        municipalities=municipalities,
        keyset=_keyset(settings),
        receipts=_verifier(settings.register_receipt_key_file),
        log=_verifier(settings.register_log_key_file),
        witnesses=_witnesses(settings),
        database=open_database(settings, [one.code for one in tenants]),
        passwords=world.passwords or Passwords(places=BoundedSemaphore(AT_ONCE)),
        threads=holder_threads(len(settings.keyholder_urls)),
        stretching=stretch_threads(),
        lanes=Lanes.new(),
        connect=connect,
        stretch_key=world.stretch_key,
        without_canaries=world.unsafe_without_canaries,
        machine_clock=world.machine_clock,
        provider=world.provider,
        rules=cache(partial(_rules, settings.profile)),
        clock=clock,
        randomness=randomness,
    )
    house = _house(common, tenants)

    def close() -> None:
        common.lanes.close()
        for threads in common.threads:
            threads.shutdown(wait=False, cancel_futures=True)
        common.stretching.shutdown(wait=False, cancel_futures=True)
        for desk in house.desks.values():
            desk.close()
        common.database.close()

    return house, close


def _watch(metrics: Metrics, house: House, runner: Runner, clock: Clock) -> None:
    """What of the node is worth a number, over all its organisations together."""
    # A node may be of one organisation: when it asked must not show.
    metrics.settled(clock)

    def depth() -> float:
        now = clock()
        waiting = (sum(desk.consulting.outbox.count(None, now).values()) for desk in house.desks.values())
        return in_steps(sum(waiting))

    def lines() -> dict[str, float]:
        counted = [desk.lines.counts() for desk in house.desks.values()]
        return {kind: sum(one[kind] for one in counted) for kind in ("waiting", "lost")}

    def failures() -> dict[str, float]:
        states = runner.states()
        return {name: states[name].failures if name in states else 0 for name in runner.jobs}

    metrics.watch("outbox_depth", "Signals that wait here, rounded up to tens.", depth)
    metrics.watch(
        "processing_lines", "Lines of the Logboek Dataverwerkingen that are not on disk.", lines, "kind"
    )
    metrics.watch("jobs_failing", "Failures in a row, by job.", failures, "job")


def _processing_log(
    settings: NodeSettings, organisation: str, clock: Clock, randomness: Randomness
) -> ProcessingLog:
    folder = settings.tenants_folder / organisation / "verwerkingen"
    return ProcessingLog(folder, f"node:{organisation}", clock=clock, randomness=randomness)


@dataclass(frozen=True)
class _Common:
    """What all organisations of a node share."""

    settings: NodeSettings
    municipalities: Mapping[str, Municipality]
    keyset: PublicKeyset
    receipts: Verifier
    log: Verifier
    witnesses: WitnessPolicy
    database: NodeDatabase
    passwords: Passwords
    threads: Sequence[ThreadPoolExecutor]
    stretching: ThreadPoolExecutor
    lanes: Lanes
    connect: Connect
    stretch_key: Stretch
    without_canaries: bool
    machine_clock: Clock
    provider: httpx.BaseTransport | None
    rules: Callable[[], PolicySet]
    clock: Clock
    randomness: Randomness


def _house(common: _Common, tenants: Sequence[Tenant]) -> House:
    unseen = NodeStore(common.database, STRANGERS)
    # Made from a secret of this node, so that a second process of it knows the forms of the first.
    key = named_seed(tenants[0].session_key, "voor het aanmelden")
    return House(
        desks={one.code: _desk(common, one) for one in tenants},
        database=common.database,
        strangers=People(unseen, common.passwords, key, common.clock, common.randomness),
        unseen=unseen,
        origin=common.settings.passkey_origin,
    )


def _desk(common: _Common, tenant: Tenant) -> Desk:
    """One organisation at work, over connections with its own certificate."""
    settings = common.settings
    store = NodeStore(common.database, tenant.code)
    seal = Seal(tenant.seal_key, common.randomness, RecoveryKey(tenant.recovery_key))
    identity = KeyKeeping(SealedStore(common.database, tenant.code), seal, tenant.code).ready()
    holders = _holders(common, tenant.code)
    register = RegisterClient(
        common.connect(settings.register_url, REGISTER_SECONDS, tenant.code),
        common.receipts,
        Keeping(store).keep,
        common.clock,
    )
    canary = _canary(common, holders, identity, tenant.code)
    pseudonymiser = Pseudonymiser(
        common.keyset,
        holders.evaluate,
        common.randomness,
        common.stretching,
        None if common.without_canaries else canary.require,
        common.stretch_key,
    )
    gates = tenant.settings.gates(settings.profile)
    people = People(
        store,
        common.passwords,
        tenant.session_key,
        common.clock,
        common.randomness,
        settings.session_terms,
        mandatory(settings.profile),
    )
    outcomes, own = OutcomeStore(common.database, tenant.code), OwnStore(common.database, tenant.code)
    case = (pseudonymiser, register, seal, tenant.code, gates, common.clock, common.randomness)
    releases = ReleaseStore(common.database, tenant.code)
    lines = _processing_log(settings, tenant.code, common.clock, common.randomness)
    processing = Processing(lines.write, identity, common.clock, common.randomness)
    submitting = _submitting(common, pseudonymiser, register, seal, identity, tenant, processing)
    return Desk(
        organisation=tenant.code,
        profile=settings.profile,
        municipalities=common.municipalities,
        gates=gates,
        store=store,
        people=people,
        asking=Asking(store, outcomes, own, identity, *case, processing),
        closing=Closing(outcomes, register, tenant.code, common.clock, common.randomness),
        personnel=Personnel(
            own, identity, common.clock, IdentityStore(common.database, tenant.code), people.door
        ),
        freezes=Freezes(register, store, common.randomness),
        treffer_work=Treffers(
            register,
            tenant.code,
            CasebookStore(common.database, tenant.code),
            common.clock,
            common.randomness,
        ),
        contacts=contacts(tenant.settings.regional_contacts, settings.profile),
        releasing=Releasing(
            releases,
            CasebookStore(common.database, tenant.code),
            register,
            seal,
            tenant.code,
            common.log.name,
            common.clock,
            common.randomness,
            processing,
        ),
        receiving=Receiving(
            releases,
            LookStore(common.database, tenant.code),
            OwnKeys(
                releases, SealedStore(common.database, tenant.code), seal, tenant.code, common.randomness
            ),
            register,
            seal,
            tenant.code,
            common.log.name,
            common.clock,
            common.randomness,
            processing,
        ),
        submitting=submitting,
        taking_in=TakingIn(
            ImportStore(common.database, tenant.code),
            FlagStore(common.database, tenant.code),
            submitting,
            seal,
            tenant.code,
            common.clock,
            common.lanes,
        ),
        consulting=Consulting(
            OutboxStore(common.database, tenant.code),
            CasebookStore(common.database, tenant.code),
            LookStore(common.database, tenant.code),
            releases,
            seal,
            identity,
            tenant.code,
            common.clock,
            common.randomness,
            processing,
        ),
        inspecting=Inspecting(*case, processing),
        lines=lines,
        drafting=Drafting(
            DraftStore(common.database, tenant.code),
            seal,
            identity,
            tenant.code,
            common.clock,
            common.randomness,
        ),
        sharing=Sharing(
            common.rules,
            register,
            tenant.code,
            organisation_name(tenant.code, common.municipalities),
            tenant.session_key,
            common.clock,
        ),
        demanding=Demanding(
            store,
            LogClient(common.connect(settings.register_url, REGISTER_SECONDS, tenant.code)),
            common.log,
            common.clock,
            common.witnesses,
        ),
        changes=Changes(
            ChangeStore(common.database, tenant.code),
            CasebookStore(common.database, tenant.code),
            common.clock,
        ),
        messages=Messages(register, tenant.code, common.clock, common.randomness),
        announcing=_announcing(common, tenant, register, identity),
        house_style=_house_style(tenant.settings.house_style_file),
        mirror=MirrorStore(common.database, tenant.code),
        reminders=ReminderStore(common.database, tenant.code),
        register=register,
        holders=holders,
        canary=canary,
        clock=common.clock,
        randomness=common.randomness,
        fg_contact=tenant.settings.fg_contact,
        recovery_key=tenant.recovery_key,
        elsewhere=_elsewhere(common, tenant, people, identity),
    )


def _elsewhere(common: _Common, tenant: Tenant, people: People, identity: Secret) -> Elsewhere | None:
    """The provider of this organisation, if it has one."""
    said = tenant.settings
    if said.oidc_issuer is None:
        return None
    # A quarter of a second of imports, for those only who use it.
    from register.municipal.provider import AT_A_TIME, Provided, connected  # noqa: PLC0415
    from register.openid import Client  # noqa: PLC0415

    file = said.oidc_client_key_file or said.oidc_client_secret_file
    credential = read_secret(cast("Path", file), minimum=16)
    page = (said.page_url or "").rstrip("/")
    client = Client(
        issuer=said.oidc_issuer,
        client_id=said.oidc_client_id or "",
        redirect_uri=f"{page}{gemeenteaccount.back_path(tenant.code)}",
        credential=credential,
        key_algorithm=said.oidc_client_key_algorithm if said.oidc_client_key_file else None,
        scopes=said.oidc_scopes,
        role_claim=said.oidc_role_claim,
        roles=said.oidc_roles,
        name_claim=said.oidc_name_claim,
        acr=said.oidc_acr_values,
        algorithms=said.oidc_algorithms,
        leeway=said.oidc_leeway_seconds,
        loopback=common.settings.profile == "oefening",
    )
    return Provided(
        tenant.code,
        client,
        not said.local_accounts,
        f"{page}{SIGN_IN}",
        connected(trusting(said.oidc_authorities), common.provider),
        IdentityStore(common.database, tenant.code),
        people,
        identity,
        tenant.session_key,
        common.clock,
        common.machine_clock,
        common.randomness,
        BoundedSemaphore(AT_A_TIME),
    )


def _house_style(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        return house_style(_read(file).decode("utf-8", "replace"))
    except HouseStyleError as error:
        raise SettingsError(
            _("De vormgeving in {pad} is niet te gebruiken: {fout}.").format(pad=file, fout=error)
        ) from None


def _announcing(common: _Common, tenant: Tenant, register: RegisterClient, identity: Secret) -> Announcing:
    """How this organisation tells its officers, as far as its settings say so."""
    said = tenant.settings
    mail = hook = None
    if said.mail_host is not None:
        login = None
        if said.mail_user is not None and said.mail_password_file is not None:
            login = (said.mail_user, read_secret(said.mail_password_file, minimum=8))
        mailer = Mailer(
            said.mail_host,
            said.mail_port,
            trusting(said.mail_authorities),
            said.mail_tls == "tls",
            login,
        )
        mail = ByMail(mailer, said.mail_from or "", said.mail_domains)
    if said.webhook_url is not None and said.webhook_key_file is not None:
        hook = ByHook(
            Hook.to(said.webhook_url, trusting(said.webhook_authorities)), read_secret(said.webhook_key_file)
        )
    return Announcing(
        AnnouncementStore(common.database, tenant.code),
        register,
        tenant.code,
        identity,
        common.clock,
        said.page_url or "",
        mail,
        hook,
    )


def _canary(common: _Common, holders: HolderPool, identity: Secret, organisation: str) -> Canary:
    ungated = Pseudonymiser(
        common.keyset, holders.evaluate, common.randomness, common.stretching, None, common.stretch_key
    )
    return Canary(
        ungated,
        CanaryStore(common.database, organisation),
        identity,
        organisation,
        common.settings.canary_pins,
        common.clock,
    )


def _submitting(  # noqa: PLR0913, PLR0917 - one use case in its parts
    common: _Common,
    pseudonymiser: Pseudonymiser,
    register: RegisterClient,
    seal: Seal,
    identity: Secret,
    tenant: Tenant,
    processing: Processing,
) -> Submitting:
    casebook = CasebookStore(common.database, tenant.code)
    delivering = Delivering(
        OutboxStore(common.database, tenant.code),
        casebook,
        pseudonymiser,
        register,
        seal,
        tenant.code,
        tenant.settings.gates(common.settings.profile),
        common.clock,
        common.randomness,
    )
    flags = FlagStore(common.database, tenant.code)
    plates = PlateGuard(flags, identity, common.clock, common.randomness)
    return Submitting(delivering, casebook, identity, plates, processing)


def _log_refusal(house: House, request: Request, refusal: Refusal) -> Refusal:
    """What the register refused stands in its log; everything else is counted here."""
    if not isinstance(refusal, PassedOnRefusal):
        seat = getattr(request.state, "seat", None)
        officer = seat.account.officer if seat else None
        house.store_of(seat).put_refusal(house.first.clock(), officer, refusal.code, loggable(refusal))
    return refusal


def _rules(profile: str) -> PolicySet:
    """The packaged rules; read when somebody first asks what they say, because most processes never do."""
    return load_profile(profile)[0]


@cache
def known_municipalities() -> dict[str, Municipality]:
    """The list of municipalities that comes with the software."""
    return dict(municipalities_from(files("register").joinpath("data/gemeenten.csv").read_text("utf-8")))


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
    if not len(settings.keyholder_urls) == len(settings.keyholder_receipt_keys) == keyset.size:
        raise SettingsError(
            _(
                "De sleutelset heeft {aantal} houders; zet van elk het adres in keyholder_urls en de sleutel van zijn kwitanties in keyholder_receipt_keys, op volgorde."
            ).format(aantal=keyset.size)
        )
    return keyset


def _witnesses(settings: NodeSettings) -> WitnessPolicy:
    file = settings.witness_policy_file
    if file is None:
        return NOBODY
    try:
        policy = by_openssl(WitnessPolicy.from_text(_read(file)))
    except PolicyError as error:
        raise SettingsError(
            _("Het bestand met getuigen {pad} is niet te gebruiken: {reden}.").format(pad=file, reden=error)
        ) from error
    if policy.log not in {None, _verifier(settings.register_log_key_file)}:
        raise SettingsError(
            _("Het bestand met getuigen {pad} gaat over een ander logboek dan register_log_key_file.").format(
                pad=file
            )
        )
    return policy


def _verifier(file: Path) -> Verifier:
    try:
        return OpensslVerifier.from_vkey(_read(file).decode("utf-8", "replace"))
    except NoteError as error:
        raise SettingsError(
            _("De sleutel in {pad} is niet te gebruiken: {fout}").format(pad=file, fout=error)
        ) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise SettingsError(_("Het bestand {pad} is niet te lezen.").format(pad=path)) from None


def open_database(settings: NodeSettings, tenants: Sequence[str]) -> NodeDatabase:
    """The database of this node, with its tables up to date.

    Args:
        settings: of the node.
        tenants: codes of its organisations.

    Raises:
        SettingsError: a database that this software does not know, or rows of which nobody can say whose they are.
    """
    try:
        database = NodeDatabase(settings.database, settings.pooling)
    except DatabaseUrlError as error:
        raise SettingsError(str(error)) from None
    try:
        database.bring_up(tenants, migrating=settings.migrates_at_start)
    except BaseException:
        database.close()
        raise
    return database


def databases(settings: NodeSettings) -> tuple[Managed, ...]:
    """The database of this node, for an administrator."""
    tenants = [one.organisation for one in tenant_settings(settings, known_municipalities())]
    owner = settings.database_owner_url or settings.database
    return (Managed(SCHEMA, settings.database, owner, told_to_revisions(tenants)),)


def _holders(common: _Common, organisation: str) -> HolderPool:
    limit = holder_timeout()
    clients = []
    for url in common.settings.keyholder_urls:
        client = common.connect(url, limit.read or 0.0, organisation)
        client.timeout = limit
        clients.append(client)
    keys = require_vkeys(common.settings.keyholder_receipt_keys)
    return HolderPool(clients, common.keyset, keys, organisation, common.clock, common.threads)


def _connect(
    settings: NodeSettings, tenants: Mapping[str, TenantSettings], url: str, seconds: float, organisation: str
) -> httpx.Client:
    """A connection on which this organisation shows its own certificate."""
    own = tenants[organisation]
    shown = settings.model_copy(update={"tls_certificate": own.tls_certificate, "tls_key": own.tls_key})
    return tls.client(shown, url, timeout=seconds)


@contextmanager
def open_canary(settings: NodeSettings, organisation: str | None) -> Iterator[Canary]:
    """The canaries of one organisation, for a command beside the node that serves.

    Raises:
        SettingsError: something with which this node must not start.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    tenant = the_only(tenant_settings(settings, known_municipalities()), organisation)
    house, close = _opened(settings, clock, system_randomness, Outside())
    try:
        yield house.desks[tenant.organisation].canary
    finally:
        close()


def prepare(settings: NodeSettings, file: Path, organisation: str | None = None) -> tuple[int, int]:
    """Put accounts and controls of a file in the database; doing it again changes passwords and roles only.

    Args:
        settings: of the node.
        file: with accounts and controls.
        organisation: whose they are; may be left out where there is one.

    Returns:
        How many accounts and how many new controls.

    Raises:
        SettingsError: an organisation that is not here, or a file that is not right, with what is wrong.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    municipalities = known_municipalities()
    tenants = tenant_settings(settings, municipalities)
    chosen = the_only(tenants, organisation)
    tenant = chosen.organisation
    records = read_records(
        file, today=day_of(clock()), profile=settings.profile, municipalities=municipalities
    )
    wrong = {one.role for one in records.accounts} - roles_of(tenant)
    if wrong:
        raise SettingsError(
            _("{organisatie} kan deze rol niet geven: {rollen}.").format(
                organisatie=tenant, rollen=", ".join(sorted(wrong))
            )
        )
    database = open_database(settings, [one.organisation for one in tenants])
    try:
        done = _put(records, NodeStore(database, tenant))
        _link(records, settings, chosen, database, clock())
        return done
    finally:
        database.close()


def _put(records: Records, store: NodeStore) -> tuple[int, int]:
    passwords = Passwords(places=BoundedSemaphore(AT_ONCE))
    for one in records.accounts:
        officer = one.officer or str(UUID(bytes=system_randomness(16), version=4))
        password = one.password() or system_randomness(32).hex()
        store.put_account(Account(officer, one.name, one.role), passwords.hash(password))
    new = [store.put_control(Control(**vars(control))) for control in records.controls]
    return len(records.accounts), sum(new)


def _link(
    records: Records, settings: NodeSettings, tenant: TenantSettings, database: NodeDatabase, now: datetime
) -> None:
    """Say whose accounts belong to which person of the provider."""
    named = [one for one in records.accounts if one.subject]
    if not named:
        return
    if tenant.oidc_issuer is None:
        raise SettingsError(
            _("Een account met onderwerp hoort bij een aanmeldsysteem; zet oidc_issuer in tenant.toml.")
        )
    from register.openid import subject_key  # noqa: PLC0415 - see _elsewhere

    public = RecoveryKey(recovery_key_of(tenant, settings.profile))
    seal = Seal(read_secret(tenant.seal_key_file), system_randomness, public)
    code = tenant.organisation
    identity = KeyKeeping(SealedStore(database, code), seal, code).ready()
    store = IdentityStore(database, code)
    for one in named:
        if not store.link(subject_key(identity, tenant.oidc_issuer, one.subject), one.name, now):
            raise SettingsError(
                _(
                    "Account {naam} kan niet bij dit onderwerp: een van beide hoort al bij een ander. De andere accounts zijn gemaakt."
                ).format(naam=one.name)
            )


@contextmanager
def own_keys(settings: NodeSettings, organisation: str | None) -> Iterator[tuple[OwnKeys, Clock]]:
    """The own keys of an organisation of this node, for a command; and the clock of the node.

    Raises:
        SettingsError: an organisation that is not here, or a seal that is no secret or another than that of its records.
    """
    clock = clock_from(settings.clock_file, settings.profile)
    tenants = tenant_settings(settings, known_municipalities())
    tenant = the_only(tenants, organisation)
    public = RecoveryKey(recovery_key_of(tenant, settings.profile))
    seal = Seal(read_secret(tenant.seal_key_file), system_randomness, public)
    database = open_database(settings, [one.organisation for one in tenants])
    try:
        secrets = SealedStore(database, tenant.organisation)
        KeyKeeping(secrets, seal, tenant.organisation).ready()
        releases = ReleaseStore(database, tenant.organisation)
        yield OwnKeys(releases, secrets, seal, tenant.organisation, system_randomness), clock
    finally:
        database.close()


def recover(
    settings: NodeSettings, organisation: str | None, key_file: Path
) -> tuple[Recovered, Path | None]:
    """Bring everything that is sealed under the seal that stands in the organisation's folder now; without one, a new one is made there.

    Args:
        settings: of the node.
        organisation: whose; may be left out where there is one.
        key_file: the private recovery key, from wherever it is kept.

    Returns:
        What became of the records, and the seal file if it was made.

    Raises:
        SettingsError: an organisation that is not here, a seal that is no secret, or a file that is no private recovery key.
        Refusal: not the recovery key of this casebook.
    """
    tenants = tenant_settings(settings, known_municipalities())
    tenant = the_only(tenants, organisation)
    try:
        secret = recovery_secret(_read(key_file))
    except RecoveryKeyError as error:
        raise SettingsError(
            _("De herstelsleutel {pad} is niet te gebruiken: {fout}.").format(pad=key_file, fout=error)
        ) from None
    public = recovery_key_of(tenant, settings.profile)
    made = None
    if not tenant.seal_key_file.exists():
        made = tenant.seal_key_file
        write_secret(made, system_randomness(32))
    seal = Seal(read_secret(tenant.seal_key_file), system_randomness, RecoveryKey(public))
    database = open_database(settings, [one.organisation for one in tenants])
    try:
        store = SealedStore(database, tenant.organisation)
        return KeyKeeping(store, seal, tenant.organisation).recover(secret), made
    finally:
        database.close()
