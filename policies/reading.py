# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The reading table with its explanations, for people: as a page, and as rows for a spreadsheet.

Read off the parsed rules (matrix), so that it cannot drift from them. The page is one HTML file without script, image or link to elsewhere; it can be
read at the width of a telephone, by a screen reader and on paper. A role and purpose without any yes is one sentence and no table of fifteen noes.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby
from typing import Final

from policies.difference import role_label
from policies.explain import ARTICLES, field_label, purpose_label
from policies.matrix import Cell
from policies.ruleset import PolicySet
from process.language import gettext as _

COLUMNS: Final = ("rol", "doel", "veld", "mag", "grondslag", "voorwaarden", "regel", "uitleg")
_STYLE: Final = """
:root { color-scheme: light; }
body { font: 1rem/1.5 "Segoe UI", Roboto, "Noto Sans", sans-serif; color: #1b1b1b; background: #fff;
  max-width: 60rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; hyphens: auto; }
h1 { font-size: 1.6rem; line-height: 1.2; } h2 { font-size: 1.3rem; margin-top: 2.5rem; }
a { color: #01578a; } a:focus-visible { outline: 3px solid #1b1b1b; outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; margin: 1.5rem 0; }
caption { text-align: left; font-weight: 700; padding: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .5rem; border-bottom: 1px solid #8c8c8c; }
th[scope=row] { font-weight: 400; width: 32%; } .mag { width: 4.5rem; white-space: nowrap; }
.ja { color: #0b5c2b; font-weight: 700; } .nee { color: #8a1f11; }
.wet { color: #4a4a4a; display: block; } ul { padding-left: 1.2rem; }
@media (max-width: 30rem) { body { padding: .75rem; } th, td { padding: .4rem .3rem; font-size: .9rem; } .mag { width: 3.4rem; } }
@media print { a { color: inherit; text-decoration: none; } tr { break-inside: avoid; } }
"""


def as_csv(policy_set: PolicySet, cells: Iterable[Cell]) -> str:
    """A row for each cell, with a heading; separated by commas, lines end in CR LF (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for cell in cells:
        rule = _explanation(policy_set, cell)
        writer.writerow(
            [
                cell.role,
                cell.purpose,
                cell.field,
                "✓" if cell.allowed else "✗",
                cell.ground,
                " ".join(_ordered(cell.conditions)),
                cell.rule_id,
                rule,
            ]
        )
    return out.getvalue()


def as_html(policy_set: PolicySet, cells: Sequence[Cell], *, profile: str) -> str:
    """The reading table as one page; `profile` is named in its heading."""
    return "\n".join(_page(policy_set, cells, profile)) + "\n"


def _page(policy_set: PolicySet, cells: Sequence[Cell], profile: str) -> Iterator[str]:
    title = _("Wie mag wat zien? Leestabel van profiel {profiel}").format(profiel=profile)
    roles = list(dict.fromkeys(cell.role for cell in cells))
    yield "<!doctype html>"
    yield '<html lang="nl">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield f"<h1>{escape(title)}</h1>"
    for line in (
        _("Deze tabel is gemaakt uit de regels zelf. Wat er niet in staat, mag niemand zien."),
        _('"Ja" geldt alleen met de genoemde grondslag en als aan elke voorwaarde is voldaan.'),
    ):
        yield f"<p>{escape(line)}</p>"
    yield f"<p>{escape(_('Vingerafdruk van de regels'))}: <code>{policy_set.hash}</code></p>"
    yield f'<nav aria-label="{escape(_("Rollen"))}"><ul>'
    yield from (f'<li><a href="#{role}">{escape(_whose(role))}</a></li>' for role in roles)
    yield "</ul></nav>"
    yield "<main>"
    for role, of_role in groupby(cells, key=lambda cell: cell.role):
        yield f'<section aria-labelledby="{role}">'
        yield f'<h2 id="{role}">{escape(_whose(role))}</h2>'
        for purpose, block in groupby(of_role, key=lambda cell: cell.purpose):
            yield from _block(policy_set, role, purpose, list(block))
        yield "</section>"
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _whose(role: str) -> str:
    """The label of a role without the organisation of the examples."""
    return role_label(role).replace(_(" van gemeente A"), "")


def _block(policy_set: PolicySet, role: str, purpose: str, cells: Sequence[Cell]) -> Iterator[str]:
    told = _("{wie} bij {doel}").format(wie=_whose(role), doel=purpose_label(purpose))
    if not any(cell.allowed for cell in cells):
        yield f"<p>{escape(told)}: {_mark(allowed=False)}, {escape(_('niets van wat er staat'))}.</p>"
        return
    yield "<table>"
    yield f"<caption>{escape(told)}</caption>"
    headings = (_("Wat"), _("Mag het"), _("Grondslag en uitleg"))
    classes = ("", ' class="mag"', "")
    yield (
        "<thead><tr>"
        + "".join(
            f'<th scope="col"{kind}>{escape(heading)}</th>'
            for heading, kind in zip(headings, classes, strict=True)
        )
        + "</tr></thead>"
    )
    yield "<tbody>"
    for cell in cells:
        label = field_label(cell.field)
        yield (
            f'<tr><th scope="row">{escape(label[:1].upper() + label[1:])}</th>'
            f'<td class="mag">{_mark(allowed=cell.allowed)}</td><td>{_why(policy_set, cell)}</td></tr>'
        )
    yield "</tbody>"
    yield "</table>"


def _mark(*, allowed: bool) -> str:
    word, sign, kind = (_("ja"), "✓", "ja") if allowed else (_("nee"), "✗", "nee")
    return f'<span class="{kind}"><span aria-hidden="true">{sign}</span> {escape(word)}</span>'


def _why(policy_set: PolicySet, cell: Cell) -> str:
    if not cell.allowed:
        return escape(_("Geen regel staat dit toe."))
    codes = [
        code for part in cell.ground.replace(" (host-dependent)", "").split("+") for code in part.split("|")
    ]
    law = "; ".join(f"{code}: {ARTICLES[code]}" for code in codes)
    conditions = _("Voorwaarden: {codes}.").format(codes=", ".join(_ordered(cell.conditions)))
    return f'{escape(_explanation(policy_set, cell))} <span class="wet">{escape(law)}. {escape(conditions)}</span>'


def _explanation(policy_set: PolicySet, cell: Cell) -> str:
    return next((rule.explanation for rule in policy_set.rules if rule.id == cell.rule_id), "")


def _ordered(conditions: Iterable[str]) -> list[str]:
    return sorted(conditions, key=lambda code: (len(code), code))
