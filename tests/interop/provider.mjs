// oidc-provider with one client for each algorithm, authenticated by private_key_jwt. Prints its token endpoint when ready.
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { keys } from "./keys.mjs";

const algorithms = ["RS256", "RS512", "ES256", "ES512"];
const server = createServer((request, response) => provider.callback()(request, response));
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(issuer, {
  clients: keys
    .filter(({ alg }) => algorithms.includes(alg))
    .map(({ alg, jwk }) => ({
      client_id: `pat-${alg}`,
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: alg,
      jwks: { keys: [jwk] },
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
      scope: "openid",
    })),
  enabledJWA: { clientAuthSigningAlgValues: algorithms },
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
});
provider.on("grant.error", (_, error) => console.error(`oidc-provider: ${error.message}: ${error.error_detail ?? error.error_description}`));
console.log(`${issuer}/token`);
