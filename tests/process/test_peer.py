# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Callable

import pytest
from cryptography import x509

from process.peer import KINDS, Peer, UnknownPeer, peer_from_certificate, peer_uri
from tests.process.certificates import OIN, certificate


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_certificate_says_kind_organisation_and_oin(kind: str) -> None:
    assert peer_from_certificate(certificate(peer_uri(kind, "GM9001"))) == Peer(kind, "GM9001", OIN)


def test_names_of_others_beside_ours_do_not_matter() -> None:
    der = certificate(
        peer_uri("node", "GM9001"), "https://gemeente.example/", others=(x509.DNSName("node.example"),)
    )
    assert peer_from_certificate(der).organisation == "GM9001"


BAD: dict[str, Callable[[], bytes]] = {
    "no_alternative_name": certificate,
    "no_name_of_ours": lambda: certificate("https://gemeente.example/"),
    "two_names_of_ours": lambda: certificate(peer_uri("node", "GM9001"), peer_uri("node", "GM9002")),
    "unknown_kind": lambda: certificate(peer_uri("beheerder", "GM9001")),
    "kind_in_capitals": lambda: certificate(peer_uri("NODE", "GM9001")),
    "no_organisation": lambda: certificate(peer_uri("node", "")),
    "no_kind": lambda: certificate("urn:signaalregister:GM9001"),
    "no_oin": lambda: certificate(peer_uri("node", "GM9001"), oins=()),
    "two_oins": lambda: certificate(peer_uri("node", "GM9001"), oins=(OIN, OIN[::-1])),
    "other_prefix": lambda: certificate("urn:signaalregisters:node:GM9001"),
}


@pytest.mark.parametrize("made", BAD.values(), ids=BAD.keys())
def test_a_valid_certificate_that_names_no_process_of_ours_is_nobody(made: Callable[[], bytes]) -> None:
    with pytest.raises(UnknownPeer):
        peer_from_certificate(made())
