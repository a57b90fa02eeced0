# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The log as an FG reads it: its rows, one row with its proof, the witnesses, and the whole of it calculated again.

Calculating again believes nothing of the register: it takes what anyone may take (the newest checkpoint, the leaves) and the own entries with their proofs, and has `audit.verify` judge them as it does on an FG's own
computer: the signature of the log, the witnesses, all leaves up to the checkpoint, and every own entry of the page. Above `MOST_REPLAYED` leaves a page would take too long: it says so, and the FG's own computer does it.
What a page of the register says of the register is no proof by itself; so everything can be taken home, with what to do there.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import httpx
from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from audit.bundle import Bundle, bundle_from_json
from audit.canonical import base64_bytes
from audit.checkpoint import Checkpoint
from audit.cosignature import NOBODY, PolicyWitness, Witness, WitnessPolicy, cosignatures
from audit.note import Verifier, parse
from audit.verify import NO_WITNESSES, Outcome, Step, Verdict, verify_bundle
from process.language import gettext as _
from process.language import ngettext
from process.moments import Clock
from process.problem import Refusal, refusal_from
from register.central.web.supervision_pages import grouped
from register.safeguards import FREEZE_REASONS
from register.theme import security_headers
from register.words import (
    EVIDENCE,
    entry_labels,
    entry_value,
    event_name,
    handling_name,
    moment_in_words,
    purpose_of,
)

PATH: Final = "/logboek"
MOST_REPLAYED: Final = 20_000
"""So many leaves a page calculates again; one second, about."""
LEAVES_AT_ONCE: Final = 1_000
FULL_PAGE: Final = 200


@dataclass(frozen=True)
class Tools:
    """What the pages of the register give to these.

    Attributes:
        page: registers a page.
        show: renders a template.
        call: asks the public interface as this visitor.
        form_of: reads a form that came from our own page.
        reminders: what waits for this visitor.
        interface: the same interface, for what anyone may read.
        clock: now.
        vkeys: keys of the log and of the receipts.
        address: of these pages, of the settings; None if they name none.
    """

    page: Callable[..., Callable[[Any], Any]]
    show: Callable[..., Response]
    call: Callable[..., Awaitable[Any]]
    form_of: Callable[[Request, Any], Awaitable[Mapping[str, str]]]
    reminders: Callable[[Any], Awaitable[list[tuple[str, str]]]]
    interface: httpx.AsyncClient
    clock: Clock
    vkeys: tuple[str, str]
    address: str | None


def mount(tools: Tools) -> None:
    """Add the pages."""
    _rows(tools)
    _whole(tools)
    _witnesses(tools)
    _one(tools)


def _rows(tools: Tools) -> None:
    @tools.page(PATH)
    async def log_page(request: Request, visit: Any) -> Response:
        since = _since(request)
        found = await tools.call("GET", "/v1/logboek/regels", visit, params={"vanaf": since})
        whole = "alles" in request.query_params
        next_leaf = found["regels"][-1]["blad"] + 1 if len(found["regels"]) >= FULL_PAGE else None
        return tools.show(
            "logboek.html",
            visit,
            PATH,
            rows=grouped(list(reversed(found["regels"])), visit.names, whole=whole),
            since=since,
            whole=whole,
            place=visit.names.get(visit.organisation, ""),
            next_leaf=next_leaf,
            witnessed=_((await tools.call("GET", "/v1/logboek/getuigen", visit))["zin"]),
            reminders=await tools.reminders(visit),
        )


def _whole(tools: Tools) -> None:
    @tools.page(f"{PATH}/narekenen")
    async def check_page(request: Request, visit: Any) -> Response:
        since = _since(request)
        document = await tools.call("GET", "/v1/logboek/regels/bewijzen", visit, params={"vanaf": since})
        witnesses = await tools.call("GET", "/v1/logboek/getuigen", visit)
        bundle = bundle_from_json(document)
        size = Checkpoint.from_text(parse(bundle.checkpoint).text).size
        leaves = await _leaves(tools.interface, size) if size <= MOST_REPLAYED else None
        policy, vouching, required = _vouched(bundle, witnesses)
        verdict = await run_in_threadpool(judged, replace(bundle, leaves=leaves), tools.vkeys, required)
        own = [one.leaf_index for one in bundle.entries]
        return tools.show(
            "narekenen.html",
            visit,
            PATH,
            verdict=verdict,
            title=sentence(
                verdict,
                size if leaves is not None else None,
                (vouching, len(policy.witnesses)),
                moment_in_words(tools.clock()),
            ),
            lacking=max(policy.needed - vouching, 0),
            vouched=bool(vouching),
            appointed=bool(policy.witnesses),
            own=_own_said(own),
            steps=_steps(_said(verdict, policy)),
            whole=leaves is not None,
            size=size,
            since=since,
            next_leaf=own[-1] + 1 if len(own) >= FULL_PAGE else None,
            vkey=tools.vkeys[0],
        )

    @tools.page(f"{PATH}/controlepunt")
    async def checkpoint_file(request: Request, visit: Any) -> Response:
        del request, visit
        answer = await tools.interface.get("/v1/logboek/checkpoint")
        if answer.is_error:
            raise refusal_from(answer.json())
        return _file(answer.content, "controlepunt.txt", "text/plain; charset=utf-8")

    @tools.page(f"{PATH}/bewijzen")
    async def proofs_file(request: Request, visit: Any) -> Response:
        since = _since(request)
        content = await _fetched(tools, visit, f"/v1/logboek/regels/bewijzen?vanaf={since}")
        return _file(content, f"bewijzen-vanaf-{since}.json", "application/json")

    @tools.page(f"{PATH}/werkwijze")
    async def instructions_file(request: Request, visit: Any) -> Response:
        del request, visit
        # Never what a browser says that it asked: whoever gets an FG to ask under another name would have a verifier look at another log.
        text = instructions(tools.address, tools.vkeys[0])
        return _file(text.encode(), "zelf-nagaan.txt", "text/plain; charset=utf-8")


def _witnesses(tools: Tools) -> None:
    @tools.page("/getuigen")
    async def witnesses_page(request: Request, visit: Any) -> Response:
        del request
        return await shown(visit)

    @tools.page("/getuigen", "POST")
    async def hand_in_page(request: Request, visit: Any) -> Response:
        sent = await tools.form_of(request, visit)
        # A browser ends lines in its own way; what was signed ends them in one.
        note = sent.get("controlepunt", "").replace("\r\n", "\n").strip() + "\n"
        path = "/v1/logboek/getuigen/bevestigingen"
        taken = await tools.call("POST", path, visit, json={"controlepunt": note})
        return await shown(visit, taken["getuigen"])

    async def shown(visit: Any, taken: Sequence[str] = ()) -> Response:
        found = await tools.call("GET", "/v1/logboek/getuigen", visit)
        rows = [
            (
                one["naam"],
                one["omvang"],
                entry_value("moment", one.get("bevestigdOp", ""), {}),
                _(one["wat"]),
                one.get("url"),
            )
            for one in found["getuigen"]
        ]
        return tools.show("getuigen.html", visit, "/getuigen", found=found, rows=rows, taken=taken)


def _one(tools: Tools) -> None:
    @tools.page(f"{PATH}/{{blad}}")
    async def entry_page(request: Request, visit: Any) -> Response:
        leaf = _number(request.path_params["blad"])
        found = await tools.call("GET", "/v1/logboek/regels", visit, params={"vanaf": str(leaf)})
        line = next((one for one in found["regels"] if one["blad"] == leaf), None)
        if line is None:
            raise _no_such_entry()
        bundle = await tools.call("GET", f"/v1/logboek/regels/{leaf}/bewijs", visit)
        kept = bundle_from_json(bundle)
        policy, vouching, required = _vouched(kept, await tools.call("GET", "/v1/logboek/getuigen", visit))
        verdict = judged(kept, tools.vkeys, required)
        return tools.show(
            "logregel.html",
            visit,
            PATH,
            leaf=leaf,
            title=event_name(line["gebeurtenis"], line["ontvanger"]),
            rows=[
                (_("Soort handeling"), handling_name(line["gebeurtenis"])),
                *(
                    (label, entry_value(key, line["velden"][key], visit.names))
                    for key, label in entry_labels()
                    if line["velden"].get(key) not in (None, "", []) and key not in EVIDENCE
                ),
            ],
            marks=[
                (label, entry_value(key, line["velden"][key], visit.names))
                for key, label in entry_labels()
                if line["velden"].get(key) not in (None, "", []) and key in EVIDENCE
            ],
            asked=line["gebeurtenis"] == "bevraging" and line["ontvanger"] == "vrager",
            officer=line["velden"].get("medewerker", ""),
            reasons=list(FREEZE_REASONS.items()),
            verdict=verdict,
            steps=[(one.sentence, _outcome(one.outcome)) for one in _said(verdict, policy)],
            few=(vouching, len(policy.witnesses)) if required is not policy else None,
            vkey=tools.vkeys[0],
        )

    @tools.page(f"{PATH}/{{blad}}/bewijs")
    async def proof_file(request: Request, visit: Any) -> Response:
        leaf = _number(request.path_params["blad"])
        content = await _fetched(tools, visit, f"/v1/logboek/regels/{leaf}/bewijs")
        return _file(content, f"bewijs-{leaf}.json", "application/json")


async def _fetched(tools: Tools, visit: Any, path: str) -> bytes:
    """What the interface answers, byte for byte."""
    headers = {"Authorization": f"Bearer {visit.token}", "Doel": purpose_of(visit.role)}
    answer = await tools.interface.get(path, headers=headers)
    if answer.is_error:
        raise refusal_from(answer.json())
    return answer.content


async def _leaves(interface: httpx.AsyncClient, size: int) -> tuple[bytes, ...]:
    """The first leaves of the log, as anyone may take them."""
    found: list[bytes] = []
    while len(found) < size:
        asked = {"vanaf": str(len(found)), "aantal": str(min(LEAVES_AT_ONCE, size - len(found)))}
        answer = await interface.get("/v1/logboek/bladen", params=asked)
        if answer.is_error:
            raise refusal_from(answer.json())
        part = [base64_bytes(one) for one in answer.json()["bladen"]]
        if not part:
            break
        found += part
    return tuple(found)


def judged(bundle: Bundle, vkeys: tuple[str, str], policy: WitnessPolicy) -> Verdict:
    """The verdict on an export, with the keys that this register is known by."""
    log, receipts = (Verifier.from_vkey(one) for one in vkeys)
    return verify_bundle(bundle, log=log, receipts=(receipts,), witnesses=policy)


def _vouched(bundle: Bundle, witnesses: Mapping[str, Any]) -> tuple[WitnessPolicy, int, WitnessPolicy]:
    """Who the witnesses are, how many of them vouch for this checkpoint, and what the verdict asks of them.

    Too few is told beside the verdict: publishing waits for nobody, and a checkpoint of a second old has no witness yet.
    """
    policy = policy_of(witnesses)
    vouching = len(cosignatures(bundle.checkpoint, policy.keys))
    return policy, vouching, policy if vouching >= policy.needed else NOBODY


def policy_of(found: Mapping[str, Any]) -> WitnessPolicy:
    """The witnesses as the interface tells them, for the one who calculates."""
    witnesses = tuple(
        PolicyWitness(one["naam"], Witness.from_vkey(one["sleutel"]), one.get("url"))
        for one in found["getuigen"]
    )
    return WitnessPolicy(witnesses, found["nodig"]) if witnesses else NOBODY


def sentence(verdict: Verdict, size: int | None, witnesses: tuple[int, int], moment: str) -> str:
    """The verdict as an FG can say it to somebody else; `size` is None where only the own entries were calculated."""
    if not verdict.verified:
        return _("Het logboek klopt niet, of is niet na te gaan. Nagegaan op {moment}.").format(moment=moment)
    if size is None:
        return _(
            "De regels van uw organisatie op deze pagina kloppen. Het hele logboek is nog niet nagerekend. Nagegaan op {moment}."
        ).format(moment=moment)
    vouching, total = witnesses
    vouched = (
        _("bevestigd door {aantal} van de {totaal} getuigen").format(aantal=vouching, totaal=total)
        if total
        else _("nog door geen enkele getuige bevestigd")
    )
    return _("Het logboek klopt tot en met regel {nummer}, {bevestigd}. Nagegaan op {moment}.").format(
        nummer=size - 1, bevestigd=vouched, moment=moment
    )


def instructions(address: str | None, vkey: str) -> str:
    """What an FG does on another computer, as lines to keep; where the register does not know its own address, it is asked for."""
    asked = (
        ()
        if address
        else (_("   Zet voor ADRES het adres van het register dat u langs een andere weg kreeg."),)
    )
    lines = (
        _("HET LOGBOEK ZELF NAGAAN, ZONDER HET REGISTER"),
        "",
        _("U hebt nodig: Python 3.11 of nieuwer, en het bestand logboek-nagaan.pyz."),
        _(
            "Krijg dat bestand van een collega of maak het uit de broncode met: make verifier. Vergelijk het kenmerk (SHA-256) door de telefoon."
        ),
        "",
        _("1. De sleutel van het logboek. Vergelijk hem met wat u langs een andere weg kreeg:"),
        f"   {vkey}",
        _("   Zet hem op één regel in een bestand: logboek.vkey"),
        "",
        _("2. Het hele logboek:"),
        f"   python3 logboek-nagaan.pyz --log {address or 'ADRES'} --vkey logboek.vkey --remember onthouden",
        *asked,
        _("   Hebt u de lijst met getuigen, zet er dan bij: --policy getuigen.txt"),
        "",
        _("3. Uw eigen regels, uit het bestand met bewijzen dat u hier opslaat:"),
        "   python3 logboek-nagaan.pyz bewijzen-vanaf-0.json --vkey logboek.vkey",
        "",
        _("Lees de eerste regel. Goedgekeurd: klaar. Afgekeurd: er staat bij wat er mis is en wat u doet."),
        _("Bewaar dan alle bestanden, en bel de beheerder van het register en een FG van elders."),
    )
    return "\n".join(map(str, lines)) + "\n"


def _said(verdict: Verdict, policy: WitnessPolicy) -> list[Step]:
    """The steps, without the one that says that there are no witnesses where there are; that they are too few the page says itself."""
    return [one for one in verdict.steps if not policy.witnesses or one.sentence != NO_WITNESSES]


def _steps(said: Sequence[Step]) -> list[tuple[str, str]]:
    """What was checked and what came of it. Entries that are well are one line: a page of two hundred says nothing more."""
    kept = [one for one in said if one.outcome is not Outcome.PASSED]
    passed = [one for one in said if one.outcome is Outcome.PASSED]
    shown, more = passed[:_SHOWN], len(passed) - _SHOWN
    rows = [(one.sentence, _outcome(one.outcome)) for one in (*kept, *shown)]
    if more > 0:
        rest = ngettext("Nog {aantal} controle.", "Nog {aantal} controles.", more).format(aantal=more)
        rows.append((rest, _outcome(Outcome.PASSED)))
    return rows


_SHOWN: Final = 6


def _outcome(found: Outcome) -> str:
    return {Outcome.PASSED: _("goed"), Outcome.FAILED: _("fout"), Outcome.SKIPPED: _("niet nagegaan")}[found]


def _own_said(own: Sequence[int]) -> str:
    if not own:
        return _("Van uw organisatie staat er op deze bladen geen regel.")
    return ngettext(
        "Van uw organisatie is {aantal} regel nagerekend, op blad {eerste}.",
        "Van uw organisatie zijn {aantal} regels nagerekend, van blad {eerste} tot en met blad {laatste}.",
        len(own),
    ).format(aantal=len(own), eerste=own[0], laatste=own[-1])


def _file(content: bytes, name: str, kind: str) -> Response:
    attachment = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers={**security_headers(), **attachment})


def _since(request: Request) -> str:
    text = request.query_params.get("vanaf", "0")
    return text if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else "0"


_LONGEST_NUMBER: Final = 15


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > _LONGEST_NUMBER:
        raise _no_such_entry()
    return int(text)


def _no_such_entry() -> Refusal:
    return Refusal(
        404,
        "niet-gevonden",
        _("Deze logregel is er niet, of is niet van uw organisatie."),
        _("U ziet alleen regels van uw eigen organisatie."),
        way_forward=_("Ga terug naar het logboek en kies een regel uit de lijst."),
        rule="C20",
    )
