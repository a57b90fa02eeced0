# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the look of an organisation: tokens, and nothing that could load or do anything."""

import re

import pytest

from register.theme.house_style import LARGEST, HouseStyleError, house_style

LOOK = """/* Gemeente Voorbeeldstad */
.voorbeeldstad-theme {
  --sr-dark: #5a1a4a;
  --basis-color-action-1-inverse-bg-default: rgb(90, 26, 74);
  --voorbeeld-kleuren-blauw-500: var(--sr-dark);
  --basis-text-font-family-default: "Fira Sans", Arial, sans-serif;
}
:root { --basis-form-control-border-radius: 0px }
"""

NEVER = {
    "an address": ".x-theme { --sr-dark: url(https://elders.example/volg.png) }",
    "an address in quotes": ".x-theme { --sr-dark: url('//elders.example') }",
    "an address in an escape": ".x-theme { --sr-dark: u\\72l(https://elders.example) }",
    "a set of pictures": ".x-theme { --sr-dark: image-set('a.png' 1x) }",
    "a stylesheet from elsewhere": '@import "https://elders.example/huis.css"; .x-theme { --sr-dark: red }',
    "a font from elsewhere": "@font-face { font-family: x; src: url(x) } .x-theme { --sr-dark: red }",
    "a rule for something else": "main { --sr-dark: red }",
    "a rule that asks for an address of each letter": "input[value^=a] { background: url(https://elders.example/a) }",
    "a property that is no token": ".x-theme { background: red }",
    "a token of nobody": ".x-theme { --verzonnen-kleur: red }",
    "a block in a block": "@media print { .x-theme { --sr-dark: red } }",
    "an end before the end": ".x-theme { --sr-dark: red } } body { display: none }",
    "a value in a string with an address": ".x-theme { --sr-dark: 'https://elders.example' }",
    "a comment that hides the end": ".x-theme { --sr-dark: red /* } body { x: y } ",
    "a token without a value": ".x-theme { --sr-dark: }",
    "an expression": ".x-theme { --sr-gap: calc(1px + 1px) }",
    "nothing": "",
    "a comment alone": "/* niets */",
    "too much": ".x-theme {" + "--sr-dark: red;" * LARGEST + "}",
}


def test_tokens_are_written_anew_for_a_light_screen_and_comments_stay_behind() -> None:
    served = house_style(LOOK)
    assert served.startswith("@media screen and (prefers-color-scheme: light) {\n  .voorbeeld-theme {\n")
    assert re.findall(r"(--[a-z0-9-]+): (.+);", served) == [
        ("--sr-dark", "#5a1a4a"),
        ("--basis-color-action-1-inverse-bg-default", "rgb(90, 26, 74)"),
        ("--voorbeeld-kleuren-blauw-500", "var(--sr-dark)"),
        ("--basis-text-font-family-default", '"Fira Sans", Arial, sans-serif'),
        ("--basis-form-control-border-radius", "0px"),
    ]
    assert "Voorbeeldstad" not in served


@pytest.mark.parametrize("text", NEVER.values(), ids=NEVER)
def test_anything_but_tokens_is_refused_and_named(text: str) -> None:
    with pytest.raises(HouseStyleError, match=r"\w"):
        house_style(text)
