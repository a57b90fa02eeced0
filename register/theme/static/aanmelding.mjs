// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2
// Says two minutes before a session ends that it does. Without this script the page says the time, and nothing that was typed is lost either way.
const EARLY = 120;
const end = document.getElementById("sr-eindigt");
const warning = document.getElementById("sr-waarschuwing");
if (end && warning) {
  setTimeout(() => {
    warning.textContent = warning.dataset.tekst;
  }, 1000 * Math.max(Number(end.dataset.over) - EARLY, 0));
}
