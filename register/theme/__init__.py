# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Templates and stylesheets that the pages of every process share. How a page looks; never what it may show.

A page extends `basis.html`, takes its parts from `onderdelen.html`, and receives a `Frame`. Texts are Dutch msgids (process.language).
Everything is escaped, an unknown variable is an error, and no page needs JavaScript or an inline style (modules in `static/` warn before a session ends,
make and use passkeys, keep a draft and hide the page): the headers below
(CSP level 3, default deny) would refuse them. Sources: NL Design System, `@utrecht/component-library-css` with the `voorbeeld` tokens;
WCAG 2.2 AA. Sessions, cross-site tokens and what a role may see are the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2

from policies.desk.load import profile_notices
from policies.explain import requirement
from process.language import gettext, ngettext, spoken
from register import explaining
from register.explaining import help_pages
from register.theme import assets

STATIC = Path(__file__).parent / "static"
"""Serve this folder, and nothing else, under `STATIC_PATH` (register.theme.assets)."""

STATIC_PATH = "/statisch"

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Visitor:
    """Who is logged in, as it stands in the header of every page."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True)
class NavigationItem:
    """One entry of the navigation; the current one is marked for the eye and for a screen reader."""

    path: str
    text: str
    current: bool = False


@dataclass(frozen=True)
class Frame:
    """What every page shows around its content.

    Attributes:
        place: whose desk this is, such as "Gemeente Voorbeeldstad" or "Landelijk register".
        profile: "oefening" puts the exercise banner on the page; a profile with a notice (policies.profiles) puts that there.
        visitor: None before logging in.
        navigation: empty before logging in.
        csrf: the token of this session; None where there is no session.
        hide_path: the neutral page that takes the place of this one in one tap; None where a process has none.
        house_style_path: a stylesheet with the tokens of the organisation (`register.theme.house_style`); None for the neutral look.
        ends: when the session ends if nothing is done, as people read it and in how many seconds; None before logging in.
    """

    place: str
    profile: str
    visitor: Visitor | None = None
    navigation: Sequence[NavigationItem] = ()
    csrf: str | None = None
    hide_path: str | None = None
    house_style_path: str | None = None
    ends: tuple[str, int] | None = None


def environment(*folders: Path) -> jinja2.Environment:
    """A Jinja2 environment with the shared templates, and those of a process in `folders` before them.

    Texts are Dutch, and shown in the language that is spoken (process.language): `{{ _("Nederlandse zin") }}`, with a name in it
    `{{ _("Aangemeld als {naam}").format(naam=naam) }}`.
    """
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader([*folders, _TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The extension adds this method at run time; plain gettext, so that braces are filled in as in Python.
    made.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    made.globals["spoken"] = spoken
    made.globals["static_path"] = assets.address(STATIC_PATH, STATIC)
    made.globals["notices"] = profile_notices()
    made.globals["help_pages"] = help_pages
    made.globals["explained"] = explaining
    made.globals["requirement"] = requirement
    return made


def security_headers() -> dict[str, str]:
    """Headers of every page: nothing from elsewhere, nothing inline, nothing kept, nothing told to the next site.

    For pages only. A stylesheet may be kept by the browser: its address carries its version (register.theme.assets).
    """
    policy = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "script-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{directive} {source}" for directive, source in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
