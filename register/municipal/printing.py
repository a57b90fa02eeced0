# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A motivation as PDF/UA-1 (ISO 14289-1): tagged, titled and in Dutch, so that a screen reader reads it (ADR 33).

Typst sets it from a template that comes with the software. The texts go in as data, so nothing in them is markup; no file of the system, no font of it and
nothing from elsewhere is read. The same motivation gives the same bytes.
"""

import json
from dataclasses import asdict
from datetime import datetime
from importlib.resources import files

import typst

from process.language import gettext as _
from register.municipal.motivating import Document

MEDIA_TYPE = "application/pdf"


def printed(document: Document, moment: datetime) -> bytes:
    """The PDF of a motivation, dated at this moment (UTC)."""
    template = files("register.municipal").joinpath("motivatie.typ").read_bytes()
    told = {**asdict(document), "condition": _("Voorwaarde"), "met": _("Voldaan?")}
    made: bytes = typst.compile(
        template,
        sys_inputs={"document": json.dumps(told)},
        format="pdf",
        pdf_standards="ua-1",
        ignore_system_fonts=True,
        timestamp=int(moment.timestamp()),
    )
    return made
