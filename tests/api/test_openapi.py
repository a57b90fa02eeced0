# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""docs/openapi is what the interfaces say of themselves, so that a change of an interface shows in review."""

import pytest
from fastapi import FastAPI

from tests.api.interfaces import NAMES
from tests.api.openapi import FOLDER, written


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_description_is_what_the_interface_says(apps: dict[str, FastAPI], name: str) -> None:
    kept, said = (FOLDER / f"{name}.json").read_text("utf-8"), written(apps[name])
    # Not compared by assert: the difference of two long texts takes longer than the test.
    if kept != said:
        pytest.fail(
            f"docs/openapi/{name}.json is not what the interface says: run `make openapi` and review what changed."
        )


def test_no_description_is_kept_of_an_interface_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(NAMES)
