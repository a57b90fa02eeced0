# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""What somebody learns who holds the tokens of the register and knows the population otherwise: attacks, carried out, with their figures.

Data in `world`, attacks on equality in `attacks`, what guessing costs in `guessing`, the same on Bloom filters in `bloom`, tables in `__main__`. Standard library only. An attack sees
tokens and a sample in clear; whether it was right is judged afterwards, by who made the tokens.
"""
