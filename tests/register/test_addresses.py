# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

import pytest

from register.addresses import usable


def test_https_may_be_used_and_http_on_this_machine_in_an_exercise() -> None:
    assert usable("https://inloggen.gemeente.example/a?b=c", loopback=False)
    assert usable("http://127.0.0.1:3000/a", loopback=True)
    assert usable("http://[::1]/", loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://127.0.0.1/",
            "http://inloggen.gemeente.example",
            "ftp://a.example",
            "//a.example",
            "a.example",
            "",
        ),
        *(
            "https://",
            "https://u:w@a.example",
            "https://u@a.example",
            "https://a.example/#deel",
            "https://a.example:poort",
        ),
        *("https://a.example/\n", "https://ä.example", None, 7, "javascript:alert(1)"),
    ],
)
def test_nothing_else_may(url: object) -> None:
    assert not usable(url, loopback=False)


@pytest.mark.parametrize(
    "url", ["http://localhost/", "http://127.0.0.1.example/", "http://10.0.0.1/", "http://0.0.0.0/"]
)
def test_http_elsewhere_may_not_in_an_exercise_either(url: str) -> None:
    assert not usable(url, loopback=True)
