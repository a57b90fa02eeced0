# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Countries as one code: ISO 3166-1 alpha-3, from alpha-2, alpha-3, ICAO 9303, vehicle sign or Dutch or English name.

The 249 pairs are those of Unicode CLDR (territory aliases), written out because no run-time library of ours carries them.
ICAO Doc 9303 part 3, section 5, adds codes for bodies and statuses that issue documents without being a country; the
vehicle signs are those of the UNECE list that differ from alpha-2.
"""

import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_ALPHA = """
AD:AND AE:ARE AF:AFG AG:ATG AI:AIA AL:ALB AM:ARM AO:AGO AQ:ATA AR:ARG AS:ASM AT:AUT AU:AUS AW:ABW AX:ALA
AZ:AZE BA:BIH BB:BRB BD:BGD BE:BEL BF:BFA BG:BGR BH:BHR BI:BDI BJ:BEN BL:BLM BM:BMU BN:BRN BO:BOL BQ:BES
BR:BRA BS:BHS BT:BTN BV:BVT BW:BWA BY:BLR BZ:BLZ CA:CAN CC:CCK CD:COD CF:CAF CG:COG CH:CHE CI:CIV CK:COK
CL:CHL CM:CMR CN:CHN CO:COL CR:CRI CU:CUB CV:CPV CW:CUW CX:CXR CY:CYP CZ:CZE DE:DEU DJ:DJI DK:DNK DM:DMA
DO:DOM DZ:DZA EC:ECU EE:EST EG:EGY EH:ESH ER:ERI ES:ESP ET:ETH FI:FIN FJ:FJI FK:FLK FM:FSM FO:FRO FR:FRA
GA:GAB GB:GBR GD:GRD GE:GEO GF:GUF GG:GGY GH:GHA GI:GIB GL:GRL GM:GMB GN:GIN GP:GLP GQ:GNQ GR:GRC GS:SGS
GT:GTM GU:GUM GW:GNB GY:GUY HK:HKG HM:HMD HN:HND HR:HRV HT:HTI HU:HUN ID:IDN IE:IRL IL:ISR IM:IMN IN:IND
IO:IOT IQ:IRQ IR:IRN IS:ISL IT:ITA JE:JEY JM:JAM JO:JOR JP:JPN KE:KEN KG:KGZ KH:KHM KI:KIR KM:COM KN:KNA
KP:PRK KR:KOR KW:KWT KY:CYM KZ:KAZ LA:LAO LB:LBN LC:LCA LI:LIE LK:LKA LR:LBR LS:LSO LT:LTU LU:LUX LV:LVA
LY:LBY MA:MAR MC:MCO MD:MDA ME:MNE MF:MAF MG:MDG MH:MHL MK:MKD ML:MLI MM:MMR MN:MNG MO:MAC MP:MNP MQ:MTQ
MR:MRT MS:MSR MT:MLT MU:MUS MV:MDV MW:MWI MX:MEX MY:MYS MZ:MOZ NA:NAM NC:NCL NE:NER NF:NFK NG:NGA NI:NIC
NL:NLD NO:NOR NP:NPL NR:NRU NU:NIU NZ:NZL OM:OMN PA:PAN PE:PER PF:PYF PG:PNG PH:PHL PK:PAK PL:POL PM:SPM
PN:PCN PR:PRI PS:PSE PT:PRT PW:PLW PY:PRY QA:QAT RE:REU RO:ROU RS:SRB RU:RUS RW:RWA SA:SAU SB:SLB SC:SYC
SD:SDN SE:SWE SG:SGP SH:SHN SI:SVN SJ:SJM SK:SVK SL:SLE SM:SMR SN:SEN SO:SOM SR:SUR SS:SSD ST:STP SV:SLV
SX:SXM SY:SYR SZ:SWZ TC:TCA TD:TCD TF:ATF TG:TGO TH:THA TJ:TJK TK:TKL TL:TLS TM:TKM TN:TUN TO:TON TR:TUR
TT:TTO TV:TUV TW:TWN TZ:TZA UA:UKR UG:UGA UM:UMI US:USA UY:URY UZ:UZB VA:VAT VC:VCT VE:VEN VG:VGB VI:VIR
VN:VNM VU:VUT WF:WLF WS:WSM YE:YEM YT:MYT ZA:ZAF ZM:ZMB ZW:ZWE
"""
ALPHA3_OF: Final[Mapping[str, str]] = MappingProxyType({pair[:2]: pair[3:] for pair in _ALPHA.split()})
"""ISO 3166-1 alpha-2 to alpha-3."""

COUNTRIES: Final = frozenset(ALPHA3_OF.values())

# UTO is Utopia, the issuer of ICAO's specimen documents. D alone is Germany in machine-readable zones.
ICAO_ISSUERS: Final = frozenset(
    [
        "EUE",
        "GBD",
        "GBN",
        "GBO",
        "GBP",
        "GBS",
        "RKS",
        "UNA",
        "UNK",
        "UNO",
        "UTO",
        "XBA",
        "XCC",
        "XCE",
        "XCO",
        "XEC",
        "XES",
        "XIM",
        "XMP",
        "XOM",
        "XPO",
        "XXA",
        "XXB",
        "XXC",
        "XXX",
    ]
)

_VEHICLE_SIGNS = """
A:AUT AFG:AFG B:BEL BDS:BRB BIH:BIH D:DEU E:ESP F:FRA FIN:FIN FL:LIE GBZ:GIB H:HUN HKJ:JOR I:ITA IRQ:IRQ J:JPN
KSA:SAU KSV:RKS L:LUX M:MLT N:NOR NMK:MKD P:PRT RKS:RKS RL:LBN ROK:KOR RUS:RUS S:SWE SLO:SVN SYR:SYR UK:GBR V:VAT
XK:RKS
"""
_SIGNS: Final[Mapping[str, str]] = MappingProxyType(dict(pair.split(":") for pair in _VEHICLE_SIGNS.split()))

_NAMES: Final = """
NLD:nederland NLD:netherlands BEL:belgie BEL:belgium DEU:duitsland DEU:germany FRA:frankrijk FRA:france
ESP:spanje ESP:spain PRT:portugal ITA:italie ITA:italy GBR:engeland GBR:verenigdkoninkrijk GBR:unitedkingdom
POL:polen POL:poland ROU:roemenie ROU:romania BGR:bulgarije BGR:bulgaria HUN:hongarije HUN:hungary CZE:tsjechie
CZE:czechia SVK:slowakije SVK:slovakia GRC:griekenland GRC:greece ALB:albanie ALB:albania MDA:moldavie MDA:moldova
UKR:oekraine UKR:ukraine RUS:rusland RUS:russia LTU:litouwen LTU:lithuania LVA:letland LVA:latvia SRB:servie
SRB:serbia TUR:turkije TUR:turkey MAR:marokko MAR:morocco DZA:algerije DZA:algeria TUN:tunesie TUN:tunisia
SYR:syrie SYR:syria IRQ:irak IRQ:iraq ERI:eritrea ETH:ethiopie ETH:ethiopia NGA:nigeria GHA:ghana SOM:somalie
SOM:somalia AFG:afghanistan IRN:iran PAK:pakistan IND:india CHN:china VNM:vietnam THA:thailand PHL:filipijnen
PHL:philippines IDN:indonesie IDN:indonesia KOR:zuidkorea KOR:southkorea BRA:brazilie BRA:brazil COL:colombia
VEN:venezuela DOM:dominicaanserepubliek SUR:suriname PER:peru
"""
_CODE_OF_NAME: Final[Mapping[str, str]] = MappingProxyType({pair[4:]: pair[:3] for pair in _NAMES.split()})


def _named(text: str) -> str | None:
    letters = unicodedata.normalize("NFD", text.lower())
    return _CODE_OF_NAME.get("".join(letter for letter in letters if letter.isascii() and letter.isalpha()))


def issuer(text: str) -> str | None:
    """The alpha-3 or ICAO code of who issued a document, None when it is neither."""
    code = text.strip(" <").upper()
    if code == "D":
        return "DEU"
    return code if code in COUNTRIES | ICAO_ISSUERS else ALPHA3_OF.get(code) or _named(text)


def vehicle_country(text: str) -> str | None:
    """The alpha-3 code of the country on a number plate (RKS for Kosovo), None when unknown."""
    code = text.strip().upper()
    return code if code in COUNTRIES else _SIGNS.get(code) or ALPHA3_OF.get(code) or _named(text)
