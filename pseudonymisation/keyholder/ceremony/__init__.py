# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The process in which one party plays its part of a ceremony: a command that ends, on a machine that need not be on a network.

Reading order: `joint` (the rules, in the package above), `folder` (where files are), `cli` (the commands), `app` (where its randomness is born).
"""
