# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Signing in as a node and the register both do it: the use case, its messages, its resources and its page. Not a process; each gives it a store and a log."""
