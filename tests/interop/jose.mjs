// `jose.mjs verify FILE`: verifies our tokens with jose. `jose.mjs sign FILE`: writes tokens of jose for us to verify.
import { readFileSync, writeFileSync } from "node:fs";
import { SignJWT, jwtVerify } from "jose";
import { keys } from "./keys.mjs";

const [task, file] = process.argv.slice(2);
if (task === "verify") {
  const tokens = JSON.parse(readFileSync(file));
  for (const { alg, audience, token } of tokens) {
    const { publicKey } = keys.find((key) => key.alg === alg);
    await jwtVerify(token, publicKey, { algorithms: [alg], audience, requiredClaims: ["iss", "sub", "jti", "iat", "exp"] });
    console.log(`jose verified ${alg}`);
  }
} else {
  const tokens = [];
  for (const { alg, privateKey } of keys) {
    const token = new SignJWT({}).setProtectedHeader({ alg, kid: `key-${alg}` }).setIssuer("them").setAudience("us");
    tokens.push(await token.setSubject("did:web:somebody.example").setIssuedAt().setExpirationTime("5m").sign(privateKey));
  }
  writeFileSync(file, JSON.stringify({ jwks: { keys: keys.map((key) => key.jwk) }, tokens }));
}
