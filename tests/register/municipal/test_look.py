# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the look of an organisation on the pages of its node (rules: tests/register/theme/test_house_style.py)."""

import random
import re

import pytest

from process.serving.errors import SettingsError
from register.municipal.app import Outside, create_app
from register.municipal.settings import NodeSettings
from tests.register.municipal.world import ORGANISATION, Browser, Hands, people, running


def told(settings: NodeSettings, look: str) -> None:
    home = settings.tenants_folder / ORGANISATION
    (home / "huisstijl.css").write_text(look, encoding="utf-8")
    with (home / "tenant.toml").open("a", encoding="utf-8") as file:
        file.write('house_style_file = "huisstijl.css"\n')


def test_pages_carry_the_tokens_of_their_organisation_from_their_own_address(
    settings: NodeSettings, clock: Hands, outside: Outside
) -> None:
    told(settings, ".oefendorp-theme { --sr-dark: #5a1a4a }")
    people(settings, outside, ORGANISATION)
    made = create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
    with running(made) as app:
        browser = Browser(app)
        page = browser.get("/aanmelden").text
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
        assert sheets[-1] == f"/huisstijl/{ORGANISATION}.css"
        look = browser.get(sheets[-1])
        assert (look.status_code, look.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert "--sr-dark: #5a1a4a;" in look.text
        assert browser.get("/huisstijl/GM9001.css").status_code == 404


def test_a_look_that_would_load_something_keeps_the_node_from_starting_and_says_what(
    settings: NodeSettings, clock: Hands, outside: Outside
) -> None:
    told(settings, ".oefendorp-theme { --sr-dark: url(https://elders.example/volg.png) }")
    people(settings, outside, ORGANISATION)
    with pytest.raises(SettingsError, match=r"vormgeving in .*huisstijl\.css.*--sr-dark"):
        create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
