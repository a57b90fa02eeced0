# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""PROCESS: signs checkpoints of one log, and never two that contradict each other.

It stands apart from the register: another machine, another operator. It knows the key and what it signed last, and nothing
of what the log is about.
"""
