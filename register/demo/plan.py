# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What the exercise consists of: organisations, people, ports. Plain data; `register.demo.world` builds it.

Everything is fictitious. Names, officers and controls agree with the starting records of profile `oefening` (policies/rules/oefening).
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

KEYSET = "oefening"
LOG_ORIGIN = "signaalregister.example/oefening"
MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
"""When the exercise takes place, unless a clock file says otherwise: a Friday morning."""
WEEK_BEFORE = MOMENT - timedelta(days=7)
"""When the fourth municipality asked something that its FG looks at by now."""
WEEKS_BEFORE = MOMENT - timedelta(days=21)
"""When something was asked that nobody took up since, so that it came to the ketenregisseur."""

HOLDERS = (1, 2, 3)
RESERVES = (4,)
"""Who becomes key holder when one is lost, in the exercise with keys."""

WITNESSES = ("GM9001", "GM9002")
"""Municipalities whose FG runs a witness of the log; that of the third vouches by file. Any two of the three are enough."""
WITNESS_BY_FILE = "GM9003"

SUBMITTERS = ("GM9001", "GM9002", "GM9003")
ASKER = "GM9004"
MUNICIPALITIES = (*SUBMITTERS, ASKER)
PARTNERS = ("TMM",)
"""Partners with a node of their own: a process apart, because nothing of the police may stand beside what a municipality types."""
CONTROL = "C-OEFE-0001"
"""A control that is open at each node on the day of the exercise."""

CASE = "TMM-2026-0001"
WALK_CASE = "TMM-2026-0002"
"""What whoever walks through the pages gives their own case."""
PHONE = "06-12345678"
LABOUR_PHONE = "06-22334455"
LONELY_PHONE = "06-41526374"
UNKNOWN_PHONE = "06-55667788"
"""Nobody submitted a signal with this one."""

NLA = "NLA"
KMAR = "KMAR"
HOST = "RIEC-OEFEN"
REGION = "SV-OEFENING"
"""The samenwerkingsverband of the exercise, and who hosts its ketenregisseur."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account: where they sign in, and as what."""

    name: str
    organisation: str
    role: str
    number: int = 0
    """Which of several with the same role; 0 where there is one."""
    register_only: bool = False
    """Whether this person signs in at the register, where others of the role do at their node."""

    @property
    def officer(self) -> str:
        """The pseudonymous number of the starting records."""
        if self.number:
            return f"oefening-beheerder-{self.number}"
        return f"oefening-{self.role.replace('_', '-').removeprefix('tmm-')}"

    @property
    def at_register(self) -> bool:
        """Whether this person signs in at the register's own pages; those of a partner also do at its node."""
        return self.register_only or self.role in {"fg", "tmm_analist", "tmm_coordinator"}


PEOPLE = (
    *(Person(f"inspecteur-{code.lower()}", code, "toezichthouder") for code in MUNICIPALITIES),
    *(Person(f"aandacht-{code.lower()}", code, "aandachtsfunctionaris") for code in MUNICIPALITIES),
    *(
        Person(f"beheerder{number}-{code.lower()}", code, "functioneel_beheerder", number)
        for code in MUNICIPALITIES
        for number in (1, 2)
    ),
    *(Person(f"fg-{code.lower()}", code, "fg") for code in MUNICIPALITIES),
    Person("analist-tmm", "TMM", "tmm_analist"),
    Person("coordinator-tmm", "TMM", "tmm_coordinator"),
)
NEIGHBOURS = (
    Person("medewerker-nla", NLA, "nla", register_only=True),
    Person("medewerker-kmar", KMAR, "kmar", register_only=True),
    Person("zorgcoordinator-gm9004", ASKER, "zorgcoordinator", register_only=True),
    Person("ketenregisseur-riec-oefen", HOST, "ketenregisseur", register_only=True),
    Person("beheerder-register", ASKER, "functioneel_beheerder", 1, register_only=True),
)
"""Who works beside municipalities and TMM; `register.demo.neighbours` records them, and most stories do without."""


def person(organisation: str, role: str, number: int = 0) -> Person:
    """The one with this role there; of several the one with this number, or the first."""
    found = [one for one in (*PEOPLE, *NEIGHBOURS) if (one.organisation, one.role) == (organisation, role)]
    return next(one for one in found if number in {0, one.number})


@dataclass(frozen=True)
class Ports:
    """Loopback ports, counted from one base."""

    base: int

    @property
    def register_pages(self) -> int:
        """Pages for FG and TMM."""
        return self.base

    @property
    def register(self) -> int:
        """Interface for nodes."""
        return self.base + 1

    @property
    def signer(self) -> int:
        """The signer."""
        return self.base + 2

    def holder(self, index: int) -> int:
        """Key holder 1, 2 or 3, or the reserve."""
        return self.base + 10 + index

    def witness(self, organisation: str) -> int:
        """The witness of an FG."""
        return self.base + 30 + WITNESSES.index(organisation) + 1

    def node(self, organisation: str) -> int:
        """Pages and interface of a node."""
        return self.base + 20 + (*MUNICIPALITIES, *PARTNERS).index(organisation) + 1

    def all(self) -> tuple[int, ...]:
        """Every port of the exercise."""
        return (
            self.register_pages,
            self.register,
            self.signer,
            *(self.holder(index) for index in (*HOLDERS, *RESERVES)),
            *(self.node(code) for code in (*MUNICIPALITIES, *PARTNERS)),
            *(self.witness(code) for code in WITNESSES),
        )


def oin(organisation: str) -> str:
    """A fictitious OIN: twenty digits that belong to nobody."""
    return f"{sum(ord(letter) * 257**place for place, letter in enumerate(organisation)) % 10**9:020d}"
