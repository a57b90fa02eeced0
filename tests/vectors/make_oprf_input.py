# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Makes oprf-input.json anew from its own names, keysets, families, values and costs, after a change of version.

From the words of docs/spec/match-keys.md section 5 and OpenSSL's Argon2id: nothing of the software is used but the
number of the version. The tests hold the software, with another Argon2id, against the outcome.

    python tests/vectors/make_oprf_input.py
"""

import hashlib
import json
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from pseudonymisation.pseudonym import SPEC_VERSION

_FILE = Path(__file__).with_name("oprf-input.json")


def _lp(*parts: bytes) -> bytes:
    return b"".join(len(part).to_bytes(2, "big") + part for part in parts)


def main() -> None:
    """Writes the file."""
    vectors = json.loads(_FILE.read_text(encoding="utf-8"))
    vectors["specVersion"] = SPEC_VERSION
    for case in vectors["cases"]:
        bound = [case["keyset"].encode(), case["family"].encode(), SPEC_VERSION.encode()]
        text = _lp(b"signaalregister", *bound, bytes.fromhex(case["value"]))
        salt = hashlib.sha256(_lp(b"signaalregister stretch salt", *bound)).digest()[:16]
        cost = case["cost"]
        argon2id = Argon2id(
            salt=salt,
            length=32,
            iterations=cost["passes"],
            lanes=cost["lanes"],
            memory_cost=cost["memoryKib"],
        )
        case |= {"prfInput": text.hex(), "salt": salt.hex(), "stretched": argon2id.derive(text).hex()}
    _FILE.write_text(json.dumps(vectors, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
