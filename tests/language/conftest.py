# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every text of the project, read once."""

import pytest

from tests.language.texts import Texts, everything


@pytest.fixture(scope="session")
def texts() -> Texts:
    """All that a person reads."""
    return everything()
