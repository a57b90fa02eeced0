# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What a form leaves in a browser without network can be read only by who signs in here again, and for two days at most: the node's half of its key.

1. The browser keeps a secret of its own that no script can take out (WebCrypto, not extractable); this node gives one half a day, for one officer. The key of a draft (AES-GCM) is derived from both
   (HKDF-SHA256), so a telephone that was found opens nothing, and neither does a colleague who signs in on it.
2. Half a day's worth is made again from the secret of the sessions, never stored: HMAC-SHA256 over officer and day. A page gets that of today and of yesterday, because a draft lives 24 hours; what is older nobody opens any more,
   also where no browser came by to destroy it.

Left to others: encrypting, keeping and destroying (`static/klad.js` of the theme), and why it is so (docs/adr/0049-*).
"""

from collections.abc import Mapping
from datetime import date, timedelta

from process.secret import Secret
from register.municipal.sealing import seed_for

_FOR = "klad op een toestel"


def halves(session_key: Secret, officer: str, today: date) -> Mapping[str, str]:
    """The node's halves with which this officer's drafts open now: day (YYYY-MM-DD) -> 64 hexadecimal digits, today first."""
    days = (today, today - timedelta(days=1))
    return {
        day.isoformat(): seed_for(session_key, _FOR, officer, day.isoformat()).reveal().hex() for day in days
    }
