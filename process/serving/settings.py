# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Settings of a process: a TOML file, the environment above it, the command line above both.

A process subclasses `ProcessSettings` with its own `env_prefix` (`SIGNAALREGISTER_NODE_` and so on). Unknown names in the file are
refused, so that a typing error cannot switch off a protection unseen. Secrets are paths to files (process.serving.secrets).
"""

import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableVariableError

from process.language import gettext as _
from process.pooling import Pooling
from process.serving.errors import SettingsError


class ProcessSettings(BaseSettings):
    """What each process must be told. Subclasses add their own."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, env_prefix="SIGNAALREGISTER_")

    profile: str = Field(description="Profiel: opent grondslagen; 'oefening' werkt met verzonnen gemeenten.")
    host: str = Field("127.0.0.1", description="Adres waarop het proces luistert.")
    port: int = Field(0, ge=0, le=65535, description="Poort waarop het proces luistert.")
    clock_file: Path | None = Field(
        None, description="Bestand dat de klok verzet; alleen in profiel oefening."
    )
    tls_certificate: Path | None = Field(None, description="Certificaat van dit proces (PEM).")
    tls_key: Path | None = Field(None, description="Sleutel bij het certificaat (PEM).")
    tls_authorities: Path | None = Field(
        None, description="Certificaten van de uitgever die dit proces vertrouwt (PEM)."
    )
    health_port: int | None = Field(
        None,
        ge=0,
        le=65535,
        description="Poort op 127.0.0.1 zonder certificaat met alleen /gezondheid en /metrics, voor loadbalancer en meetsysteem; niet ingevuld: geen.",
    )
    shutdown_seconds: int = Field(
        20, ge=1, le=300, description="Hoe lang lopende verzoeken bij het stoppen nog de tijd krijgen."
    )

    @classmethod
    def load(cls, file: Path | None, **overrides: Any) -> Self:
        """Read the settings.

        Args:
            file: a TOML file with one flat table, or None. Relative paths in it are relative to the file.
            overrides: what the command line said; None means "not said".

        Raises:
            SettingsError: one Dutch sentence that names every setting that is wrong, or that there are none.
        """
        said = {name: value for name, value in overrides.items() if value is not None}
        try:
            # What the class itself is given goes above the environment, so the environment is laid over the file here.
            told = {**(values_of(cls, file) if file else {}), **EnvSettingsSource(cls)()}
            return cls(**{**told, **said})
        except ValidationError as error:
            if file is None and not told and _many_missing(error):
                raise SettingsError(
                    _("Er zijn geen instellingen. Noem het bestand met instellingen: --settings BESTAND.")
                ) from None
            raise SettingsError(
                _("De instellingen kloppen niet ({wat}).").format(wat=wrong_values(error))
            ) from None
        except UnreadableVariableError:
            raise SettingsError(
                _('Een lijst in de omgeving is niet te lezen; schrijf hem als JSON, zoals ["a", "b"].')
            ) from None


class ProxiedSettings(ProcessSettings):
    """A process that machines call, directly or through a proxy that ends TLS."""

    proxy_secret_file: Path | None = Field(
        None,
        description="Geheim waarmee een proxy die TLS afhandelt zich bekendmaakt (minstens 32 tekens); niet ingevuld: bellers tonen hun certificaat aan dit proces zelf.",
    )
    proxy_addresses: tuple[str, ...] = Field(
        (),
        description="IP-adressen vanwaar die proxy werkt; met het geheim komt alles van daar, en niets van elders.",
    )

    @field_validator("proxy_addresses")
    @classmethod
    def _are_addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        return ip_addresses(addresses)


def ip_addresses(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """The same, if each is one address.

    Raises:
        ValueError: a name, or a range; the message is Dutch.
    """
    for one in addresses:
        try:
            ip_address(one)
        except ValueError:
            raise ValueError(_("geef IP-adressen, geen namen of reeksen")) from None
    return addresses


def wrong_values(error: ValidationError) -> str:
    """Every setting that is wrong, with the reason; no value is repeated."""
    return "; ".join(
        f"{'.'.join(str(part) for part in e['loc'])}: {_reason(e['type'], e['msg'])}"
        for e in error.errors(include_input=False)
    )


def _many_missing(error: ValidationError) -> bool:
    """Somebody forgot the file, who is not helped by the name of everything that stands in it."""
    return [one["type"] for one in error.errors(include_input=False)].count("missing") > 1


def _reason(kind: str, sentence: str) -> str:
    if kind == "value_error":
        # A validator of ours raised it, in Dutch.
        return sentence.removeprefix("Value error, ")
    known = {"missing": _("ontbreekt"), "extra_forbidden": _("deze naam kennen we niet")}
    return known.get(kind, _("deze waarde past hier niet"))


class DatabaseSettings(ProcessSettings):
    """A process with a database of its own: a SQLite file, or PostgreSQL. A subclass gives `database_file` its default."""

    database_file: Path = Field(description="SQLite-bestand van dit proces; wordt aangemaakt.")
    database_url: str | None = Field(
        None,
        description="PostgreSQL in plaats van SQLite: postgresql+psycopg://...; het wachtwoord staat in een passfile, niet hier.",
    )
    database_owner_url: str | None = Field(
        None,
        description="Dezelfde database als eigenaar van de tabellen; alleen `database migrate` gebruikt dit adres.",
    )
    migrate_at_start: bool | None = Field(
        None,
        description="Breng de database bij het starten zelf op de nieuwste revisie. Niet ingevuld: ja bij SQLite, nee bij PostgreSQL.",
    )
    pool_size: int = Field(10, ge=1, le=200, description="Verbindingen met de database die open blijven.")
    max_overflow: int = Field(10, ge=0, le=200, description="Verbindingen die er bij drukte bij mogen komen.")
    pool_timeout_seconds: float = Field(
        5.0, gt=0, le=60, description="Hoe lang een verzoek op een vrije verbinding wacht; daarna 503."
    )
    statement_timeout: float = Field(
        15.0, gt=0, le=600, description="Seconden die een opdracht aan PostgreSQL hoogstens duurt."
    )
    lock_timeout: float = Field(
        10.0, gt=0, le=600, description="Seconden die PostgreSQL hoogstens op een slot wacht."
    )
    idle_in_transaction_session_timeout: float = Field(
        30.0, gt=0, le=600, description="Seconden die een transactie in PostgreSQL hoogstens stil ligt."
    )

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _no_password(cls, url: str | None) -> str | None:
        return without_password(url)

    @property
    def database(self) -> str:
        """The database as SQLAlchemy names it."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def migrates_at_start(self) -> bool:
        """Whether this process brings its database to the newest revision itself."""
        return self.migrates(self.database)

    def migrates(self, database: str) -> bool:
        """Whether this process brings a database to the newest revision itself: its own file, unless told otherwise."""
        return database.startswith("sqlite") if self.migrate_at_start is None else self.migrate_at_start

    @property
    def pooling(self) -> Pooling:
        """Limits on its connections."""
        return Pooling(
            size=self.pool_size,
            max_overflow=self.max_overflow,
            wait_seconds=self.pool_timeout_seconds,
            statement_seconds=self.statement_timeout,
            lock_seconds=self.lock_timeout,
            idle_seconds=self.idle_in_transaction_session_timeout,
        )


def without_password(url: str | None) -> str | None:
    """A database URL, if it holds no password: settings are read by more people than a passfile.

    Raises:
        ValueError: it does; the message is Dutch.
    """
    if url is not None and (urlsplit(url).password or "password" in parse_qs(urlsplit(url).query)):
        raise ValueError(_("zet geen wachtwoord in de instellingen; gebruik ?passfile=PAD in de URL"))
    return url


def values_of(model: type[BaseModel], file: Path) -> dict[str, Any]:
    """What stands in a TOML file; relative paths become relative to the file.

    Raises:
        SettingsError: it cannot be read.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(_("Het bestand met instellingen {pad} bestaat niet.").format(pad=file)) from error
    except (OSError, ValueError) as error:  # TOML or UTF-8 that is none
        raise SettingsError(
            _("Het bestand met instellingen {pad} is niet te lezen: {fout}").format(pad=file, fout=error)
        ) from error
    for name, field in model.model_fields.items():
        if name in values and "Path" in str(field.annotation) and isinstance(values[name], str):
            values[name] = str(file.parent / values[name])
    return values
