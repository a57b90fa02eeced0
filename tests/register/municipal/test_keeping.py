# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.trail import Receipt, make_receipt
from register.municipal.keeping import Keeping
from register.municipal.receipts import SLACK, Break, set_back
from register.municipal.store import NodeDatabase, NodeStore
from register.municipal.told import log_alarms
from register.municipal.web.api import _log_break
from tests.register.municipal.world import MOMENT, LogStation

LOG = LogStation()
LATE = SLACK + timedelta(seconds=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[NodeStore]:
    database = NodeDatabase(f"sqlite:///{tmp_path}/node.sqlite")
    database.migrate(["GM9004"])
    yield NodeStore(database, "GM9004")
    database.close()


def receipt(leaf: int, after: timedelta = timedelta(), origin: str = LOG.signer.name) -> Receipt:
    return Receipt(origin, leaf, bytes([leaf]) * 32, MOMENT + after)


def keep(keeping: Keeping, *receipts: Receipt) -> None:
    for one in receipts:
        note = make_receipt(one, LOG.signer).encode()
        keeping.keep("bevraging", "officier", one, note, MOMENT)


def test_a_register_whose_clock_was_set_back_is_told_of_with_both_leaves_and_both_notes(
    store: NodeStore,
) -> None:
    keep(Keeping(store), receipt(7), receipt(12, -LATE))
    (found,) = store.breaks(LOG.signer.name)
    assert found.kind is Break.CLOCK
    told = _log_break(found)
    assert (told.vorige_omvang, told.omvang) == (7, 12)
    (title, sentences) = log_alarms(
        {"teLaat": [], "strijdig": [], "logbreuken": [told.model_dump(by_alias=True)]}
    )[0]
    assert title == "De klok van het register is teruggezet"
    assert sentences[0].startswith(
        "Blad 12 kwam later in het logboek dan blad 7, maar heeft een eerder tijdstip."
    )


def test_a_process_that_started_anew_compares_with_what_the_one_before_kept(store: NodeStore) -> None:
    keep(Keeping(store), receipt(3), receipt(7), receipt(5))
    keep(Keeping(store), receipt(12, -LATE))
    assert [one.kind for one in store.breaks(LOG.signer.name)] == [Break.CLOCK]


def test_answers_that_overtake_each_other_are_no_clock_that_goes_back(store: NodeStore) -> None:
    keeping = Keeping(store)
    keep(keeping, receipt(7), receipt(12, LATE), receipt(9, timedelta(seconds=2)), receipt(13, LATE - SLACK))
    assert store.breaks(LOG.signer.name) == []


def test_an_older_answer_that_comes_late_tells_it_too(store: NodeStore) -> None:
    keep(Keeping(store), receipt(12, -LATE), receipt(7))
    assert [one.kind for one in store.breaks(LOG.signer.name)] == [Break.CLOCK]


def test_a_log_that_was_started_anew_has_a_clock_of_its_own(store: NodeStore) -> None:
    keep(Keeping(store), receipt(7), receipt(12, -LATE, origin="log.example/nieuw"))
    assert store.breaks(LOG.signer.name) == store.breaks("log.example/nieuw") == []


@given(st.integers(0, 50), st.integers(0, 50), st.integers(-1000, 1000))
def test_only_who_is_further_on_can_be_set_back(one: int, other: int, seconds: int) -> None:
    found = set_back(receipt(one), receipt(other, timedelta(seconds=seconds)))
    assert found is (one < other and timedelta(seconds=-seconds) > SLACK)
