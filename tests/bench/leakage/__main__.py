# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Carry out the attacks and print what they learn.

    python -m tests.bench.leakage [--persons 2000] [--seed 1] [--noise middle] [--json OUT]

Every share is of records (observations) of the register that have the thing at all, unless a heading says otherwise.
"""

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pseudonymisation.keyholder.settings import Quotas
from pseudonymisation.pseudonym import FAMILIES
from tests.bench.leakage import attacks, bloom, guessing
from tests.bench.leakage.world import Record, Row, halves, records, token, tokens, truth
from tests.bench.observations import NOISE

TELLS: Final[Mapping[str, str]] = {
    "bsn": "BSN",
    "v_nummer": "V-number",
    "document": "document number",
    "document_number": "document number",
    "phone": "telephone",
    "email": "e-mail address",
    "social_handle": "account",
    "ad_id_or_url": "advertisement",
    "iban": "account number",
    "kvk": "business",
    "plate": "number plate",
    "bag_address": "house",
    "street": "street, number or postcode",
    "work_alias": "work name and its telephone, ad or house",
    "person_phone": "telephone with birthday or part of the name",
    "person_place": "neighbourhood with birthday or part of the name",
    "name_dob": "name and date of birth",
    "name_dob_near": "name (by sound) and date of birth",
    "name_dob_word": "one name (by sound) and date of birth",
    "name_dob_part": "name (by sound) and two parts of the date",
    "name_dob_year": "name (by sound) and year of birth",
    "name_pair": "name (by sound)",
}
"""What reading a token of a family tells."""
_QUOTA: Final = "guessing is counted at two holders and stops at a quota"
DONE: Final[Mapping[str, str]] = {
    "name_pair": f"weak: no match without more (C3); {_QUOTA}; tags are hidden from nodes, stored under K_reg",
    "name_dob_year": f"lossy: never more than mogelijk; {_QUOTA}",
    "street": f"weak: never counts for C3; {_QUOTA}; constant number of points",
    "bag_address": f"weak for a person; {_QUOTA}",
    "person_place": f"weak; joined, so no street or birthday stands alone; {_QUOTA}",
    "person_phone": f"weak; joined to the telephone; {_QUOTA}",
    "work_alias": "never alone: joined to a telephone, ad or house",
    "bsn": f"gated (UAVG 46); {_QUOTA}; Argon2id exact",
    "v_nummer": f"gated (UAVG 46); {_QUOTA}; Argon2id exact",
    "phone": f"{_QUOTA}; Argon2id exact; numbers of services are no key",
}
"""What is done about it; others: the quota, and Argon2id of their class."""


@dataclass
class Table:
    """A table and what is said under it."""

    title: str
    heading: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """As Markdown."""
        lines = [f"### {self.title}", "", _line(self.heading), _line(["---"] * len(self.heading))]
        lines += [_line(row) for row in self.rows]
        return "\n".join([*lines, *(f"\n{note}" for note in self.notes)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def percent(share: float) -> str:
    """A share, for people."""
    return (
        "0"
        if share == 0
        else "< 0.01%"
        if share < 0.0001
        else f"{share:.1%}"
        if share >= 0.001
        else f"{share:.2%}"
    )


@dataclass(frozen=True)
class Scene:
    """Who holds what in one run."""

    register: Sequence[Record]
    independent: Sequence[Record]
    same: Sequence[Record]
    tokens: Sequence[Row]
    truth: Mapping[bytes, bytes]

    @classmethod
    def of(cls, persons: int, seed: int, noise: str) -> "Scene":
        """Generate it."""
        register, same = halves(records(persons, seed, NOISE[noise]))
        other = records(persons, seed + 1, NOISE[noise])
        values = [one.values for one in register]
        return cls(register, other, same, [tokens(one) for one in values], truth(values))

    @property
    def families(self) -> list[str]:
        """The families of which the register has a token, in the order of the table."""
        having = {family for row in self.tokens for family, those in row.items() if those}
        return [one for one in FAMILIES if one in having]


def frequency(scene: Scene) -> Table:
    """Attacks 1 and 3 per family."""
    table = Table(
        "What frequency and company tell, per family",
        (
            "family",
            "records",
            "tokens",
            "entropy (bits)",
            "min-entropy (bits)",
            "commonest token",
            "by rank, other people",
            "by rank, same people",
            "by rank and company, other people",
            "by rank and company, same people",
            "a right reading tells",
            "what is done about it",
        ),
        notes=(
            (
                "By rank: the share of records of which at least one token of the family is read rightly. By rank and company: the ten commonest of every family by rank are taken for right, and all"
                " others are read from what they stand beside."
            ),
        ),
    )
    samples = [[one.values for one in part] for part in (scene.independent, scene.same)]
    ranked = [
        {family: attacks.by_rank(scene.tokens, sample, family) for family in scene.families}
        for sample in samples
    ]
    refined = []
    for sample, guesses in zip(samples, ranked, strict=True):
        known = {one: value for guess in guesses.values() for one, value in list(guess.items())[:10]}
        refined.append(attacks.by_company(scene.tokens, sample, known) | known)
    for family in scene.families:
        counts = attacks.counted(scene.tokens, family)
        having = sum(bool(row.get(family)) for row in scene.tokens)
        top = max(counts.values())
        read = [
            attacks.share_read(scene.tokens, family, attacks.right(guess[family], scene.truth))
            for guess in ranked
        ] + [attacks.share_read(scene.tokens, family, attacks.right(guess, scene.truth)) for guess in refined]
        table.rows.append(
            (
                family,
                str(having),
                str(len(counts)),
                f"{attacks.entropy(counts.values()):.1f}",
                f"{math.log2(having / top):.1f}",
                f"{top} records",
                *(percent(one) for one in read),
                TELLS[family],
                DONE.get(family, _QUOTA),
            )
        )
    return table


def seeded(scene: Scene) -> Table:
    """Attack 3 with what a municipality knows for certain."""
    table = Table(
        "Company, from what the largest municipality evaluated itself",
        (
            "sample",
            "known tokens",
            "read beyond those",
            "of which right",
            "records of which something new is read",
        ),
        notes=("The known tokens are right. A token must stand in three records to have company.",),
    )
    own = _largest(scene.register)
    known = {
        token(family, value): value
        for one in scene.register
        if one.municipality == own
        for family, values in one.values.items()
        for value in values
    }
    for name, part in (("other people", scene.independent), ("same people", scene.same)):
        guess = attacks.by_company(scene.tokens, [one.values for one in part], known)
        right = attacks.right(guess, scene.truth)
        new = sum(any(those & right for those in row.values()) for row in scene.tokens)
        precision = len(right) / len(guess) if guess else 0.0
        table.rows.append(
            (
                name,
                str(len(known)),
                str(len(guess)),
                f"{len(right)} ({percent(precision)})",
                percent(new / len(scene.tokens)),
            )
        )
    return table


def _largest(register: Sequence[Record]) -> str:
    return Counter(one.municipality for one in register).most_common(1)[0][0]


def singled(scene: Scene) -> Table:
    """Attack 3 on records: signatures."""
    table = Table(
        "Records singled out by how common their tokens are",
        (
            "sample",
            "records with a signature of their own on both sides",
            "of which the right person",
            "by chance",
        ),
    )
    persons = len({one.person for one in scene.register})
    for name, part in (("other people", scene.independent), ("same people", scene.same)):
        found = attacks.by_signature(scene.tokens, [one.values for one in part])
        hits = sum(scene.register[one].person == part[other].person for one, other in found.items())
        same = name == "same people"
        table.rows.append(
            (
                name,
                str(len(found)),
                f"{hits} ({percent(hits / len(found) if found else 0.0)})" if same else "nobody is in both",
                percent(1 / persons) if same else "",
            )
        )
    return table


def form(scene: Scene) -> Table:
    """Attack 2."""

    def families(one: Record) -> Any:
        return frozenset(one.values)

    def points(one: Record) -> Any:
        return tuple(sorted(one.points.items()))

    def real(one: Record) -> Any:
        return tuple(sorted((family, len(of)) for family, of in one.values.items()))

    facts = ("channel", "sex", "nationality")
    table = Table(
        "What the form of a record tells",
        (
            "what is seen",
            "bits",
            "forms",
            "records alone in their form",
            *(f"{one} guessed (always the commonest)" for one in facts),
        ),
        notes=(
            "The register sees families and points. The last row is what it would see without fillers, and what it sees of those tokens that come back: a filler never comes back.",
        ),
    )
    seen: tuple[tuple[str, Callable[[Record], Any]], ...] = (
        ("families", families),
        ("families and points", points),
        ("as without fillers", real),
    )
    for name, of in seen:
        counts = Counter(map(of, scene.register))
        alone = sum(one == 1 for one in counts.values()) / len(scene.register)
        guesses = []
        for fact in facts:
            learned = [(of(one), one.facts[fact]) for one in scene.independent if one.facts[fact]]
            asked = [(of(one), one.facts[fact]) for one in scene.register if one.facts[fact]]
            hits, base = attacks.by_form(learned, asked)
            guesses.append(f"{percent(hits)} ({percent(base)})")
        table.rows.append(
            (name, f"{attacks.entropy(counts.values()):.1f}", str(len(counts)), percent(alone), *guesses)
        )
    return table


def hoard(scene: Scene) -> Table:
    """Attack 4, by one's own observations."""
    largest = _largest(scene.register)
    sizes = Counter(one.municipality for one in scene.register)
    median = sizes.most_common()[len(sizes) // 2][0]
    table = Table(
        "The hoarding municipality: what it recognises of others by its own observations",
        (
            "family",
            *(
                f"{which}: {what}"
                for which in ("largest", "median")
                for what in ("strangers", "people it met")
            ),
            "what it learns",
        ),
        notes=(
            *(
                f"The {which} municipality has {sizes[code]} of {len(scene.register)} records."
                for which, code in (("largest", largest), ("median", median))
            ),
            "Shares of the records of others that have the family. People it met are those whom a question would find too: a match, but here without a log entry.",
        ),
    )
    for family in (*scene.families, "any family", "any strong family"):
        within = {
            "any family": set(scene.families),
            "any strong family": {one for one in scene.families if FAMILIES[one].person.value == "strong"},
        }.get(family, {family})
        cells = []
        for code in (largest, median):
            mine = [one for one in scene.register if one.municipality == code]
            known = {(name, value) for one in mine for name in within for value in one.values.get(name, ())}
            met = {one.person for one in mine}
            for stranger in (True, False):
                others = [
                    one
                    for one in scene.register
                    if one.municipality != code
                    and (one.person not in met) is stranger
                    and any(one.values.get(name) for name in within)
                ]
                hits = sum(
                    any((name, value) in known for name in within for value in one.values.get(name, ()))
                    for one in others
                )
                cells.append(percent(hits / len(others)) if others else "-")
        table.rows.append((family, *cells, TELLS.get(family, "")))
    return table


def dictionary(scene: Scene) -> Table:
    """Attack 4, by guessing within a quota."""
    quotas = Quotas()
    day = sum(quotas.of(action).organisation_day for action in ("vragen", "indienen", "invoeren"))
    budgets = {"one day": day, "30 days": 30 * day, "a year": 365 * day}
    table = Table(
        f"The hoarding municipality: what it reads by guessing, with {day:,} points a day (all quotas together)",
        (
            "family",
            "median guesses (bits)",
            *(f"{name} ({points:,})" for name, points in budgets.items()),
            "what it learns",
        ),
        notes=(
            (
                "The whole budget goes to one rule of one family, in the best order for who has an independent sample of the population. Telephones, documents, addresses and postcodes are guessed from the space they"
                " have in the field. Each of these days is in the counts of two holders; guesses at people whom nobody met at a control have no ground. Names and streets are from the lists of the generator, which are shorter than those of the field: there it takes more."
            ),
        ),
    )
    for family in scene.families:
        guesser = guessing.Guesser.of(
            value for one in scene.independent for value in one.values.get(family, ())
        )
        rows = [one.values.get(family, frozenset()) for one in scene.register]
        costs = sorted(guesser.cheapest(row).points for row in rows if row)
        median = costs[len(costs) // 2]
        table.rows.append(
            (
                family,
                "a word that the sample has not" if math.isinf(median) else f"{math.log2(median):.1f}",
                *(percent(guessing.read_within(guesser, rows, budget)) for budget in budgets.values()),
                TELLS[family],
            )
        )
    return table


_ON_FIELDS: Final = (
    "rank of whole filters",
    "pattern of bits, from rank",
    "pattern of bits, from own names",
    "dictionary, knowing the secret",
)


def beside(scene: Scene) -> Table:
    """Attacks 1, 3 and 4 on Bloom filters, with ours beside them."""
    table = Table(
        "The same attacks on Bloom filters (1,000 bits, 20 hashes, one secret)",
        ("encoding", "attack", "other people", "same people"),
        notes=(
            (
                "Shares of records of which the name is read rightly: given names for filters per field and for the whole key; for our tokens a pair of names by sound. The dictionary is the names of the sample; for"
                " ours it costs a point per guess, and the figure is what a day's quota reads. An attack by similarity graphs was not made: our tokens have no similarity, Bloom filters do."
            ),
        ),
    )
    secret = b"shared by all who encode"
    samples = (scene.independent, scene.same)
    for title, fields in (
        ("filter per field (given names)", 1),
        ("one key for given names, surname and date", 3),
    ):
        held = [one for one in scene.register if one.names[0]]
        filters = [bloom.encoded(secret, one.names[:fields]) for one in held]
        largest = _largest(scene.register)
        own = [
            (mask, one.names[0])
            for mask, one in zip(filters, held, strict=True)
            if one.municipality == largest
        ]
        whole = fields > 1
        for attack in _ON_FIELDS if not whole else (_ON_FIELDS[0], _ON_FIELDS[-1]):
            cells = []
            for sample in samples:
                known = [one for one in sample if one.names[0]]
                names = [one.names[0] for one in known]
                if attack.startswith("rank"):
                    guess = bloom.by_rank(filters, _labels(known, whole=whole))
                elif attack == "pattern of bits, from rank":
                    guess = bloom.by_bits(
                        filters, names, list(bloom.by_rank(filters, names).items())[: bloom.SEEDS]
                    )
                elif attack == "pattern of bits, from own names":
                    guess = bloom.by_bits(filters, names, own)
                else:
                    guess = bloom.by_dictionary(secret, filters, names)
                hits = sum(
                    guess.get(one, "").split("|")[0] == record.names[0]
                    for one, record in zip(filters, held, strict=True)
                )
                cells.append(
                    "not made" if whole and attack.startswith("pattern") else percent(hits / len(held))
                )
            table.rows.append((title, attack, *cells))
    _ours(scene, table)
    return table


def _labels(known: Sequence[Record], *, whole: bool) -> list[str]:
    return ["|".join(one.names) if whole else one.names[0] for one in known]


def _ours(scene: Scene, table: Table) -> None:
    day = Quotas().of("vragen").organisation_day
    for family in ("name_pair", "name_dob"):
        cells: dict[str, list[str]] = {"rank of whole tokens": [], f"dictionary, {day:,} points": []}
        for sample in (scene.independent, scene.same):
            rows = [one.values for one in sample]
            guess = attacks.by_rank(scene.tokens, rows, family)
            read = attacks.share_read(scene.tokens, family, attacks.right(guess, scene.truth))
            cells["rank of whole tokens"].append(percent(read))
            guesser = guessing.Guesser.of(value for row in rows for value in row.get(family, ()))
            held = [one.values.get(family, frozenset()) for one in scene.register]
            cells[f"dictionary, {day:,} points"].append(percent(guessing.read_within(guesser, held, day)))
        table.rows += [(f"our tokens, {family}", attack, *shares) for attack, shares in cells.items()]
        table.rows.append(
            (f"our tokens, {family}", "pattern of bits", "there are no bits", "there are no bits")
        )


def main(arguments: list[str]) -> int:
    """Carry out all attacks and print."""
    options = argparse.ArgumentParser(
        prog="python -m tests.bench.leakage",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    options.add_argument("--persons", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--noise", choices=tuple(NOISE), default="middle")
    options.add_argument("--json", type=Path)
    given = options.parse_args(arguments)
    scene = Scene.of(given.persons, given.seed, given.noise)
    sys.stdout.write(
        f"## Leakage: {given.persons} persons, seed {given.seed}, {given.noise} noise\n\nThe register has {len(scene.register)} records; the sample of other people (seed {given.seed + 1})"
        f" {len(scene.independent)}, that of the same people {len(scene.same)}.\n"
    )
    made = []
    for table in (frequency, seeded, singled, form, hoard, dictionary, beside):
        made.append(table(scene))
        sys.stdout.write("\n" + made[-1].text() + "\n")
        sys.stdout.flush()
    if given.json:
        document = {one.title: [dict(zip(one.heading, row, strict=True)) for row in one.rows] for one in made}
        given.json.write_text(
            json.dumps({**vars(given), "json": None, "tables": document}, indent=1) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
