# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Claims about the node's half of the key of a draft in a browser."""

from datetime import date

from process.secret import Secret
from register.municipal.klad import halves

SECRET, OTHER = Secret(bytes(32)), Secret(bytes(31) + b"1")
TODAY = date(2026, 3, 2)


def test_a_page_gets_the_half_of_today_first_and_that_of_yesterday() -> None:
    assert list(halves(SECRET, "a", TODAY)) == ["2026-03-02", "2026-03-01"]
    assert all(len(bytes.fromhex(one)) == 32 for one in halves(SECRET, "a", TODAY).values())


def test_what_was_kept_yesterday_opens_today_and_not_the_day_after() -> None:
    yesterday = halves(SECRET, "a", date(2026, 3, 1))["2026-03-01"]
    assert yesterday == halves(SECRET, "a", TODAY)["2026-03-01"]
    assert yesterday not in halves(SECRET, "a", date(2026, 3, 3)).values()


def test_another_officer_organisation_or_day_has_another_half() -> None:
    found = [halves(SECRET, "a", TODAY), halves(SECRET, "b", TODAY), halves(OTHER, "a", TODAY)]
    assert len({one for each in found for one in each.values()}) == 6
