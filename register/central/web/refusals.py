# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Every refusal and failure towards a known caller is an entry of the log; those towards nobody knows whom are counted per minute.

The entry is made in a transaction of its own, after the request's was rolled back: code, rule and field names, never a value.
"""

from fastapi import Request

from audit.canonical import JSON
from process.problem import Refusal
from register.central.centre import Centre, officer_mark
from register.central.store import flags
from register.central.store.people import count_unauthenticated
from register.central.web.identify import caller, of_request, trace_of
from register.events import ASKER, CATALOGUE
from register.rationing import REACHED
from register.wire import UNKNOWN_FIELD, known_field


def log_refusal(centre: Centre, request: Request, refusal: Refusal) -> Refusal:
    """Log a refusal before it is answered."""
    moment = centre.clock()
    known = caller(centre, request, moment)
    if known is None:
        with centre.database.engine.begin() as connection:
            count_unauthenticated(connection, refusal.code, moment)
        return refusal
    organisation, officer, role = known
    route = request.scope.get("route")
    entry: dict[str, JSON] = {
        "moment": moment.isoformat(timespec="seconds"),
        "medewerker": officer,
        "rol": role,
        # The template of the path: ids in it could be anything.
        "bron": f"{request.method} {getattr(route, 'path', '?')}",
        "code": refusal.code,
        "regel": refusal.rule,
        # A name that a caller made up may be a person's: only our own are logged.
        "velden": [
            field.field if known_field(field.field) else UNKNOWN_FIELD for field in refusal.fields[:20]
        ],
        "spoor": trace_of(request, centre),
    }
    with of_request(centre, request).database.logged(moment) as work:
        if refusal.code == REACHED:
            mark = officer_mark(centre, organisation, officer)
            flags.put(work.connection, organisation, REACHED, mark, moment, 1)
        work.enter({organisation: CATALOGUE.payload("geweigerd", ASKER, entry)})
    return refusal
