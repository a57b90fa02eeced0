# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The look of an organisation: design tokens over the neutral theme, and nothing but tokens.

1. What is read is CSS as NL Design System themes are written: blocks of custom properties under `:root` or one class that ends in `-theme`. Only tokens of this theme and of NL Design System count
   (`--sr-`, `--basis-`, `--voorbeeld-`, `--utrecht-`); every other declaration, rule or selector is refused rather than skipped, so that nobody believes in a look that is not there.
2. A value is colours, sizes, names of fonts and other tokens. It has no address in it: `url(`, `@import`, `image-set(`, escapes and every other function are refused, so a look loads nothing from anywhere.
3. What is served is written anew from what was read, never the file itself, and for a light screen only: in the dark and on paper the neutral theme stays, of which the contrast is tested.

Left out: logos and fonts of an organisation (files beside tokens), and judging contrast: the organisation answers for the colours that it chooses (WCAG 2.2, 1.4.3).
"""

import re
from typing import Final

from process.language import gettext as _

LARGEST: Final = 100_000
"""Characters; the whole neutral theme has half as many."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLOCK = re.compile(r"\s*(?::root|\.[a-z][a-z0-9-]*-theme)\s*\{([^{}]*)\}")
_TOKEN = re.compile(r"--(?:sr|basis|voorbeeld|utrecht)-[a-z0-9-]+")
_FUNCTION = r"(?:var\(\s*--[a-z0-9-]+\s*\)|(?:rgba?|hsla?)\([0-9.,%/ a-z]*\))"
_WORD = r"(?:#[0-9a-fA-F]{3,8}|-?[0-9.]+[a-z%]*|[A-Za-z][A-Za-z0-9-]*|\"[A-Za-z0-9 -]*\"|'[A-Za-z0-9 -]*')"
_VALUE = re.compile(rf"(?:{_FUNCTION}|{_WORD})(?:\s*,\s*|\s+|$)")


class HouseStyleError(ValueError):
    """A look that cannot be used; the message is Dutch, for the administrator."""


def house_style(text: str) -> str:
    """The stylesheet of an organisation, from the file with its tokens.

    Args:
        text: of the file.

    Raises:
        HouseStyleError: anything in it that is no token, with what it is.
    """
    if len(text) > LARGEST:
        raise HouseStyleError(_("meer dan {aantal} tekens").format(aantal=LARGEST))
    tokens: dict[str, str] = {}
    rest = _COMMENT.sub(" ", text)
    while rest.strip():
        block = _BLOCK.match(rest)
        if block is None:
            raise HouseStyleError(_("geen blok met tokens: {tekst}").format(tekst=_start(rest)))
        tokens |= dict(_declaration(one) for one in block.group(1).split(";") if one.strip())
        rest = rest[block.end() :]
    if not tokens:
        raise HouseStyleError(_("er staat geen enkel token in"))
    lines = "".join(f"    {name}: {value};\n" for name, value in tokens.items())
    return f"@media screen and (prefers-color-scheme: light) {{\n  .voorbeeld-theme {{\n{lines}  }}\n}}\n"


def _declaration(text: str) -> tuple[str, str]:
    name, colon, value = (part.strip() for part in text.partition(":"))
    if not (colon and _TOKEN.fullmatch(name)):
        raise HouseStyleError(_("geen token van dit thema: {tekst}").format(tekst=_start(text)))
    at = 0
    while at < len(value) and (word := _VALUE.match(value, at)):
        at = word.end()
    if not value or at < len(value):
        raise HouseStyleError(_("geen waarde die een token mag hebben: {tekst}").format(tekst=_start(text)))
    return name, " ".join(value.split())


def _start(text: str) -> str:
    return " ".join(text.split())[:60]
