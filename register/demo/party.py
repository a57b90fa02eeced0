# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The machine of one organisation in the exercise with keys: a process that gives the commands its people would type, one after another.

One process an organisation and a session, so that no two organisations share memory, and Python need not start again for each of some eighty commands. Reads
one JSON list of arguments a line; answers each with one line: exit code and what was said. Ends with its input, so also when the exercise is gone.
"""

import contextlib
import io
import json
import signal
import sys

from process.command import run


def main() -> None:
    """Until the end of the input."""
    # Ctrl-C is for the exercise, which closes the input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = run(json.loads(line))
        sys.stdout.write(json.dumps([code, said.getvalue()]) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
