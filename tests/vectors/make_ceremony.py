# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Makes ceremony.json: the files of a finished ceremony of three parties, their secrets, and what comes out.

Made with the software, and held against the words of docs/spec/pseudonymisation.md by a test that uses none of it
(tests/pseudonymisation/test_ceremony_vectors.py). Made anew only with a new version of a format: HPKE draws its own randomness, so every run is
another ceremony, and one of last year must still verify.

    python tests/vectors/make_ceremony.py
"""

import json
import random
from datetime import UTC, datetime
from pathlib import Path

from pseudonymisation.joint import Record, Stage, make_dealing, own_share, progress, statement
from pseudonymisation.opening import Proposal, open_ceremony
from pseudonymisation.sealing import SealingKeys
from pseudonymisation.statement import OwnKeys

_FILE = Path(__file__).with_name("ceremony.json")
_MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def main() -> None:
    """Writes the file."""
    source = random.Random("ceremony").randbytes
    keys = {index: OwnKeys.make(f"HOUDER{index}", source) for index in (1, 2, 3)}
    proposal = Proposal(
        "test-ceremonie", "oefening", 2, [one.party for one in keys.values()], _MOMENT.replace(hour=17)
    )
    opening = open_ceremony(proposal, keys[1], _MOMENT, source)
    seals = {index: SealingKeys.make(opening.session, opening.dealers, source) for index in keys}
    record, dealings = Record(opening), dict.fromkeys(keys, b"")
    for stage in Stage:
        if stage is Stage.COMMITMENT:
            dealings = {index: make_dealing(record, one, source).data for index, one in keys.items()}
        files = {
            stage.file(index): statement(record, stage, one, dealings[index], seals[index])
            for index, one in keys.items()
        }
        record = progress(record, files, _MOMENT)
    shares = {index: own_share(record, one, seals[index], source) for index, one in keys.items()}
    vectors = {
        "opening": opening.data.decode("ascii"),
        "files": {name: data.decode("ascii") for name, data in record.files.items()},
        "keyset": record.keyset.canonical().decode("ascii"),
        "transcript": record.transcript(None),
        "parties": {
            str(index): {
                "ed25519Seed": one.seed.reveal().hex(),
                "sealingScalars": [seals[index].by_dealer[dealer].to_bytes().hex() for dealer in keys],
                "share": shares[index].secret.to_bytes().hex(),
            }
            for index, one in keys.items()
        },
    }
    _FILE.write_text(json.dumps(vectors, indent=1) + "\n", encoding="ascii")


if __name__ == "__main__":
    main()
