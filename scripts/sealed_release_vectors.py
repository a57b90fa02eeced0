# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
# ruff: noqa: INP001 - a script that is run by its path, not a module
"""Makes tests/vectors/sealed-release/v1.json: zegels by our code, which a second reader opens in tests/register/municipal/test_zegel.py.

HPKE draws its ephemeral key itself, so a second run makes other zegels of the same contents; the file is made once and kept.
"""

import json
import sys
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from register.municipal.zegel import Bound, Content, SealedAttribute, seal

PRIVATE = bytes(range(7, 39))
PUBLIC = X25519PrivateKey.from_private_bytes(PRIVATE).public_key().public_bytes_raw()
BOUND = Bound("log.example/oefening", "GM9001", UUID(int=1, version=4), 1, ("TMM", "tmm_coordinator", ""), "ab" * 16, UUID(int=2, version=4))  # fmt: skip
CONTENTS = {
    "verhaal en telefoon": Content("Wat ik zag.", "OEF-GEM-GM9001", [SealedAttribute("s1", "phone", {"number": "+31612345678"}, "OEF-GEM-GM9001")]),
    "alleen een verhaal": Content("Zij heet Nuñez, en één ding viel op: ☎.", "OEF-GEM-GM9001"),
    "alleen kenmerken": Content(None, "", [SealedAttribute("s2", "name_dob", {"given": "A", "surname": "B", "dob": "1999-00-00"}, "OEF-GEM-GM9001")]),
    "de tweede klasse": Content("x" * 2000, "OEF-GEM-GM9001", [SealedAttribute("s1", "iban", {"number": "NL91ABNA0417164300"}, "G")]),
}  # fmt: skip


def _said(bound: Bound) -> dict[str, str]:
    organisation, role, officer = bound.recipient
    return {
        "register": bound.register,
        "organisatie": bound.organisation,
        "signaal": str(bound.signal_id),
        "versie": str(bound.version),
        "ontvanger": organisation,
        "rol": role,
        "medewerker": officer,
        "sleutel": bound.key,
        "vrijgave": str(bound.release_id),
    }


def main(file: Path) -> None:
    """Write the vectors."""
    good = [
        {
            "naam": name,
            "geheim": PRIVATE.hex(),
            "gebonden": _said(BOUND),
            "info": BOUND.info.hex(),
            "inhoud": json.loads(content.written()),
            "zegel": seal(content, PUBLIC, BOUND).hex(),
        }
        for name, content in CONTENTS.items()
    ]
    one = bytes.fromhex(str(good[0]["zegel"]))
    wrong = {
        "leeg": b"",
        "alleen versie": b"\x01",
        "versie 2": b"\x02" + one[1:],
        "afgekapt": one[:-1],
        "een byte te veel": one + b"\x00",
        "andere eenmalige sleutel": one[:1] + PUBLIC + one[33:],
        "eenmalige sleutel nul": one[:1] + bytes(32) + one[33:],
        "inhoud veranderd": one[:40] + bytes([one[40] ^ 1]) + one[41:],
        "tag veranderd": one[:-1] + bytes([one[-1] ^ 1]),
    }
    bad = [{"naam": name, "zegel": zegel.hex()} for name, zegel in wrong.items()]
    text = json.dumps({"goed": good, "fout": bad}, ensure_ascii=False, indent=1)
    file.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
