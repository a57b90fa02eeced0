# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Who may see which field and do what, for which purpose, on which ground: a leaf that knows no database and no network.

Reading order: decision (the question and the answer), grounds (on which ground in law), engine (Cedar decides),
explain (in plain Dutch); rules/ holds the rules themselves; desk/ reads them from the package and talks to people.
"""
