// The keys of the tests, by algorithm.
import { createPrivateKey, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";

const files = { RS256: "rsa", RS512: "rsa", ES256: "p256", ES512: "p521", ES256K: "secp256k1", EdDSA: "ed25519" };

export const keys = Object.entries(files).map(([alg, file]) => {
  const pem = readFileSync(new URL(`../auth/keys/${file}.pem`, import.meta.url));
  const publicKey = createPublicKey(pem);
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: `key-${alg}`, alg, use: "sig" };
  return { alg, jwk, publicKey, privateKey: createPrivateKey(pem) };
});
