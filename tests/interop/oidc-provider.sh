#!/usr/bin/env bash
# Personal access tokens of all four algorithms get user tokens from oidc-provider (private_key_jwt). Needs Node 20.
source "$(dirname "$0")/install.sh"
ready=$work/provider.ready
: >"$ready"
NODE_ENV=test node "$work/interop/provider.mjs" >"$ready" &
provider=$!
trap 'kill "$provider"' EXIT
for _ in $(seq 100); do
  [ -s "$ready" ] && break
  kill -0 "$provider"
  sleep 0.1
done
cd "$root"
OIDC_TOKEN_ENDPOINT=$(head -1 "$ready") cargo test --locked --quiet --test interop -- --ignored --exact \
  all_four_algorithms_get_tokens_from_oidc_provider
