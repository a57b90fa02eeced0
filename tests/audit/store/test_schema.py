# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Revisions that expand and contract, on a small database of this test; and what a process does with them when it starts."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, inspect, text
from sqlalchemy.engine import make_url

from audit.store.administration import Managed
from audit.store.cli import database_group
from audit.store.engine import make_engine
from audit.store.roles import CHANGE
from audit.store.schema import Schema, bring_up, migrate, require_apart, standing, steps
from process.command import USED_WRONGLY, run
from process.problem import Outage
from process.serving.errors import SettingsError
from tests.conftest import OwnServer

COMMAND = "signaalregister proef database migrate"
ENV = """
from alembic import context
connection = context.config.attributes["connection"]
context.configure(connection=connection, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
"""
REVISIONS = {
    "0001": (
        None,  # written before phases were
        (
            "op.create_table('person', sa.Column('id', sa.Integer, primary_key=True), sa.Column('name', sa.String(20)))\n"
            "    op.create_table('visit', sa.Column('id', sa.Integer, primary_key=True),"
            " sa.Column('person', sa.Integer, sa.ForeignKey('person.id', ondelete='CASCADE')))"
        ),
    ),
    "0002": ("expand", "op.add_column('person', sa.Column('town', sa.String(20)))"),
    "0003": (
        "contract",
        "with op.batch_alter_table('person') as person:\n        person.drop_column('name')",
    ),
    "0004": ("expand", "op.add_column('person', sa.Column('street', sa.String(20)))"),
    "0005": (
        "contract",
        "with op.batch_alter_table('person') as person:\n        person.drop_column('town')",
    ),
}
Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a folder with these revisions, each the next of the one before it."""

    def made(*revisions: str, broken: str = "") -> Path:
        place = tmp_path / "-".join(revisions)
        (place / "versions").mkdir(parents=True, exist_ok=True)
        (place / "env.py").write_text(ENV)
        for before, revision in zip((None, *revisions), revisions, strict=False):
            phase, work = REVISIONS[revision]
            lines = [
                f'"""Step {revision}."""',
                "import sqlalchemy as sa",
                "from alembic import op",
                f"revision, down_revision, branch_labels, depends_on = {revision!r}, {before!r}, None, None",
                "" if phase is None else f"phase = {phase!r}",
                f"def upgrade():\n    {work}",
                "    raise RuntimeError('halverwege')" if revision == broken else "",
            ]
            (place / "versions" / f"{revision}.py").write_text("\n".join(lines))
        return place

    return made


def current(engine: Engine, place: Path) -> str | None:
    with engine.connect() as connection:
        return standing(connection, steps(place)).current


def columns(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return {str(column["name"]) for column in inspect(connection).get_columns("person")}


def start(engine: Engine, place: Path, *, migrating: bool = False) -> None:
    bring_up(engine, place, migrating=migrating, command=COMMAND)


def refused(engine: Engine, place: Path, *, migrating: bool = False) -> str:
    """The one sentence with which a process does not start."""
    with pytest.raises(SettingsError) as told:
        start(engine, place, migrating=migrating)
    assert "\n" not in str(told.value)
    return str(told.value)


def test_revisions_are_told_oldest_first_with_their_phase(folder: Folder) -> None:
    found = steps(folder("0001", "0002", "0003"))
    assert [(step.revision, step.phase) for step in found] == [
        ("0001", "expand"),
        ("0002", "expand"),
        ("0003", "contract"),
    ]
    assert found[0].about == "Step 0001."


def test_an_empty_database_is_brought_to_the_newest_revision_and_again_changes_nothing(
    engine: Engine, folder: Folder
) -> None:
    place = folder("0001", "0002", "0003")
    assert [step.revision for step in migrate(engine, place, contract=False)] == ["0001", "0002", "0003"]
    assert migrate(engine, place) == ()
    assert columns(engine) == {"id", "town"}


def test_without_contract_nothing_is_removed_and_the_software_works(engine: Engine, folder: Folder) -> None:
    migrate(engine, folder("0001"))
    place = folder("0001", "0002", "0003")
    assert [step.revision for step in migrate(engine, place, contract=False)] == ["0002"]
    assert columns(engine) == {"id", "name", "town"}
    start(engine, place)
    assert [step.revision for step in migrate(engine, place, contract=True)] == ["0003"]
    assert columns(engine) == {"id", "town"}
    start(engine, place)


def test_what_a_version_before_left_to_remove_comes_first_and_is_said(engine: Engine, folder: Folder) -> None:
    migrate(engine, folder("0001", "0002"))
    place = folder("0001", "0002", "0003", "0004")
    with pytest.raises(SettingsError, match=r"Revisie 0003 ruimt op .* --contract"):
        migrate(engine, place, contract=False)
    assert current(engine, place) == "0002"
    migrate(engine, place, contract=True)
    assert current(engine, place) == "0004"


def test_software_does_not_start_on_an_older_database_and_names_the_command(
    engine: Engine, folder: Folder
) -> None:
    place = folder("0001", "0002", "0003")
    assert COMMAND in refused(engine, place)
    migrate(engine, folder("0001"))
    told = refused(engine, place)
    assert "0001" in told
    assert "0002" in told
    assert COMMAND in told
    assert current(engine, place) == "0001", "looking changes nothing"


def test_software_does_not_start_on_a_database_of_newer_software(engine: Engine, folder: Folder) -> None:
    migrate(engine, folder("0001", "0002"))
    for migrating in (False, True):
        told = refused(engine, folder("0001"), migrating=migrating)
        assert "0002" in told
        assert "nieuwere software" in told
    assert current(engine, folder("0001", "0002")) == "0002"


def test_a_process_that_may_migrate_does_so_on_postgresql_only_as_far_as_it_needs(
    engine: Engine, folder: Folder
) -> None:
    migrate(engine, folder("0001"))
    start(engine, folder("0001", "0002", "0003"), migrating=True)
    alone = engine.dialect.name == "sqlite"
    assert columns(engine) == ({"id", "town"} if alone else {"id", "name", "town"})


def test_an_interrupted_migration_leaves_the_old_revision_whole(engine: Engine, folder: Folder) -> None:
    migrate(engine, folder("0001"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO person (id, name) VALUES (1, 'Jan')"))
    with pytest.raises(RuntimeError, match="halverwege"):
        migrate(engine, folder("0001", "0002", "0003", "0004", broken="0004"))
    assert columns(engine) == {"id", "name"}
    assert current(engine, folder("0001")) == "0001"
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT name FROM person")) == "Jan"


def test_making_a_table_anew_takes_nothing_along_that_refers_to_it(engine: Engine, folder: Folder) -> None:
    migrate(engine, folder("0001", "0002"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO person (id, name) VALUES (1, 'Jan')"))
        connection.execute(text("INSERT INTO visit (id, person) VALUES (1, 1)"))
    migrate(engine, folder("0001", "0002", "0003"))
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM visit")) == 1
        connection.execute(text("DELETE FROM person"))
        assert connection.scalar(text("SELECT count(*) FROM visit")) == 0, "references are enforced again"


def test_a_migration_that_loses_what_is_referred_to_is_undone_on_sqlite(
    sqlite_url: str, folder: Folder
) -> None:
    engine = make_engine(sqlite_url)
    migrate(engine, folder("0001"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO person (id) VALUES (1)"))
        connection.execute(text("INSERT INTO visit (id, person) VALUES (1, 1)"))
    place = folder("0001", "0002")
    revision = place / "versions" / "0002.py"
    revision.write_text(
        revision.read_text().replace(
            "def upgrade():\n", "def upgrade():\n    op.execute('DELETE FROM person')\n"
        )
    )
    with pytest.raises(SettingsError, match="tabel visit"):
        migrate(engine, place)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person")) == 1
    engine.dispose()


def test_two_kinds_of_database_do_not_share_one(engine: Engine, folder: Folder) -> None:
    metadata = MetaData()
    Table("person", metadata, Column("id", Integer, primary_key=True))
    other = Schema("personen", metadata, folder("0001"), {"person": CHANGE})
    require_apart(engine, other)
    migrate(engine, other.migrations)
    with pytest.raises(SettingsError, match="tabel person, van 'personen'"):
        require_apart(engine, other)


# ---- starting in words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda _place: None, "De map .* is er niet"),
        (lambda place: (place / "weg").write_text("een bestand"), "De map .* is er niet"),
        (lambda place: (place / "weg" / "proef.db").mkdir(parents=True), "kan dit proces niet schrijven"),
        (lambda place: rubbish(place / "weg" / "proef.db"), "is geen database"),
    ],
    ids=["no folder", "a file for a folder", "a folder for a file", "rubbish"],
)
def test_why_a_sqlite_file_cannot_be_used_is_one_sentence(
    tmp_path: Path, folder: Folder, make: Callable[[Path], object], sentence: str
) -> None:
    make(tmp_path)
    engine = make_engine(f"sqlite:///{tmp_path}/weg/proef.db")
    with pytest.raises(SettingsError, match=sentence):
        start(engine, folder("0001"), migrating=True)
    engine.dispose()


def rubbish(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"dit is geen database, maar wel lang genoeg om er een te lijken" * 100)


def test_a_folder_in_which_nobody_may_write_is_one_sentence(folder: Folder) -> None:
    engine = make_engine("sqlite:////proc/proef.db")
    assert "kan dit proces niet schrijven" in refused(engine, folder("0001"), migrating=True)
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://dienst@127.0.0.1:1/register",
        "postgresql+psycopg://dienst@bestaat-niet.invalid/register",
        "postgresql+psycopg:///register?host=/nergens",
    ],
    ids=["nobody listens", "no such machine", "no such socket"],
)
def test_a_postgresql_that_is_away_is_one_sentence(url: str, folder: Folder) -> None:
    engine = make_engine(url)
    assert "is niet bereikbaar" in refused(engine, folder("0001"))
    engine.dispose()


@pytest.mark.postgresql
def test_a_database_that_does_not_exist_is_one_sentence(postgresql_url: str, folder: Folder) -> None:
    engine = make_engine(make_url(postgresql_url).set(database="bestaat_niet"))
    assert "of de database bestaat" in refused(engine, folder("0001"))
    engine.dispose()


@pytest.fixture
def guarded(own_postgresql: OwnServer) -> str:
    """A database that asks role `dienst` for its password."""
    engine = make_engine(own_postgresql.url)
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE dienst LOGIN PASSWORD 'goed-wachtwoord'"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO dienst"))
    engine.dispose()
    own_postgresql.let_in("local all postgres trust", "local all all scram-sha-256")
    return own_postgresql.url.set(username="dienst").render_as_string(hide_password=False)


def with_passfile(url: str, file: Path, password: str, mode: int = 0o600) -> str:
    file.write_text(f"*:*:*:*:{password}\n")
    file.chmod(mode)
    return make_url(url).update_query_dict({"passfile": str(file)}).render_as_string(hide_password=False)


@pytest.mark.postgresql
def test_what_is_wrong_with_a_password_is_one_sentence(guarded: str, folder: Folder, tmp_path: Path) -> None:
    file = tmp_path / "wachtwoord"
    wanted = {
        "?passfile=PAD": guarded,
        "accepteert het wachtwoord van dienst niet": with_passfile(guarded, file, "fout-wachtwoord"),
    }
    for sentence, url in wanted.items():
        engine = make_engine(url)
        told = refused(engine, folder("0001"), migrating=True)
        assert sentence in told
        assert "fout-wachtwoord" not in told
        engine.dispose()
    engine = make_engine(with_passfile(guarded, file, "goed-wachtwoord"))
    start(engine, folder("0001"), migrating=True)
    engine.dispose()


@pytest.mark.postgresql
def test_a_passfile_that_others_can_read_or_that_is_not_there_is_one_sentence(
    guarded: str, folder: Folder, tmp_path: Path
) -> None:
    file = tmp_path / "wachtwoord"
    engine = make_engine(with_passfile(guarded, file, "goed-wachtwoord", 0o640))
    assert "chmod 600" in refused(engine, folder("0001"))
    file.unlink()
    assert "is er niet" in refused(engine, folder("0001"))
    engine.dispose()


@pytest.mark.postgresql
def test_a_role_that_may_not_migrate_is_one_sentence(postgresql_url: str, folder: Folder) -> None:
    administrator = make_engine(postgresql_url)
    with administrator.begin() as connection:
        connection.execute(text("CREATE ROLE zonder_rechten LOGIN"))
    engine = make_engine(make_url(postgresql_url).set(username="zonder_rechten"))
    assert "database roles" in refused(engine, folder("0001"), migrating=True)
    engine.dispose()
    with administrator.begin() as connection:
        connection.execute(text("DROP ROLE zonder_rechten"))
    administrator.dispose()


# ---- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def small(database_url: str, folder: Folder) -> Managed:
    metadata = MetaData()
    Table("person", metadata, Column("id", Integer, primary_key=True), Column("town", String(20)))
    Table("visit", metadata, Column("id", Integer, primary_key=True), Column("person", Integer))
    schema = Schema("proef", metadata, folder("0001", "0002", "0003"), {"person": CHANGE, "visit": CHANGE})
    return Managed(schema, database_url, database_url)


def invoke(managed: Managed, *words: str) -> Result:
    group = click.Group("proef", commands=[database_group("proef", lambda _file: [managed])])
    return CliRunner().invoke(group, ["database", *words], standalone_mode=False)


def test_status_says_what_must_be_done_and_whether_the_process_can_start(
    small: Managed, folder: Folder
) -> None:
    empty = invoke(small, "status")
    assert empty.return_value == 1
    assert "geen (leeg)" in empty.output
    assert COMMAND in empty.output
    engine = make_engine(small.url)
    migrate(engine, folder("0001"))
    engine.dispose()
    done = invoke(small, "migrate")
    assert "nu op revisie 0002 (0002 breidt uit: Step 0002.)" in done.output
    half = invoke(small, "status")
    assert half.return_value == 0
    assert "nog te doen: 0003 ruimt op: Step 0003." in half.output
    assert "0003 ruimt op" in invoke(small, "migrate", "--contract").output
    assert "niets te doen" in invoke(small, "migrate", "--contract").output
    assert invoke(small, "status").output.strip() == "proef: revisie 0003"


def test_roles_are_of_postgresql_only(small: Managed) -> None:
    printed = invoke(small, "roles", "--app", "dienst_x", "--owner", "eigenaar_x")
    granted = invoke(small, "migrate", "--grant-to", "Geen Rol")
    if make_url(small.url).get_backend_name() == "sqlite":
        assert isinstance(printed.exception, SettingsError)
        assert "SQLite kent geen rollen" in str(granted.exception)
        return
    assert 'GRANT SELECT, INSERT, UPDATE ON "person" TO dienst_x;' in printed.output
    assert "CREATE ROLE eigenaar_x LOGIN NOSUPERUSER" in printed.output
    assert "kleine letters" in str(granted.exception)


def test_a_command_on_a_database_that_is_away_is_one_sentence(small: Managed) -> None:
    away = Managed(
        small.schema, "postgresql+psycopg://d@127.0.0.1:1/x", "postgresql+psycopg://d@127.0.0.1:1/x"
    )
    for words in (["status"], ["migrate"]):
        told = invoke(away, *words).exception
        assert isinstance(told, SettingsError)
        assert "niet bereikbaar" in str(told)


def test_every_process_with_a_database_has_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for process in ("register", "node", "keyholder"):
        assert run([process, "database", "--help"]) == 0
        told = capsys.readouterr().out
        for name in ("migrate", "status", "roles"):
            assert name in told
        assert run([process, "database", "migrate", "--settings", "/nergens/x.toml"]) == USED_WRONGLY


def test_an_outage_while_it_serves_is_no_settings_error(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/weg/x.db")
    with pytest.raises(Outage), engine.connect():
        pass
    engine.dispose()
