# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What a checker may ask for, once: ``signaalregister audit verify`` and the verifier file offer exactly these options."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from process.language import gettext as _

BUNDLE_METAVAR = _("[BESTAND]")
PURPOSE = _(
    "Ga een logboek na: een uitvoer of een .tlog-proof (BESTAND), een openbaar logboek (--log), of een map met tegels (--folder)."
)


@dataclass(frozen=True)
class Option:
    """One option: its flag, what stands for its value in the help, the help, and whether it may be given more than once."""

    flag: str
    metavar: str
    help: str
    many: bool = False

    @property
    def name(self) -> str:
        """The name of its value in a ``Wish``."""
        return self.flag.removeprefix("--").replace("-", "_")


OPTIONS = (
    Option("--vkey", _("SLEUTEL"), _("Openbare sleutel van het logboek, of een bestand waar die in staat.")),
    Option("--log", _("ADRES"), _("Adres van een openbaar logboek, zoals https://register.example.")),
    Option(
        "--folder",
        _("MAP"),
        _("Map met een kopie van een logboek: controlepunt en tegels (C2SP tlog-tiles)."),
    ),
    Option(
        "--policy",
        _("BESTAND"),
        _("Welke getuigen moeten hebben meegetekend, en hoeveel (C2SP tlog-policy)."),
    ),
    Option(
        "--remember",
        _("BESTAND"),
        _(
            "Bestand met het controlepunt dat u het laatst hebt nagegaan. Het logboek moet daarop aansluiten; daarna staat het nieuwe erin."
        ),
    ),
    Option(
        "--receipt",
        _("BESTAND"),
        _("Een ontvangstbewijs van uzelf: het blad moet in het logboek staan; mag vaker."),
        many=True,
    ),
    Option(
        "--proof",
        _("BESTAND"),
        _("Een .tlog-proof van uzelf: het moet kloppen en bij dit logboek passen; mag vaker."),
        many=True,
    ),
    Option(
        "--receipt-vkey",
        _("SLEUTEL"),
        _("Openbare sleutel van ontvangstbewijzen, of een bestand; mag vaker."),
        many=True,
    ),
    Option(
        "--ca",
        _("BESTAND"),
        _("Certificaten (PEM) van de uitgever waarmee het logboek zich toont."),
    ),
    Option(
        "--now",
        _("MOMENT"),
        _("Reken met dit moment (2026-11-20T09:45:00Z) in plaats van met de klok van deze computer."),
    ),
)


@dataclass(frozen=True)
class Wish:
    """What the checker asked for; the texts are those of the options of the same name."""

    bundle: str | None = None
    vkey: str | None = None
    log: str | None = None
    folder: str | None = None
    policy: str | None = None
    remember: str | None = None
    receipt: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    receipt_vkey: tuple[str, ...] = ()
    ca: str | None = None
    now: str | None = None


def wish_from(values: Mapping[str, Any]) -> Wish:
    """The values as a command line gave them."""
    many = {option.name for option in OPTIONS if option.many}
    said: dict[str, Any] = {
        name: tuple(value or ()) if name in many else value for name, value in values.items()
    }
    return Wish(**said)
