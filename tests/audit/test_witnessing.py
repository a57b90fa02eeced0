# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.checkpoint import Checkpoint, sign_checkpoint
from audit.merkle import EMPTY_ROOT, Frontier, consistency_proof, leaf_hash
from audit.note import Signer, Verifier, add_signatures, sign_note
from audit.witnessing import (
    LARGEST_OFFER,
    ContradictionError,
    MalformedError,
    Offer,
    OfferError,
    StaleError,
    UnknownLogError,
    UntrustedError,
    examine,
    known_logs,
    size_body,
    size_from,
)
from process.secret import Secret

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "tlog-witness.json").read_text("utf-8"))
STATUS = {
    MalformedError: 400,
    UntrustedError: 403,
    UnknownLogError: 404,
    ContradictionError: 422,
}

LOG = Signer("log.example/eerste", Secret(bytes(range(32))))
THIEF = Signer("log.example/eerste", Secret(bytes(range(1, 33))))
LEAVES = [bytes([n]) for n in range(12)]
FORGED = [b"anders", *LEAVES[1:]]
LOGS = known_logs([LOG.verifier])


def at(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(LOG.name, size, Frontier.over(leaves[:size]).root())


def proof(old: int, new: int, leaves: list[bytes] = LEAVES) -> tuple[bytes, ...]:
    nodes, frontier = {}, Frontier()
    for leaf in leaves:
        frontier, completed = frontier.append(leaf_hash(leaf))
        nodes.update(dict(completed))
    return consistency_proof(old, new, lambda wanted: [nodes[one] for one in wanted]) if old else ()


def offer(old: int, new: int, leaves: list[bytes] = LEAVES) -> Offer:
    return Offer(old, proof(old, new, leaves), sign_checkpoint(at(new, leaves), LOG))


def test_a_session_of_another_witness_ends_the_same_here() -> None:
    log = Verifier(VECTORS["log_name"], bytes.fromhex(VECTORS["log_public_key"]))
    last: Checkpoint | None = None
    for number, request in enumerate(VECTORS["requests"]):
        answer = None
        try:
            read = Offer.from_body(request["body"].encode())
            last = examine(read, known_logs([log]), last).checkpoint
            status = 200
        except StaleError as error:
            status, answer = 409, size_body(error.size).decode()
        except OfferError as error:
            status = STATUS[type(error)]
        assert (status, answer) == (request["status"], request.get("answer")), f"request {number}"


@given(st.integers(0, 12), st.data())
def test_a_tree_that_grew_is_vouched_for_and_its_body_reads_back(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, new))
    read = Offer.from_body(offer(old, new).body.encode())
    assert read == offer(old, new)
    assert examine(read, LOGS, at(old) if old else None).checkpoint == at(new)


@given(st.integers(1, 12), st.data())
def test_no_proof_leads_to_a_tree_with_another_past(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    hashes = data.draw(st.sampled_from([proof(old, new), proof(old, new, FORGED), ()]))
    forked = Offer(old, hashes, sign_checkpoint(at(new, FORGED), LOG))
    with pytest.raises(ContradictionError):
        examine(forked, LOGS, at(old))


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
def test_what_does_not_start_where_the_witness_is_tells_where_it_is(old: int, new: int, seen: int) -> None:
    if old == seen:
        return
    last = at(seen) if seen else None
    with pytest.raises(MalformedError if old > new else StaleError) as caught:
        examine(Offer(old, (), sign_checkpoint(at(new), LOG)), LOGS, last)
    if isinstance(caught.value, StaleError):
        assert caught.value.size == seen


def test_the_first_tree_needs_no_proof_and_bears_none() -> None:
    assert examine(offer(0, 5), LOGS, None).checkpoint == at(5)
    with pytest.raises(ContradictionError, match="geen bewijs"):
        examine(Offer(0, (bytes(32),), sign_checkpoint(at(5), LOG)), LOGS, None)


def test_a_witness_that_vouched_for_the_empty_log_goes_on_from_zero() -> None:
    empty = Checkpoint(LOG.name, 0, EMPTY_ROOT)
    assert examine(offer(0, 0), LOGS, None).checkpoint == empty
    assert examine(offer(0, 4), LOGS, empty).checkpoint == at(4)


def test_an_empty_log_with_a_root_of_something_is_a_contradiction() -> None:
    note = sign_note(f"{LOG.name}\n0\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", [LOG])
    with pytest.raises(ContradictionError):
        examine(Offer(0, (), note), LOGS, None)


def test_the_same_tree_again_is_vouched_for_again() -> None:
    assert examine(offer(5, 5), LOGS, at(5)).checkpoint == at(5)


def test_extension_lines_are_part_of_what_is_cosigned_and_of_nothing_else() -> None:
    text = at(5).text + "een regel van dit logboek\n"
    examined = examine(Offer(0, (), sign_note(text, [LOG])), LOGS, None)
    assert (examined.text, examined.checkpoint) == (text, at(5))


@pytest.mark.parametrize("extension", ["\n", "regel\n\n"])
def test_an_empty_extension_line_is_malformed(extension: str) -> None:
    with pytest.raises(MalformedError):
        examine(Offer(0, (), sign_note(at(5).text + extension, [LOG])), LOGS, None)


def test_a_log_nobody_told_the_witness_about_is_unknown_whoever_signed() -> None:
    with pytest.raises(UnknownLogError):
        examine(Offer(0, (), sign_checkpoint(at(5), LOG)), known_logs([]), None)


def test_a_checkpoint_that_another_key_of_that_name_signed_is_not_trusted() -> None:
    with pytest.raises(UntrustedError, match="bekende sleutels"):
        examine(Offer(0, (), sign_checkpoint(at(5), THIEF)), LOGS, None)


def test_a_true_and_a_false_signature_of_the_log_together_are_not_trusted() -> None:
    note = add_signatures(sign_checkpoint(at(5), LOG), [LOG.sign(at(6).text)])
    with pytest.raises(UntrustedError, match="klopt niet"):
        examine(Offer(0, (), note), LOGS, None)


def test_signatures_of_strangers_are_ignored() -> None:
    note = add_signatures(sign_checkpoint(at(5), LOG), [THIEF.sign(at(5).text)])
    assert examine(Offer(0, (), note), LOGS, None).checkpoint == at(5)


def test_either_of_two_keys_of_a_log_will_do() -> None:
    two = known_logs([LOG.verifier, THIEF.verifier])
    assert examine(Offer(0, (), sign_checkpoint(at(5), THIEF)), two, None).checkpoint == at(5)


BODY = offer(3, 8).body
HASH = BODY.split("\n")[1]
BAD_BODIES = {
    "empty": "",
    "only_a_checkpoint": sign_checkpoint(at(8), LOG),
    "without_old": BODY.replace("old 3\n", ""),
    "old_in_capitals": BODY.replace("old", "OLD"),
    "old_with_leading_zero": BODY.replace("old 3", "old 03"),
    "old_negative": BODY.replace("old 3", "old -3"),
    "old_with_plus": BODY.replace("old 3", "old +3"),
    "old_with_other_digits": BODY.replace("old 3", "old ٣"),
    "old_beyond_63_bits": BODY.replace("old 3", "old 9223372036854775808"),
    "old_without_number": BODY.replace("old 3", "old "),
    "two_spaces": BODY.replace("old 3", "old  3"),
    "trailing_space": BODY.replace("old 3", "old 3 "),
    "carriage_returns": BODY.replace("\n", "\r\n"),
    "no_empty_line": BODY.replace("\n\n", "\n", 1),
    "short_hash": BODY.replace(HASH, "AAAA"),
    "long_hash": BODY.replace(HASH, "A" * 64),
    "hash_without_padding": BODY.replace(HASH, HASH[:-1]),
    "hash_in_other_alphabet": BODY.replace(HASH, "-" * 43 + "="),
    "two_hashes_on_a_line": BODY.replace(f"{HASH}\n", f"{HASH} {HASH}\n"),
    "sixty_four_hashes": BODY.replace(f"{HASH}\n", f"{HASH}\n" * 64),
    "no_checkpoint": "old 0\n\n",
    "checkpoint_without_signature": f"old 0\n\n{at(8).text}",
    "half_a_signature_line": BODY[:-5],
    "text_behind_it": BODY + "meer",
    "too_large": "old 0\n" + f"{HASH}\n" * 7000 + "\n" + sign_checkpoint(at(8), LOG),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_request_of_another_form_is_malformed(name: str) -> None:
    with pytest.raises(MalformedError):
        Offer.from_body(BAD_BODIES[name].encode())


def test_bytes_that_are_no_text_are_malformed() -> None:
    with pytest.raises(MalformedError):
        Offer.from_body(b"old 0\n\n\xff\xfe")


@given(st.binary(max_size=200) | st.builds(lambda tail: b"old 0\n\n" + tail, st.binary(max_size=200)))
def test_whatever_is_sent_is_vouched_for_or_refused_by_name(body: bytes) -> None:
    with pytest.raises(OfferError):
        examine(Offer.from_body(body), LOGS, None)


BAD_HEADS = {
    "size_with_leading_zero": f"{LOG.name}\n05\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    "size_beyond_63_bits": f"{LOG.name}\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    "short_root": f"{LOG.name}\n5\nAAAA\n",
    "two_lines": f"{LOG.name}\n5\n",
}


@pytest.mark.parametrize("name", BAD_HEADS)
def test_a_well_signed_text_that_is_no_checkpoint_is_malformed(name: str) -> None:
    with pytest.raises(MalformedError):
        examine(Offer(0, (), sign_note(BAD_HEADS[name], [LOG])), LOGS, None)


@pytest.mark.parametrize(
    "body", [b"", b"5", b"05\n", b"-5\n", b"5\n5\n", b"9223372036854775808\n", b" 5\n", b"5\r\n"]
)
def test_a_size_in_another_spelling_is_none(body: bytes) -> None:
    assert size_from(body) is None


@given(st.integers(0, 2**63 - 1))
def test_a_size_is_read_back(size: int) -> None:
    assert size_from(size_body(size)) == size


def test_the_largest_note_fits_in_an_offer() -> None:
    assert LARGEST_OFFER > 256 * 1024 + 64 * 45 + 30
