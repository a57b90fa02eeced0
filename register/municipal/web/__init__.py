# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The node's two faces: the interface under /v1, and the pages. Both do the same through `register.municipal.desk`."""
