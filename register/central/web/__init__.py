# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register's interfaces: `/v1` for nodes and people, and the pages that use it."""
