# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""What an operator could do to a log, from clumsy to with the log's own key, and who says what of it.

Each test also says who notices nothing. A reader without memory and without a receipt believes a
log that was put back or rewritten as a whole and signed with the log's key; that is why nodes, the signer and witnesses remember.
"""

import os

import pytest

from audit.checkpoint import Checkpoint, open_checkpoint
from audit.merkle import Frontier
from audit.note import Signer
from audit.trail import prepare
from process.secret import Secret
from register.municipal.receipts import Break, Unproven, Verdict, judge
from tests.audit.tampering.conftest import (
    MOMENT,
    SEEN,
    SIZE,
    Hand,
    Kept,
    flipped,
    strange_leaf,
)
from tests.register.central.conftest import LOG_SIGNER

NOT_THE_ROOT = "De bladen leiden niet naar de wortel van het controlepunt: {}."
REWRITTEN = "Het controlepunt over {} bladen hoort bij andere bladen: de geschiedenis is herschreven."
DOES_NOT_EXTEND = "Het logboek van {} bladen sluit niet aan op het eerdere controlepunt van {} bladen: {}."
REWRITTEN_SINCE = "het verleden is herschreven, een van de bladen 0 tot en met {} is anders dan toen"
TOUCHED = 5


# ---- leaves alone -------------------------------------------------------------------------------------------------------


def test_a_leaf_that_was_deleted(hand: Hand) -> None:
    hand.sql("DELETE FROM log_leaf WHERE leaf_index = :index", index=TOUCHED)
    assert hand.told_by_store() == ["Blad 5 ontbreekt."]
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("er ontbreken bladen, 19 in plaats van 20")]


def test_a_leaf_that_was_deleted_after_which_the_others_moved_up(hand: Hand, kept: Kept) -> None:
    hand.put_leaves([*kept.leaves[:TOUCHED], *kept.leaves[TOUCHED + 1 :]])
    said = hand.told_by_store()
    assert said[:15] == [
        "Blad 19 ontbreekt.",
        *(f"Blad {index} is veranderd." for index in range(TOUCHED, SIZE - 1)),
    ]
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("er ontbreken bladen, 19 in plaats van 20")]


def test_a_leaf_that_was_slipped_in(hand: Hand, kept: Kept) -> None:
    hand.put_leaves([*kept.leaves[:TOUCHED], strange_leaf(), *kept.leaves[TOUCHED:]])
    said = hand.told_by_store()
    assert said[0] == "Blad 5 is veranderd."
    assert "Blad 20 staat er, maar het logboek telt 20 bladen." in said
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("er is een blad veranderd")]


def test_a_leaf_that_was_put_in_the_place_of_another(hand: Hand, kept: Kept) -> None:
    hand.put_leaves([*kept.leaves[:TOUCHED], strange_leaf(), *kept.leaves[TOUCHED + 1 :]])
    assert "Blad 5 is veranderd." in hand.told_by_store()
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("er is een blad veranderd")]


def test_two_leaves_that_changed_places(hand: Hand, kept: Kept) -> None:
    leaves = kept.leaves
    leaves[TOUCHED], leaves[11] = leaves[11], leaves[TOUCHED]
    hand.put_leaves(leaves)
    said = hand.told_by_store()
    assert "Blad 5 is veranderd." in said
    assert "Blad 11 is veranderd." in said
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("er is een blad veranderd")]


def test_a_leaf_that_stands_there_twice(hand: Hand, kept: Kept) -> None:
    hand.put_leaves([*kept.leaves[:TOUCHED], kept.leaves[TOUCHED], *kept.leaves[TOUCHED:]])
    said = hand.told_by_store()
    assert said[0] == "Blad 6 is veranderd."
    assert "Blad 20 staat er, maar het logboek telt 20 bladen." in said
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("er is een blad veranderd")]


def test_a_leaf_that_was_put_after_the_last(hand: Hand) -> None:
    hand.sql("INSERT INTO log_leaf (leaf_index, leaf) VALUES (20, :leaf)", leaf=strange_leaf())
    assert hand.told_by_store() == ["Blad 20 staat er, maar het logboek telt 20 bladen."]


def test_a_leaf_of_a_form_that_nobody_knows(hand: Hand) -> None:
    hand.sql("UPDATE log_leaf SET leaf = :leaf WHERE leaf_index = 5", leaf=b"\x02" + bytes(32))
    assert "Blad 5 heeft een onbekende vorm." in hand.told_by_store()
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("blad 5 heeft een onbekende vorm")]


# ---- what stands beside the leaves ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "place", "leaves"),
    [
        (0, 20, "blad 20"),
        (2, 5, "blad 20 tot en met 23"),
        (3, 2, "blad 16 tot en met 23"),
        (5, 0, "blad 0 tot en met 31"),
        (0, -1, "blad -1"),
        (-1, 3, "blad 3"),
        (64, 0, "blad 0 tot en met 18446744073709551615"),
    ],
)
def test_a_node_of_leaves_that_are_not_there(hand: Hand, level: int, place: int, leaves: str) -> None:
    hand.sql(
        "INSERT INTO log_node (level, place, hash) VALUES (:level, :place, :hash)",
        level=level,
        place=place,
        hash=bytes(32),
    )
    assert hand.told_by_store() == [f"De knoop over {leaves} staat er, maar het logboek telt 20 bladen."]


def test_a_head_that_counts_one_more(hand: Hand) -> None:
    hand.sql("UPDATE log_head SET size = 21")
    assert hand.told_by_store() == ["Blad 20 ontbreekt."]


def test_a_frontier_from_which_another_log_would_grow(hand: Hand, kept: Kept) -> None:
    forged = Frontier.over([strange_leaf(), *kept.leaves[1:]])
    hand.sql("UPDATE log_head SET frontier = :frontier", frontier=b"".join(forged.hashes))
    assert hand.told_by_store() == ["De kop van het logboek past niet bij de 20 bladen."]
    hand.store.append(hand.connection, prepare({"GM9001": {"nummer": 20}}, randomness=os.urandom))
    assert hand.told_by_signer() == "tegenspraak"


def test_a_payload_that_was_changed(hand: Hand, kept: Kept) -> None:
    payload = kept.entries[TOUCHED].payloads[1]
    for at in (0, 20, len(payload.ciphertext) - 1):
        put = "UPDATE log_payload SET ciphertext = :ciphertext WHERE key_id = :key_id"
        hand.sql(put, ciphertext=flipped(payload.ciphertext, at), key_id=payload.key_id)
        (said,) = hand.told_by_store()
        assert said.startswith("De inhoud van blad 5 voor GM9002 is veranderd: ")
        hand.sql(put, ciphertext=payload.ciphertext, key_id=payload.key_id)


def test_a_payload_that_was_moved_to_another_leaf(hand: Hand, kept: Kept) -> None:
    payload = kept.entries[0].payloads[0]
    hand.sql("DELETE FROM log_payload WHERE leaf_index = 3")
    hand.sql("UPDATE log_payload SET leaf_index = 3 WHERE key_id = :key_id", key_id=payload.key_id)
    said = hand.told_by_store()
    assert said[0] == "Bij blad 0 is geen inhoud bewaard."
    assert said[1].startswith("De inhoud van blad 3 voor GM9001 is veranderd: ")


def test_a_payload_that_was_given_to_another_organisation(hand: Hand, kept: Kept) -> None:
    payload = kept.entries[0].payloads[0]
    hand.sql("UPDATE log_payload SET organisation = 'GM9009' WHERE key_id = :id", id=payload.key_id)
    (said,) = hand.told_by_store()
    assert said.startswith("De inhoud van blad 0 voor GM9009 is veranderd: ")


def test_a_payload_that_is_gone_while_its_key_is_not(hand: Hand) -> None:
    hand.sql("DELETE FROM log_payload WHERE leaf_index = 6")
    assert hand.told_by_store() == ["Bij blad 6 is geen inhoud bewaard."]


def test_a_payload_of_a_leaf_that_is_not_there(hand: Hand) -> None:
    hand.sql("UPDATE log_payload SET leaf_index = 40 WHERE leaf_index = 6")
    assert hand.told_by_store() == [
        "Bij blad 6 is geen inhoud bewaard.",
        "Er is inhoud bewaard bij blad 40, dat er niet is.",
    ]


def test_a_checkpoint_that_was_edited(hand: Hand, kept: Kept) -> None:
    forged = kept.notes[SIZE].replace("\n20\n", "\n19\n", 1)
    hand.sql("UPDATE log_checkpoint SET note = :note WHERE size = 20", note=forged)
    (said,) = hand.told_by_store()
    assert said.startswith("Het controlepunt over 20 bladen is niet te vertrouwen: ")
    (said,) = hand.told_by_verifier()
    assert said.startswith("Het controlepunt is niet te vertrouwen: ")


def test_an_old_checkpoint_in_the_place_of_the_newest(hand: Hand, kept: Kept) -> None:
    hand.sql("UPDATE log_checkpoint SET note = :note WHERE size = 20", note=kept.notes[SEEN])
    assert hand.told_by_store() == ["Het controlepunt over 20 bladen zegt zelf 13 bladen."]
    assert hand.told_by_verifier(remembered=SIZE) == [
        DOES_NOT_EXTEND.format(SEEN, SIZE, "het logboek is korter geworden")
    ]
    assert hand.told_by_node(remembered=SIZE) is Break.SHORTER


# ---- history --------------------------------------------------------------------------------------------------------------


def forged(kept: Kept, *, size: int = SIZE) -> list[bytes]:
    """The same log with another sixth leaf."""
    return [*kept.leaves[:TOUCHED], strange_leaf(), *kept.leaves[TOUCHED + 1 : size]]


def test_history_rewritten_with_all_that_follows_from_it(hand: Hand, kept: Kept) -> None:
    hand.rewrite(forged(kept))
    said = hand.told_by_store()
    assert REWRITTEN.format(13) in said
    assert REWRITTEN.format(20) in said
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("er is een blad veranderd")]
    assert hand.told_by_signer() == "tegenspraak"
    assert hand.told_by_node() is Break.FORKED


def test_history_rewritten_and_signed_again_with_the_log_s_key(hand: Hand, kept: Kept) -> None:
    hand.publish(hand.rewrite(forged(kept)))
    assert [one for one in hand.told_by_store() if "inhoud" not in one] == [], (
        "the database agrees with itself"
    )
    assert hand.told_by_verifier() == [], "who remembers nothing and holds no receipt believes it"
    for size in (SEEN, SIZE):
        said = hand.told_by_verifier(remembered=size)
        assert said == [DOES_NOT_EXTEND.format(SIZE, size, REWRITTEN_SINCE.format(size - 1))]
    assert hand.told_by_signer() == "tegenspraak"
    assert hand.told_by_node() is Break.FORKED
    assert hand.told_by_node(remembered=SIZE) is Break.FORKED


def test_history_rewritten_contradicts_the_receipts_of_who_never_saw_a_checkpoint(
    hand: Hand, kept: Kept
) -> None:
    note = hand.publish(hand.rewrite(forged(kept)))
    checkpoint = open_checkpoint(note, LOG_SIGNER.verifier)
    verdicts = [
        judge(one, checkpoint, hand.served.inclusion(one.leaf_index, SIZE)) for one in kept.receipts()
    ]
    assert verdicts[TOUCHED] is Verdict.CONTRADICTED
    assert verdicts.count(Verdict.CONTRADICTED) == 1, "the others still stand where they were promised"


def test_two_histories_shown_to_two_readers(hand: Hand, kept: Kept) -> None:
    other = hand.publish(hand.rewrite([*kept.leaves[:SEEN], strange_leaf(), *kept.leaves[SEEN + 1 :]]))
    assert hand.told_by_verifier(remembered=SEEN) == [], "each reader alone sees one log that grows"
    assert hand.told_by_node(remembered=SIZE) is Break.FORKED
    one, two = kept.seen(SIZE), open_checkpoint(other, LOG_SIGNER.verifier)
    assert (one.size, one.origin) == (two.size, two.origin)
    assert one.root != two.root, (
        "both signed: the two notes together are the proof, for whoever compares them"
    )


def test_history_rewritten_and_signed_with_a_key_of_one_s_own(hand: Hand, kept: Kept) -> None:
    stranger = Signer(LOG_SIGNER.name, Secret(bytes(range(7, 39))))
    hand.publish(hand.rewrite(forged(kept)), stranger)
    (said,) = hand.told_by_verifier()
    assert said.startswith("Het controlepunt is niet te vertrouwen: ")
    assert "Het controlepunt over 20 bladen is niet te vertrouwen: " in "\n".join(hand.told_by_store())


# ---- going back -------------------------------------------------------------------------------------------------------------


def test_a_database_that_was_rolled_back(hand: Hand, kept: Kept) -> None:
    hand.publish(hand.rewrite(kept.leaves[:SEEN]))
    assert hand.told_by_store() == [], "the database is what it was then"
    assert hand.told_by_verifier() == []
    assert hand.told_by_verifier(remembered=SIZE) == [
        DOES_NOT_EXTEND.format(SEEN, SIZE, "het logboek is korter geworden")
    ]
    assert hand.told_by_signer() == "sluit-niet-aan"
    assert hand.told_by_node(remembered=SIZE) is Break.SHORTER


def test_a_backup_that_was_put_back_and_worked_on(hand: Hand, kept: Kept) -> None:
    hand.rewrite(kept.leaves[:SEEN])
    hand.sql("DELETE FROM log_checkpoint WHERE size > 13")
    for number in range(SIZE):
        hand.store.append(hand.connection, prepare({"GM9001": {"nummer": number}}, randomness=os.urandom))
    assert hand.told_by_store() == []
    assert hand.told_by_signer() == "tegenspraak", (
        "so nothing new is published, and every receipt grows overdue"
    )
    hand.publish(hand_head(hand))
    assert hand.told_by_verifier(remembered=SEEN) == []
    (said,) = hand.told_by_verifier(remembered=SIZE)[-1:]
    assert said == DOES_NOT_EXTEND.format(SEEN + SIZE, SIZE, REWRITTEN_SINCE.format(SIZE - 1))
    assert hand.told_by_node(remembered=SIZE) is Break.FORKED
    contradicted = hand.told_by_node(remembered=SEEN)
    assert contradicted == tuple(range(SEEN, SIZE)), "what was promised after the backup was made"


def test_a_last_transaction_that_was_cut_off(hand: Hand, kept: Kept) -> None:
    hand.rewrite(kept.leaves[: SIZE - 1])
    assert hand.told_by_store() == [
        "Er is een controlepunt over 20 bladen, maar het logboek heeft er 19: er zijn bladen weggehaald."
    ]
    assert hand.told_by_verifier() == [NOT_THE_ROOT.format("er ontbreken bladen, 19 in plaats van 20")]
    assert hand.told_by_signer() == "sluit-niet-aan"
    assert hand.told_by_node(remembered=SIZE) == tuple(range(SIZE)), "no proof over a log of 20 is given"


def test_a_last_transaction_that_was_cut_off_before_anybody_signed_it(hand: Hand, kept: Kept) -> None:
    promised, instead = (
        prepare({"GM9001": {"nummer": number}}, randomness=os.urandom) for number in (20, 21)
    )
    index = hand.store.append(hand.connection, promised)
    receipt = Unproven(99, LOG_SIGNER.name, index, promised.leaf_hash, MOMENT, contradicted=False)
    hand.rewrite(kept.leaves)
    assert hand.told_by_nobody(), "for nobody but who holds the receipt: after ten minutes it is overdue"
    assert hand.store.append(hand.connection, instead) == index
    checkpoint = hand_head(hand)
    proof = hand.served.inclusion(index, checkpoint.size)
    assert judge(receipt, checkpoint, proof) is Verdict.CONTRADICTED


def hand_head(hand: Hand) -> Checkpoint:
    """The log as it is now."""
    head = hand.store.head(hand.connection)
    return Checkpoint(LOG_SIGNER.name, head.size, head.root)
