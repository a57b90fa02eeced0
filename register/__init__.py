# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The register and the nodes: signals, questions, treffers. Pure rules here; processes in central/ and municipal/."""
