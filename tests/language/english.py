# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The English catalogue, brought in step with the texts and compiled: `python -m tests.language.english`.

What nobody says any more goes; what is said in a file that is done and has no English is added empty, and named. Fill it in, and run this again.
"""

import io
from datetime import UTC, datetime
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from tests.language.texts import ROOT, Texts, everything

_NO_DATE: Final = datetime(2026, 11, 30, tzinfo=UTC)
_HEADER: Final = """# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
#
# The texts of pages and problem details in English; the Dutch sentence is the msgid (ADR 51). Which files are done, tests/language/english.py says.
msgid ""
msgstr ""
"Project-Id-Version: signaalregister\\n"
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

FOLDER: Final = ROOT / "process/locale/en/LC_MESSAGES"

DONE: Final = frozenset(
    {
        "process/serving/web.py",
        "pseudonymisation/identity.py",
        "register/accounts.py",
        "register/casework.py",
        "register/central/asking.py",
        "register/central/signing_in.py",
        "register/central/web/sign_in_pages.py",
        "register/dangers.py",
        "register/door/door.py",
        "register/door/pages.py",
        "register/explaining.py",
        "register/municipal/accounts.py",
        "register/municipal/asking.py",
        "register/municipal/attributes.py",
        "register/municipal/closing.py",
        "register/municipal/controls.py",
        "register/municipal/desk.py",
        "register/municipal/dossier.py",
        "register/municipal/drafts.py",
        "register/municipal/elsewhere.py",
        "register/municipal/house.py",
        "register/municipal/mirror.py",
        "register/municipal/outbox.py",
        "register/municipal/people.py",
        "register/municipal/personnel.py",
        "register/municipal/reminding.py",
        "register/municipal/submitting.py",
        "register/municipal/told.py",
        "register/municipal/treffers.py",
        "register/municipal/web/bevriezingen.py",
        "register/municipal/web/concepten.py",
        "register/municipal/web/dossier.py",
        "register/municipal/web/forms.py",
        "register/municipal/web/gemeenteaccount.py",
        "register/municipal/web/inlezen.py",
        "register/municipal/web/invoer.py",
        "register/municipal/web/medewerkers.py",
        "register/municipal/web/pages.py",
        "register/municipal/web/templates/aangemeld.html",
        "register/municipal/web/templates/afgemeld.html",
        "register/municipal/web/templates/aflopen.html",
        "register/municipal/web/templates/antwoord.html",
        "register/municipal/web/templates/bellen.html",
        "register/municipal/web/templates/berichten.html",
        "register/municipal/web/templates/bevriezingen.html",
        "register/municipal/web/templates/bewaard.html",
        "register/municipal/web/templates/delen-antwoord.html",
        "register/municipal/web/templates/delen.html",
        "register/municipal/web/templates/dossier-openen.html",
        "register/municipal/web/templates/dossier-signaal.html",
        "register/municipal/web/templates/dossier.html",
        "register/municipal/web/templates/ingetrokken.html",
        "register/municipal/web/templates/inlezen.html",
        "register/municipal/web/templates/invoeren.html",
        "register/municipal/web/templates/inzage-antwoord.html",
        "register/municipal/web/templates/inzage.html",
        "register/municipal/web/templates/kenmerken.html",
        "register/municipal/web/templates/maand.html",
        "register/municipal/web/templates/medewerkers.html",
        "register/municipal/web/templates/motivatie.html",
        "register/municipal/web/templates/navraag.html",
        "register/municipal/web/templates/niet-aangemeld.html",
        "register/municipal/web/templates/niet-in-formulier.html",
        "register/municipal/web/templates/noodopening.html",
        "register/municipal/web/templates/ontvangen-inhoud.html",
        "register/municipal/web/templates/ontvangen.html",
        "register/municipal/web/templates/ontvangers.html",
        "register/municipal/web/templates/start.html",
        "register/municipal/web/templates/terugkoppelingen.html",
        "register/municipal/web/templates/treffer.html",
        "register/municipal/web/templates/treffers.html",
        "register/municipal/web/templates/uitbak.html",
        "register/municipal/web/templates/vragen.html",
        "register/municipal/web/templates/vrijgeven-kiezen.html",
        "register/municipal/web/templates/vrijgeven.html",
        "register/municipal/web/templates/wacht.html",
        "register/municipal/web/templates/weg.html",
        "register/municipal/web/treffers.py",
        "register/municipal/web/visits.py",
        "register/municipal/web/vrijgaven.py",
        "register/municipal/web/who.py",
        "register/municipalities.py",
        "register/openid.py",
        "register/outcomes.py",
        "register/passkeys.py",
        "register/second_factor.py",
        "register/signals.py",
        "register/theme/addresses.py",
        "register/theme/templates/aanmelden.html",
        "register/theme/templates/app-instellen.html",
        "register/theme/templates/basis.html",
        "register/theme/templates/fout.html",
        "register/theme/templates/herstelcodes.html",
        "register/theme/templates/mijn-aanmelding.html",
        "register/theme/templates/onderdelen.html",
        "register/theme/templates/passkey-maken.html",
        "register/theme/templates/tweede-stap.html",
        "register/theme/templates/uitleg-gegevens.html",
        "register/theme/templates/uitleg-privacy.html",
        "register/theme/templates/uitleg-vergelijken.html",
        "register/theme/templates/verder.html",
        "register/words.py",
    }
)
"""All pages of the node, but for what rules and imports say of themselves; signing in at the register; what everyone may read; what every interface says of a wrong request."""


def in_step(catalogue: Catalog, texts: Texts) -> list[str]:
    """Bring the catalogue in step; the texts without English, each with its place."""
    said = {text.text for text in texts.msgids}
    for message in list(catalogue):
        if message.id and message.id not in said:
            catalogue.delete(message.id)
    missing = []
    for text in texts.msgids:
        if text.path in DONE and not (text.text in catalogue and catalogue[text.text].string):
            catalogue.add(text.text, "")
            missing.append(f"{text.place}: {text.text!r}")
    return missing


def write(catalogue: Catalog) -> None:
    """Write both files; what did not change gives the same bytes."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    text = io.BytesIO()
    write_po(text, catalogue, width=0, omit_header=True)
    (FOLDER / "paginas.po").write_bytes(_HEADER.encode() + text.getvalue())
    with (FOLDER / "paginas.mo").open("wb") as file:
        write_mo(file, catalogue)


def main() -> None:
    """Bring both files in step, and say what is missing."""
    with (FOLDER / "paginas.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    missing = in_step(catalogue, everything())
    write(catalogue)
    print("\n".join([*missing, f"{len(missing)} texts without English"]))  # noqa: T201 - what it is run for


if __name__ == "__main__":
    main()
