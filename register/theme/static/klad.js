// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2
//
// A form that could not be sent is not lost (docs/adr/0049-*):
// 1. What is typed is kept in this browser, as AES-256-GCM ciphertext in IndexedDB and nowhere else. The key is derived (HKDF-SHA256) from a secret of this browser that no script can take out, and half a secret that the
//    node gives to who signed in, for one day. Bound to form, number, day and moment.
// 2. It goes when the form arrived, when somebody throws it away, and after 24 hours; with the last one goes the secret of this browser.
// 3. Without network a form is held back before the browser leaves the page. Whether there is network, a picture of this site tells, asked for while somebody types so that sending need not wait for it: nothing
//    else is asked, of nobody else.
// 4. What is found is put back on a tap only, under the number that it had: what did arrive after all is the same signal, not a second.
// 5. Of two tabs the last one does not write over the other: a draft is of one page at a time, which holds a lock on its number for as long as it is open, and another page is not offered it. What makes or
//    throws away the secret of this browser waits for the rest (Web Locks), so that no draft is left under a secret that is gone.
// The words are those of the page. A form works as well without this module.

const LIVES = 24 * 60 * 60 * 1000;
const AFTER = 300;
const PROBE = 4000;
const FRESH = 4000;
const LET_GO = 1000;
const ROUNDS = 10;
const ON_ITS_WAY = "sr-klad-onderweg";
const INFO = new TextEncoder().encode("signaalregister klad 1");

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

async function database() {
  const opening = indexedDB.open("sr-klad", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("klad", { keyPath: "nummer" });
    opening.result.createObjectStore("sleutel");
  };
  return done(opening);
}

// One at a time, over all tabs. A tab that the browser put to sleep is not waited for: sending goes first.
async function alone(work) {
  if (!navigator.locks) return work();
  let begun = false;
  const started = () => {
    begun = true;
    return work();
  };
  try {
    return await navigator.locks.request("sr-klad", { signal: AbortSignal.timeout(LET_GO) }, started);
  } catch (error) {
    if (begun) throw error;
    return work();
  }
}

const lockOf = (nummer) => `sr-klad ${nummer}`;

// Whether no other page has this draft. A page that was just left lets go a moment later.
async function isFree(nummer) {
  if (!navigator.locks) return true;
  return navigator.locks.request(lockOf(nummer), { signal: AbortSignal.timeout(LET_GO) }, () => true).catch(() => false);
}

// Hold a draft for as long as this page is open; false if another page has it.
function hold(nummer, how) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const held = (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => undefined);
    };
    navigator.locks.request(lockOf(nummer), how, held).catch(() => resolve(false));
  });
}

const store = (base, name, mode = "readonly") => base.transaction(name, mode).objectStore(name);

async function secret(base) {
  const kept = await done(store(base, "sleutel").get("toestel"));
  if (kept) return kept;
  const made = await crypto.subtle.importKey("raw", crypto.getRandomValues(new Uint8Array(32)), "HKDF", false, ["deriveKey"]);
  await done(store(base, "sleutel", "readwrite").put(made, "toestel"));
  return made;
}

async function keyOf(base, half) {
  const salt = Uint8Array.from(half.match(/../g), (pair) => parseInt(pair, 16));
  const how = { name: "HKDF", hash: "SHA-256", salt, info: INFO };
  return crypto.subtle.deriveKey(how, await secret(base), { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const bound = ({ soort, nummer, dag, bewaard }) => new TextEncoder().encode(JSON.stringify([soort, nummer, dag, bewaard]));

const keep = (base, halves, soort, nummer, pairs) => alone(() => put(base, halves, soort, nummer, pairs));

async function put(base, halves, soort, nummer, pairs) {
  const dag = Object.keys(halves)[0];
  const place = { soort, nummer, dag, bewaard: Date.now() };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: bound(place) };
  const inhoud = await crypto.subtle.encrypt(how, await keyOf(base, halves[dag]), new TextEncoder().encode(JSON.stringify(pairs)));
  await done(store(base, "klad", "readwrite").put({ ...place, iv, inhoud }));
}

// null: of somebody else, of too long ago, or altered.
async function opened(base, halves, record) {
  if (!halves[record.dag]) return null;
  const how = { name: "AES-GCM", iv: record.iv, additionalData: bound(record) };
  try {
    const plain = await crypto.subtle.decrypt(how, await keyOf(base, halves[record.dag]), record.inhoud);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}

const forget = (base, nummer) =>
  alone(async () => {
    await done(store(base, "klad", "readwrite").delete(nummer));
    await swept(base);
  });

const tidy = (base) => alone(() => swept(base));

async function swept(base) {
  const now = Date.now();
  const all = await done(store(base, "klad").getAll());
  const over = all.filter((one) => !(now - LIVES < one.bewaard && one.bewaard <= now + AFTER));
  for (const one of over) await done(store(base, "klad", "readwrite").delete(one.nummer));
  if (all.length === over.length) await done(store(base, "sleutel", "readwrite").clear());
  return all.filter((one) => !over.includes(one)).sort((one, other) => other.bewaard - one.bewaard);
}

const typed = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrf" && typeof value === "string");

function putBack(form, pairs) {
  for (const control of form.elements) {
    if (!control.name || control.name === "csrf") continue;
    const values = pairs.filter(([name]) => name === control.name).map(([, value]) => value);
    if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
    if ((control.checked || control.type !== "checkbox") && values.some(Boolean)) control.closest("details")?.setAttribute("open", "");
  }
}

// This page came; after that, what a picture said last.
let heard = performance.now();
let asking = null;

function connected() {
  if (!navigator.onLine) return Promise.resolve(false);
  if (performance.now() - heard < FRESH) return Promise.resolve(true);
  asking ??= picture().finally(() => {
    asking = null;
  });
  return asking;
}

function picture() {
  return new Promise((resolve) => {
    const asked = new Image();
    // Slow is not away: then the browser tries, and what was typed is kept meanwhile.
    setTimeout(() => resolve(true), PROBE);
    asked.onload = () => {
      heard = performance.now();
      resolve(true);
    };
    asked.onerror = () => {
      heard = -Infinity;
      resolve(false);
    };
    asked.src = new URL(`keuze.svg?${Date.now()}`, import.meta.url).href;
  });
}

const part = (name) => document.querySelector(`[data-klad-${name}]`);
const show = (element, yes = true) => {
  if (element) element.hidden = !yes;
};

async function guard(base, form) {
  const halves = JSON.parse(form.dataset.kladHelften);
  const soort = form.dataset.klad;
  const empty = JSON.stringify(typed(form));
  let nummer = form.dataset.kladNummer;
  let waiting = null;
  let through = false;
  let busy = false;

  // What the page itself filled in is kept only when it is sent: nobody typed it here.
  const save = async (sending = false) => {
    clearTimeout(waiting);
    waiting = null;
    const pairs = typed(form);
    if (!sending && JSON.stringify(pairs) === empty) await forget(base, nummer);
    else await keep(base, halves, soort, nummer, pairs);
  };
  const saveSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => save(), AFTER);
  };

  // Its own number; after a refusal the page before this one had it too, and is leaving.
  hold(nummer, {});
  sessionStorage.removeItem(ON_ITS_WAY);
  show(part("uitleg"));
  form.addEventListener("input", saveSoon);
  form.addEventListener("input", connected);
  document.addEventListener("visibilitychange", () => waiting !== null && save());
  form.addEventListener("submit", async (event) => {
    if (through) {
      through = false;
      return;
    }
    event.preventDefault();
    if (busy) return;
    busy = true;
    // What cannot be kept can still be sent.
    await save(true).catch(() => undefined);
    const reaches = await connected();
    busy = false;
    show(part("geen-net"), !reaches);
    if (!reaches) {
      part("geen-net")?.focus();
      return;
    }
    if (event.submitter?.formAction.endsWith("/concepten")) sessionStorage.setItem(ON_ITS_WAY, nummer);
    through = true;
    form.requestSubmit(event.submitter);
  });
  document.querySelector("[data-klad-wis=dit]")?.addEventListener("click", async () => {
    clearTimeout(waiting);
    await forget(base, nummer);
    part("weggegooid").textContent = part("zin").textContent;
  });

  const others = [];
  for (const record of await tidy(base)) {
    if (record.soort !== soort || record.nummer === nummer) continue;
    if (await opened(base, halves, record)) others.push(record);
  }
  // A slow telephone takes longer to close the page before this one, which had the draft.
  for (const record of Array(ROUNDS).fill(others).flat()) {
    if (!(await isFree(record.nummer))) continue;
    const found = part("gevonden");
    part("tijd").textContent = new Date(record.bewaard).toLocaleTimeString("nl-NL", { hour: "2-digit", minute: "2-digit" });
    show(found);
    part("terug").addEventListener("click", async () => {
      // Another tab may have gone on with it meanwhile, or be doing so.
      const mine = await hold(record.nummer, { ifAvailable: true });
      const last = mine && (await done(store(base, "klad").get(record.nummer)));
      const then = last && (await opened(base, halves, last));
      if (!then) return show(found, false);
      putBack(form, then);
      nummer = record.nummer;
      show(found, false);
      form.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
    document.querySelector("[data-klad-wis=gevonden]").addEventListener("click", async () => {
      await forget(base, record.nummer);
      show(found, false);
    });
    break;
  }
}

async function list(base, place) {
  const halves = JSON.parse(place.dataset.kladHelften);
  for (const record of await tidy(base)) {
    const link = place.querySelector(`[data-klad-van="${CSS.escape(record.soort)}"]`);
    if (!link || !(await opened(base, halves, record))) continue;
    show(link);
    show(place);
  }
}

async function start() {
  if (!globalThis.indexedDB || !globalThis.crypto?.subtle) return;
  const base = await database();
  const arrived = document.querySelector("[data-klad-klaar]")?.dataset.kladKlaar;
  if (arrived) await forget(base, arrived);
  const form = document.querySelector("form[data-klad]");
  if (form) return guard(base, form);
  // A concept was put aside at the node, which shows it itself.
  const aside = sessionStorage.getItem(ON_ITS_WAY);
  if (aside && location.hash === "#concepten") await forget(base, aside);
  sessionStorage.removeItem(ON_ITS_WAY);
  const place = part("lijst");
  if (place) return list(base, place);
  await tidy(base);
}

// A browser that keeps nothing, such as a private window, leaves a form as it is without this.
start().catch(() => undefined);
