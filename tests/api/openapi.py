# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The descriptions of the interfaces in docs/openapi: `python -m tests.api.openapi` writes them anew, so that a review shows what changes for whoever calls us."""

import json
import sys
import tempfile
from pathlib import Path

from fastapi import FastAPI

from tests.api.interfaces import interfaces

FOLDER = Path(__file__).parents[2] / "docs" / "openapi"


def written(app: FastAPI) -> str:
    """The description as it stands in its file: one member on a line, in an order that does not change by itself."""
    return json.dumps(app.openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Write every file anew."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, interfaces(Path(folder)) as apps:
        for name, app in apps.items():
            (FOLDER / f"{name}.json").write_text(written(app), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
