# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""docs/spec/node-api.md says what the node does, and the node does nothing that it does not say."""

import json
import re
from pathlib import Path

from register.municipal.cli import node
from register.municipal.settings import NodeSettings, TenantSettings
from tests.api.documents import operations
from tests.register.municipal.world import Browser, Officer

PAGE = (Path(__file__).parents[3] / "docs" / "spec" / "node-api.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_resource_is_described_and_none_besides(guest: Browser) -> None:
    offered = {f"{method} {path}" for method, path in operations(guest.get("/v1/openapi.json").json())}
    described = set(re.findall(r"^\| `((?:GET|POST|DELETE) /v1/[^`]*)`", PAGE, re.MULTILINE))
    assert offered == described


def test_every_setting_is_described() -> None:
    settings = {*NodeSettings.model_fields, *TenantSettings.model_fields}
    assert not [name for name in settings if f"`{name}`" not in PAGE]


def test_every_command_is_described() -> None:
    assert not [name for name in node.commands if not re.search(rf"`{name}[ `]", PAGE)]


def test_the_messages_of_the_page_are_taken(inspector: Officer) -> None:
    sharing, question, signal = (json.loads(block) for block in blocks("json"))
    assert inspector.post("/v1/delen", sharing).status_code == 200
    assert inspector.post("/v1/bevragingen", question | {"controle": inspector.control()}).status_code == 200
    assert inspector.post("/v1/signalen", signal).status_code == 201
