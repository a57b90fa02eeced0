# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Telephone, e-mail, social media account and advertisement.

- Telephone: `phonenumbers` (Google's libphonenumber), default region NL, out as E.164 (ITU-T). A Dutch
  number must be valid in the Dutch plan; a foreign one only possible, because foreign plans grow faster
  than the library and a refused real number is a lost signal. A foreign number that lost its + is read only when it
  starts with the calling code of a country in `_WITHOUT_PLUS`, has ten digits or more, is valid in that country's plan
  and is no Dutch number; in any other case a country is not guessed.
- E-mail: local part as a dot-atom (RFC 5321 section 4.1.2), domain by IDNA 2008 with UTS 46 mapping. The
  local part is lower-cased too: RFC 5321 section 2.4 lets a host tell case apart, no large provider does,
  and people copy addresses in any case. Quoted local parts and address literals are refused.
- Social media: a platform code from the table and a handle in lower case; "insta maria_x" is read too.
- Advertisement: host by IDNA, the ad's own id when the address shows one, otherwise the path; tracking
  parameters and everything else in the query string go. Rules per site come later, as versioned data.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

import idna
import phonenumbers

from process.language import gettext as _
from pseudonymisation.identity import RawAttribute
from pseudonymisation.normalise.outcome import Normalised, UnfitError
from pseudonymisation.normalise.text import MAX_LINK_CHARACTERS, clean

_DUTCH_CALLING_CODE: Final = 31
# Neighbours and the countries that the people in signals most often come from. One-digit codes (1, 7) are left out:
# nearly every number starts with one.
_WITHOUT_PLUS: Final = frozenset(
    {30, 32, 33, 34, 36, 39, 40, 44, 48, 49, 55, 57, 66, 82, 84, 86, 90}
    | {212, 213, 216, 233, 234, 251, 291, 351, 355, 359, 370, 371, 372, 373, 380, 381, 420, 421, 963, 964}
)
_SHORTEST_WITHOUT_PLUS: Final = 10


def phone(raw: RawAttribute) -> Normalised:
    """E.164, such as +31612345678."""
    text = clean("phone", raw.get("number"))
    # libphonenumber reads letters as keys of a telephone and finds numbers inside sentences: too helpful here.
    if any(letter.isalpha() for letter in text):
        raise UnfitError(*_bad_phone())
    form = _e164(text)
    # One reading takes one trunk prefix off; a number typed with two would have two normal forms.
    while (again := _e164(form)) != form:
        form = again
    return Normalised.of("phone", number=form)


def _e164(text: str) -> str:
    try:
        number = phonenumbers.parse(text, "NL")
    except phonenumbers.NumberParseException:
        raise UnfitError(*_bad_phone()) from None
    dutch = number.country_code == _DUTCH_CALLING_CODE
    fits = phonenumbers.is_valid_number(number) if dutch else phonenumbers.is_possible_number(number)
    if dutch and not fits and (abroad := _without_plus(text)) is not None:
        number, fits = abroad, True
    if not fits or number.extension:
        raise UnfitError(*_bad_phone())
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _without_plus(text: str) -> phonenumbers.PhoneNumber | None:
    """The foreign number that these digits are when a + is put in front, None when that is a guess."""
    digits = phonenumbers.normalize_digits_only(text)
    if len(digits) < _SHORTEST_WITHOUT_PLUS or digits.startswith("0") or "+" in text:
        return None
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    known = number.country_code in _WITHOUT_PLUS
    return number if known and phonenumbers.is_valid_number(number) else None


def _bad_phone() -> tuple[str, str, str]:
    return (
        "phone",
        _("Dit is geen telefoonnummer dat kan bestaan."),
        _("Typ het hele nummer met alleen cijfers, bij een buitenlands nummer met + en de landcode."),
    )


_ATOM: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_MAX_LOCAL: Final = 64


def email(raw: RawAttribute) -> Normalised:
    """local@domain in lower case, the domain as A-labels."""
    local, _at, domain = clean("email", raw.get("address")).rpartition("@")
    local = local.lower()
    host = _host(domain)
    if len(local) > _MAX_LOCAL or not _ATOM.fullmatch(local) or host is None:
        raise UnfitError(
            "email",
            _("Dit is geen e-mailadres."),
            _("Kijk het adres na. Het heeft een @ en een punt achter de @."),
        )
    return Normalised.of("email", address=f"{local}@{host}")


def _host(text: str) -> str | None:
    """The host in lower-case A-labels (RFC 5891), or None when it is no public host name."""
    try:
        host = idna.encode(text.strip().rstrip("."), uts46=True, std3_rules=True).decode("ascii").lower()
    except UnicodeError:
        return None
    top_level = host.rpartition(".")[2]
    return host if "." in host and not top_level.isdigit() else None


# ---- social media -----------------------------------------------------------------------------------------

_PLATFORMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "bluesky": ("bsky", "bsky.app"),
        "discord": (),
        "facebook": ("fb", "messenger", "facebook.com", "fb.com", "m.me"),
        "instagram": ("ig", "insta", "instagram.com"),
        "kik": (),
        "line": (),
        "linkedin": ("linkedin.com",),
        "onlyfans": ("of", "onlyfans.com"),
        "reddit": ("reddit.com",),
        "roblox": (),
        "signal": (),
        "snapchat": ("snap", "sc", "snapchat.com"),
        "steam": (),
        "telegram": ("tg", "t.me", "telegram.me"),
        "threads": ("threads.net", "threads.com"),
        "threema": (),
        "tiktok": ("tt", "tiktok.com"),
        "twitch": ("twitch.tv",),
        "vk": ("vkontakte", "vk.com"),
        "wechat": ("weixin",),
        "x": ("twitter", "x.com", "twitter.com"),
        "youtube": ("yt", "youtube.com"),
    }
)
_PLATFORM_OF: Final[Mapping[str, str]] = MappingProxyType(
    {alias: code for code, aliases in _PLATFORMS.items() for alias in (code, *aliases)}
)
_PHONE_PLATFORMS: Final = frozenset({"whatsapp", "wa", "wa.me", "viber", "imo"})
_PATH_WORDS: Final = frozenset({"add", "in", "user", "u", "profile", "c", "channel", "people"})
_HANDLE: Final = re.compile(r"[a-z0-9._#-]{2,64}")


def social_handle(raw: RawAttribute) -> Normalised:
    """Platform code and handle in lower case without @."""
    platform, handle = clean("social_handle", raw.get("platform")), clean("social_handle", raw.get("handle"))
    if raw.get("url"):
        link = clean("social_handle", raw.get("url"), MAX_LINK_CHARACTERS)
        platform, _space, handle = link.partition(" ")
        if platform.lower() not in _PLATFORM_OF.keys() | _PHONE_PLATFORMS:
            platform, handle = _profile(link)
    name = platform.lower().removeprefix("www.").removeprefix("m.")
    if name in _PHONE_PLATFORMS:
        raise UnfitError(
            "social_handle.platform",
            _("Een account op sociale media met een telefoonnummer hoort bij telefoon."),
            _("Vul het nummer in bij telefoon."),
        )
    code = _PLATFORM_OF.get(name)
    if code is None:
        raise UnfitError(
            "social_handle.platform",
            _("Bij het account op sociale media ontbreekt het platform, of het is onbekend."),
            _("Typ platform:naam. Kies als platform: {platforms}.").format(platforms=", ".join(_PLATFORMS)),
        )
    account = handle.strip(" @").lower()
    if not _HANDLE.fullmatch(account) or not any(letter.isalnum() for letter in account):
        raise UnfitError(
            "social_handle.handle",
            _("De naam van het account op sociale media klopt niet."),
            _("Neem de accountnaam over zoals hij achter de @ staat, niet de weergavenaam."),
        )
    return Normalised.of("social_handle", platform=code, handle=account)


def _profile(link: str) -> tuple[str, str]:
    """Host and account of a profile's address; ("", "") when it cannot be read."""
    split = _split(link)
    if split is None:
        return "", ""
    numbered = dict(parse_qsl(split.query)).get("id", "") if split.path.endswith("profile.php") else ""
    words = [word for word in split.path.split("/") if word and word not in _PATH_WORDS]
    return split.hostname or "", numbered or (unquote(words[0]) if words else "")


def _split(link: str) -> SplitResult | None:
    try:
        split = urlsplit(link if "://" in link else f"https://{link}")
    except ValueError:
        return None
    return split if split.scheme in {"http", "https"} and split.hostname else None


# ---- advertisements ---------------------------------------------------------------------------------------

_ID_KEYS: Final = frozenset(
    {"id", "ad", "adid", "ad_id", "ad-id", "aid", "advertentie", "advertentieid", "item", "itemid", "listing"}
    | {"listingid", "nr", "nummer", "profile", "profileid"}
)
_LONG_NUMBER: Final = re.compile(r"[0-9]{5,}")
_SHORT_ID: Final = re.compile(r"[a-z0-9_-]{2,64}")
_FRONTS: Final = ("www.", "m.", "mobile.", "amp.")


def ad_id_or_url(raw: RawAttribute) -> Normalised:
    """Host and advertisement id; the id is the path when the address shows no id."""
    field = "ad_id_or_url"
    given = clean(field, raw.get("ad_id"), MAX_LINK_CHARACTERS)
    if raw.get("url"):
        split = _split(clean(field, raw.get("url"), MAX_LINK_CHARACTERS))
        host, ids = (split.hostname or "", _ids_in(split)) if split else ("", iter(()))
    else:
        host, ids = clean(field, raw.get("host"), MAX_LINK_CHARACTERS), _ids_from(given)
    site = _host(host)
    if site is None:
        raise UnfitError(
            field,
            _("De advertentie heeft geen leesbaar webadres."),
            _("Plak het hele adres van de advertentie, met de naam van de website erin."),
        )
    ad_id = next(ids, None)
    if ad_id is None:
        raise UnfitError(
            field,
            _("Dit webadres is van een hele website, niet van één advertentie."),
            _("Open de advertentie en plak het adres dat dan bovenin staat."),
        )
    return Normalised.of(field, host=_without_front(site), ad_id=ad_id)


def _without_front(host: str) -> str:
    for front in _FRONTS:
        if host.startswith(front) and "." in host.removeprefix(front):
            return _without_front(host.removeprefix(front))
    return host


def _ids_in(split: SplitResult) -> Iterator[str]:
    """Candidate ids, best first: a long number in the path, an id in the query, the path itself."""
    yield from _long_number(split.path)
    query = [(key.lower(), value.lower()) for key, value in parse_qsl(split.query)]
    for key, value in query:
        if key in _ID_KEYS and _SHORT_ID.fullmatch(value):
            yield from _ids_from(value)
    yield from _path(split.path)


def _ids_from(given: str) -> Iterator[str]:
    yield from _long_number(given)
    if given.startswith("/"):
        yield from _path(given)
    elif _SHORT_ID.fullmatch(given.lower()):
        yield given.lower()


def _long_number(text: str) -> Iterator[str]:
    # Percent-encoding is full of digits: look at what it stands for.
    found = _LONG_NUMBER.findall(unquote(text))
    if found:
        yield found[-1]


def _path(path: str) -> Iterator[str]:
    plain = quote(unquote(path).strip().lower().rstrip("/"), safe="/")
    if len(plain) > 1:
        yield "/" + plain.lstrip("/")
