# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Composition root of the signer.

``POST /v1/ondertekeningen`` signs a tree head that extends the one signed last, in this order: only a register may ask
(mutual TLS); the log must be the one whose name the key bears; the head must extend the last one, by proof; the new note is
durable before it is sent. ``GET /v1/ondertekeningen/laatste`` gives the last note, with which a register that missed an answer
goes on. Time is only noted beside what was signed; the signer uses no randomness (Ed25519 is deterministic).
"""

import secrets
from collections.abc import Callable
from pathlib import Path

from fastapi import Depends, FastAPI, Request
from fastapi.responses import JSONResponse

from audit.canonical import base64_bytes
from audit.checkpoint import (
    Checkpoint,
    ForkError,
    RollbackError,
    open_checkpoint,
    require_extension,
    sign_checkpoint,
)
from audit.merkle import EMPTY_ROOT, HASH_SIZE
from audit.note import KEY_SIZE, NoteError, Signer, Verifier
from audit.signer.settings import SignerSettings
from audit.signer.store.state import SignerState
from audit.signer.wire import SignedCheckpoint, SigningRequest
from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import FieldError, Refusal, problem_details
from process.secret import Secret
from process.serving.described import refusals, refusing
from process.serving.errors import SettingsError
from process.serving.secrets import read_secret, write_secret
from process.serving.web import new_app, peer_of

VERSION = "1.0.0"
KEY_FILE = "signer.key"
VKEY_FILE = "signer.vkey"
STATE_FILE = "signer.db"


def create_app(settings: SignerSettings, *, clock: Clock) -> FastAPI:
    """The signer's application.

    Raises:
        SettingsError: the key is missing or weak, or the memory is missing or belongs to another key.
    """
    signer = read_signer(settings.signing_key)
    state = SignerState.open(settings.state)
    _require_own_memory(state, signer.verifier)
    return _application(signer, state, clock)


def read_signer(path: Path) -> Signer:
    """The signing key in a secret file.

    Raises:
        SettingsError: missing, readable by others, weak or malformed.
    """
    try:
        return Signer.from_skey(read_secret(path))
    except NoteError as error:
        raise SettingsError(
            _("De geheime sleutel {pad} is niet te gebruiken: {reden}.").format(pad=path, reden=error)
        ) from None


def make_key(name: str, folder: Path, *, randomness: Randomness = secrets.token_bytes) -> Verifier:
    """Makes what a signer of log ``name`` needs in ``folder``: secret key, verifier key, empty memory.

    Raises:
        SettingsError: the name cannot be that of a log, or one of the files exists.
    """
    try:
        signer = Signer(name, Secret(randomness(KEY_SIZE)))
        Checkpoint(name, 0, EMPTY_ROOT)
    except NoteError as error:
        raise SettingsError(_("De naam {naam} kan niet: {reden}.").format(naam=name, reden=error)) from None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for file in (KEY_FILE, VKEY_FILE, STATE_FILE):
        if (folder / file).exists():
            raise SettingsError(
                _("Het bestand {pad} bestaat al en wordt niet overschreven.").format(pad=folder / file)
            )
    write_secret(folder / KEY_FILE, signer.skey.reveal() + b"\n")
    (folder / VKEY_FILE).write_text(signer.verifier.vkey + "\n", encoding="utf-8")
    SignerState.create(folder / STATE_FILE).close()
    return signer.verifier


def _application(signer: Signer, state: SignerState, clock: Clock) -> FastAPI:
    app = new_app(
        "Ondertekenaar van het logboek",
        VERSION,
        "Ondertekent controlepunten van het logboek, en nooit twee die elkaar tegenspreken.",
    )
    register_only = [Depends(_register_only)]

    @app.post(
        "/v1/ondertekeningen",
        dependencies=register_only,
        response_model=SignedCheckpoint,
        responses=refusals(404, 409),
    )
    def sign(request: SigningRequest) -> SignedCheckpoint | JSONResponse:
        _require_this_log(request.logboek, signer)
        offered = _offered(request)
        decide = _decision(signer, offered, request)
        try:
            note = state.advance(decide, clock())
        except (RollbackError, ForkError) as error:
            return _conflict(error, _size(state, signer))
        return SignedCheckpoint(omvang=offered.size, controlepunt=note)

    @app.get("/v1/ondertekeningen/laatste", dependencies=register_only, responses=refusals(404))
    def latest() -> SignedCheckpoint:
        note = state.latest()
        if note is None:
            raise _nothing_signed()
        return SignedCheckpoint(omvang=open_checkpoint(note, signer.verifier).size, controlepunt=note)

    return app


@refusing(401, 403)
def _register_only(request: Request) -> None:
    if peer_of(request).kind != "register":
        raise Refusal(
            403,
            "alleen-register",
            _("Alleen het register mag hier om een handtekening vragen."),
            _("Het getoonde certificaat is van een ander soort proces."),
            way_forward=_("Lees controlepunten bij het register zelf, op /v1/logboek/checkpoint."),
        )


def _require_this_log(origin: str, signer: Signer) -> None:
    if origin != signer.name:
        raise Refusal(
            404,
            "onbekend-logboek",
            _("Dit logboek kennen we niet."),
            _("Deze ondertekenaar ondertekent één logboek, en dat heeft een andere naam."),
            way_forward=_("Controleer de naam van het logboek in de instellingen van het register."),
        )


def _offered(request: SigningRequest) -> Checkpoint:
    try:
        return Checkpoint(request.logboek, request.omvang, base64_bytes(request.wortel, size=HASH_SIZE))
    except NoteError as error:
        raise Refusal(
            400,
            "ongeldige-invoer",
            _("Het verzoek klopt niet."),
            _("De omvang en de wortel horen niet bij elkaar. Er is niets ondertekend."),
            way_forward=_("Reken de wortel van het logboek opnieuw uit en verstuur opnieuw."),
            fields=(FieldError("wortel", str(error)),),
        ) from error


def _decision(
    signer: Signer, offered: Checkpoint, request: SigningRequest
) -> Callable[[str | None], tuple[int, str]]:
    def decide(last: str | None) -> tuple[int, str]:
        before = (
            Checkpoint(signer.name, 0, EMPTY_ROOT) if last is None else open_checkpoint(last, signer.verifier)
        )
        require_extension(before, offered, request.oude_omvang, request.proof())
        return offered.size, sign_checkpoint(offered, signer)

    return decide


def _size(state: SignerState, signer: Signer) -> int:
    note = state.latest()
    return 0 if note is None else open_checkpoint(note, signer.verifier).size


def _conflict(error: RollbackError | ForkError, size: int) -> JSONResponse:
    """409 with, beside the usual members, ``laatsteOmvang``: the size that was signed last."""
    refusal = _forked(error) if isinstance(error, ForkError) else _rolled_back(size)
    members = problem_details(refusal) | {"laatsteOmvang": size}
    return JSONResponse(members, refusal.status, media_type="application/problem+json")


def _rolled_back(size: int) -> Refusal:
    return Refusal(
        409,
        "sluit-niet-aan",
        _("Dit controlepunt sluit niet aan op het vorige."),
        _("Het laatst ondertekende controlepunt telt {aantal} bladen. Er is niets ondertekend.").format(
            aantal=size
        ),
        way_forward=_(
            "Vraag opnieuw, met {aantal} als oude omvang. Is het logboek korter dan dat, dan is een reservekopie teruggezet: "
            "volg het draaiboek en begin een nieuw logboek."
        ).format(aantal=size),
        rule="RFC 9162 2.1.4",
    )


def _forked(error: ForkError) -> Refusal:
    return Refusal(
        409,
        "tegenspraak",
        _("Dit controlepunt spreekt een ondertekend controlepunt tegen."),
        _("Het bewijs klopt niet: {reden}. Er is niets ondertekend.").format(reden=error),
        way_forward=_(
            "Ga na of de database van het register is teruggezet of veranderd, en meld het aan de FG's."
        ),
        rule="RFC 9162 2.1.4",
    )


def _nothing_signed() -> Refusal:
    return Refusal(
        404,
        "nog-niets-ondertekend",
        _("Er is nog niets ondertekend."),
        _("Van dit logboek is nog geen controlepunt ondertekend."),
        way_forward=_("Vraag een eerste handtekening, met 0 als oude omvang."),
    )


def _require_own_memory(state: SignerState, verifier: Verifier) -> None:
    note = state.latest()
    try:
        if note is not None:
            open_checkpoint(note, verifier)
    except NoteError as error:
        raise SettingsError(
            _("Het geheugen van de ondertekenaar hoort niet bij deze sleutel: {reden}.").format(reden=error)
        ) from error
