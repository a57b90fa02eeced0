# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2

"""The command with which anyone checks a log: an export offline, or a public log over HTTP."""
