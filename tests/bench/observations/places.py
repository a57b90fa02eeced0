# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Forty-two municipalities and made-up streets.

Codes and names: CBS, *Gemeentelijke indeling op 1 januari 2023* (342 municipalities). City, first two digits of its postcodes and weight (roughly its number of inhabitants
in tens of thousands) are from general knowledge. Streets, house numbers and the rest of a postcode are drawn: an address here is nobody's.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Municipality:
    """A municipality: CBS code, name, largest place, first two digits of a postcode, and weight."""

    code: str
    name: str
    city: str
    postcode: str
    weight: int


def _municipality(text: str) -> Municipality:
    code, name, city, postcode, weight = text.split("|")
    return Municipality(f"GM{code}", name, city or name, postcode, int(weight))


MUNICIPALITIES: tuple[Municipality, ...] = tuple(
    _municipality(text)
    for text in (
        *(
            "0363|Amsterdam||10|92",
            "0599|Rotterdam||30|66",
            "0518|'s-Gravenhage|Den Haag|25|56",
            "0344|Utrecht||35|37",
            "0772|Eindhoven||56|24",
        ),
        *(
            "0014|Groningen||97|24",
            "0855|Tilburg||50|23",
            "0034|Almere||13|22",
            "0758|Breda||48|19",
            "0268|Nijmegen||65|18",
            "0200|Apeldoorn||73|17",
        ),
        *(
            "0392|Haarlem||20|17",
            "0202|Arnhem||68|17",
            "0153|Enschede||75|16",
            "0307|Amersfoort||38|16",
            "0479|Zaanstad|Zaandam|15|16",
        ),
        *(
            "0796|'s-Hertogenbosch||52|16",
            "0394|Haarlemmermeer|Hoofddorp|21|16",
            "0193|Zwolle||80|13",
            "0637|Zoetermeer||27|13",
            "0546|Leiden||23|13",
        ),
        *(
            "0080|Leeuwarden||89|13",
            "0935|Maastricht||62|12",
            "0505|Dordrecht||33|12",
            "0228|Ede||67|12",
            "0484|Alphen aan den Rijn||24|11",
        ),
        *(
            "1783|Westland|Naaldwijk|26|11",
            "0361|Alkmaar||18|11",
            "0114|Emmen||78|11",
            "0503|Delft||26|11",
            "0983|Venlo||59|10",
            "0150|Deventer||74|10",
        ),
        *(
            "1674|Roosendaal||47|8",
            "0794|Helmond||57|9",
            "0828|Oss||53|9",
            "0402|Hilversum||12|9",
            "0917|Heerlen||64|9",
            "0957|Roermond||60|6",
        ),
        *("0995|Lelystad||82|8", "0718|Vlissingen||43|4", "0715|Terneuzen||45|5", "0405|Hoorn||16|7"),
    )
)

STREETS: tuple[str, ...] = (
    *(
        "Kerkstraat",
        "Dorpsstraat",
        "Stationsweg",
        "Molenstraat",
        "Schoolstraat",
        "Nieuwstraat",
        "Hoofdstraat",
        "Julianastraat",
        "Wilhelminastraat",
        "Beatrixstraat",
    ),
    *(
        "Industrieweg",
        "Havenweg",
        "Beukenlaan",
        "Eikenlaan",
        "Lindelaan",
        "Parallelweg",
        "Oranjestraat",
        "Burgemeester Jansenlaan",
        "Prins Hendrikstraat",
        "Marktstraat",
    ),
    *(
        "Ambachtsweg",
        "Handelsweg",
        "Zuidsingel",
        "Noordeinde",
        "Achterweg",
        "Kanaalstraat",
        "Spoorlaan",
        "Tuinstraat",
        "Tulpstraat",
        "Rozenstraat",
        "Wilgenstraat",
    ),
    *(
        "Vijverlaan",
        "Populierenlaan",
        "Kade",
        "Nijverheidsweg",
        "Transportweg",
        "De Hoef",
        "Korte Akkers",
        "Lange Nieuwstraat",
        "Sint Jansplein",
        "'t Zand",
        "Westerstraat",
    ),
)

POSTCODE_LETTERS = "ABCDEGHJKLMNPRSTVWXZ"
"""Letters of a postcode; F, I, O, Q, U and Y are rare or not used."""
BARRED_LETTERS = frozenset({"SA", "SD", "SS"})
