# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The job of a key holder: counts past their term go, because they say when somebody worked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from process.jobs import Job
from process.language import gettext as _
from pseudonymisation.keyholder.store.counts import Counts

_EVERY = timedelta(minutes=10)


def jobs(counts: Counts) -> tuple[Job, ...]:
    """All jobs of this process."""

    def destroy(moment: datetime) -> Mapping[str, int]:
        return {"tellers": counts.destroy_old(moment)}

    title = _("Vernietigt tellers voorbij hun termijn: van minuten na een uur, van dagen na 31 dagen.")
    return (Job("tellers", title, _EVERY, destroy),)
