# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""`python -m process` is the command `signaalregister`, also where its script is not on the path."""

from process.app import main

main()
