# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The mapping with which a node imports a file of observations (docs/spec/import.md).

There is no column for the issuer of a document, as in the field, so one stands for all: XXX, ICAO's code for "unspecified". Form, control, ground and aanwijzing are the
same for every row: this bench measures identities. `bsn` and `v_number` need their gates open, which profile `oefening` has. Sex, nationality, street and city are no targets.
"""

COLUMNS = {
    "date": "date",
    "given_names": "given_names",
    "surname": "surname",
    "dob": "dob",
    "doc_number": "document_number",
    "phone": "phone",
    "alias": "alias",
    "bsn": "bsn",
    "v_number": "v_number",
    "house_number": "house_number",
    "postcode": "postcode",
    "street": "street",
}
"""Column of the file -> target."""

MAPPING = (
    "herkomst: oefening\ncolumns:\n"
    + "".join(f"  {column}: {target}\n" for column, target in COLUMNS.items())
    + """\
constants:
  document_issuer: XXX
  uitbuitingsvorm: arbeid
  controlesoort: woningcontrole
  waarneming_grondslag: huisvesting_woningwet_omgevingswet
  aanwijzingen: slapen_in_bedrijfspand
  bron: B
  informatie: "3"
dateFormat: dd-mm-yyyy
"""
)
"""The mapping, as YAML."""
