# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signing in with an account of the organisation's own provider: what is asked of it, and what its answer must say before anyone believes it.

OpenID Connect Core 1.0 (code flow), PKCE with S256 (RFC 7636), the issuer in the response (RFC 9207), the advice of RFC 9700, RP-Initiated Logout 1.0;
protocol and signatures by Authlib and its joserfc. In this order, and the first that fails refuses:

1. The provider's document names exactly the issuer of the settings, and addresses that are https (`register.addresses`).
2. The answer in the browser belongs to the attempt (`register.municipal.openid`), is of this issuer, names nothing twice, and carries a code.
3. The ID token has a pinned algorithm (never `none`, never a shared secret), a signature under a key of the provider, and iss, aud, azp, exp, iat, nbf, nonce
   and at_hash as Core 3.1.3.7 has it; it is of minutes ago.
4. `acr` is one of those that the organisation asked for: how somebody signed in is said by the provider or not at all.
5. The role claim names exactly one role of the settings' list. Values that are not on the list mean nothing here.

Userinfo is never asked: what is not in the signed token is not believed. Pure: fetching, storing and whose browser it is are others'.
A role is no right: mandate, training and screening are records of the register.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import extract_compact

from process.language import gettext as _
from process.problem import Refusal
from process.secret import Secret
from register.addresses import usable

OLDEST_TOKEN: Final = 600
"""Seconds since an ID token was made. It comes straight from the provider, in answer to a code of this minute."""
LONGEST_TEXT: Final = 64
"""Of a name, as of every account."""
LARGEST_TOKEN: Final = 16 * 1024
_STATE_MOMENT: Final = 8
_STATE_PROOF: Final = 32
_USED: Final = ("RSA", "EC", "OKP")
"""Kinds of public keys. A shared secret in a public list is no key."""


class OpenIdRefusal(Refusal):
    """A refusal to sign somebody in; `why` is a short word for the administrator's log, and never what the provider said."""

    def __init__(self, status: int, code: str, why: str, words: tuple[str, str, str]) -> None:
        title, detail, forward = words
        super().__init__(status, code, title, detail, way_forward=forward)
        self.why = why


@dataclass(frozen=True)
class Client:
    """What an organisation told of its provider.

    Attributes:
        redirect_uri: where the provider sends the browser back; of this organisation alone, so that one provider cannot answer for another (RFC 9700, 4.4).
        credential: the client secret, or a private key (PEM) when `key_algorithm` is set.
        key_algorithm: with which the node signs that it is the client (private_key_jwt); None for a secret.
        roles: value of the role claim -> role at this node.
        acr: values that say that somebody signed in strongly enough; one is enough.
        algorithms: of ID tokens; none other is read.
        leeway: seconds that the clocks may differ.
        loopback: http on this machine will do; for an exercise.
    """

    issuer: str
    client_id: str
    redirect_uri: str
    credential: Secret = field(repr=False)
    key_algorithm: str | None
    scopes: tuple[str, ...]
    role_claim: str
    roles: Mapping[str, str]
    name_claim: str
    acr: tuple[str, ...]
    algorithms: tuple[str, ...]
    leeway: int
    loopback: bool = False


@dataclass(frozen=True)
class Provider:
    """What the provider's document says, as far as it is used."""

    issuer: str
    authorization: str
    token: str
    keys: str
    end_session: str | None
    names_itself: bool
    takes_claims: bool
    auth_methods: frozenset[str]


@dataclass(frozen=True)
class Attempt:
    """One try to sign in: `state` travels, `nonce` and `verifier` are made from it and the browser's seed. Nothing of it is stored: anybody may begin one."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    begun_at: datetime

    @classmethod
    def begin(cls, key: Secret, seed: str, moment: datetime, number: bytes) -> "Attempt":
        """A new attempt of this browser; its state says when it began and proves that this browser began it here.

        Args:
            key: of the attempts of this organisation.
            seed: in the cookie of the browser.
            moment: now.
            number: random.
        """
        told = int(moment.timestamp()).to_bytes(_STATE_MOMENT, "big") + number
        return cls._with(key, seed, _text(told + _proof(key, seed, told)), moment)

    @classmethod
    def of(cls, key: Secret, seed: str, state: str) -> "Attempt | None":
        """The attempt of this browser with this state; None if it was not begun here by this browser."""
        try:
            raw = urlsafe_b64decode(state + "=" * (-len(state) % 4))
        except ValueError:
            return None
        told, proof = raw[:-_STATE_PROOF], raw[-_STATE_PROOF:]
        # Written in one way only: a second spelling of a state would be a second use of it.
        if _text(raw) != state or len(told) <= _STATE_MOMENT:
            return None
        if not hmac.compare_digest(proof, _proof(key, seed, told)):
            return None
        moment = datetime.fromtimestamp(int.from_bytes(told[:_STATE_MOMENT], "big"), UTC)
        return cls._with(key, seed, state, moment)

    @classmethod
    def _with(cls, key: Secret, seed: str, state: str, begun_at: datetime) -> "Attempt":
        nonce, verifier = (_made(key, label, seed, state) for label in (b"nonce", b"verifier"))
        return cls(state, nonce, verifier, begun_at)


@dataclass(frozen=True)
class Claimed:
    """What a token that is believed says: who, and what stands in the claims of name and role."""

    subject: str = field(repr=False)
    name: object = field(repr=False)
    role: object = field(repr=False)


def _made(key: Secret, label: bytes, seed: str, state: str) -> str:
    told = b"\x00".join((b"openid", label, seed.encode("utf-8", "replace"), state.encode()))
    return _text(hmac.digest(key.reveal(), told, hashlib.sha256))


def _proof(key: Secret, seed: str, told: bytes) -> bytes:
    of = hashlib.sha256(seed.encode("utf-8", "replace")).digest()
    return hmac.digest(key.reveal(), b"openid\x00state\x00" + of + told, hashlib.sha256)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def subject_key(key: Secret, issuer: str, subject: str) -> bytes:
    """Under which a person of a provider is known here; the provider's own number is not kept."""
    parts = b"".join(len(one.encode()).to_bytes(4, "big") + one.encode() for one in (issuer, subject))
    return hmac.digest(key.reveal(), b"openid\x00" + parts, hashlib.sha256)


# ---- the provider's document -------------------------------------------------------------------------------


def configuration_url(issuer: str) -> str:
    """Where a provider's document stands (OpenID Connect Discovery 1.0, 4)."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def read_provider(document: object, client: Client) -> Provider:
    """What the document of the provider says.

    Raises:
        OpenIdRefusal: another issuer, an address that may not be used, or one that is missing.
    """
    told: Mapping[str, Any] = document if isinstance(document, dict) else {}
    if told.get("issuer") != client.issuer:
        raise away("document_issuer")
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    end_session = told.get("end_session_endpoint")
    for url in (*(told.get(name) for name in needed), *([end_session] if end_session else [])):
        if not usable(url, loopback=client.loopback):
            raise away("document_adres")
    methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        client.issuer,
        str(told["authorization_endpoint"]),
        str(told["token_endpoint"]),
        str(told["jwks_uri"]),
        str(end_session) if end_session else None,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
        takes_claims=told.get("claims_parameter_supported") is True,
        auth_methods=frozenset(one for one in methods if isinstance(one, str))
        if isinstance(methods, list)
        else frozenset(),
    )


def read_keys(document: object) -> KeySet:
    """The public keys of a provider; what is for encryption, or no public key, is left out.

    Raises:
        OpenIdRefusal: there is none.
    """
    listed = document.get("keys") if isinstance(document, dict) else None
    found = [one for one in listed if _for_signatures(one)] if isinstance(listed, list) else []
    try:
        return KeySet.import_key_set({"keys": found})
    except (JoseError, ValueError, TypeError, KeyError):
        raise away("sleutels") from None


def _for_signatures(one: object) -> bool:
    return isinstance(one, dict) and one.get("kty") in _USED and one.get("use", "sig") == "sig"


# ---- asking ------------------------------------------------------------------------------------------------


def question(provider: Provider, client: Client, attempt: Attempt) -> str:
    """Where the browser goes to sign in."""
    uri: str = prepare_grant_uri(
        provider.authorization,
        client.client_id,
        "code",
        redirect_uri=client.redirect_uri,
        scope=list(client.scopes),
        state=attempt.state,
        nonce=attempt.nonce,
        code_challenge=create_s256_code_challenge(attempt.verifier),
        code_challenge_method="S256",
        # Asked for; whether it was done is read in the token.
        acr_values=" ".join(client.acr),
    )
    return uri


def farewell(provider: Provider, client: Client, back: str) -> str | None:
    """Where somebody signs out at the provider too; None if it has no such place. It asks who it is: no token is kept to tell it."""
    if provider.end_session is None:
        return None
    uri: str = add_params_to_uri(
        provider.end_session, [("client_id", client.client_id), ("post_logout_redirect_uri", back)]
    )
    return uri


def read_answer(sent: Sequence[tuple[str, str]], provider: Provider) -> str:
    """The code that the provider sent through the browser.

    Raises:
        OpenIdRefusal: something is named twice, another issuer answers or none, the provider refused, or there is no code.
    """
    told = dict(sent)
    if len(told) != len(sent):
        raise not_right("dubbel")
    issuer = told.get("iss")
    if issuer != provider.issuer and (issuer is not None or provider.names_itself):
        raise not_right("iss_in_antwoord")
    if "error" in told:
        raise refused_there(told["error"])
    if not told.get("code"):
        raise not_right("geen_code")
    return told["code"]


def exchange(provider: Provider, client: Client, code: str, verifier: str) -> tuple[str, dict[str, str], str]:
    """Address, headers and body with which a code is changed for an ID token."""
    body = prepare_token_request(
        "authorization_code", redirect_uri=client.redirect_uri, code=code, code_verifier=verifier
    )
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    uri, headers, body = _credentials(provider, client).prepare("POST", provider.token, headers, body)
    return uri, headers, body


def _credentials(provider: Provider, client: Client) -> ClientAuth:
    secret = client.credential.reveal().decode("utf-8", "replace").strip()
    if client.key_algorithm is None:
        method = (
            "client_secret_basic" if "client_secret_basic" in provider.auth_methods else "client_secret_post"
        )
        return ClientAuth(client.client_id, secret, method)
    kind = ECKey if client.key_algorithm.startswith("ES") else RSAKey
    # The issuer as audience: an address of the token endpoint could be that of another (RFC 7523bis).
    signing = PrivateKeyJWT(provider.issuer, alg=client.key_algorithm)
    return ClientAuth(client.client_id, kind.import_key(secret), signing)


# ---- believing ---------------------------------------------------------------------------------------------


def needs_other_keys(token: str, keys: KeySet) -> bool:
    """Whether a token names a key that is not among these: the provider may have made a new one."""
    try:
        kid = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return False
    return kid is not None and kid not in {one.kid for one in keys.keys}


def id_token(document: object) -> tuple[str, str | None]:
    """The ID token and the access token in an answer of the token endpoint.

    Raises:
        OpenIdRefusal: there is none, or one of a size that no provider sends.
    """
    told: Mapping[str, Any] = document if isinstance(document, dict) else {}
    token, access = told.get("id_token"), told.get("access_token")
    if not isinstance(token, str) or not token.isascii() or len(token) > LARGEST_TOKEN:
        raise not_right("geen_id_token")
    return token, access if isinstance(access, str) else None


def believed(  # noqa: PLR0913, PLR0917 - everything that a token is judged by
    token: str, access: str | None, keys: KeySet, client: Client, nonce: str, now: datetime
) -> Claimed:
    """Who signed in.

    Args:
        token: the ID token.
        access: the access token that came with it; only its digest is compared.
        keys: of the provider.
        client: what the organisation told.
        nonce: of the attempt.
        now: by the clock of this machine.

    Raises:
        OpenIdRefusal: the first of steps 3 and 4 that fails.
    """
    try:
        read = jwt.decode(token, keys, algorithms=list(client.algorithms))
    except (JoseError, ValueError, TypeError):
        # The library's word for what was wrong may hold what was sent.
        raise not_right("handtekening") from None
    claims = CodeIDToken(
        read.claims,
        read.header,
        {"iss": {"value": client.issuer}, "aud": {"value": client.client_id}},
        {"nonce": nonce, "client_id": client.client_id, "access_token": access},
    )
    try:
        claims.validate(int(now.timestamp()), client.leeway)
    except (JoseError, ValueError, TypeError) as error:
        raise not_right(_which(error)) from None
    # Where these say nothing, the library compares nothing; and nobody would be one person.
    for claim, right in (("aud", bool(claims["aud"])), ("sub", _is_text(claims["sub"]))):
        if not right:
            raise not_right(claim)
    if not now.timestamp() - claims["iat"] <= OLDEST_TOKEN + client.leeway:
        raise not_right("iat")
    acr = claims.get("acr")
    if not isinstance(acr, str) or acr not in client.acr:
        raise _too_weak("acr" if acr else "acr_ontbreekt")
    return Claimed(claims["sub"], claims.get(client.name_claim), claims.get(client.role_claim))


def _is_text(told: object) -> bool:
    return isinstance(told, str) and bool(told)


_CLAIMS: Final = frozenset(
    {"iss", "sub", "aud", "exp", "iat", "nbf", "nonce", "azp", "at_hash", "amr", "auth_time"}
)


def _which(error: Exception) -> str:
    """The claim that was wrong; what stood there is not told."""
    claim = error.claim if isinstance(error, ClaimError) else ""
    return claim if claim in _CLAIMS else "inhoud"


def name_of(claimed: Claimed) -> str:
    """The name under which an account can stand here.

    Raises:
        OpenIdRefusal: there is none.
    """
    told = claimed.name
    if not isinstance(told, str) or not 1 <= len(told.strip()) <= LONGEST_TEXT or not told.isprintable():
        raise _nameless()
    return told.strip()


def role_of(claimed: Claimed, client: Client) -> str:
    """The one role that the claim names.

    Raises:
        OpenIdRefusal: none, or more than one.
    """
    values: Iterable[object] = claimed.role if isinstance(claimed.role, list) else [claimed.role]
    found = {client.roles[one] for one in values if isinstance(one, str) and one in client.roles}
    if len(found) != 1:
        raise _no_role(len(found))
    return found.pop()


# ---- words -------------------------------------------------------------------------------------------------


def away(why: str) -> OpenIdRefusal:
    """The provider does not answer, or not with anything that can be used."""
    return OpenIdRefusal(
        503,
        "gemeenteaccount-weg",
        why,
        (
            _("Aanmelden met uw gemeenteaccount lukt nu niet."),
            _("Het aanmeldsysteem van uw organisatie antwoordt niet, of niet goed. U bent niet aangemeld."),
            _(
                "Probeer het over een paar minuten opnieuw. Blijft het misgaan, bel dan de helpdesk van uw organisatie. Is er haast, bel dan een collega die al is aangemeld."
            ),
        ),
    )


def not_right(why: str) -> OpenIdRefusal:
    """An answer that is not believed."""
    return OpenIdRefusal(
        403,
        "gemeenteaccount-ongeldig",
        why,
        (
            _("Aanmelden met uw gemeenteaccount is niet gelukt."),
            _(
                "Het antwoord van het aanmeldsysteem van uw organisatie klopt niet. Daarom bent u niet aangemeld."
            ),
            _("Begin opnieuw met aanmelden. Gaat het weer mis, vertel het dan de functioneel beheerder."),
        ),
    )


def stale() -> OpenIdRefusal:
    """No such attempt, not any more, or of another browser."""
    return OpenIdRefusal(
        403,
        "gemeenteaccount-verlopen",
        "poging",
        (
            _("Deze aanmelding geldt niet meer."),
            _(
                "De aanmelding is al gebruikt, duurde langer dan tien minuten, of begon in een andere browser. Daarom bent u niet aangemeld."
            ),
            _(
                "Begin opnieuw met aanmelden, in deze browser. Kreeg u deze link van iemand anders? Gebruik hem dan niet, en vertel het de functioneel beheerder."
            ),
        ),
    )


def refused_there(error: str) -> OpenIdRefusal:
    """The provider says no; only what kind of no is used, and only if the specification knows it."""
    if error in {"server_error", "temporarily_unavailable"}:
        return away("fout_daar")
    if error == "unmet_authentication_requirements":
        return _too_weak("geweigerd_daar")
    return OpenIdRefusal(
        403,
        "gemeenteaccount-geweigerd",
        "geweigerd_daar",
        (
            _("U bent niet aangemeld."),
            _("U stopte met aanmelden, of het aanmeldsysteem van uw organisatie liet u niet toe."),
            _(
                "Wilt u zich toch aanmelden, begin dan opnieuw. Mag u er volgens uw organisatie niet in, vraag dan de functioneel beheerder om toegang."
            ),
        ),
    )


def _too_weak(why: str) -> OpenIdRefusal:
    return OpenIdRefusal(
        403,
        "gemeenteaccount-te-zwak",
        why,
        (
            _("U bent niet aangemeld."),
            _(
                "Voor het signaalregister moet u zich aanmelden in twee stappen, zoals met uw wachtwoord en een code op uw telefoon. Dat is nu niet gebeurd."
            ),
            _(
                "Meld u opnieuw aan en doe ook de tweede stap. Wordt daar niet om gevraagd, vraag dan de helpdesk van uw organisatie om aanmelden in twee stappen."
            ),
        ),
    )


def _no_role(count: int) -> OpenIdRefusal:
    detail = (
        _(
            "Uw gemeenteaccount heeft meer dan één rol voor het signaalregister. Dan is niet duidelijk wat u hier doet."
        )
        if count
        else _("Uw gemeenteaccount heeft geen rol voor het signaalregister.")
    )
    return OpenIdRefusal(
        403,
        "gemeenteaccount-rol",
        "rollen" if count else "geen_rol",
        (
            _("U bent niet aangemeld."),
            detail,
            _("Vraag de functioneel beheerder om u één rol te geven, en meld u daarna opnieuw aan."),
        ),
    )


def _nameless() -> OpenIdRefusal:
    """The token says no name under which an account can stand here."""
    return OpenIdRefusal(
        403,
        "gemeenteaccount-naam",
        "geen_naam",
        (
            _("U bent niet aangemeld."),
            _("Het aanmeldsysteem van uw organisatie geeft geen gebruikersnaam door die hier past."),
            _("Vraag de functioneel beheerder om dat te laten instellen."),
        ),
    )


def name_taken() -> OpenIdRefusal:
    """Somebody else has the name here; who it is must be settled by people."""
    return OpenIdRefusal(
        403,
        "gemeenteaccount-naam",
        "naam_bezet",
        (
            _("U bent niet aangemeld."),
            _("Er is hier al een account met uw gebruikersnaam, dat niet bij uw gemeenteaccount hoort."),
            _(
                "Is dat account van u, vraag dan de functioneel beheerder om het te koppelen. Anders moet een van beide een andere naam krijgen."
            ),
        ),
    )
