# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The only scripts of the project: a library as it was published, and ours, which asks nothing of anybody."""

import re
from hashlib import sha256
from pathlib import Path

import register.central.web

STATIC = Path(register.central.web.__file__).parent / "static"
LIBRARY = STATIC / "vendor" / "cytoscape-3.35.0"
PUBLISHED = "71fa9ebec21a7ca2c40cff6aacc30d1f6464e363662ad4b2c197e1adc770cd94"
"""SHA-256 of dist/cytoscape.min.js in the package cytoscape 3.35.0 of npm."""


def test_the_library_is_byte_for_byte_what_was_published_and_has_its_licence_beside_it() -> None:
    assert sha256((LIBRARY / "cytoscape.min.js").read_bytes()).hexdigest() == PUBLISHED
    assert "Permission is hereby granted, free of charge" in (LIBRARY / "LICENSE.md").read_text("utf-8")
    assert {path.name for path in STATIC.rglob("*.js")} == {"cytoscape.min.js", "netwerk.js"}


def test_our_script_sends_nothing_keeps_nothing_and_makes_no_markup_of_text() -> None:
    text = (STATIC / "netwerk.js").read_text(encoding="utf-8")
    forbidden = r"fetch|XMLHttp|sendBeacon|WebSocket|import\(|eval|innerHTML|insertAdjacent|document\.write|Storage|cookie|https?:"
    assert not re.findall(forbidden, text)


def test_the_page_loads_the_library_that_is_here() -> None:
    page = (STATIC.parent / "templates" / "netwerk.html").read_text(encoding="utf-8")
    for path in re.findall(r"\{\{ own_path \}\}/([^\"]+)", page):
        assert (STATIC / path).is_file(), path
