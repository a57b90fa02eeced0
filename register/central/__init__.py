# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register process: signals, questions, treffers, policies and the audit log; it never sees an identity."""
