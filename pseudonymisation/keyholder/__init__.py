# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The process that holds one share of a key and evaluates blinded points with it, under quotas.

It never sees an identity, a match key or a pseudonym: only uniform points, and who asks how many. Reading order: `holder` (who may ask
and what is answered), `quota` (how much), `store/` (the counts), `app` (the composition root), `cli`.
"""
