# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What stops a process before it serves: told in one line, exit code 2."""


class SettingsError(Exception):
    """A setting, file or secret with which this process must not start. The text is for the administrator, in Dutch."""
