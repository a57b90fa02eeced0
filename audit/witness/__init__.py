# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""PROCESS: a witness of logs, run by an FG or another party that does not run the log.

It vouches for the newest checkpoint of a log that it knows, and never for two that contradict each other. It sees the number of
leaves and a root, and nothing of what the log is about. As a server it answers ``add-checkpoint``; as a command it does the same
with a file, for an FG without a server.
"""
