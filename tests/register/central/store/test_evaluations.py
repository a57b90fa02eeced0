# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about receipts of key holders as the register keeps them: spent by their mark, and by nothing else in them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from audit.store.engine import make_engine
from pseudonymisation.receipts import EvaluationReceipt, require_vkeys
from register.central.store import evaluations
from register.central.store import tables as t
from register.central.store.work import LoggedWork
from tests.receipts import VKEYS, receipt

NOW = datetime(2026, 3, 2, 9, 31, tzinfo=UTC)
KEYS = require_vkeys(VKEYS)

RECEIPTS = st.builds(
    lambda holder, number, organisation, request: receipt(
        holder, NOW, number=bytes([number]) * 16, organisation=organisation, request=bytes([request]) * 32
    ),
    st.sampled_from((1, 2)),
    st.integers(0, 1),
    st.sampled_from(("GM9001", "GM9004")),
    st.integers(0, 1),
)
"""From few numbers, towns and requests, so that they meet."""

REQUESTS = st.lists(st.lists(RECEIPTS, min_size=1, max_size=3, unique=True), max_size=8)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('kwitanties') / 'test.db'}")
    t.metadata.create_all(engine, tables=[t.evaluation_receipt])
    yield engine
    engine.dispose()


@given(requests=REQUESTS)
def test_a_mark_is_spent_once_and_a_request_of_which_one_is_spent_spends_nothing(
    engine: Engine, requests: list[list[EvaluationReceipt]]
) -> None:
    spent: set[EvaluationReceipt] = set()
    with engine.connect() as connection:
        for receipts in requests:
            if spent & set(receipts):
                with pytest.raises(evaluations.ReceiptSpentError):
                    evaluations.spend(LoggedWork(connection), receipts, KEYS)
            else:
                evaluations.spend(LoggedWork(connection), receipts, KEYS)
                spent |= set(receipts)
        columns = t.evaluation_receipt.c
        kept = connection.execute(select(columns.holder_key, columns.mark)).all()
        connection.rollback()
    assert sorted(map(tuple, kept)) == sorted((KEYS[one.holder].public_key, one.mark) for one in spent)


@given(receipts=st.lists(RECEIPTS, unique=True, max_size=8))
def test_a_number_is_given_twice_where_two_receipts_under_one_key_have_it(
    engine: Engine, receipts: list[EvaluationReceipt]
) -> None:
    with engine.connect() as connection:
        for one in receipts:
            evaluations.spend(LoggedWork(connection), [one], KEYS)
        for holder, verifier in KEYS.items():
            mine = [one.number for one in receipts if one.holder == holder]
            twice = {number for number in mine if mine.count(number) > 1}
            key = verifier.public_key
            assert evaluations.numbers_given_again(connection, key, NOW.date()) == len(twice)
        connection.rollback()
