// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2
// Says two minutes before a session ends that it does. Without this script the page says the time, and nothing that was typed is lost either way.
const EARLY = 120_000;
const LONGEST = 2 ** 31 - 1;
const end = document.getElementById("sr-eindigt");
const warning = document.getElementById("sr-waarschuwing");
if (end && warning) {
  const left = Date.parse(end.dataset.eindigt) - EARLY - Date.now();
  setTimeout(() => {
    warning.textContent = warning.dataset.tekst;
  }, Math.min(Math.max(left, 0), LONGEST));
}
