# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One party of a ceremony as a process of its own: does the commands that it is told, and writes down every secret number that it ever has.

Started with the file to write them in; reads one JSON list of arguments a line, and answers each with one line: exit code and what was said.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

from process.command import run
from pseudonymisation.p256 import SecretScalar


def watch(path: Path) -> None:
    """From now on every secret scalar of this process is written down when it comes to be."""
    made = SecretScalar.__init__

    def seen(scalar: SecretScalar, value: int) -> None:
        with path.open("a") as file:
            file.write(f"{value}\n")
        made(scalar, value)

    # The one place where every share, blind and coefficient is born.
    setattr(SecretScalar, "__init__", seen)  # noqa: B010 - mypy knows no other signature of it


def main() -> None:
    """Until the end of the input."""
    watch(Path(sys.argv[1]))
    for line in sys.stdin:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(json.loads(line))
        print(json.dumps([code, said.getvalue()]), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    main()
