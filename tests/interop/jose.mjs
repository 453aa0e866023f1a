// `jose.mjs verify FILE`: verifies our tokens with jose. `jose.mjs sign FILE`: writes tokens of jose for us to verify.
import { readFileSync, writeFileSync } from "node:fs";
import { createPublicKey } from "node:crypto";
import { SignJWT, importJWK, jwtVerify } from "jose";
import { keys } from "./keys.mjs";

const [task, file] = process.argv.slice(2);
if (task === "verify") {
  const tokens = JSON.parse(readFileSync(file));
  for (const { alg, audience, token, pem, jwk } of tokens) {
    const { publicKey } = keys.find((key) => key.alg === alg);
    for (const key of [publicKey, createPublicKey(pem), await importJWK(jwk, alg)]) {
      await jwtVerify(token, key, { algorithms: [alg], audience, requiredClaims: ["iss", "sub", "jti", "iat", "exp"] });
    }
    console.log(`jose verified ${alg}`);
  }
} else {
  const tokens = [];
  for (const { alg, privateKey } of keys) {
    const token = new SignJWT({}).setProtectedHeader({ alg, kid: `key-${alg}` }).setIssuer("them").setAudience("us");
    tokens.push(await token.setSubject("did:web:somebody.example").setIssuedAt().setExpirationTime("5m").sign(privateKey));
  }
  const privateKeys = keys.map(({ alg, jwk, privateKey }) => ({ ...privateKey.export({ format: "jwk" }), kid: jwk.kid, alg }));
  writeFileSync(file, JSON.stringify({ jwks: { keys: keys.map((key) => key.jwk) }, private: privateKeys, tokens }));
}
