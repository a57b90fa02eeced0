# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The weekly inbox of an FG: job `postvak` that fills it, and what an FG does with it.

The job goes through a week of one organisation once a checkpoint covers it: flags, all of a month with few questions, and a sample of the rest (`register.reviewing`). It keeps leaf numbers and codes, and tells the
organisation in the log what it drew from, with which limits and from which checkpoint, so that the draw can be done again. An FG opens items one by one and says what they think; every verdict is an
entry with the leaf that it is about. What has no verdict in time is among what waits for the FG, and for those who answer for the organisation.

What was thrown with a die seeds the draw of a month: nobody knew it when the checkpoint was signed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from audit.canonical import JSON, base64_text
from audit.checkpoint import Checkpoint
from audit.note import parse
from process.jobs import Unfinished
from process.language import gettext as _
from process.problem import FieldError, Refusal
from register import reviewing
from register.central.asking_for import Acting
from register.central.centre import Centre, receipt, who
from register.central.phase2 import not_found
from register.central.reading import line, lines, may_review, newest_checkpoint
from register.central.store import reviews as store
from register.central.store.destruction import organisations_in_log
from register.central.store.reviews import Draw, Item
from register.dangers import VERDICTS
from register.events import ASKER, CATALOGUE, SUBJECT
from register.reviewing import THRESHOLDS, Flag, Span
from register.wire import (
    Grens,
    GrensGewijzigd,
    GrensWijziging,
    Grenzen,
    Logregel,
    Post,
    PostBeoordeeld,
    PostBeoordeling,
    PostGeopend,
    PostReden,
    Postvak,
    Steekproef,
    SteekproefGetrokken,
)

WEEKS = 5
"""How far back the job goes the first time."""

MOST_WEEKS = 56
"""How far back a job goes that stood still: as long as the entries can be opened."""

SHOWN = timedelta(days=35)
"""How long an item with a verdict stays in sight."""


def fill(centre: Centre, moment: datetime) -> Mapping[str, int]:
    """Go through one week of one organisation that nobody went through yet, the oldest first; `Unfinished` after each."""
    with centre.database.public() as connection:
        names = organisations_in_log(connection)
    with centre.database.public() as connection:
        weeks = weeks_of(moment, store.newest_week(connection))
        done = store.drawn(connection, [one.name for one in weeks])
    today = moment.date()
    heirs = {centre.policy.register.current(name, today) for name in names}
    for span in weeks:
        for organisation in sorted(heirs):
            if (organisation, span.name) not in done and _fill(centre, organisation, span, moment):
                return Unfinished(weken=1)
    return {"weken": 0}


def weeks_of(moment: datetime, newest: str | None) -> list[Span]:
    """The weeks that are over and still gone through, oldest first.

    Args:
        moment: now.
        newest: the last week that was gone through for anybody: from there on nothing is passed over, however long the job stood still.
    """
    span, found = reviewing.week_of(moment), list[Span]()
    while len(found) < WEEKS or (newest is not None and span.name > newest and len(found) < MOST_WEEKS):
        span = reviewing.before(span)
        found.insert(0, span)
    return found


def _fill(centre: Centre, organisation: str, span: Span, moment: datetime) -> bool:
    """Whether this week could be gone through: not before a checkpoint covers it."""
    limits = limits_of(centre, organisation)
    codes = centre.policy.register.lineage(organisation, moment.date())
    with centre.database.public() as connection:
        found = lines(centre, connection, codes, span.start - reviewing.look_back(limits), span.end)
        last = found[-1].leaf if found else -1
        note = centre.database.log.checkpoint_covering(connection, last)
    if note is None:
        return False
    checkpoint = Checkpoint.from_text(parse(note).text)
    questions = [one for one in found if one.is_question and one.moment in span]
    begin = reviewing.seed(organisation, span.name, checkpoint.size, checkpoint.root)
    items = reviewing.inbox(found, span, limits, begin, moment)
    due = reviewing.due_on(span, limits)
    draw = Draw(organisation, span.name, checkpoint.size, "", len(questions), due, moment)
    if not questions and not items:
        with centre.database.engine.begin() as connection:
            store.keep_empty(connection, draw)
        return True
    said: dict[str, JSON] = {
        "moment": moment.isoformat(timespec="seconds"),
        "periode": span.name,
        "omvang": checkpoint.size,
        "wortel": base64_text(checkpoint.root),
        "vragen_geteld": len(questions),
        "posten_geteld": len(items),
        "redenen": dict(sorted(Counter(flag.code for why in items.values() for flag in why).items())),
        "grenzen": dict(limits),
    }
    with centre.database.logged(moment) as work:
        store.keep(work, draw, {leaf: _kept(why) for leaf, why in items.items()})
        work.enter({organisation: CATALOGUE.payload("postvak_gevuld", SUBJECT, said)})
    return True


def _kept(why: Sequence[Flag]) -> list[dict[str, object]]:
    return [{"code": one.code, "getallen": dict(one.numbers)} for one in why]


def limits_of(centre: Centre, organisation: str) -> dict[str, int]:
    """The limits of an organisation, chosen or default."""
    with centre.database.public() as connection:
        return reviewing.limits_of(store.limits(connection, organisation))


def codes_of(centre: Centre, acting: Acting) -> list[str]:
    """The own organisation and those that it took over from."""
    return sorted(centre.policy.register.lineage(acting.organisation, acting.moment.date()))


def inbox(centre: Centre, acting: Acting) -> Postvak:
    """What an FG still has to look at, the oldest due first, and what got a verdict in the last weeks.

    Raises:
        Refusal: 403.
    """
    allowed = may_review(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = store.items(work, allowed, codes_of(centre, acting), acting.moment - SHOWN)
        posts = [_post(one, acting) for one in found]
        waiting = [one for one in posts if one.oordeel is None]
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "posten_geteld": len(posts)}
        work.enter({acting.organisation: CATALOGUE.payload("postvak_bekeken", ASKER, entry)})
    late = sum(one.te_laat for one in waiting)
    return Postvak(posten=posts, te_doen=len(waiting), te_laat=late, logbewijs=receipt(work))


def open_item(centre: Centre, acting: Acting, post: str) -> PostGeopend:
    """One item with its entry.

    Raises:
        Refusal: 403; 404 not an item of this organisation, or its entry was erased.
    """
    allowed = may_review(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = store.item(work, allowed, codes_of(centre, acting), *_number(post))
        said = None if found is None else line(centre, work.connection, codes_of(centre, acting), found.leaf)
        if found is None or said is None:
            raise not_found()
        entry: dict[str, JSON] = {**who(acting, allowed.decision), "post": post, "blad": found.leaf}
        work.enter({acting.organisation: CATALOGUE.payload("post_geopend", ASKER, entry)})
    shown = Logregel(
        blad=said.leaf, gebeurtenis=said.event, ontvanger=said.audience, velden=dict(said.fields)
    )
    return PostGeopend(post=_post(found, acting), regel=shown, logbewijs=receipt(work))


def judge(centre: Centre, acting: Acting, post: str, sent: PostBeoordeling) -> PostBeoordeeld:
    """An FG says what they think of an item.

    Raises:
        Refusal: 400 no such verdict or reason, 403, 404 not an item of this organisation, 409 it has a verdict.
    """
    if sent.oordeel not in VERDICTS or sent.waarom not in reviewing.REASONS[sent.oordeel]:
        raise _no_such_verdict(sent.oordeel)
    allowed = may_review(centre, acting)
    with centre.database.logged(acting.moment) as work:
        found = store.item(work, allowed, codes_of(centre, acting), *_number(post))
        if found is None:
            raise not_found()
        officer = acting.person.medewerker
        if not store.judge(work, allowed, found, sent.oordeel, sent.waarom, officer, acting.moment):
            raise _judged_before()
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "post": post,
            "blad": found.leaf,
            "oordeel": sent.oordeel,
            "waarom": sent.waarom,
        }
        work.enter({acting.organisation: CATALOGUE.payload("post_beoordeeld", ASKER, entry)})
    proof = receipt(work)
    return PostBeoordeeld(
        post=post, oordeel=sent.oordeel, waarom=sent.waarom, bewijs_blad=proof.blad, logbewijs=proof
    )


def draw_month(centre: Centre, acting: Acting, month: str, sent: Steekproef) -> SteekproefGetrokken:
    """Draw from the questions of a month that are not among the items yet; once for a month.

    Raises:
        Refusal: 400 no such month, 403, 409 drawn before, or nothing was signed yet.
    """
    span = month_named(month)
    allowed = may_review(centre, acting)
    limits, codes = limits_of(centre, acting.organisation), codes_of(centre, acting)
    with centre.database.public() as connection:
        # Opened before the transaction that writes, for which questions at the door would wait.
        checkpoint, _note = newest_checkpoint(centre, connection)
        found = lines(centre, connection, codes, span.start, span.end, checkpoint.size)
    with centre.database.logged(acting.moment) as work:
        if store.draw_of(work.connection, codes, span.name) is not None:
            raise _drawn_before()
        there = store.leaves(work.connection, codes, found[0].leaf if found else 0)
        rest = [one for one in found if one.is_question and one.leaf not in there]
        begin = reviewing.seed(acting.organisation, span.name, checkpoint.size, checkpoint.root, sent.worp)
        chosen = reviewing.draw(begin, reviewing.tickets_of(rest, limits), sent.aantal)
        due = reviewing.due_on(reviewing.Span(span.name, span.start, max(span.end, acting.moment)), limits)
        drawn = Draw(
            acting.organisation, span.name, checkpoint.size, sent.worp, len(rest), due, acting.moment
        )
        why = _kept([Flag(reviewing.SAMPLED)])
        store.keep(work, drawn, dict.fromkeys(sorted(chosen), why))
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "periode": span.name,
            "omvang": checkpoint.size,
            "wortel": base64_text(checkpoint.root),
            "worp": sent.worp,
            "vragen_geteld": len(rest),
            "bladen": sorted(chosen),
        }
        work.enter({acting.organisation: CATALOGUE.payload("steekproef_getrokken", ASKER, entry)})
    return SteekproefGetrokken(
        maand=span.name,
        omvang=checkpoint.size,
        wortel=base64_text(checkpoint.root),
        worp=sent.worp,
        vragen=len(rest),
        posten=[f"{span.name}.{leaf}" for leaf in sorted(chosen)],
        logbewijs=receipt(work),
    )


def thresholds(centre: Centre, acting: Acting) -> Grenzen:
    """The limits of the own organisation.

    Raises:
        Refusal: 403.
    """
    allowed = may_review(centre, acting)
    limits = limits_of(centre, acting.organisation)
    with centre.database.logged(acting.moment) as work:
        entry = who(acting, allowed.decision)
        work.enter({acting.organisation: CATALOGUE.payload("grenzen_bekeken", ASKER, entry)})
    return Grenzen(
        grenzen=[
            Grens(
                grens=name,
                wat=one.words,
                hoogte=limits[name],
                gewoon=one.default,
                laagst=one.low,
                hoogst=one.high,
            )
            for name, one in THRESHOLDS.items()
        ],
        logbewijs=receipt(work),
    )


def set_threshold(centre: Centre, acting: Acting, sent: GrensWijziging) -> GrensGewijzigd:
    """Choose a limit of the own organisation; it counts from the next week that is gone through.

    Raises:
        Refusal: 400 no such limit, or outside its bounds; 403.
    """
    limit = THRESHOLDS.get(sent.grens)
    if limit is None or not limit.low <= sent.hoogte <= limit.high:
        raise _no_such_height(sent)
    allowed = may_review(centre, acting)
    was = limits_of(centre, acting.organisation)[sent.grens]
    with centre.database.logged(acting.moment) as work:
        officer = acting.person.medewerker
        store.set_limit(work, allowed, acting.organisation, sent.grens, sent.hoogte, officer, acting.moment)
        entry: dict[str, JSON] = {
            **who(acting, allowed.decision),
            "grens": sent.grens,
            "hoogte": sent.hoogte,
            "hoogte_hiervoor": was,
        }
        work.enter({acting.organisation: CATALOGUE.payload("grens_gewijzigd", ASKER, entry)})
    return GrensGewijzigd(grens=sent.grens, hoogte=sent.hoogte, hoogte_hiervoor=was, logbewijs=receipt(work))


def month_named(month: str) -> Span:
    """The month of this name.

    Raises:
        Refusal: 400.
    """
    try:
        return reviewing.month(month)
    except ValueError:
        raise Refusal(
            400,
            "onbekende-maand",
            _("Deze maand kennen we niet."),
            _("Er is niets geteld en niets vastgelegd."),
            way_forward=_("Schrijf een maand als jaar en maand, zoals 2026-11."),
            fields=(FieldError("maand", _("Dit is geen maand.")),),
        ) from None


def _number(post: str) -> tuple[str, int]:
    """Period and leaf of an item's number; one that is none is of no item."""
    period, dot, leaf = post.partition(".")
    if not dot or not (leaf.isascii() and leaf.isdigit()) or len(leaf) > 15 or len(period) > 16:
        raise not_found()
    return period, int(leaf)


def _post(item: Item, acting: Acting) -> Post:
    why = [Flag(str(one["code"]), dict(one["getallen"])) for one in item.reasons]
    return Post(
        post=f"{item.period}.{item.leaf}",
        blad=item.leaf,
        klaar_voor=item.due_on,
        te_laat=item.verdict is None and item.due_on < acting.moment.date(),
        redenen=[_reason(one) for one in why],
        oordeel=item.verdict,
        waarom=item.reason,
        beoordeeld_op=item.reviewed_at,
        bewijs_blad=item.entry,
    )


def _reason(flag: Flag) -> PostReden:
    why, what = reviewing.explained(flag)
    return PostReden(code=flag.code, waarom=why, wat_nu=what)


def _no_such_verdict(verdict: str) -> Refusal:
    known = reviewing.REASONS.get(verdict)
    field, codes = ("oordeel", VERDICTS) if known is None else ("waarom", known)
    return Refusal(
        400,
        "onbekende-code",
        _("Deze code kennen we niet."),
        _("Er is geen oordeel vastgelegd."),
        way_forward=_("Kies een oordeel, en een reden die erbij hoort."),
        fields=(FieldError(field, _("Kies uit: {codes}.").format(codes=", ".join(codes))),),
    )


def _judged_before() -> Refusal:
    return Refusal(
        409,
        "al-beoordeeld",
        _("Over deze vraag is al geoordeeld."),
        _(
            "Een oordeel wordt één keer vastgelegd en niet veranderd. Alleen na 'ik heb nog een vraag' komt er nog een."
        ),
        way_forward=_("Denkt u er nu anders over, leg dat dan vast in uw eigen dossier."),
    )


def _drawn_before() -> Refusal:
    return Refusal(
        409,
        "al-getrokken",
        _("Voor deze maand is al een steekproef getrokken."),
        _("Wie opnieuw mag loten, kan blijven loten tot de uitkomst bevalt. Daarom kan het één keer."),
        way_forward=_("De vragen staan in uw postvak. Een andere vraag opent u in het logboek."),
    )


def _no_such_height(sent: GrensWijziging) -> Refusal:
    limit = THRESHOLDS.get(sent.grens)
    problem = (
        FieldError("grens", _("Kies uit: {codes}.").format(codes=", ".join(THRESHOLDS)))
        if limit is None
        else FieldError(
            "hoogte",
            _("Kies een getal van {laagst} tot en met {hoogst}.").format(laagst=limit.low, hoogst=limit.high),
        )
    )
    return Refusal(
        400,
        "grens-kan-niet",
        _("Deze grens kan zo niet."),
        _("Er is niets gewijzigd. Wat de wet of het ontwerp vraagt, kan een organisatie niet ruimer maken."),
        way_forward=_("Kies een grens uit de lijst en een getal dat mag."),
        fields=(problem,),
    )
