# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Fixtures: every interface, built once."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from tests.api.interfaces import interfaces


@pytest.fixture(scope="package")
def apps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, FastAPI]]:
    """The interfaces by name; nobody did anything in them yet."""
    with interfaces(tmp_path_factory.mktemp("interfaces")) as made:
        yield made
