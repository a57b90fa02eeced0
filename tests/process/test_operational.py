# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import ast
import base64
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from process.operational import EVENTS, FOREIGN, HOLDER, NODE, REGISTER, STREAMS, allowed
from process.serving.logs import Declared, LogError, configure, formatter

ROOT = Path(__file__).parents[2]
PACKAGES = ("audit", "policies", "process", "pseudonymisation", "register")
LEVELS = {"debug", "info", "warning", "error", "critical", "exception"}
CANARIES = (
    "Maria Fernanda Lopez",
    "0612345678",
    "+31612345678",
    "123456782",
    612345678,
    base64.urlsafe_b64encode(bytes(range(2, 35))).decode(),
    "a" * 64,
    "https://register.example/v1/treffers?wie=maria",
    "maria@example.nl",
    "192.168.17.23",
)


def calls() -> Iterator[tuple[str, str, int]]:
    """Every log call of our packages: place, template, number of arguments (-1 where a tuple is spread)."""
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in LEVELS
                    and "log" in ast.unparse(node.func.value).lower()
                    and node.args
                ):
                    template = node.args[0]
                    place = f"{file.relative_to(ROOT)}:{node.lineno}"
                    text = template.value if isinstance(template, ast.Constant) else ""
                    spread = any(isinstance(one, ast.Starred) for one in node.args)
                    yield place, str(text), -1 if spread else len(node.args) - 1


def test_everything_that_our_code_logs_is_declared_with_its_fields() -> None:
    declared = {event.template: len(event.fields) for event in EVENTS}
    found = list(calls())
    assert len(found) > 20
    unknown = [one for one in found if one[1] not in declared or one[2] not in {-1, declared[one[1]]}]
    assert not unknown, "declare it in process.operational, with the kinds of its fields"


def test_what_is_declared_is_said_somewhere() -> None:
    assert {event.template for event in EVENTS} == {template for _place, template, _count in calls()}


def test_no_two_events_have_one_name_or_one_template() -> None:
    for members in ([event.name for event in EVENTS], [event.template for event in EVENTS]):
        assert len(set(members)) == len(members)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.name)
@pytest.mark.parametrize("canary", CANARIES, ids=str)
def test_no_field_of_any_event_takes_an_identity_a_pseudonym_an_address_or_a_token(
    event: object, canary: object
) -> None:
    (one,) = [each for each in EVENTS if each is event]
    values = [canary] * len(one.fields)
    lists = [[canary]] * len(one.fields)
    for stream in one.streams:
        for arguments in (values, lists):
            said = allowed(stream, one.template, arguments)
            text = json.dumps(said.fields)
            assert str(canary) not in text, (one.name, said.fields)


@given(st.text(max_size=60), st.lists(st.one_of(st.integers(), st.text(max_size=60)), max_size=4))
def test_what_is_not_declared_is_never_written(template: str, arguments: list[object]) -> None:
    declared = {event.template for event in EVENTS}
    said = allowed(REGISTER, template, arguments)
    if template not in declared:
        assert (said.event, dict(said.fields), said.dropped) == (FOREIGN, {}, (FOREIGN,))


def test_an_event_of_another_stream_is_as_unknown_as_any() -> None:
    template, arguments = "evaluated %s %s %d", ["GM9001", "vragen", 8]
    assert allowed(HOLDER, template, arguments).event == "bewerkt"
    for stream in STREAMS - {HOLDER}:
        assert allowed(stream, template, arguments).event == FOREIGN


def lines(declared: Declared) -> tuple[logging.Logger, io.StringIO]:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(formatter(declared))
    logger = logging.Logger("test", logging.DEBUG)  # noqa: LOG001 - one that no other test finds
    logger.addHandler(handler)
    return logger, written


def test_a_line_is_json_with_the_event_and_its_fields() -> None:
    logger, written = lines(Declared(NODE))
    logger.warning("holder %d: %s", 2, "geen antwoord op tijd")
    said = json.loads(written.getvalue())
    assert said.pop("moment")
    assert said == {
        "niveau": "warning",
        "stroom": "node",
        "gebeurtenis": "houder_faalt",
        "houder": 2,
        "waarom": "geen antwoord op tijd",
    }


def test_what_a_library_says_is_reduced_to_who_and_how_bad_and_is_counted() -> None:
    declared = Declared(NODE)
    logger, written = lines(declared)
    logger.warning("GET https://register/v1/treffers?wie=%s", "maria")
    try:
        int("maria")
    except ValueError:
        logger.exception("could not read 0612345678")
    text = written.getvalue()
    for secret in ("maria", "0612345678", "treffers"):
        assert secret not in text
    first, second = (json.loads(one) for one in text.splitlines())
    assert (first["gebeurtenis"], first["herkomst"]) == (FOREIGN, "test")
    assert second["fout"] == "ValueError"
    assert "test_operational.py" in second["op"]
    assert declared.dropped == {FOREIGN: 2}


def test_a_value_that_is_not_of_its_kind_is_left_out_and_counted() -> None:
    declared = Declared(HOLDER)
    logger, written = lines(declared)
    logger.info("evaluated %s %s %d", "Jansen", "vragen", 612345678)
    said = json.loads(written.getvalue())
    assert "organisatie" not in said
    assert "punten" not in said
    assert said["handeling"] == "vragen"
    assert declared.dropped == {"bewerkt": 1}


def test_where_it_is_strict_what_is_undeclared_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    strict = Declared(NODE, strict=True)
    logger, _written = lines(strict)

    def fails(_record: logging.LogRecord) -> None:
        raise  # noqa: PLE0704 - inside logging's own except

    monkeypatch.setattr(logger.handlers[0], "handleError", fails)
    with pytest.raises(LogError, match="telefoon"):
        logger.info("telefoon %s", "0612345678")


def test_a_process_has_one_handler_for_everything() -> None:
    root = logging.getLogger()
    before, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    hooks = sys.excepthook, threading.excepthook
    written = io.StringIO()
    try:
        configure(REGISTER, to=written)
        assert len(root.handlers) == 1
        logging.getLogger("uvicorn.error").error("Exception in ASGI application %s", "maria")
        logging.getLogger("uvicorn.access").info("GET /v1/treffers?wie=maria")
        assert "maria" not in written.getvalue()
        assert len(written.getvalue().splitlines()) == 1
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        logging.raiseExceptions = raising
        logging.captureWarnings(capture=False)
        sys.excepthook, threading.excepthook = hooks
