// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2
//
// A real OpenID provider (npm oidc-provider) on loopback, with two pages of its own: signing in, with or without a second step, and consent.
// Usage: node provider.mjs NODE_MODULES SETTINGS, where SETTINGS is a JSON file {clients, people: {name: claims}, acr}. Prints its issuer when it is ready.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, file] = process.argv.slice(2);
const { clients, people, acr } = JSON.parse(readFileSync(file, "utf8"));
const { Provider } = await import(pathToFileURL(join(resolve(modules), "oidc-provider", "lib", "index.js")).href);

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients,
  acrValues: [acr],
  claims: { openid: ["sub"], profile: ["preferred_username", "roles"] },
  // Without it, claims stand at userinfo only, which nobody of ours asks.
  conformIdTokenClaims: false,
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "HS256"] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  interactions: { url: (_context, interaction) => `/interactie/${interaction.uid}` },
});

async function form(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return new URLSearchParams(Buffer.concat(parts).toString());
}

async function consent(details) {
  const grant = new provider.Grant({ accountId: details.session.accountId, clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  return { consent: { grantId: await grant.save() } };
}

async function interaction(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (request.method === "GET") {
    response.setHeader("content-type", "text/html");
    response.end(`<form method="post">${details.prompt.name}</form>`);
    return;
  }
  const sent = await form(request);
  if (sent.has("stop")) {
    const said = { error: "access_denied", error_description: "<b>raw words of the provider</b>" };
    await provider.interactionFinished(request, response, said);
    return;
  }
  const strong = sent.get("tweede-stap") ? { acr, amr: ["pwd", "otp"] } : { amr: ["pwd"] };
  const result =
    details.prompt.name === "login" ? { login: { accountId: sent.get("naam"), ...strong } } : await consent(details);
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const callback = provider.callback();
server.on("request", (request, response) => {
  if (!request.url.startsWith("/interactie/")) return callback(request, response);
  return interaction(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
});
console.log(issuer);
