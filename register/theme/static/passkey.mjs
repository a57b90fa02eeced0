// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2
// Makes or uses a passkey for a form of ours (Web Authentication): the form carries what the browser is asked, and posts what it answered. Talks to nobody else.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const listed = (known) => (known ?? []).map((one) => ({ ...one, id: bytes(one.id) }));

function asked(form) {
  const options = JSON.parse(form.dataset.opties);
  options.challenge = bytes(options.challenge);
  if (form.dataset.passkey === "maken") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = listed(options.excludeCredentials);
  } else {
    options.allowCredentials = listed(options.allowCredentials);
  }
  return options;
}

function answered(made) {
  const response = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) {
      response[name] = text(made.response[name]);
    }
  }
  return { id: made.id, rawId: text(made.rawId), type: made.type, response };
}

function ready(form) {
  const failed = form.querySelector("[data-passkey-fout]");
  form.querySelector("[data-passkey-niet]").hidden = true;
  form.querySelector("[data-passkey-knop]").hidden = false;
  form.addEventListener("submit", async (event) => {
    if (form.elements.passkey.value) {
      return;
    }
    event.preventDefault();
    failed.textContent = "";
    try {
      const publicKey = asked(form);
      const made =
        form.dataset.passkey === "maken"
          ? await navigator.credentials.create({ publicKey })
          : await navigator.credentials.get({ publicKey });
      form.elements.passkey.value = JSON.stringify(answered(made));
      form.submit();
    } catch {
      failed.textContent = failed.dataset.tekst;
    }
  });
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-passkey]").forEach(ready);
}
