# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The pages on which a functioneel beheerder sees to people of the own organisation: their accounts at this register, and their mandates.

As every page: each calls the interface (`/v1/accounts`, `/v1/beheer/mandaten`) with the visitor's session. A refusal comes back on the form that was sent, with what was typed. What
cannot be taken back is asked twice; what changes anything ends in another address, but for a first password, which is shown this once.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from process.language import gettext as _
from process.language import together
from process.problem import FieldError, Refusal
from register.enrolment import LONGEST_TEXT, roles_of
from register.proposing import APART
from register.words import day, entry_value, role_name, typed_day

PATH: Final = "/beheer/mensen"
MANDATE: Final = "/beheer/mandaten/nieuw"
MANDATE_END: Final = "/beheer/mandaten/einde"

_MEMBERS: Final = (
    "medewerker",
    "rol",
    "geldigVan",
    "geldigTot",
    "opgeleidOp",
    "gescreendOp",
    "besluitstuk",
    "beslotenDoor",
)
_DAYS: Final = frozenset({"geldigVan", "geldigTot", "opgeleidOp", "gescreendOp", "beslotenOp", "op"})
_OF_AN_END: Final = ("medewerker", "rol", "op", "besluitstuk", "beslotenDoor")

_Page = Callable[[Request, Any], Awaitable[Response]]


@dataclass(frozen=True)
class Tools:
    """What the pages of the register lend to these: see `register.central.web.pages`."""

    page: Callable[..., Callable[[_Page], _Page]]
    show: Callable[..., Response]
    form_of: Callable[..., Awaitable[Mapping[str, str]]]
    call: Callable[..., Awaitable[Any]]


def filled(sent: Mapping[str, str], names: Sequence[str]) -> dict[str, str]:
    """What was typed in these fields, without what was left empty; days as the interface takes them."""
    given = {name: sent[name].strip() for name in names if sent.get(name, "").strip()}
    return {name: typed_day(text) if name in _DAYS else text for name, text in given.items()}


def refused(refusal: Refusal | None, labels: Mapping[str, str]) -> dict[str, Any]:
    """What a form needs of a refusal: itself, its errors as (field, what), and the error of each field."""
    told = [] if refusal is None else [(one.field, one.reason) for one in refusal.fields]
    named = [(name, f"{labels[name]}: {why}" if name in labels else why) for name, why in told]
    return {"refusal": refusal, "errors": named, "error_of": dict(told)}


def kept_here(refusal: Refusal) -> Refusal:
    """The refusal, if it is shown on the form; who must sign in again, or asked for what is not there, goes to a page of its own.

    Raises:
        Refusal: it is not.
    """
    if refusal.status in {401, 404}:
        raise refusal
    return refusal


def leads_back(tools: Tools, path: str, to: str) -> None:
    """Whoever asks for the address of a form without sending it (another language, the way back) comes to the page that it stands on."""

    @tools.page(path)
    async def back(request: Request, visit: Any) -> Response:
        del visit
        return RedirectResponse(to.format(**request.path_params), 303)


def mount(tools: Tools) -> None:
    """Put the pages at their addresses."""
    for path in ("/beheer/accounts", "/beheer/accounts/wijzigen", "/beheer/mandaten", MANDATE_END):
        leads_back(tools, path, PATH)
    _accounts(tools)
    _mandates(tools)


def _accounts(tools: Tools) -> None:  # noqa: C901 - one closure per page
    page, form_of, call = tools.page, tools.form_of, tools.call

    async def people(
        visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None, done: str = ""
    ) -> Response:
        found = await call("GET", "/v1/accounts", visit)
        overview = await call("GET", "/v1/beheer", visit)
        others = [one for one in found["accounts"] if not one["eigen"]]
        return tools.show(
            "mensen.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            accounts=[(None, _account(one)) for one in found["accounts"]],
            choices=[
                (f"{one['rol']} {one['medewerker']}", f"{role_name(one['rol'])}, {one['medewerker']}")
                for one in found["keuzes"]
            ],
            others=[(one["naam"], f"{one['naam']} ({role_name(one['rol'])})") for one in others],
            acts=list(_acts().items()),
            mandates=[(None, mandate_row(one)) for one in overview["mandaten"]],
            chosen=[
                (f"{one['rol']} {one['medewerker']}", f"{role_name(one['rol'])}, {one['medewerker']}")
                for one in overview["mandaten"]
                if one["rol"] not in APART
            ],
            sent=sent,
            done=_said().get(done, ""),
            **refused(refusal, _labels()),
        )

    @page(PATH)
    async def look(request: Request, visit: Any) -> Response:
        return await people(visit, {}, done=request.query_params.get("gedaan", ""))

    @page("/beheer/accounts", "POST")
    async def make(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        role, _space, officer = sent.get("wie", "").partition(" ")
        body = {"rol": role, "medewerker": officer, "naam": sent.get("naam", "").strip().lower()}
        try:
            if not officer:
                raise _unchosen("wie")
            made = await call("POST", "/v1/accounts", visit, json=body)
        except Refusal as refusal:
            return await people(visit, sent, _on_this_form(kept_here(refusal)))
        return _password(tools, visit, made)

    @page("/beheer/accounts/wijzigen", "POST")
    async def change(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        name, act = sent.get("account", ""), sent.get("handeling", "")
        try:
            if not name or act not in _acts():
                raise _unchosen("handeling" if name else "account")
            if act in _FINAL and sent.get("zeker") != "ja":
                return tools.show(
                    "account-einde.html", visit, PATH, name=name, act=act, asked="zeker" in sent
                )
            done = await call("POST", _ADDRESS[act], visit, json={"naam": name})
        except Refusal as refusal:
            return await people(visit, sent, kept_here(refusal))
        if act == "wachtwoord":
            return _password(tools, visit, done)
        return RedirectResponse(f"{PATH}?gedaan={act}", 303)


_ADDRESS: Final[Mapping[str, str]] = {
    "wachtwoord": "/v1/accounts/wachtwoorden",
    "tweede-stap": "/v1/accounts/herstellingen",
    "afmelden": "/v1/accounts/afmeldingen",
    "blokkeren": "/v1/accounts/blokkades",
    "beeindigen": "/v1/accounts/beeindigingen",
}
_FINAL: Final = frozenset({"beeindigen"})


def _acts() -> Mapping[str, str]:
    return {
        "wachtwoord": _("Nieuw eerste wachtwoord geven (wachtwoord vergeten)"),
        "tweede-stap": _("Tweede stap weghalen (telefoon of sleutel kwijt)"),
        "afmelden": _("Overal afmelden"),
        "blokkeren": _("Blokkeren tot u een nieuw eerste wachtwoord geeft"),
        "beeindigen": _("Account beëindigen; dat is niet terug te draaien"),
    }


def _said() -> Mapping[str, str]:
    return {
        "tweede-stap": _("De tweede stap is weggehaald en alle aanmeldingen zijn beëindigd."),
        "afmelden": _("Deze persoon is overal afgemeld."),
        "blokkeren": _("Het account is geblokkeerd en alle aanmeldingen zijn beëindigd."),
        "beeindigen": _("Het account is beëindigd. Het mandaat geldt nog; beëindig dat ook als dat moet."),
        "mandaat-einde": _("Het mandaat is beëindigd."),
    }


def _password(tools: Tools, visit: Any, made: Mapping[str, Any]) -> Response:
    until = entry_value("moment", made["geldigTot"], {})
    return tools.show(
        "eerste-wachtwoord.html", visit, PATH, name=made["naam"], password=made["wachtwoord"], until=until
    )


def _account(one: Mapping[str, Any]) -> tuple[str, ...]:
    state = _("in gebruik")
    if one["geblokkeerd"]:
        state = _("geblokkeerd")
    elif one.get("eersteWachtwoordTot"):
        state = _("eerste wachtwoord, tot {moment}").format(
            moment=entry_value("moment", one["eersteWachtwoordTot"], {})
        )
    if not one["mandaatGeldt"]:
        state = _("{stand}; geen mandaat dat geldt").format(stand=state)
    return (
        one["naam"],
        role_name(one["rol"]),
        one["medewerker"],
        _("ja") if one["tweedeStap"] else _("nee"),
        str(one["aangemeld"]),
        state,
    )


def mandate_row(one: Mapping[str, Any]) -> tuple[str, ...]:
    """A mandate in a table."""
    return (
        one["medewerker"],
        role_name(one["rol"]),
        _("{van} tot en met {tot}").format(van=day(one["geldigVan"]), tot=day(one["geldigTot"])),
        _day(one.get("opgeleidOp")),
        _day(one.get("gescreendOp")),
        _("ja") if one["geldt"] else _("nee"),
    )


def _day(text: str | None) -> str:
    return day(text) if text else _("niet vastgelegd")


def _mandates(tools: Tools) -> None:  # noqa: C901 - one closure per page
    page, form_of, call = tools.page, tools.form_of, tools.call

    def proposing(visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None) -> Response:
        roles = sorted(roles_of(visit.organisation) - APART, key=role_name)
        return tools.show(
            "mandaat.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            roles=[(one, role_name(one)) for one in roles],
            sent=sent,
            longest=LONGEST_TEXT,
            **refused(refusal, _labels()),
        )

    def ending(visit: Any, sent: Mapping[str, str], refusal: Refusal | None = None) -> Response:
        return tools.show(
            "mandaat-einde.html",
            visit,
            PATH,
            status=refusal.status if refusal else 200,
            whose=f"{role_name(sent.get('rol', ''))}, {sent.get('medewerker', '')}",
            sent=sent,
            longest=LONGEST_TEXT,
            **refused(refusal, _labels()),
        )

    @page(MANDATE)
    async def form(request: Request, visit: Any) -> Response:
        del request
        # Who manages nothing is told so before anything is typed.
        await call("GET", "/v1/beheer", visit)
        return proposing(visit, {})

    @page(MANDATE, "POST")
    async def propose(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        try:
            made = await call("POST", "/v1/beheer/mandaten", visit, json=filled(sent, _MEMBERS))
        except Refusal as refusal:
            return proposing(visit, sent, kept_here(refusal))
        return RedirectResponse(f"/voorstellen/{made['vastleggingId']}", 303)

    @page("/beheer/mandaten", "POST")
    async def choose(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        role, _space, officer = sent.get("mandaat", "").partition(" ")
        await call("GET", "/v1/beheer", visit)
        chosen = {"rol": role, "medewerker": officer}
        if not officer or sent.get("wat") not in {"verlengen", "beeindigen"}:
            return RedirectResponse(PATH, 303)
        return proposing(visit, chosen) if sent["wat"] == "verlengen" else ending(visit, chosen)

    @page(MANDATE_END, "POST")
    async def end(request: Request, visit: Any) -> Response:
        sent = await form_of(request, visit)
        try:
            if sent.get("zeker") != "ja":
                raise incomplete(FieldError("zeker", _("Zet een vinkje als u het zeker weet.")))
            await call("POST", "/v1/beheer/mandaten/beeindigingen", visit, json=filled(sent, _OF_AN_END))
        except Refusal as refusal:
            return ending(visit, sent, kept_here(refusal))
        return RedirectResponse(f"{PATH}?gedaan=mandaat-einde", 303)


def _labels() -> Mapping[str, str]:
    """The fields as the forms name them."""
    return {
        "medewerker": _("Nummer van de medewerker"),
        "rol": _("Rol"),
        "geldigVan": _("Eerste dag"),
        "geldigTot": _("Laatste dag"),
        "opgeleidOp": _("Opleiding afgerond op"),
        "gescreendOp": _("Screening afgerond op"),
        "besluitstuk": _("Kenmerk van het besluit"),
        "beslotenDoor": _("Wie besloot"),
        "naam": _("Naam om mee aan te melden"),
        "op": _("Eerste dag zonder"),
    }


def _on_this_form(refusal: Refusal) -> Refusal:
    """Who an account is for is one choice on the form, and two members of the message."""
    fields = tuple(
        FieldError("wie", one.reason) if one.field in {"medewerker", "rol"} else one for one in refusal.fields
    )
    return Refusal(
        refusal.status,
        refusal.code,
        refusal.title,
        refusal.detail,
        way_forward=refusal.way_forward,
        rule=refusal.rule,
        fields=tuple(dict.fromkeys(fields)),
    )


def _unchosen(field: str) -> Refusal:
    return incomplete(FieldError(field, _("Maak een keuze.")))


def incomplete(*wrong: FieldError) -> Refusal:
    """A form in which something is missing."""
    return Refusal(
        400,
        "onvolledig",
        _("Uw formulier is nog niet af."),
        together((one.reason for one in wrong), " "),
        way_forward=_("Vul aan wat ontbreekt en verstuur opnieuw."),
        fields=wrong,
    )
