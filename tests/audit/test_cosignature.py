# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import base64
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from audit.cosignature import (
    NOBODY,
    Cosigner,
    PolicyError,
    PolicyWitness,
    QuorumError,
    Witness,
    WitnessPolicy,
    cosignatures,
    open_cosigned,
    read_cosignatures,
)
from audit.merkle import leaf_hash, root_of
from audit.note import (
    Note,
    NoteError,
    Signature,
    Signer,
    Verifier,
    add_signatures,
    open_note,
    parse,
    sign_bytes,
)
from audit.openssl import by_openssl
from process.secret import Secret

# A checkpoint of the certificate transparency log arche2025h1 (staging) with cosignatures of the public witness network,
# of May 2026. Keys are those that the log and the witnesses publish. Nothing here was made by our code.
PUBLISHED = (
    "arche2025h1.staging.ct.transparency.dev\n"
    "1432088532\n"
    "U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n"
    "\n"
    "— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
    "— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=\n"
    "— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==\n"
    "— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==\n"
    "— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==\n"
)
PUBLISHED_LOG = (
    "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
)
PUBLISHED_WITNESSES = {
    "smartit": "witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO",
    "remora": "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
    "stagemole": "witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv",
    "navigli": "witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G",
}
PUBLISHED_SECONDS = 1779573024

LOG = Signer("log.example/eerste", Secret(bytes(range(32))))
HASHES = [leaf_hash(bytes([n])) for n in range(9)]
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def cosigner(number: int) -> Cosigner:
    return Cosigner(f"fg{number}.example/getuige", Secret(bytes([number]) + bytes(range(31))))


ONE, TWO, THREE = cosigner(1), cosigner(2), cosigner(3)


def at(size: int) -> Checkpoint:
    return Checkpoint(LOG.name, size, root_of(HASHES[:size]))


def policy(*cosigners: Cosigner, needed: int) -> WitnessPolicy:
    witnesses = tuple(
        PolicyWitness(f"fg{number}", one.witness) for number, one in enumerate(cosigners, start=1)
    )
    return WitnessPolicy(witnesses, needed)


def cosigned(checkpoint: Checkpoint, *by: Cosigner, moment: datetime = AT) -> str:
    return add_signatures(sign_checkpoint(checkpoint, LOG), [one.cosign(checkpoint, moment) for one in by])


def published(*labels: str, needed: int) -> WitnessPolicy:
    return WitnessPolicy(
        tuple(PolicyWitness(one, Witness.from_vkey(PUBLISHED_WITNESSES[one])) for one in labels), needed
    )


def test_cosignatures_of_the_public_witness_network_verify() -> None:
    witnessed = open_cosigned(
        PUBLISHED, Verifier.from_vkey(PUBLISHED_LOG), published("smartit", "remora", "stagemole", needed=3)
    )
    witnessed.require()
    assert witnessed.checkpoint.size == 1432088532
    assert witnessed.signed == ("smartit", "remora", "stagemole")
    assert {one.seconds for one in witnessed.by} == {PUBLISHED_SECONDS}


@pytest.mark.parametrize("label", PUBLISHED_WITNESSES)
def test_a_published_key_is_written_as_it_was_read(label: str) -> None:
    assert Witness.from_vkey(PUBLISHED_WITNESSES[label]).vkey == PUBLISHED_WITNESSES[label]


def test_a_witness_of_the_network_that_did_not_sign_is_missing() -> None:
    witnessed = open_cosigned(
        PUBLISHED, Verifier.from_vkey(PUBLISHED_LOG), published("remora", "navigli", needed=2)
    )
    assert (witnessed.signed, witnessed.missing, witnessed.enough) == (("remora",), ("navigli",), False)
    with pytest.raises(QuorumError, match="1 van de 2 getuigen tekenden, en 2"):
        witnessed.require()


@pytest.mark.parametrize(
    ("found", "put"),
    [("1432088532", "1432088533"), ("wAAAABqEiEgPlfF", "wAAAABqEiEhPlfF"), ("U7WM79", "U7WM78")],
    ids=["size", "moment", "root"],
)
def test_a_published_cosignature_over_something_else_condemns_the_note(found: str, put: str) -> None:
    with pytest.raises(NoteError, match=r"remora\.n621\.de klopt niet"):
        cosignatures(PUBLISHED.replace(found, put), published("remora", needed=1).keys)


def test_what_we_cosign_verifies_with_ed25519_and_the_specification_alone() -> None:
    signature = ONE.cosign(at(5), AT)
    seconds = int(AT.timestamp())
    public = base64.b64decode(ONE.witness.vkey.split("+", 2)[2])
    assert public[:1] == b"\x04"
    assert signature.key_id == sha256(ONE.name.encode() + b"\n\x04" + public[1:]).digest()[:4]
    assert signature.signature[:8] == seconds.to_bytes(8, "big")
    message = f"cosignature/v1\ntime {seconds}\n{at(5).text}".encode()
    Ed25519PublicKey.from_public_bytes(public[1:]).verify(signature.signature[8:], message)


def test_a_key_of_a_log_is_none_of_a_witness_and_the_other_way_round() -> None:
    with pytest.raises(NoteError, match="0x04"):
        Witness.from_vkey(LOG.verifier.vkey)
    with pytest.raises(NoteError, match="0x04"):
        Cosigner.from_skey(LOG.skey)
    with pytest.raises(NoteError, match="0x01"):
        Verifier.from_vkey(ONE.witness.vkey)
    with pytest.raises(NoteError, match="0x01"):
        Signer.from_skey(ONE.skey)


def test_the_same_secret_as_witness_and_as_log_signs_two_different_things() -> None:
    twin = Signer(ONE.name, ONE.seed)
    note = str(Note(at(5).text, (twin.sign(at(5).text),)))
    assert twin.verifier.public_key == ONE.witness.public_key
    assert cosignatures(note, [ONE.witness]) == ()


def test_a_signing_key_is_read_back_and_does_not_print() -> None:
    assert Cosigner.from_skey(ONE.skey).witness == ONE.witness
    assert ONE.skey.reveal().decode() not in repr(ONE)
    assert "Secret(***)" in repr(ONE)


def test_a_signing_key_with_the_id_of_another_is_refused_and_not_repeated() -> None:
    text = ONE.skey.reveal().replace(b"fg1", b"fg2")
    with pytest.raises(NoteError) as caught:
        Cosigner.from_skey(Secret(text))
    assert text.decode()[-20:] not in str(caught.value)


def test_a_cosigned_checkpoint_opens_for_those_who_know_the_log_only() -> None:
    assert open_checkpoint(cosigned(at(5), ONE, TWO), LOG.verifier) == at(5)


def test_a_cosigned_checkpoint_opens_for_those_who_know_the_witness_only() -> None:
    assert open_note(cosigned(at(5), ONE), [ONE.witness]) == at(5).text


def test_a_witness_does_not_stand_in_for_the_log() -> None:
    note = str(Note(at(5).text, (ONE.cosign(at(5), AT),)))
    with pytest.raises(NoteError, match="bekende sleutels"):
        open_cosigned(note, LOG.verifier, policy(ONE, needed=1))


def test_a_witness_that_signed_twice_counts_once_with_its_latest_moment() -> None:
    later = AT + timedelta(minutes=5)
    note = add_signatures(cosigned(at(5), ONE), [ONE.cosign(at(5), later), ONE.cosign(at(5), AT)])
    witnessed = open_cosigned(note, LOG.verifier, policy(ONE, TWO, THREE, needed=2))
    assert [one.seconds for one in witnessed.by] == [int(later.timestamp())]
    assert not witnessed.enough


def test_a_false_line_of_a_witness_condemns_the_note_though_a_true_one_stands_beside_it() -> None:
    false = Signature(ONE.name, ONE.witness.key_id, bytes(72))
    note = add_signatures(cosigned(at(5), ONE), [false])
    with pytest.raises(NoteError, match=r"fg1\.example/getuige klopt niet"):
        open_cosigned(note, LOG.verifier, policy(ONE, needed=1))
    assert open_checkpoint(note, LOG.verifier) == at(5)


FALSE_SIGNATURES = {
    "another_tree": ONE.cosign(at(4), AT).signature,
    "another_witness": TWO.cosign(at(5), AT).signature,
    "another_moment": bytes(8) + ONE.cosign(at(5), AT).signature[8:],
    "without_a_moment": ONE.cosign(at(5), AT).signature[8:],
    "one_byte_more": ONE.cosign(at(5), AT).signature + b"\x00",
    "moment_beyond_63_bits": b"\xff" * 8 + ONE.cosign(at(5), AT).signature[8:],
}


@pytest.mark.parametrize("name", FALSE_SIGNATURES)
def test_a_line_that_is_no_cosignature_of_this_tree_is_refused(name: str) -> None:
    lines = [Signature(ONE.name, ONE.witness.key_id, FALSE_SIGNATURES[name])]
    with pytest.raises(NoteError, match="klopt niet"):
        read_cosignatures(lines, at(5), ONE.witness)


def test_lines_of_others_only_hold_no_cosignature() -> None:
    with pytest.raises(NoteError, match=r"geen handtekening van fg1\.example"):
        read_cosignatures([TWO.cosign(at(5), AT)], at(5), ONE.witness)


def test_a_cosignature_is_given_back_from_among_others() -> None:
    mine = ONE.cosign(at(5), AT)
    assert read_cosignatures([TWO.cosign(at(5), AT), mine], at(5), ONE.witness) == mine


def test_no_moment_before_1970_is_vouched_for() -> None:
    with pytest.raises(NoteError, match="1970"):
        ONE.cosign(at(5), datetime(1970, 1, 1, tzinfo=UTC))


@given(st.integers(1, 7), st.integers(0, 8))
def test_a_policy_loads_if_and_only_if_more_than_half_must_sign(total: int, needed: int) -> None:
    witnesses = [cosigner(number) for number in range(1, total + 1)]
    if total / 2 < needed <= total:
        assert policy(*witnesses, needed=needed).needed == needed
    else:
        with pytest.raises(PolicyError, match="meer dan de helft"):
            policy(*witnesses, needed=needed)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 6), st.data())
def test_any_two_groups_that_are_enough_share_a_witness(total: int, data: st.DataObject) -> None:
    witnesses = [cosigner(number) for number in range(1, total + 1)]
    rule = policy(*witnesses, needed=data.draw(st.integers(total // 2 + 1, total)))
    places = st.sets(st.integers(0, total - 1), min_size=rule.needed)
    groups = [data.draw(places) for _which in range(2)]
    for group in groups:
        note = cosigned(at(5), *(witnesses[place] for place in group))
        assert open_cosigned(note, LOG.verifier, rule).enough
    assert groups[0] & groups[1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=12))
def test_order_and_repetition_of_signature_lines_change_nothing(lines: list[int]) -> None:
    all_lines = [one.cosign(at(5), AT) for one in (ONE, TWO, THREE, cosigner(9))]
    own = parse(sign_checkpoint(at(5), LOG)).signatures
    note = str(Note(at(5).text, (*own, *(all_lines[one] for one in lines))))
    witnessed = open_cosigned(note, LOG.verifier, policy(ONE, TWO, THREE, needed=2))
    assert set(witnessed.signed) == {f"fg{one + 1}" for one in lines if one < 3}
    assert witnessed.enough == (len(set(lines) - {3}) >= 2)


def test_without_witnesses_nothing_is_asked_and_nothing_is_enough() -> None:
    witnessed = open_cosigned(cosigned(at(5), ONE), LOG.verifier, NOBODY)
    witnessed.require()
    assert (witnessed.enough, witnessed.by) == (False, ())


def test_two_names_for_one_key_are_refused_since_a_cosignature_does_not_bear_its_name() -> None:
    twin = Cosigner("iemand.anders", ONE.seed)
    with pytest.raises(PolicyError, match="dezelfde sleutel"):
        policy(ONE, twin, needed=2)


POLICY = f"""# De getuigen van het oefenlogboek.
log {LOG.verifier.vkey} https://log.example

witness\toost {ONE.witness.vkey} https://oost.example/
 witness west {TWO.witness.vkey}
witness zuid  {THREE.witness.vkey}
group meerderheid 2 oost west zuid
quorum meerderheid
"""


def test_a_policy_file_of_the_specification_s_form_is_read() -> None:
    read = WitnessPolicy.from_text(POLICY)
    assert [one.label for one in read.witnesses] == ["oost", "west", "zuid"]
    assert [one.url for one in read.witnesses] == ["https://oost.example/", None, None]
    assert (read.needed, read.log) == (2, LOG.verifier)
    assert WitnessPolicy.from_text(read.text) == read


def test_the_fingerprint_is_of_who_counts_and_not_of_where_or_in_which_order() -> None:
    read = WitnessPolicy.from_text(POLICY)
    elsewhere = WitnessPolicy(
        tuple(PolicyWitness(one.label, one.key) for one in read.witnesses[::-1]), 2, read.log
    )
    assert elsewhere.fingerprint == read.fingerprint
    assert WitnessPolicy(read.witnesses, 3, read.log).fingerprint != read.fingerprint
    assert WitnessPolicy(read.witnesses, 2).fingerprint != read.fingerprint


def test_no_witnesses_yet_is_a_policy_that_can_be_written() -> None:
    assert WitnessPolicy.from_text(NOBODY.text) == NOBODY
    assert NOBODY.text == "quorum none\n"


def test_one_witness_may_be_the_quorum_by_its_name() -> None:
    assert WitnessPolicy.from_text(f"witness oost {ONE.witness.vkey}\nquorum oost\n").needed == 1


def test_all_is_more_than_half() -> None:
    assert WitnessPolicy.from_text(POLICY.replace("meerderheid 2", "meerderheid all")).needed == 3


def _without(line: str) -> str:
    return "".join(one for one in POLICY.splitlines(keepends=True) if not one.startswith(line))


BAD_POLICIES = {
    "half_of_the_witnesses": POLICY.replace("meerderheid 2", "meerderheid 1"),
    "any": POLICY.replace("meerderheid 2", "meerderheid any"),
    "more_than_there_are": POLICY.replace("meerderheid 2", "meerderheid 4"),
    "nobody_needed": POLICY.replace("meerderheid 2", "meerderheid 0"),
    "no_number": POLICY.replace("meerderheid 2", "meerderheid twee"),
    "other_digits": POLICY.replace("meerderheid 2", "meerderheid ٢"),
    "no_quorum": _without("quorum"),
    "quorum_none_with_witnesses": POLICY.replace("quorum meerderheid", "quorum none"),
    "quorum_of_one_of_three": POLICY.replace("quorum meerderheid", "quorum oost"),
    "quorum_unknown": POLICY.replace("quorum meerderheid", "quorum noord"),
    "two_quorums": POLICY + "quorum meerderheid\n",
    "group_without_one": POLICY.replace("2 oost west zuid", "2 oost west"),
    "group_with_one_twice": POLICY.replace("2 oost west zuid", "2 oost west west"),
    "group_of_nobody": "group leeg 0\nquorum leeg\n",
    "two_groups": POLICY.replace("quorum", "group nog 2 oost west zuid\nquorum", 1),
    "same_name_twice": POLICY.replace("witness zuid ", "witness west "),
    "same_key_twice": POLICY.replace(THREE.witness.vkey, TWO.witness.vkey),
    "key_of_a_log_as_witness": POLICY.replace(THREE.witness.vkey, LOG.verifier.vkey),
    "key_of_a_witness_as_log": POLICY.replace(LOG.verifier.vkey, ONE.witness.vkey),
    "two_logs": f"log {LOG.verifier.vkey}\n" + POLICY,
    "name_none": POLICY.replace("zuid", "none"),
    "unknown_line": POLICY + "mirror noord\n",
    "witness_after_the_group": POLICY + f"witness noord {cosigner(4).witness.vkey}\n",
    "address_that_is_none": POLICY.replace("https://oost", "file://oost"),
    "control_character": POLICY.replace("oost", "oost\x07"),
    "carriage_returns": POLICY.replace("\n", "\r\n"),
    "empty": "",
}


@pytest.mark.parametrize("name", BAD_POLICIES)
def test_a_policy_that_says_something_else_is_refused(name: str) -> None:
    with pytest.raises(PolicyError):
        WitnessPolicy.from_text(BAD_POLICIES[name])


def test_a_policy_that_is_no_text_is_refused() -> None:
    with pytest.raises(PolicyError, match="UTF-8"):
        WitnessPolicy.from_text(b"\xff" + POLICY.encode())


def test_a_signature_without_a_moment_counts_for_no_quorum() -> None:
    checkpoint = at(5)
    timeless = sign_bytes(ONE.seed, f"cosignature/v1\ntime 0\n{checkpoint.text}".encode())
    line = Signature(ONE.name, ONE.witness.key_id, bytes(8) + timeless)
    note = add_signatures(sign_checkpoint(checkpoint, LOG), [line])
    witnessed = open_cosigned(note, LOG.verifier, WitnessPolicy((PolicyWitness("een", ONE.witness),), 1))
    assert (witnessed.by, witnessed.enough) == ((), False)


def test_a_line_that_stands_sixty_times_is_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may send a note to a public address decides how many lines it has."""
    checked: list[str] = []
    true = Verifier.verifies

    def counted(self: Verifier, text: str, signature: bytes) -> bool:
        checked.append(self.name)
        return true(self, text, signature)

    monkeypatch.setattr(Verifier, "verifies", counted)
    parsed = parse(sign_checkpoint(at(5), LOG))
    open_note(str(Note(parsed.text, parsed.signatures * 60)), [Verifier(LOG.name, LOG.verifier.public_key)])
    assert checked == [LOG.name]


@pytest.mark.parametrize("name", [*FALSE_SIGNATURES, "true"])
def test_openssl_is_of_the_same_opinion_on_every_cosignature(name: str) -> None:
    fast = by_openssl(policy(ONE, needed=1))
    assert fast == policy(ONE, needed=1)
    signature = FALSE_SIGNATURES.get(name, ONE.cosign(at(5), AT).signature)
    assert (
        fast.keys[0].verifies(at(5).text, signature)
        is ONE.witness.verifies(at(5).text, signature)
        is (name == "true")
    )
