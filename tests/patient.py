# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`python -m tests.patient` is the command `signaalregister` of a node that waits longer for register and holders.

A quarter of a second for a connection and two for an answer is right for a person at a door. On a machine where two exercises and a browser
share two cores it makes a scenario fail of nothing but being slow. Whoever is down refuses a connection at once, so what happens then is as ever.
"""

from importlib import import_module

from register.municipal import clients

_SECONDS = 60.0


def main() -> None:
    """Run the command of the arguments."""
    # Before anything that copies them is imported.
    clients.CONNECT_SECONDS = clients.ANSWER_SECONDS = clients.REGISTER_SECONDS = _SECONDS
    import_module("process.app").main()


if __name__ == "__main__":
    main()
