# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""A node and a real OpenID provider (npm oidc-provider, MIT) over loopback: who gets in, and who does not.

What the provider cannot be made to lie about is lied about in tests/register/municipal/test_gemeenteaccount.py. `make check` installs the provider from a
lock file with hashes.
"""

import json
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI
from joserfc.jwk import ECKey

from process.serving.clock import system_clock
from process.serving.secrets import write_secret
from pseudonymisation.ceremony import deal
from register.municipal.app import create_app
from tests.register.municipal.conftest import holders_of, outside_with, register_with, settings_in
from tests.register.municipal.providing import CLIENT, MFA, SECRET, with_provider
from tests.register.municipal.world import (
    ORGANISATION,
    PASSWORD,
    Browser,
    Hands,
    people,
    running,
    tenant_folder,
)

pytestmark = pytest.mark.oidc
HERE = Path(__file__).parent
MODULES = HERE.parents[1] / ".venv" / "oidc" / "node_modules"
BY_KEY, WEAKLY_SIGNED = "GM9003", "GM9005"
"""Organisations whose node signs with a key of its own, and whose provider signs with a shared secret."""

PEOPLE = {
    "m.dejong": {"preferred_username": "m.dejong", "roles": ["sr-toezicht"]},
    "twee.rollen": {"preferred_username": "twee.rollen", "roles": ["sr-toezicht", "sr-aandacht"]},
    "zonder.rol": {"preferred_username": "zonder.rol", "roles": ["iets-anders"]},
}


def back(organisation: str) -> str:
    return f"http://127.0.0.1/aanmelden/gemeenteaccount/{organisation}/terug"


def client(organisation: str, name: str, **told: object) -> dict[str, object]:
    after = ["http://127.0.0.1/aanmelden"]
    return {
        "client_id": name,
        "redirect_uris": [back(organisation)],
        "post_logout_redirect_uris": after,
        "client_secret": SECRET,
        **told,
    }


class Place:
    """A node, its provider, and people who go from one to the other."""

    def __init__(self, app: FastAPI, issuer: str, machine: Hands, process: subprocess.Popen[str]) -> None:
        self.app, self.issuer, self.machine, self.process = app, issuer, machine, process

    def begins(self, browser: Browser, organisation: str = ORGANISATION) -> str:
        answer = browser.get(f"/aanmelden/gemeenteaccount/{organisation}")
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def there(self, address: str, name: str = "m.dejong", *, steps: int = 2, stop: bool = False) -> str:
        """Signs in at the provider, page by page; gives where it sends the browser back, as path and query."""
        with httpx.Client(trust_env=False, base_url=self.issuer) as there:
            answer = there.get(address)
            while True:
                if answer.is_redirect:
                    to = answer.headers["location"]
                    if to.startswith("http://127.0.0.1/"):
                        return to.removeprefix("http://127.0.0.1")
                    answer = there.get(to)
                    continue
                assert answer.status_code == 200, answer.text
                assert "<form" in answer.text, answer.text
                sent = (
                    {"naam": name}
                    | ({"tweede-stap": "123456"} if steps == 2 else {})
                    | ({"stop": "ja"} if stop else {})
                )
                answer = there.post(answer.url, data=sent)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("oidc")
    key = generate_private_key(SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = ECKey.import_key(pem, {"use": "sig", "alg": "ES256"}).as_dict(private=False)
    told = {
        "clients": [
            client(ORGANISATION, CLIENT),
            client(
                BY_KEY,
                "met-sleutel",
                token_endpoint_auth_method="private_key_jwt",
                token_endpoint_auth_signing_alg="ES256",
                jwks={"keys": [public]},
            ),
            client(WEAKLY_SIGNED, "met-geheim", id_token_signed_response_alg="HS256"),
        ],
        "people": PEOPLE,
        "acr": MFA,
    }
    (folder / "aanbieder.json").write_text(json.dumps(told), encoding="utf-8")
    clock, machine = Hands(), Hands()
    machine.moment = system_clock()
    dealt = deal(
        profile="oefening", name="oidc", threshold=2, holders=3, randomness=random.Random(23).randbytes
    )
    register = register_with(clock)
    settings = settings_in(folder, dealt, register)
    homes = {code: settings.tenants_folder / code for code in (ORGANISATION, BY_KEY, WEAKLY_SIGNED)}
    for code in (BY_KEY, WEAKLY_SIGNED):
        tenant_folder(settings.tenants_folder, code)
    command = ["node", str(HERE / "provider.mjs"), str(MODULES), str(folder / "aanbieder.json")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            issuer = process.stdout.readline().strip()
            write_secret(homes[BY_KEY] / "aanmeldsleutel.pem", pem)
            with_provider(homes[ORGANISATION], issuer)
            with_provider(
                homes[BY_KEY],
                issuer,
                oidc_client_id="met-sleutel",
                oidc_client_secret_file=None,
                oidc_client_key_file="aanmeldsleutel.pem",
            )
            with_provider(homes[WEAKLY_SIGNED], issuer, oidc_client_id="met-geheim")
            outside = replace(outside_with(holders_of(dealt, clock), register), machine_clock=machine)
            people(settings, outside, ORGANISATION)
            made = create_app(settings, clock=clock, randomness=random.Random(7).randbytes, outside=outside)
            with running(made) as app:
                yield Place(app, issuer, machine, process)
        finally:
            process.kill()


def text(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text))


Refused = Callable[[httpx.Response, int, str, str], None]


@pytest.fixture
def refused(caplog: pytest.LogCaptureFixture) -> Refused:
    """A page in our words, no session, and in the log for which reason."""

    def check(page: httpx.Response, status: int, words: str, why: str) -> None:
        assert (page.status_code, words in text(page)) == (status, True), text(page)
        assert "raw words" not in page.text
        assert "sr_sessie=" not in str(page.headers)
        assert caplog.messages[-1].endswith(f" refused: {why}"), caplog.messages[-1]

    return check


@pytest.mark.parametrize("organisation", [ORGANISATION, BY_KEY])
def test_who_signs_in_in_two_steps_gets_in_with_a_secret_or_a_key_of_the_node(
    place: Place, organisation: str
) -> None:
    browser = Browser(place.app)
    page = browser.get(place.there(place.begins(browser, organisation)))
    assert "U bent aangemeld" in text(page), text(page)
    assert "m.dejong" in text(browser.get("/"))


def test_one_step_is_not_enough(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    refused(browser.get(place.there(place.begins(browser), steps=1)), 403, "in twee stappen", "acr_ontbreekt")


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [("twee.rollen", "meer dan één rol", "rollen"), ("zonder.rol", "geen rol", "geen_rol")],
)
def test_two_roles_or_none_let_nobody_in(
    place: Place, refused: Refused, name: str, words: str, why: str
) -> None:
    browser = Browser(place.app)
    refused(browser.get(place.there(place.begins(browser), name)), 403, words, why)


def test_who_stops_is_told_in_our_words(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    refused(
        browser.get(place.there(place.begins(browser), stop=True)),
        403,
        "U stopte met aanmelden",
        "geweigerd_daar",
    )


def test_a_code_does_not_go_with_the_verifier_of_another_attempt(place: Place, refused: Refused) -> None:
    victim, attacker = Browser(place.app), Browser(place.app)
    stolen = parse_qs(urlsplit(place.there(place.begins(victim))).query)["code"][0]
    own = place.there(place.begins(attacker))
    refused(attacker.get(re.sub(r"code=[^&]+", f"code={stolen}", own)), 403, "klopt niet", "code_geweigerd")


def test_a_token_with_another_nonce_is_refused(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    address = re.sub(r"nonce=[^&]+", "nonce=van-een-ander", place.begins(browser))
    refused(browser.get(place.there(address)), 403, "klopt niet", "nonce")


def test_the_state_of_another_browser_opens_nothing(place: Place, refused: Refused) -> None:
    begun = Browser(place.app)
    link = place.there(place.begins(begun))
    refused(Browser(place.app).get(link), 403, "andere browser", "poging")


def test_an_answer_is_used_once_and_so_is_a_code(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    link = place.there(place.begins(browser))
    assert "U bent aangemeld" in text(browser.get(link))
    refused(browser.get(link), 403, "al gebruikt", "poging")
    fresh = place.there(place.begins(browser))
    code = parse_qs(urlsplit(link).query)["code"][0]
    refused(browser.get(re.sub(r"code=[^&]+", f"code={code}", fresh)), 403, "klopt niet", "code_geweigerd")


def test_an_answer_in_the_name_of_another_issuer_is_refused(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    link = place.there(place.begins(browser))
    assert "iss=http" in link
    refused(
        browser.get(re.sub(r"iss=[^&]+", "iss=http%3A%2F%2F127.0.0.1%3A1", link)),
        403,
        "klopt niet",
        "iss_in_antwoord",
    )
    link = place.there(place.begins(browser))
    refused(browser.get(re.sub(r"&iss=[^&]+", "", link)), 403, "klopt niet", "iss_in_antwoord")


def test_a_code_for_another_client_is_refused(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    there = place.begins(browser).replace(f"client_id={CLIENT}", "client_id=met-sleutel")
    there = there.replace(f"{ORGANISATION}%2Fterug", f"{BY_KEY}%2Fterug")
    link = place.there(there).replace(BY_KEY, ORGANISATION)
    refused(browser.get(link), 403, "klopt niet", "code_geweigerd")


def test_a_token_that_is_signed_with_the_shared_secret_is_refused(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    refused(browser.get(place.there(place.begins(browser, WEAKLY_SIGNED))), 403, "klopt niet", "handtekening")


def test_a_token_that_ran_out_is_refused(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    link = place.there(place.begins(browser))
    moment = place.machine.moment
    place.machine.forward(hours=2)
    refused(browser.get(link), 403, "klopt niet", "exp")
    place.machine.moment = moment


def test_who_signs_out_at_the_provider_too_comes_back_to_our_page(place: Place) -> None:
    browser = Browser(place.app)
    browser.get(place.there(place.begins(browser)))
    page = browser.get(f"/aanmelden/gemeenteaccount/{ORGANISATION}/afgemeld")
    link = re.search(rf'href="({place.issuer}/session/end[^"]+)"', page.text)
    assert link
    with httpx.Client(trust_env=False) as there:
        asked = there.get(link.group(1).replace("&amp;", "&"))
        fields = dict(re.findall(r'name="(xsrf)" value="([^"]+)"', asked.text))
        done = there.post(f"{place.issuer}/session/end/confirm", data=fields | {"logout": "yes"})
    assert done.headers["location"] == "http://127.0.0.1/aanmelden"


def test_a_provider_that_is_gone_is_told_and_the_other_door_stays(place: Place, refused: Refused) -> None:
    browser = Browser(place.app)
    link = place.there(place.begins(browser))
    place.process.kill()
    place.process.wait()
    page = browser.get(link)
    refused(page, 503, "antwoordt niet", "onbereikbaar_connecterror")
    assert "Aanmelden met een wachtwoord" in text(page)
    sent = {"organisatie": ORGANISATION, "naam": "toezichthouder", "wachtwoord": PASSWORD}
    assert Browser(place.app).post("/v1/sessies", json=sent).status_code == 201


def test_the_lock_file_names_hashes_and_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values())
