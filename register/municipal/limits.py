# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""The sizes of an import, known to whoever reads a file, to the interface, and to the node.

A batch stays under the body limit of every interface (1 MiB, `process.serving.web`) with room for the escapes of JSON.
"""

ROW_LIMIT = 131_072
"""Bytes in one row of a file, the columns that are not imported included."""
LARGEST_BATCH = 100
"""Rows in one request."""
LARGEST_NUMBER = 2**53 - 1
"""Of a row or a record: what every reader of JSON keeps exactly (RFC 8259, 6), and a database too."""
BATCH_BYTES = 400_000
"""Bytes of a batch as JSON above which no further row is added."""
NARRATIVE_LENGTH = 2000
"""Characters of a narrative at most (signal-model.yaml)."""
