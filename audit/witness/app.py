# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""Composition root of a witness: a server (https://c2sp.org/tlog-witness), and the same witness for a command.

``POST /add-checkpoint`` answers 200 with the cosignature, 400, 403, 404, 409 with the size, or 422, as the specification says; what it answers is
durable. ``GET /<SHA-256 of the origin>/checkpoint`` gives the newest checkpoint of a log with the cosignature. Whoever asks needs no certificate:
only what the log signed counts. Time comes in from outside; a witness uses no randomness but for its key.
"""

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from audit.cosignature import Cosigner, Witness
from audit.note import KEY_SIZE, NoteError, Verifier
from audit.witness.settings import WitnessSettings
from audit.witness.store.state import WitnessState
from audit.witness.vouching import Vouching
from audit.witnessing import (
    SIZE_TYPE,
    ContradictionError,
    MalformedError,
    OfferError,
    StaleError,
    UnknownLogError,
    UntrustedError,
    size_body,
)
from process.language import gettext as _
from process.moments import Clock, Randomness
from process.problem import Refusal
from process.secret import Secret
from process.serving.described import refusals
from process.serving.errors import SettingsError
from process.serving.secrets import read_secret, write_secret
from process.serving.web import ANYTHING, new_app

VERSION = "1.0.0"
KEY_FILE = "witness.key"
VKEY_FILE = "witness.vkey"
STATE_FILE = "witness.db"
SETTINGS_FILE = "instellingen.toml"

_TEXT = "text/plain; charset=utf-8"


def create_app(settings: WitnessSettings, *, clock: Clock) -> FastAPI:
    """The witness's server.

    Raises:
        SettingsError: the key is missing or weak, or the memory is missing or belongs to another key.
    """
    return _application(open_witness(settings, clock=clock))


def open_witness(settings: WitnessSettings, *, clock: Clock) -> Vouching:
    """The witness itself.

    Raises:
        SettingsError: the key is missing or weak, or the memory is missing or belongs to another key.
    """
    cosigner = read_cosigner(settings.signing_key)
    vouching = Vouching(cosigner, settings.verifiers, WitnessState.open(settings.state), clock)
    try:
        vouching.require_own_memory()
    except NoteError as error:
        raise SettingsError(_("Het geheugen van de getuige hoort niet bij deze sleutel.")) from error
    return vouching


def read_cosigner(path: Path) -> Cosigner:
    """The signing key in a secret file.

    Raises:
        SettingsError: missing, readable by others, weak or malformed.
    """
    try:
        return Cosigner.from_skey(read_secret(path))
    except NoteError as error:
        raise SettingsError(
            _("De geheime sleutel {pad} is niet te gebruiken: {reden}.").format(pad=path, reden=error)
        ) from None


def make_key(
    name: str, folder: Path, logs: Sequence[Verifier], *, randomness: Randomness = secrets.token_bytes
) -> Witness:
    """Makes what witness ``name`` of ``logs`` needs in ``folder``: secret key, public key, empty memory and settings.

    Raises:
        SettingsError: the name cannot be that of a key, or one of the files exists.
    """
    try:
        cosigner = Cosigner(name, Secret(randomness(KEY_SIZE)))
    except NoteError as error:
        raise SettingsError(_("De naam {naam} kan niet: {reden}.").format(naam=name, reden=error)) from None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for file in (KEY_FILE, VKEY_FILE, STATE_FILE, SETTINGS_FILE):
        if (folder / file).exists():
            raise SettingsError(
                _("Het bestand {pad} bestaat al en wordt niet overschreven.").format(pad=folder / file)
            )
    write_secret(folder / KEY_FILE, cosigner.skey.reveal() + b"\n")
    (folder / VKEY_FILE).write_text(cosigner.witness.vkey + "\n", encoding="utf-8")
    (folder / SETTINGS_FILE).write_text(_settings(logs), encoding="utf-8")
    WitnessState.create(folder / STATE_FILE).close()
    return cosigner.witness


def _settings(logs: Sequence[Verifier]) -> str:
    listed = ", ".join(f'"{one.vkey}"' for one in logs)
    return f'signing_key = "{KEY_FILE}"\nstate = "{STATE_FILE}"\nlogs = [{listed}]\n'


def _application(vouching: Vouching) -> FastAPI:
    app = new_app(
        "Getuige van het logboek",
        VERSION,
        "Bevestigt het nieuwste controlepunt van een logboek, en nooit twee die elkaar tegenspreken (C2SP tlog-witness).",
        accepts=ANYTHING,
    )

    @app.post(
        "/add-checkpoint",
        response_class=Response,
        responses={
            200: _content("text/plain"),
            409: {"description": _("Verouderd: de omvang die wel klopt"), **_content(SIZE_TYPE)},
            **refusals(400, 403, 404, 422),
        },
        openapi_extra={"requestBody": {"required": True, **_content("text/plain")}},
    )
    async def add_checkpoint(request: Request) -> Response:
        return await run_in_threadpool(_answer, vouching, await request.body())

    @app.get("/{origin_hash}/checkpoint", response_class=Response, responses={200: _content("text/plain")})
    def published(origin_hash: str) -> Response:
        note = vouching.published(origin_hash)
        if note is None:
            raise _unknown()
        return Response(note, media_type=_TEXT)

    return app


def _content(kind: str) -> dict[str, Any]:
    return {"content": {kind: {"schema": {"type": "string"}}}}


def _answer(vouching: Vouching, body: bytes) -> Response:
    try:
        vouched = vouching.vouch(body)
    except StaleError as error:
        # Not as media_type: the framework would add a character set, and clients compare the whole.
        return Response(size_body(error.size), 409, {"Content-Type": SIZE_TYPE})
    except OfferError as error:
        raise _refusal(error) from error
    return Response(str(vouched.cosignature.signature), media_type=_TEXT)


def _refusal(error: OfferError) -> Refusal:
    status, code, title, now = {
        MalformedError: (
            400,
            "ongeldige-invoer",
            _("Dit verzoek kunnen we niet lezen."),
            _("Stuur 'old', het bewijs, een lege regel en het controlepunt, zoals C2SP tlog-witness zegt."),
        ),
        UntrustedError: (
            403,
            "niet-ondertekend",
            _("Het logboek heeft dit niet ondertekend."),
            _("Stuur het controlepunt zoals de ondertekenaar van het logboek het gaf."),
        ),
        UnknownLogError: (
            404,
            "onbekend-logboek",
            _("Dit logboek kennen we niet."),
            _("Vraag de beheerder van deze getuige om de openbare sleutel van het logboek toe te voegen."),
        ),
        ContradictionError: (
            422,
            "tegenspraak",
            _("Dit controlepunt sluit niet aan op wat deze getuige eerder zag."),
            _(
                "Ga na of het register is teruggezet of veranderd, en meld het aan de FG's. De getuige bewaart het als bewijs."
            ),
        ),
    }[type(error)]
    detail = _("Er is niets bevestigd: {reden}.").format(reden=error)
    return Refusal(status, code, title, detail, way_forward=now, rule="C2SP tlog-witness")


def _unknown() -> Refusal:
    return Refusal(
        404,
        "niet-gevonden",
        _("Van dit logboek is hier nog niets bevestigd."),
        _("Het adres is SHA-256 van de naam van het logboek, met /checkpoint erachter."),
        way_forward=_("Controleer de naam van het logboek."),
    )
