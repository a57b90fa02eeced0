# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The verifier as one file: a zip that Python runs (zipapp), the same bytes on every machine.

It holds the modules named here and nothing else: no library, and no code that ``signaalregister audit verify`` does not run. Files stand in a
fixed order, uncompressed (other versions of zlib compress otherwise), with the oldest moment that a zip can say and the same rights, so
that everyone who builds it from the same source compares the same SHA-256.
"""

import io
import zipfile
from hashlib import sha256
from importlib.resources import files

MODULES = (
    "audit/__init__.py",
    "audit/bundle.py",
    "audit/canonical.py",
    "audit/checkpoint.py",
    "audit/cosignature.py",
    "audit/ed25519.py",
    "audit/entry.py",
    "audit/merkle.py",
    "audit/note.py",
    "audit/replay.py",
    "audit/tiles.py",
    "audit/tlog_proof.py",
    "audit/trail.py",
    "audit/verifier/__init__.py",
    "audit/verifier/app.py",
    "audit/verifier/options.py",
    "audit/verifier/remote.py",
    "audit/verifier/running.py",
    "audit/verifier/tiled.py",
    "audit/verify.py",
    "process/__init__.py",
    "process/language.py",
    "process/moments.py",
    "process/secret.py",
)
FILE_NAME = "logboek-nagaan.pyz"

_START = """# The verifier of the signaalregister's log (EUPL-1.2). Its source is audit/verifier in the project.
from audit.verifier.app import main

raise SystemExit(main())
"""
_SHEBANG = b"#!/usr/bin/env python3\n"
_OLDEST = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16


def verifier_file() -> bytes:
    """The bytes of the file."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for name in MODULES:
            package, _slash, rest = name.partition("/")
            _add(packed, name, files(package).joinpath(rest).read_bytes())
        _add(packed, "__main__.py", _START.encode())
    return _SHEBANG + archive.getvalue()


def fingerprint(content: bytes) -> str:
    """SHA-256 over the file, as 64 hexadecimal digits: what people read to each other."""
    return sha256(content).hexdigest()


def _add(packed: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _OLDEST)
    entry.create_system = _UNIX
    entry.external_attr = _MODE
    packed.writestr(entry, content)
