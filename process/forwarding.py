# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The certificate of a caller when a proxy ended TLS: `Client-Cert` and `Client-Cert-Chain` (RFC 9440), believed under a shared secret only.

1. A request that carries a header in which anybody forwards a certificate (`FORWARDED`) is refused, unless all of this holds.
2. This listener works behind a proxy; the connection comes from one of its addresses; the secret in `SECRET_HEADER` is the one of the settings, once, compared in constant time.
3. `Client-Cert` stands there once and is one certificate in DER, as a byte sequence of structured fields (RFC 9651, 3.3.5).
4. Its chain ends at an authority that this process believes, at this moment, for a client: verified here again, whatever the proxy found.

Behind a proxy everything comes through it: without the secret nobody is anybody. Which organisation the certificate names is `process.peer`'s. Pure: addresses,
secret, authorities and the moment arrive by argument.

Where people come, a proxy says no more than from which address (`forwarded_caller`): the last of `X-Forwarded-For`, which is the one that the proxy itself saw. What stands before it
anybody can write. Believed under the same secret; who comes straight is at the address of the connection.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final

from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from process.language import gettext as _
from process.problem import Refusal
from process.secret import Secret

CERTIFICATE_HEADER: Final = "client-cert"
CHAIN_HEADER: Final = "client-cert-chain"
SECRET_HEADER: Final = "signaalregister-proxy"  # noqa: S105 - the name of a header
ADDRESS_HEADER: Final = "x-forwarded-for"
FORWARDED: Final = frozenset(
    {
        *(CERTIFICATE_HEADER, CHAIN_HEADER, SECRET_HEADER),
        # Others' names for the same. Nobody here reads them, and whoever sends one believes that somebody does.
        *(
            "x-forwarded-client-cert",
            "x-client-cert",
            "x-client-certificate",
            "ssl-client-cert",
            "x-ssl-client-cert",
        ),
        *(
            "ssl-client-verify",
            "x-ssl-client-verify",
            "x-ssl-client-dn",
            "ssl-client-s-dn",
            "x-ssl-cert",
            "x-arr-clientcert",
        ),
    }
)
"""Headers in which a proxy hands on a certificate."""

MOST_BETWEEN: Final = 4
LARGEST: Final = 16 * 1024
SHORTEST_SECRET: Final = 32
_BYTES: Final = re.compile(r":([A-Za-z0-9+/]*={0,2}):", re.ASCII)
_PORT: Final = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}", re.ASCII)
_SENDABLE: Final = re.compile(rb"[\x21-\x7e]+")

Headers = Sequence[tuple[bytes, bytes]]


def sendable(secret: Secret) -> bool:
    """Whether a secret can stand in a header: visible ASCII, without spaces or a line ending."""
    return _SENDABLE.fullmatch(secret.reveal()) is not None


def forwards(headers: Headers) -> bool:
    """Whether a request carries what a proxy would add."""
    return any(name.decode("latin-1").lower() in FORWARDED for name, _value in headers)


def without(headers: Headers) -> list[tuple[bytes, bytes]]:
    """The headers with nothing left of what a proxy added."""
    return [one for one in headers if one[0].decode("latin-1").lower() not in FORWARDED]


def without_secret(headers: Headers) -> list[tuple[bytes, bytes]]:
    """The headers without the secret of a proxy; a certificate stays, to be refused."""
    return [one for one in headers if one[0].decode("latin-1").lower() != SECRET_HEADER]


def forwarded_caller(headers: Headers, *, caller: str, proxies: Iterable[str], secret: Secret) -> str:
    """The address from which a person came.

    Args:
        headers: of the request, as they came.
        caller: address of the other end of the connection.
        proxies: addresses from which the proxy works.
        secret: shared with it.

    Raises:
        Refusal: 403 for who poses as the proxy, or for the proxy without the secret: everybody behind it would be one address; 400 if it does not say whom it speaks for.
    """
    ours = _is_one_of(caller, proxies)
    shown = _values(headers).get(SECRET_HEADER, [])
    if not ours and not shown:
        return caller
    right = secret == Secret((shown or [""])[0].encode("latin-1"))
    if not ours or len(shown) != 1 or not right:
        raise _not_the_proxy()
    told = ",".join(
        value.decode("latin-1") for name, value in headers if name.decode("latin-1").lower() == ADDRESS_HEADER
    )
    found = _address(told.rpartition(",")[2].strip(" \t"))
    if found is None:
        raise _no_address()
    return found


def _address(text: str) -> str | None:
    """One address, also as some proxies write it, with a port or in brackets."""
    plain = _PORT.fullmatch(text)
    try:
        return str(ip_address(plain.group(1) or plain.group(2) if plain else text))
    except ValueError:
        return None


def forwarded_certificate(  # noqa: PLR0913 - the whole judgement, all by name
    headers: Headers,
    *,
    caller: str,
    proxies: Iterable[str],
    secret: Secret,
    authorities: Sequence[x509.Certificate],
    now: datetime,
) -> bytes:
    """The certificate (DER) of whom the proxy speaks for.

    Args:
        headers: of the request, as they came.
        caller: address of the other end of the connection.
        proxies: addresses from which the proxy works.
        secret: shared with it.
        authorities: that this process believes.
        now: by the clock of this machine.

    Raises:
        Refusal: 401 or 403, with nothing of what was sent.
    """
    sent = _values(headers)
    if not _is_one_of(caller, proxies):
        raise _not_the_proxy()
    shown = sent.get(SECRET_HEADER, [])
    # Compared also when it is missing or doubled: the time tells nothing.
    right = secret == Secret((shown or [""])[0].encode("latin-1"))
    if len(shown) != 1 or not right:
        raise _not_the_proxy()
    if set(sent) - {SECRET_HEADER, CERTIFICATE_HEADER, CHAIN_HEADER}:
        raise unwanted()
    certificate, *double = sent.get(CERTIFICATE_HEADER) or [""]
    chain = sent.get(CHAIN_HEADER, [])
    if double or not certificate:
        raise _no_certificate()
    found = _read([certificate])
    between = _read([one for line in chain for one in line.split(",")])
    _require_chain(found[0], between, authorities, now)
    return base64.b64decode(certificate.strip()[1:-1])


def _values(headers: Headers) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        text = name.decode("latin-1").lower()
        if text in FORWARDED:
            found.setdefault(text, []).append(value.decode("latin-1"))
    return found


def _is_one_of(caller: str, proxies: Iterable[str]) -> bool:
    try:
        address = ip_address(caller)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address) in {ip_address(one) for one in proxies}


def _read(items: Sequence[str]) -> list[x509.Certificate]:
    if len(items) > MOST_BETWEEN or sum(map(len, items)) > LARGEST:
        raise _no_certificate()
    try:
        return [x509.load_der_x509_certificate(_bytes(one)) for one in items]
    except (ValueError, binascii.Error):
        raise _no_certificate() from None


def _bytes(item: str) -> bytes:
    found = _BYTES.fullmatch(item.strip(" \t"))
    if found is None:
        raise ValueError("no byte sequence")
    return base64.b64decode(found.group(1), validate=True)


def _require_chain(
    certificate: x509.Certificate,
    between: Sequence[x509.Certificate],
    authorities: Sequence[x509.Certificate],
    now: datetime,
) -> None:
    verifier = (
        PolicyBuilder()
        .store(Store(list(authorities)))
        .time(now.astimezone(UTC).replace(tzinfo=None))
        .max_chain_depth(MOST_BETWEEN)
        .build_client_verifier()
    )
    try:
        verifier.verify(certificate, list(between))
    except VerificationError:
        raise _no_certificate() from None


def unwanted() -> Refusal:
    """The refusal of a forwarded certificate where none is believed."""
    return Refusal(
        400,
        "certificaat-in-kop",
        _("Een certificaat in een kop telt hier niet."),
        _(
            "Dit verzoek geeft een certificaat of een geheim van een proxy mee in een kop. Hier telt alleen het certificaat van de verbinding zelf."
        ),
        way_forward=_(
            "Laat die kop weg en verstuur opnieuw. Handelt een proxy TLS af, stel dan proxy_secret_file en proxy_addresses in."
        ),
        rule="C2",
    )


def _not_the_proxy() -> Refusal:
    return Refusal(
        403,
        "niet-van-de-proxy",
        _("Dit verzoek kwam niet van de proxy."),
        _(
            "Dit proces werkt achter een proxy. Het verzoek kwam van een ander adres, of zonder het goede geheim."
        ),
        way_forward=_(
            "Ga via het adres van de proxy. Bent u de beheerder, vergelijk dan proxy_secret_file en proxy_addresses met de proxy."
        ),
        rule="C2",
    )


def _no_address() -> Refusal:
    return Refusal(
        400,
        "proxy-zonder-adres",
        _("De proxy zei niet van welk adres u komt."),
        _("Zonder dat adres zou iedereen achter de proxy samen worden geteld als iemand vaak iets verkeerds invult."),
        way_forward=_("Bel de beheerder. Bent u de beheerder, laat de proxy dan X-Forwarded-For meegeven, met het adres dat hij zelf zag als laatste."),
    )  # fmt: skip


def _no_certificate() -> Refusal:
    return Refusal(
        401,
        "geen-certificaat",
        _("Dit proces is niet herkend."),
        _("De proxy gaf geen certificaat door dat nu geldt en van een uitgever is die dit proces vertrouwt."),
        way_forward=_("Vraag de beheerder om het certificaat van deze organisatie te controleren."),
    )
