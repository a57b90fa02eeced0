# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Passkeys as a second factor (W3C WebAuthn level 2), by py_webauthn: what a browser is asked, and what is believed of its answer.

1. A challenge is 32 random bytes, of one ceremony; the caller keeps it with the session and forgets it with the first answer, right or wrong.
2. An answer counts for one origin and its host (the RP id) only. Without an origin there are no passkeys: a passkey of a guessed address would be one that opens elsewhere.
3. No attestation: which maker's key it is decides nothing here. Presence is required (a touch); verification by the key is asked for and not required, since a password went before.
4. A counter that goes back or stands still, where the key counts at all, is a copy of the key: refused (section 7.2, step 21).

Pure: the library checks signatures and reads CBOR, and is given challenge and user handle. Left to others: storing, randomness, the page.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from process.language import gettext as _
from process.problem import Refusal
from process.secret import Secret
from register.second_factor import wrong_second_step

CHALLENGE_SIZE = 32
LARGEST_ID = 1023
"""Bytes of a credential id (WebAuthn level 2, section 4)."""


@dataclass(frozen=True)
class Site:
    """Where passkeys are valid: an origin such as https://node.example.nl, and the name that people see."""

    origin: str
    name: str

    @property
    def host(self) -> str:
        """The RP id."""
        return urlsplit(self.origin).hostname or ""


@dataclass(frozen=True)
class Passkey:
    """One passkey of a person; the id as it travels, without padding."""

    id: str
    public_key: bytes
    counter: int


def origin_problem(origin: str) -> str | None:
    """What is wrong with an origin in settings, in a sentence; None if passkeys can be bound to it."""
    parts = urlsplit(origin)
    host = parts.hostname or ""
    plain = origin == f"{parts.scheme}://{parts.netloc}" and parts.username is None
    named = host == "localhost" or ("." in host and not host.replace(".", "").isdigit())
    if plain and named and (parts.scheme == "https" or host == "localhost"):
        return None
    return _("is geen adres als https://node.voorbeeld.nl, met een naam en zonder pad")


def site_of(origin: str | None, asked: str, name: str, *, practising: bool) -> Site | None:
    """Where passkeys are valid for a request.

    Args:
        origin: of the settings; None if they name none.
        asked: scheme and host to which the browser sent the request.
        name: that people see.
        practising: profile `oefening`, where http://localhost goes without a setting.
    """
    if origin is not None:
        return Site(origin, name)
    local = urlsplit(asked)
    if practising and local.scheme == "http" and local.hostname == "localhost":
        return Site(asked.rstrip("/"), name)
    return None


def user_handle(key: Secret, whose: str) -> bytes:
    """By what a key knows a person: it tells nothing, and is the same for all keys of one person."""
    return hmac.digest(key.reveal(), f"passkey\x00{whose}".encode(), hashlib.sha256)


def to_register(
    site: Site, challenge: bytes, handle: bytes, account: str, known: Iterable[str]
) -> dict[str, Any]:
    """What a browser is asked to make a passkey (`PublicKeyCredentialCreationOptionsJSON`)."""
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=handle,
        user_name=account,
        user_display_name=account,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(one)) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
    )
    return _read(options_to_json(options))


def to_sign(site: Site, challenge: bytes, known: Iterable[str]) -> dict[str, Any]:
    """What a browser is asked to sign with one of these passkeys (`PublicKeyCredentialRequestOptionsJSON`)."""
    options = generate_authentication_options(
        rp_id=site.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(base64url_to_bytes(one)) for one in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return _read(options_to_json(options))


def _read(options: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(options)
    return read


def registered(sent: Mapping[str, Any], challenge: bytes, site: Site) -> Passkey:
    """The passkey that a browser made for this challenge.

    Raises:
        Refusal: 400, in words; what exactly was wrong is for nobody.
    """
    try:
        found = verify_registration_response(
            credential=dict(sent),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        raise not_made() from None
    if len(found.credential_id) > LARGEST_ID:
        raise not_made()
    return Passkey(bytes_to_base64url(found.credential_id), found.credential_public_key, found.sign_count)


def identifier(sent: Mapping[str, Any]) -> str:
    """Which passkey an answer says that it is of; "" if it says none."""
    found = sent.get("id")
    return found if isinstance(found, str) else ""


def counted(sent: Mapping[str, Any], challenge: bytes, site: Site, passkey: Passkey) -> int:
    """The counter of a passkey that signed this challenge.

    Raises:
        Refusal: 401.
    """
    try:
        found = verify_authentication_response(
            credential=dict(sent),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.counter,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError):
        raise wrong_second_step() from None
    return found.new_sign_count


def not_made() -> Refusal:
    """The refusal of a passkey that cannot be believed."""
    return Refusal(
        400,
        "passkey-mislukt",
        _("De passkey is niet toegevoegd."),
        _("Uw browser gaf geen antwoord dat bij deze aanmelding hoort, of u wachtte te lang."),
        way_forward=_("Probeer het opnieuw. Lukt het niet, gebruik dan een app met codes."),
    )
