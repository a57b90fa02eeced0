# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The audit log: who asked what, provable to all and readable only by those it concerns.

This package knows nothing of signals. Its files are rules without a world: RFC 6962 trees (``merkle``), C2SP signed
notes and checkpoints (``note``, ``checkpoint``), log entries (``entry``), what one request appends and gets back
(``trail``) and the verdict on an export (``verify``). Its folders touch the world: ``store`` the database, ``signer`` the
process that signs checkpoints, ``verifier`` the command line. The format is specified in docs/spec/audit-log.md.
"""
