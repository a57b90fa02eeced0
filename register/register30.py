# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The art. 30 register as text, as a page and as JSON. Words only: what is in it is read off rules and records by register.activities.

The page is one file without script, image or link to elsewhere. The JSON is for other registers of processing activities (RVVA).
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from policies.difference import action_label
from policies.explain import field_label, purpose_label, role_label
from process.language import gettext as _
from process.language import together
from register.activities import Activity, Part, measures

_STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #1b1b1b; background: #fff;
  max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; hyphens: auto; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.3rem; margin-top: 2.5rem; } h3 { font-size: 1.05rem; }
a { color: #01578a; } a:focus-visible { outline: 3px solid #1b1b1b; outline-offset: 2px; }
ul { padding-left: 1.2rem; } dt { font-weight: 700; margin-top: .75rem; } dd { margin: 0; }
@media print { a { color: inherit; text-decoration: none; } section { break-inside: avoid; } }
"""


def as_json(found: Sequence[Activity], policy_hash: str) -> dict[str, Any]:
    """The register as JSON: `versie` is the hash of the rules, `verwerkingen` the activities, `maatregelen` what holds for all."""
    return {
        "versie": policy_hash,
        "verwerkingen": [_members(one) for one in found],
        "maatregelen": list(measures()),
    }


def _members(one: Activity) -> dict[str, Any]:
    return {
        "id": one.id,
        "naam": one.name,
        "doel": one.purpose,
        "rollen": [
            {
                "rol": part.role,
                "doel": part.purpose,
                "velden": list(part.fields),
                "handelingen": list(part.actions),
                "grondslagen": list(part.grounds),
                "voorwaarden": list(part.conditions),
            }
            for part in one.parts
        ],
        "grondslagen": [{"code": code, "artikel": article} for code, article in one.codes.items()],
        "vastgelegdeGrondslagen": [
            {
                "id": ground.id,
                "code": ground.code,
                "artikel": ground.article,
                "taak": ground.task,
                "organisaties": list(ground.holders),
                "document": ground.document,
            }
            for ground in one.recorded
        ],
        "betrokkenen": list(one.data_subjects),
        "gegevens": list(one.data),
        "ontvangers": list(one.recipients),
        "bewaartermijnen": list(one.terms),
    }


def as_text(found: Sequence[Activity], policy_hash: str) -> str:
    """The register for a terminal."""
    lines = [
        _("Register van verwerkingsactiviteiten (AVG 30), gemaakt uit de regels en grondslagen."),
        _("Vingerafdruk van de regels: {hash}").format(hash=policy_hash),
    ]
    for one in found:
        lines += ["", one.name, f"  {one.id}"]
        for title, values in blocks(one):
            lines += [f"  {title}:", *(f"    - {value}" for value in values)]
    lines += ["", _("Beveiliging:"), *(f"  - {one}" for one in measures())]
    return "\n".join(map(str, lines)) + "\n"


def as_html(found: Sequence[Activity], policy_hash: str) -> str:
    """The register as one page."""
    return "\n".join(_page(found, policy_hash)) + "\n"


def _page(found: Sequence[Activity], policy_hash: str) -> Iterator[str]:
    title = _("Register van verwerkingsactiviteiten")
    yield "<!doctype html>"
    yield '<html lang="nl">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
    yield f"<body><main><h1>{escape(title)}</h1>"
    yield f"<p>{escape(_('Hier staat waarvoor dit register gegevens van mensen gebruikt en wie wat ziet. Ook staat erbij welke wet dat toestaat (AVG artikel 30). De tekst is gemaakt uit de regels zelf.'))}</p>"
    yield f"<p>{escape(_('Vingerafdruk van de regels'))}: <code>{escape(policy_hash)}</code></p>"
    yield f'<nav aria-label="{escape(_("Verwerkingen"))}"><ul>'
    yield from (f'<li><a href="#{anchor(one)}">{escape(one.name)}</a></li>' for one in found)
    yield "</ul></nav>"
    for one in found:
        yield f'<section aria-labelledby="{anchor(one)}"><h2 id="{anchor(one)}">{escape(one.name)}</h2>'
        yield f"<p><code>{escape(one.id)}</code></p><dl>"
        for heading, values in blocks(one):
            items = "".join(f"<li>{escape(value)}</li>" for value in values)
            yield f"<dt>{escape(heading)}</dt><dd><ul>{items}</ul></dd>"
        yield "</dl></section>"
    yield f"<section><h2>{escape(_('Beveiliging'))}</h2><ul>"
    yield from (f"<li>{escape(one)}</li>" for one in measures())
    yield "</ul></section></main></body></html>"


def anchor(one: Activity) -> str:
    """The last part of its id, for a link within a page."""
    return one.id.rsplit(":", 1)[-1]


def blocks(one: Activity) -> Iterator[tuple[str, Sequence[str]]]:
    """What stands under an activity: a heading and sentences each."""
    yield _("Waarvoor"), [one.purpose]
    yield _("Over wie"), one.data_subjects
    if one.parts:
        yield _("Wie mag wat"), [_told(part) for part in one.parts]
    if one.codes:
        yield _("Grondslagen"), [f"{code}: {article}" for code, article in one.codes.items()]
    if one.recorded:
        yield (
            _("Vastgelegd"),
            [
                f"{ground.id} ({ground.code}, {ground.article}): {ground.task}; {', '.join(ground.holders)}"
                for ground in one.recorded
            ],
        )
    yield _("Welke gegevens"), one.data
    if one.recipients:
        yield _("Wie gegevens ziet"), [role_label(role) for role in one.recipients]
    yield _("Hoe lang"), one.terms


def _told(part: Part) -> str:
    who = role_label(part.role)
    if part.purpose:
        who = _("{rol}, bij {doel}").format(rol=who, doel=purpose_label(part.purpose))
    said = []
    if part.fields:
        said.append(_("ziet {velden}").format(velden=together(field_label(one) for one in part.fields)))
    if part.actions:
        said.append(
            _("mag {handelingen}").format(
                handelingen=together((action_label(one) for one in part.actions), "; ")
            )
        )
    rests = _("op {gronden}").format(gronden=", ".join(part.grounds)) if part.grounds else ""
    return f"{who}: {together(said, '; ')}" + (f" ({rests})" if rests else "") + "."
