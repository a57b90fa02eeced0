# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import copy
import pickle
import traceback

import pytest

from process.secret import Secret

VALUE = b"een geheim dat nergens te lezen mag zijn"


@pytest.mark.parametrize("shown", [repr, str, "{}".format, "{!r}".format])
def test_a_secret_never_shows_what_it_holds(shown: object) -> None:
    assert callable(shown)
    assert shown(Secret(VALUE)) == "Secret(***)"


def test_a_secret_does_not_show_in_a_traceback() -> None:
    with pytest.raises(ValueError, match="Secret") as raised:
        raise ValueError(Secret(VALUE))
    assert VALUE.decode() not in "".join(traceback.format_exception(raised.value))


def test_reveal_is_the_way_out_and_the_length_is_no_secret() -> None:
    assert Secret(VALUE).reveal() == VALUE
    assert len(Secret(VALUE)) == len(VALUE)


def test_secrets_are_equal_when_their_bytes_are_and_never_equal_to_bytes() -> None:
    assert Secret(VALUE) == Secret(bytes(list(VALUE)))
    assert Secret(VALUE) != Secret(VALUE[:-1])
    assert Secret(VALUE) != VALUE


def test_comparing_goes_through_the_constant_time_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    import hmac  # noqa: PLC0415 - only this test watches it

    compared: list[tuple[bytes, bytes]] = []
    original = hmac.compare_digest

    def watched(left: bytes, right: bytes) -> bool:
        compared.append((left, right))
        return original(left, right)

    monkeypatch.setattr("process.secret.hmac.compare_digest", watched)
    assert Secret(b"a") != Secret(b"b")
    assert compared == [(b"a", b"b")]


def test_a_secret_is_no_key_of_a_dictionary() -> None:
    with pytest.raises(TypeError):
        dict.fromkeys([Secret(VALUE)])


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_is_not_pickled_under_any_protocol(protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(VALUE), protocol)


def test_a_secret_is_not_copied_behind_ones_back() -> None:
    with pytest.raises(TypeError):
        copy.copy(Secret(VALUE))
