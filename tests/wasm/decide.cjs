// SPDX-FileCopyrightText: 2026 The signaalregister founders
// SPDX-License-Identifier: EUPL-1.2
//
// Decides every request of a file with Cedar's own WebAssembly and prints the decisions as JSON, in order.
// Usage: node decide.cjs NODE_MODULES FILE, where FILE holds {schema, rules: {id: text}, requests: [{entities, principal, action, resource, context}]}.
// Whatever Cedar refuses to decide ends this with an error: a request that is skipped would look like one that agrees.
"use strict";

const { readFileSync } = require("node:fs");
const { join, resolve } = require("node:path");

const [modules, file] = process.argv.slice(2);
const cedar = require(join(resolve(modules), "@cedar-policy", "cedar-wasm", "nodejs"));
const { schema, rules, requests } = JSON.parse(readFileSync(file, "utf8"));

function must(answer) {
  if (answer.type !== "success") throw new Error(JSON.stringify(answer.errors));
  return answer;
}

must(cedar.preparseSchema("schema", schema));
must(cedar.preparsePolicySet("rules", { staticPolicies: rules }));

const decided = requests.map((request) => {
  const { response } = must(
    cedar.statefulIsAuthorized({
      ...request,
      preparsedSchemaName: "schema",
      preparsedPolicySetId: "rules",
      validateRequest: true,
    }),
  );
  const { reason, errors } = response.diagnostics;
  return { allowed: response.decision === "allow", rules: [...reason].sort(), errors: errors.length };
});
process.stdout.write(JSON.stringify({ version: cedar.getCedarVersion(), decided }));
