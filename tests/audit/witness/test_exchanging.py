# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""A witness that goes to the register, and a register that wishes it ill."""

from collections.abc import Callable, Iterator

import httpx
import pytest

from audit.witness import exchanging
from audit.witness.exchanging import ExchangeError, ShorterError, fetch, hand_in


def register(answer: Callable[[], httpx.Response]) -> httpx.Client:
    return httpx.Client(base_url="https://register", transport=httpx.MockTransport(lambda _request: answer()))


def endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 1024


def test_an_answer_without_end_is_not_read_to_the_end() -> None:
    with pytest.raises(ExchangeError, match="te groot of te traag"):
        fetch(register(lambda: httpx.Response(200, content=endless())), 0)


def test_an_answer_byte_by_byte_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "LONGEST_SECONDS", -1.0)
    with pytest.raises(ExchangeError, match="te groot of te traag"):
        fetch(register(lambda: httpx.Response(200, content=b"old 0")), 0)


def test_an_answer_from_elsewhere_is_no_receipt_of_what_was_handed_in() -> None:
    with pytest.raises(ExchangeError, match="status 302"):
        hand_in(register(lambda: httpx.Response(302, headers={"location": "https://elders"})), "note")


def test_what_a_register_says_writes_over_nothing_on_a_terminal() -> None:
    said = {"title": "\x1b[2K\rBevestigd", "detail": "\n" + "x" * 10_000}
    with pytest.raises(ShorterError) as caught:
        fetch(register(lambda: httpx.Response(409, json=said)), 5)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) <= exchanging.LONGEST_REASON


@pytest.mark.parametrize("body", [b"[]", b"<html>", b"[" * 100_000])
def test_an_answer_that_explains_nothing_is_said_to(body: bytes) -> None:
    with pytest.raises(ExchangeError, match="zonder uitleg"):
        fetch(register(lambda: httpx.Response(400, content=body)), 0)
