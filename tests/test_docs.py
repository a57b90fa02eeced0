# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the documents say is what the code does: settings, tables, events, resources, refusals, commands, ports and links.

Each comparison goes both ways: what is in the code and not on the page fails, and what is on the page and not in the code fails. Where a whole table is
made from the code, the failure shows the table as it should read.
"""

import ast
import csv
import importlib
import json
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from sqlalchemy import Engine, MetaData

from audit.note import Signer
from audit.signer.settings import SignerSettings
from audit.signer.store.state import metadata as signer_tables
from audit.store.engine import make_engine
from audit.store.keys import metadata as key_tables
from audit.witness.settings import WitnessSettings
from audit.witness.store.state import metadata as witness_tables
from process.command import signaalregister
from process.peer import Peer
from process.secret import Secret
from process.serving.clock import system_clock
from process.serving.secrets import write_secret
from process.serving.settings import ProcessSettings
from pseudonymisation.keyholder.settings import KeyholderSettings, Quotas
from pseudonymisation.keyholder.store.schema import metadata as holder_tables
from register import retention
from register.central import app as central
from register.central.app import Apps
from register.central.settings import QuestionQuota, RegisterSettings
from register.central.store import opening as central_store
from register.central.store.tables import metadata as register_tables
from register.demo.certificates import Authority
from register.demo.plan import HOLDERS, MUNICIPALITIES, RESERVES, Ports
from register.events import EVENTS, HANDLINGS
from register.municipal.settings import NodeSettings, TenantSettings
from register.municipal.store.tables import metadata as node_tables
from register.wire import HEADERS, IDEMPOTENCY_HEADER, Message
from tests.api.documents import operations
from tests.receipts import VKEYS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
READMES = (ROOT / "README.md", ROOT / "README.nl.md")
DOCUMENTS = (*READMES, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(DOCS.rglob("*.md")))
SPECIFICATIONS = sorted(path for path in (DOCS / "spec").glob("*.md") if path.name != "README.md")
DECISIONS = sorted((DOCS / "adr").glob("[0-9]*.md"))

PROCESSES: dict[str, type[ProcessSettings]] = {
    "register": RegisterSettings,
    "node": NodeSettings,
    "keyholder": KeyholderSettings,
    "signer": SignerSettings,
    "witness": WitnessSettings,
}
TABLES: dict[str, MetaData] = {
    "Register": register_tables,
    "Payload keys": key_tables,
    "Node": node_tables,
    "Key holder": holder_tables,
    "Signer": signer_tables,
    "Witness": witness_tables,
}
NO_COMMANDS = {"signaalregister policy set 2"}
"""Text that starts like a command and is a label inside a hash (docs/spec/policies.md)."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    """What stands under a heading, up to the next heading of that level or a higher one."""
    found = re.search(rf"^(#+) {re.escape(title)}\n", text, re.MULTILINE)
    assert found, title
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def rows(text: str) -> list[list[str]]:
    """The cells of every table row, headings and rulers left out."""
    lines = text.splitlines()
    ruled = {number for number, line in enumerate(lines) if re.fullmatch(r"\|[ :|-]+\|", line)}
    return [
        [cell.strip() for cell in line.strip("| ").split(" | ")]
        for number, line in enumerate(lines)
        if line.startswith("|") and number not in ruled and number + 1 not in ruled
    ]


def quoted(text: str) -> list[str]:
    """Everything between single backquotes, in order."""
    return re.findall(r"`([^`]+)`", text)


# ---- docs/deploying.md: settings ------------------------------------------------------------------------------------


def settings_table(prefix: str, fields: dict[str, FieldInfo]) -> list[str]:
    """The table of a process's settings as it should stand on the page; the last column is what the process itself says."""
    return [
        "| setting | environment | default | meaning |",
        "|---|---|---|---|",
        *(
            f"| `{name}` | `{prefix}{name.upper()}` | {default(one)} | {one.description} |"
            for name, one in fields.items()
        ),
    ]


def default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return "none"
    if isinstance(value, BaseModel):
        return "see below"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


@pytest.mark.parametrize("process", PROCESSES)
def test_every_setting_of_a_process_is_in_its_table_and_no_other(process: str) -> None:
    model = PROCESSES[process]
    prefix = str(model.model_config["env_prefix"])
    told = section(page("docs/deploying.md"), f"`{process}`: settings")
    expected = settings_table(prefix, model.model_fields)
    assert [line for line in told.splitlines() if line.startswith("|")] == expected, "\n".join(expected)


def test_every_setting_of_an_organisation_of_a_node_is_in_its_table_and_no_other() -> None:
    told = section(page("docs/deploying.md"), "`node`: one file for each organisation")
    expected = [
        "| setting | default | meaning |",
        "|---|---|---|",
        *(
            f"| `{name}` | {default(one)} | {one.description} |"
            for name, one in TenantSettings.model_fields.items()
        ),
    ]
    assert [line for line in told.splitlines() if line.startswith("|")] == expected, "\n".join(expected)


def test_every_quota_and_its_default_is_described() -> None:
    told = section(page("docs/deploying.md"), "Quotas of a key holder")
    limits = {name: getattr(Quotas(), name) for name in Quotas.model_fields}
    described = {cells[0].strip("`"): [int(cell) for cell in cells[1:]] for cells in rows(told)}
    assert described == {
        name: list(limit.model_dump().values()) for name, limit in limits.items() if limit is not None
    }
    assert set(quoted(told)) >= set(next(iter(limits.values())).model_dump())


def test_the_quota_of_the_register_and_its_default_is_described() -> None:
    told = {
        quoted(cells[0])[0]: int(cells[1])
        for cells in rows(section(page("docs/deploying.md"), "Quota of the register"))
    }
    assert told == QuestionQuota().model_dump()


def test_every_file_that_must_be_secret_is_listed_with_its_mode() -> None:
    told = section(page("docs/deploying.md"), "Secrets")
    secret = re.compile(r"(_key_file|^share_.*file|^signing_key|^tls_key)$")
    models: list[type[BaseModel]] = [*PROCESSES.values(), TenantSettings]
    needed = {name for model in models for name in model.model_fields if secret.search(name)}
    # Verifier keys of the register and the key to recover with are public; their names say key all the same.
    needed -= {"register_receipt_key_file", "register_log_key_file", "recovery_key_file"}
    assert needed <= {name for cells in rows(told) for name in quoted(cells[0])}
    assert "600" in told


# ---- docs/data-model.md: tables and terms ---------------------------------------------------------------------------


@pytest.mark.parametrize("process", TABLES)
def test_every_column_of_every_table_is_described_and_no_other(process: str) -> None:
    told = section(page("docs/data-model.md"), process)
    described = {quoted(cells[0])[0]: quoted(cells[1]) for cells in rows(told)}
    assert described == {
        table.name: [column.name for column in table.columns] for table in TABLES[process].tables.values()
    }


def test_the_terms_on_the_page_are_those_that_the_code_keeps() -> None:
    told = {cells[0].strip("`"): cells[2] for cells in rows(section(page("docs/data-model.md"), "Retention"))}
    for category, months in retention.MONTHS.items():
        assert told[category.value].startswith(f"{months} months"), category
    assert told["R12"].startswith(f"{retention.TREFFER_DAYS} days")


def test_the_actions_on_the_page_are_those_of_the_norm() -> None:
    told = {
        quoted(cells[0])[0]: quoted(cells[1])
        for cells in rows(section(page("docs/data-model.md"), "Actions"))
    }
    norm = csv.DictReader(
        (ROOT / "tests/vectors/policy-actions.csv").read_text(encoding="utf-8").splitlines()
    )
    assert told == {row["action"]: row["roles"].split() for row in norm}


# ---- docs/spec/events.md --------------------------------------------------------------------------------------------


def test_the_catalogue_of_events_on_the_page_is_that_of_the_code() -> None:
    told = rows(section(page("docs/spec/events.md"), "Events"))
    described = {(quoted(cells[0])[0], quoted(cells[1])[0]): set(quoted(cells[2])) for cells in told}
    shared = {
        quoted(cells[0])[0]: set(quoted(cells[1]))
        for cells in rows(section(page("docs/spec/events.md"), "Groups of fields"))
    }
    whole = {
        key: {one for name in names for one in shared.get(name, {name})} for key, names in described.items()
    }
    expected = {
        (event.name, audience): set(fields) for event in EVENTS for audience, fields in event.fields.items()
    }
    assert whole == expected


def test_the_handling_of_every_event_on_the_page_is_that_of_the_code() -> None:
    told = rows(section(page("docs/spec/events.md"), "Handlings"))
    assert {quoted(cells[0])[0]: tuple(quoted(cells[2])) for cells in told} == {
        handling.value: events for handling, events in HANDLINGS.items()
    }


def test_every_field_of_an_event_is_explained_and_no_other() -> None:
    told = {quoted(cells[0])[0] for cells in rows(section(page("docs/spec/events.md"), "Fields"))}
    assert told == {field for event in EVENTS for fields in event.fields.values() for field in fields}


# ---- docs/spec/register-api.md --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apps]:
    """The register's two applications as they are served, with throw-away keys; nobody calls them."""
    folder = tmp_path_factory.mktemp("register")
    issued = Authority(folder, system_clock()).issue(Peer("register", "REGISTER", "0" * 20), folder / "tls")
    signer = Signer("log.example", Secret(os.urandom(32)))
    for name, value in {
        "tag": os.urandom(32),
        "seal": os.urandom(32),
        "receipt": signer.skey.reveal(),
    }.items():
        write_secret(folder / name, value)
    settings = RegisterSettings(
        profile="oefening",
        tls_certificate=issued.certificate,
        tls_key=issued.key,
        tls_authorities=issued.authorities,
        database_file=folder / "register.sqlite",
        payload_keys_file=folder / "keys.sqlite",
        tag_key_file=folder / "tag",
        sealing_key_file=folder / "seal",
        receipt_key_file=folder / "receipt",
        log_vkey=signer.verifier.vkey,
        signer_url="https://127.0.0.1:9",
        keyholder_receipt_keys=VKEYS,
    )
    opened: list[Engine] = []

    def opening(url: str, *how: Any, **names: Any) -> Engine:
        opened.append(make_engine(url, *how, **names))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(central_store, "make_engine", opening)
        yield central.create_app(settings, clock=system_clock, randomness=os.urandom)
    for engine in opened:
        engine.dispose()


def offered(app: FastAPI) -> set[str]:
    return {f"{method} {path}" for method, path in operations(app.openapi())}


def test_every_resource_of_the_register_is_on_the_page_with_its_listener(register: Apps) -> None:
    told = {
        quoted(cells[0])[0]: cells[1]
        for cells in rows(section(page("docs/spec/register-api.md"), "Resources"))
    }
    machines, people = offered(register.machines), offered(register.people)
    both = {"both": machines & people, "machines": machines - people, "people": people - machines}
    assert told == {resource: listener for listener, resources in both.items() for resource in resources}


def test_every_page_of_the_register_is_described(register: Apps) -> None:
    told = {quoted(cells[0])[0] for cells in rows(section(page("docs/spec/register-api.md"), "Pages"))}
    shown = {
        f"{method} {route.path}"
        for route in register.people.routes
        if isinstance(route, APIRoute) and not route.include_in_schema and "/gezondheid" not in route.path
        for method in route.methods or ()
    }
    assert told == shown


def test_every_header_is_described() -> None:
    told = {quoted(cells[0])[0] for cells in rows(section(page("docs/spec/register-api.md"), "Headers"))}
    assert told >= {*HEADERS.values(), IDEMPOTENCY_HEADER, "Authorization", "traceparent"}


RULES_THAT_REFUSE = ("accounts", "evaluations", "passkeys", "rationing", "second_factor")


def refusals() -> set[tuple[str, str]]:
    """Status and code of every refusal that the register and what it stands on can give."""
    rules = (ROOT / "register" / f"{name}.py" for name in RULES_THAT_REFUSE)
    files = [path for folder in ("central", "door") for path in (ROOT / "register" / folder).rglob("*.py")]
    files += rules
    found = set()
    for path in [*files, ROOT / "process" / "serving" / "web.py", ROOT / "audit" / "store" / "outage.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            # `super().__init__(400, "code", ...)` is how a kind of refusal says the same; that of rotating is of a command only.
            calls = {"Refusal", "UnloggedRefusal", "_refused"}
            calls |= {"super().__init__"} if path.name != "rotating.py" else set()
            if isinstance(node, ast.Call) and ast.unparse(node.func) in calls:
                said = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                if len(said) == 2:
                    found.add((str(said[0]), str(said[1])))
    return found


def test_every_refusal_of_the_register_is_described_and_no_other() -> None:
    told = rows(section(page("docs/spec/register-api.md"), "Refusals"))
    described = {(cells[0], code) for cells in told for code in quoted(cells[1])}
    # The two of the routing itself are worded from the status, not from a constant.
    assert described == refusals() | {("404", "niet-gevonden"), ("405", "methode")}


EXAMPLE = re.compile(r"<!-- example: (\w+)\.(\w+(?:\.\w+)*) -->\n+```json\n(.*?)```", re.DOTALL)
EXAMPLES = [
    pytest.param(found, id=f"{path.name}-{number}")
    for path in SPECIFICATIONS
    for number, found in enumerate(EXAMPLE.findall(path.read_text(encoding="utf-8")))
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_message_that_the_code_reads(example: tuple[str, str, str]) -> None:
    package, rest, text = example
    module, _dot, model = rest.rpartition(".")
    message: type[Message] = getattr(importlib.import_module(f"{package}.{module}"), model)
    message.model_validate_json(text)


def test_the_specification_of_the_register_has_examples() -> None:
    assert len(EXAMPLE.findall(page("docs/spec/register-api.md"))) >= 6


# ---- commands, options and ports that documents name ----------------------------------------------------------------


def code_of(text: str) -> Iterator[str]:
    """Every line of code on a page: fenced lines with their continuations joined, and spans between backquotes."""
    fences = re.compile(r"^```.*?\n(.*?)^```", re.DOTALL | re.MULTILINE)
    for block in fences.findall(text):
        yield from re.sub(r"\\\n\s*", " ", block).splitlines()
    yield from quoted(fences.sub("", text))


def commands(text: str) -> set[str]:
    """Uses of our command on a page, without what stands before it on the line."""
    found = {
        used[1].strip()
        for line in code_of(text)
        if (used := re.search(r"(?:^|[\s/])(signaalregister [a-z-].*)", line))
    }
    return found - NO_COMMANDS


def wrong_with(used: str) -> str | None:
    """What of a command line does not exist, or None."""
    words = shlex.split(used.replace("[", "").replace("]", ""), comments=True)[1:]
    command: click.Command = signaalregister
    context = click.Context(command)
    while isinstance(command, click.Group) and words and re.fullmatch(r"[a-z][a-z-]*", words[0]):
        found = command.get_command(context, words[0])
        if found is None:
            return words[0]
        command, words = found, words[1:]
    known = {option for one in command.get_params(context) for option in (*one.opts, *one.secondary_opts)}
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    return next((option for option in options if option not in known | {"--help"}), None)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_command_and_option_that_a_document_names_exists(path: Path) -> None:
    used = commands(path.read_text(encoding="utf-8"))
    assert {one: wrong for one in used if (wrong := wrong_with(one))} == {}


@pytest.mark.parametrize("used", ["signaalregister node vraag", "signaalregister demo --twice"])
def test_a_command_that_does_not_exist_would_be_found(used: str) -> None:
    assert wrong_with(used)
    assert commands(f"```sh\n$ bin/{used}\n```") == commands(f"see `{used}`") == {used}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_option_in_args_of_make_demo_exists(path: Path) -> None:
    given = re.findall(
        r"make demo ARGS=(?:\"([^\"]*)\"|(\S+?))(?=[`\s;,.)]|$)", path.read_text(encoding="utf-8")
    )
    assert [wrong for one in given if (wrong := wrong_with(f"signaalregister demo {''.join(one)}"))] == []


@pytest.mark.parametrize("path", READMES, ids=name_of)
def test_a_readme_shows_the_ports_at_which_the_demo_listens(path: Path) -> None:
    base = next(one for one in wanted_command("demo").params if one.name == "port_base").default
    ports = Ports(int(str(base)))
    shown = path.read_text(encoding="utf-8")
    for port in (ports.register_pages, *(ports.node(code) for code in MUNICIPALITIES)):
        assert f"http://127.0.0.1:{port}" in shown
    for port in (ports.register, ports.signer, *(ports.holder(index) for index in (*HOLDERS, *RESERVES))):
        assert str(port) in shown


def wanted_command(name: str) -> click.Command:
    command = signaalregister.get_command(click.Context(signaalregister), name)
    assert isinstance(command, click.Command)
    return command


# ---- the documents among themselves ---------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_of_a_document_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]+)?\)", path.read_text(encoding="utf-8"))
    missing = [link for link, _anchor in links if not (path.parent / link).exists()]
    lost = [
        f"{link}{anchor}"
        for link, anchor in links
        if anchor
        and link not in missing
        and anchor[1:] not in anchors((path.parent / link) if link else path)
    ]
    assert missing + lost == []


def anchors(path: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.md")), ids=name_of)
def test_every_file_that_a_document_names_exists(path: Path) -> None:
    named = re.findall(
        r"`((?:docs|tests|requirements|audit|policies|process|pseudonymisation|register)/[\w./-]+)`",
        path.read_text(encoding="utf-8"),
    )
    assert [one for one in named if not (ROOT / one).exists()] == []


def test_the_index_lists_every_specification_and_no_other() -> None:
    listed = re.findall(r"^\| \[[^\]]+\]\(([\w-]+\.md)\)", page("docs/spec/README.md"), re.MULTILINE)
    assert listed == [path.name for path in SPECIFICATIONS]


def test_the_index_lists_every_decision_and_no_other() -> None:
    listed = re.findall(r"^\| \[[^\]]+\]\(([\w-]+\.md)\)", page("docs/adr/README.md"), re.MULTILINE)
    assert listed == [path.name for path in DECISIONS]


def test_decisions_are_numbered_without_a_gap() -> None:
    assert [path.name[:4] for path in DECISIONS] == [
        f"{number:04}" for number in range(1, len(DECISIONS) + 1)
    ]


@pytest.mark.parametrize("path", DECISIONS, ids=name_of)
def test_a_decision_names_its_options_with_their_losers_and_what_would_change_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.search(rf"^# {int(path.name[:4])}\. \S", text, re.MULTILINE)
    for title in ("Question", "Options", "Decision", "Consequences", "What would change it"):
        assert section(text, title).strip(), title
    options = re.findall(r"^- \*\*", section(text, "Options"), re.MULTILINE)
    assert len(options) >= 2, "a choice has an option that lost"


@pytest.mark.parametrize("name", re.findall(r"`(tests/[\w./-]+)`", page("docs/threat-model.md")) or ["none"])
def test_what_the_threat_model_calls_tested_has_tests(name: str) -> None:
    path = ROOT / name
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert any("def test_" in one.read_text(encoding="utf-8") for one in files)


def test_an_excerpt_of_the_interface_is_json_that_parses() -> None:
    for path in SPECIFICATIONS:
        for block in re.findall(
            r"^```json\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
        ):
            if "..." not in block and "<" not in block:
                value: Any = json.loads(block)
                assert value, path.name
