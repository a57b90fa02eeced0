# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The folder that touches the world: sockets, certificates, files, the clock."""
