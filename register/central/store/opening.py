# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Opens the register's two databases at the start of a process: itself and the keys of its log, which are never one and the same.

Whoever can read a backup of the register must not find the keys in it; so a database that holds one does not get the other, under whatever name it is
reached.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine

from audit.store.engine import DatabaseUrlError, make_engine
from audit.store.keys import SCHEMA as KEYS
from audit.store.keys import KeyStore
from audit.store.schema import bring_up, require_apart
from process.pooling import Pooling
from process.serving.errors import SettingsError
from register.central.store.grants import SCHEMA

MIGRATE: Final = "signaalregister register database migrate"


def open_register(url: str, pooling: Pooling, *, migrating: bool) -> Engine:
    """The database of the register.

    Args:
        url: as SQLAlchemy names it.
        pooling: limits on its connections.
        migrating: bring it to the newest revision first.

    Raises:
        SettingsError: it cannot be used, in words.
    """
    engine = _engine(url, pooling, "signaalregister-register")
    with _given_back(engine):
        require_apart(engine, KEYS)
        bring_up(engine, SCHEMA.migrations, migrating=migrating, command=MIGRATE)
    return engine


def open_keys(beside: Engine, url: str, pooling: Pooling, *, migrating: bool) -> KeyStore:
    """The keys of the log.

    Args:
        beside: the register's own database, given back if this one cannot be used.
        url: as for `open_register`, and so are the others.
        pooling: likewise.
        migrating: likewise.

    Raises:
        SettingsError: it cannot be used, in words.
    """
    engine = _engine(url, pooling, "signaalregister-register-sleutels")
    with _given_back(beside), _given_back(engine):
        require_apart(engine, SCHEMA)
        keys = KeyStore(engine)
        keys.bring_up(migrating=migrating, command=MIGRATE)
    return keys


@contextmanager
def _given_back(engine: Engine) -> Iterator[None]:
    """Closes the connections if what is done with them fails."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def _engine(url: str, pooling: Pooling, name: str) -> Engine:
    try:
        return make_engine(url, pooling, name=name)
    except DatabaseUrlError as error:
        raise SettingsError(str(error)) from error
