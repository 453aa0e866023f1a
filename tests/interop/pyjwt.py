"""`pyjwt.py verify FILE`: verifies our tokens with PyJWT. `pyjwt.py sign FILE`: writes tokens of PyJWT for us to verify."""

import json
import sys
import time
from pathlib import Path

import jwt
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import get_default_algorithms

FILES = {"RS256": "rsa", "RS512": "rsa", "ES256": "p256", "ES512": "p521", "ES256K": "secp256k1", "EdDSA": "ed25519"}
FOLDER = Path(__file__).parent.parent / "auth" / "keys"


def key(alg):
    return load_pem_private_key((FOLDER / f"{FILES[alg]}.pem").read_bytes(), password=None)


def jwk(alg, key):
    fields = json.loads(get_default_algorithms()[alg].to_jwk(key))
    fields.pop("key_ops", None)
    return {**fields, "kid": f"key-{alg}", "alg": alg, "use": "sig"}


task, file = sys.argv[1:]
if task == "verify":
    for entry in json.loads(Path(file).read_text()):
        alg = entry["alg"]
        options = {"require": ["iss", "sub", "jti", "iat", "exp"]}
        of_pem = load_pem_private_key(entry["pem"].encode(), password=None).public_key()
        of_jwk = get_default_algorithms()[alg].from_jwk(entry["jwk"])
        for public in [key(alg).public_key(), of_pem, of_jwk]:
            jwt.decode(entry["token"], public, algorithms=[alg], audience=entry["audience"], options=options)
        print(f"PyJWT verified {alg}")
else:
    now = int(time.time())
    claims = {"iss": "them", "sub": "did:web:somebody.example", "aud": "us", "iat": now, "exp": now + 300}
    tokens = [jwt.encode(claims, key(alg), algorithm=alg, headers={"kid": f"key-{alg}"}) for alg in FILES]
    public = [jwk(alg, key(alg).public_key()) for alg in FILES]
    private = [jwk(alg, key(alg)) for alg in FILES]
    Path(file).write_text(json.dumps({"jwks": {"keys": public}, "private": private, "tokens": tokens}))
