# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""From identity attributes to pseudonyms, so that no single organisation can make or test one.

Reading order: `p256` (the group), `oprf` (RFC 9497), `threshold` (any two of three holders), `blinding` (what a node sends and does with
the answers), `ceremony` (keyset files, and a key that one party deals), `statement`, `envelope`, `dealing` and `joint` (a key that several make and nobody holds), `vault` and
`shares` (a share at rest), `wire` (the messages), `keyholder/` (the process that holds one share).
Specification: docs/spec/pseudonymisation.md.
"""
