# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""One node, several organisations: which desk a person works at, and nothing else.

Before signing in a person names the organisation; where there is only one it goes without saying. Names are unique within an organisation. An
organisation that is not here is refused as a wrong password is: same words, same Argon2id, same counting of tries. After signing in
the session alone says whose desk it is: no body, header or address can choose another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from process.language import gettext as _
from process.problem import FieldError, Refusal
from process.serving.errors import SettingsError
from register.accounts import Account, not_logged_in, token_digest
from register.door.door import Answer
from register.municipal.controls import day_of
from register.municipal.desk import Desk
from register.municipal.elsewhere import only_elsewhere
from register.municipal.people import Halfway, LoggedIn, People, raw_token
from register.municipal.store import NodeDatabase, NodeStore
from register.passkeys import Site
from register.second_factor import Method, half_over, second_required


@dataclass(frozen=True)
class Seat:
    """A person at a desk: everything that a request may touch."""

    desk: Desk
    logged_in: LoggedIn

    @property
    def account(self) -> Account:
        """Who sits here."""
        return self.logged_in.account


@dataclass(frozen=True)
class House:
    """All desks of one node.

    Attributes:
        desks: code of an organisation -> its desk; at least one.
        database: that they share.
        strangers: the door of an organisation that is not here. It has no accounts and refuses everyone, as a door does.
        unseen: where refusals go of whom nobody knows who they are.
        origin: address of the pages as people know it, to which passkeys are bound; None without.
    """

    desks: Mapping[str, Desk]
    database: NodeDatabase
    strangers: People
    unseen: NodeStore
    origin: str | None = None

    def __post_init__(self) -> None:
        """A house without desks serves nobody."""
        if not self.desks:
            raise SettingsError(_("Deze node heeft nog geen organisatie."))

    @property
    def only(self) -> Desk | None:
        """The desk, where there is one; None where there are several."""
        return next(iter(self.desks.values())) if len(self.desks) == 1 else None

    @property
    def first(self) -> Desk:
        """A desk, for what is the same at all of them: profile, clock, municipalities."""
        return next(iter(self.desks.values()))

    @property
    def names(self) -> list[tuple[str, str]]:
        """Code and name of each organisation, by name; empty where there is nothing to choose."""
        if self.only:
            return []
        return sorted(((code, desk.name) for code, desk in self.desks.items()), key=lambda one: one[1])

    @property
    def providers(self) -> list[tuple[str, str]]:
        """Code and name of each organisation whose people sign in with its own provider, by name."""
        found = ((code, desk.name) for code, desk in self.desks.items() if desk.elsewhere is not None)
        return sorted(found, key=lambda one: one[1])

    @property
    def passwords(self) -> bool:
        """Whether a password opens anything here."""
        return not all(_only_elsewhere(desk) for desk in self.desks.values())

    def sign_in(
        self, organisation: str | None, name: str, password: str, source: str | None = None
    ) -> Seat | Halfway:
        """A new session, or half of one.

        Raises:
            Refusal: 400 if it must be said which organisation; 401 for a wrong organisation, name or password, 429 after too many;
                403 where accounts of this node open nothing.
        """
        wanted = organisation or (self.only.organisation if self.only else None)
        if wanted is None:
            raise _which()
        desk = self.desks.get(wanted)
        if desk is None:
            self.strangers.log_in(f"{wanted}/{name}", password, source)
            raise not_logged_in()
        if _only_elsewhere(desk):
            raise only_elsewhere()
        passed = desk.people.log_in(name, password, source)
        return passed if isinstance(passed, Halfway) else Seat(desk, passed)

    def desk_of_half(self, half: str) -> Desk:
        """The desk that a half session names.

        Raises:
            Refusal: 401, it names none of ours.
        """
        desk = self.desks.get(half.partition(".")[0])
        if desk is None:
            raise half_over()
        return desk

    def second_step(self, half: str, answer: Answer, site: Site | None) -> Seat:
        """The second step; a new session.

        Raises:
            Refusal: 401 for a wrong answer or a half session that is over, 403 where accounts of this node open nothing, 429 after too many.
        """
        desk = self.desk_of_half(half)
        if _only_elsewhere(desk):
            raise only_elsewhere()
        return Seat(desk, desk.people.second_step(half, answer, site))

    def behind(self, token: str | None, *, anyhow: bool = False) -> Seat:
        """Who is behind this token, and at which desk.

        Args:
            token: as it travels.
            anyhow: also where a second factor is asked of everyone and this session has none; only for getting one, and for leaving.

        Raises:
            Refusal: 401, there is no living session; 403 without the second factor that is asked.
        """
        raw = raw_token(token)
        tenant = None if raw is None else self.database.tenant_of_session(token_digest(raw))
        desk = None if tenant is None else self.desks.get(tenant)
        if desk is None:
            raise not_logged_in()
        logged_in = desk.people.behind(token)
        if _only_elsewhere(desk) and Method.ELSEWHERE not in logged_in.methods:
            # Of before passwords were put off.
            raise not_logged_in()
        if not logged_in.complete and not anyhow:
            raise second_required()
        return Seat(desk, logged_in)

    def leave(self, token: str | None) -> None:
        """End the session of this token, at whichever desk; nothing if there is none."""
        raw = raw_token(token)
        if raw is not None:
            self.leave_session(token_digest(raw))

    def leave_session(self, digest: bytes) -> None:
        """End the session whose token has this digest, at whichever desk; nothing if there is none."""
        tenant = self.database.tenant_of_session(digest)
        desk = None if tenant is None else self.desks.get(tenant)
        if desk is not None:
            desk.store.end_session(digest)

    def store_of(self, seat: Seat | None) -> NodeStore:
        """Where a refusal is counted: at the desk of the person, or the only one; else with the strangers."""
        desk = seat.desk if seat else self.only
        return desk.store if desk else self.unseen

    def purge(self, moment: datetime) -> None:
        """Destroy what has expired, of every organisation."""
        for store in (*(desk.store for desk in self.desks.values()), self.unseen):
            store.purge(moment, day_of(moment))


def _only_elsewhere(desk: Desk) -> bool:
    return desk.elsewhere is not None and desk.elsewhere.alone


def _which() -> Refusal:
    return Refusal(
        400,
        "geen-organisatie",
        _("U koos nog geen organisatie."),
        _("Op deze machine werken meer organisaties. Kies de uwe."),
        way_forward=_("Kies uw organisatie en meld u opnieuw aan."),
        fields=(FieldError("organisatie", _("Kies uw organisatie.")),),
    )
