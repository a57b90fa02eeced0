// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2
//
// Out of sight: the link "Verberg" already leads to a neutral page without this. Here the page goes first, before any network, and takes its place in the history with it; Escape twice does the same.

const link = document.querySelector("[data-verberg]");
const TWICE_WITHIN = 800;
let pressed = -Infinity;

function hide() {
  document.documentElement.classList.add("sr-away");
  document.title = "\u2026";
  location.replace(link.href);
}

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    hide();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - pressed < TWICE_WITHIN) hide();
    pressed = event.timeStamp;
  });
  // A page that comes out of the browser's memory could show what was hidden meanwhile.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
