# Sourced by the scripts: installs the pinned packages under target/ and runs there.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/target/interop
mkdir -p "$work/auth" "$work/interop"
# Node looks for packages beside the script that imports them, so the scripts go to the packages.
cp "$here"/*.mjs "$here"/*.py "$here"/package*.json "$work/interop"
cp -r "$root/tests/auth/keys" "$work/auth"
npm ci --prefix "$work/interop" --silent --no-fund --no-audit --ignore-scripts
