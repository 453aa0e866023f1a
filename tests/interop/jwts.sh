#!/usr/bin/env bash
# JWTs and keys made here are read by jose (JavaScript) and PyJWT (Python), and theirs verify here, for every algorithm.
# Needs Node 20 and Python 3.11 with venv.
source "$(dirname "$0")/install.sh"
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"

test() { (cd "$root" && cargo test --locked --quiet --test interop -- --ignored --exact "$1"); }
OUR_TOKENS=$work/ours.json test tokens_are_written_for_others_to_verify
node "$work/interop/jose.mjs" verify "$work/ours.json"
"$work/venv/bin/python" "$work/interop/pyjwt.py" verify "$work/ours.json"
node "$work/interop/jose.mjs" sign "$work/theirs.json"
THEIR_TOKENS=$work/theirs.json test tokens_of_others_verify
"$work/venv/bin/python" "$work/interop/pyjwt.py" sign "$work/theirs.json"
THEIR_TOKENS=$work/theirs.json test tokens_of_others_verify
