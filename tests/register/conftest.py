# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What building a node or a register costs is paid once a session (`tests.once`)."""

from collections.abc import Iterator

import pytest

from tests.once import once_a_session


@pytest.fixture(scope="session", autouse=True)
def set_up_once() -> Iterator[None]:
    with once_a_session():
        yield
