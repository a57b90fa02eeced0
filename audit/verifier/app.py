# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The front door of the verifier file: a command line of Python alone, and the one place that reads the clock for it.

``audit.verifier.standalone`` packs this with the rules that it needs. It offers what ``signaalregister audit verify`` offers, and
runs the same code.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NoReturn

from audit.verifier.options import OPTIONS, PURPOSE, wish_from
from audit.verifier.running import MISUSED, run
from process.language import gettext as _


class _Parser(argparse.ArgumentParser):
    """Python's own parser, in Dutch: what it says itself is in English."""

    def error(self, message: str) -> NoReturn:
        """Ends with a sentence about the command, and exit 2."""
        del message
        sys.stderr.write(_("Deze opdracht is niet te lezen. Kijk met --help hoe het moet.") + "\n")
        raise SystemExit(MISUSED)

    def format_help(self) -> str:
        """The help, with Dutch headings."""
        lines = [
            _("Gebruik: python3 {naam} [OPTIES] [BESTAND]").format(naam=self.prog),
            "",
            PURPOSE,
            "",
            *(f"  {option.flag} {option.metavar}\n      {option.help}" for option in OPTIONS),
            "  --help\n      " + _("Laat deze uitleg zien."),
            "",
            _("Uitkomst: 0 goedgekeurd, 1 afgekeurd of niet na te gaan, 2 verkeerd gebruikt."),
        ]
        return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks what the command line asks; returns the exit code."""
    report = run(wish_from(vars(_parser().parse_args(arguments))), _clock)
    stream = sys.stderr if report.code == MISUSED else sys.stdout
    # A terminal that cannot show a letter still shows the rest.
    encoding = stream.encoding or "utf-8"
    for line in report.lines:
        stream.write(line.encode(encoding, "replace").decode(encoding) + "\n")
    return report.code


def _clock() -> datetime:
    return datetime.now(UTC)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(allow_abbrev=False, add_help=True)
    parser.add_argument("bundle", nargs="?")
    for option in OPTIONS:
        parser.add_argument(option.flag, dest=option.name, action="append" if option.many else "store")
    return parser
