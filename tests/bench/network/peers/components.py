# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Peer: connected components by scipy.sparse.csgraph and nothing else, from a file of pairs of 32-bit numbers.

Runs in the environment of requirements/bench-network.txt. usage: components.py PAIRS NODES
"""

import json
import sys
import time

import numpy as np
import scipy
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

pairs = np.fromfile(sys.argv[1], dtype=np.int32).reshape(-1, 2)
nodes = int(sys.argv[2])
begun = time.process_time()
graph = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs[:, 0], pairs[:, 1])), shape=(nodes, nodes))
number, labels = connected_components(graph, directed=False)
taken = time.process_time() - begun
largest = int(np.bincount(labels).max())
print(json.dumps({"components": int(number), "largest": largest, "cpu": taken, "version": scipy.__version__}))  # noqa: T201 - a peer prints
