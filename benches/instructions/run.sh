#!/usr/bin/env bash
# Instructions per call, ours beside the same call by hand: callgrind's total for a long run less that for a short one,
# divided by the calls between them. Needs valgrind.
set -euo pipefail
cd "$(dirname "$0")/../.."

short=100 long=600
binary=$(cargo bench --bench instructions --no-run --message-format=json 2>/dev/null |
  python3 -c 'import json, sys; print([m["executable"] for m in map(json.loads, sys.stdin) if m.get("target", {}).get("name") == "instructions"][-1])')
exec 3< <("$binary" serve)
server=$!
trap 'kill $server' EXIT
read -r base_url <&3

count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$binary" "$@" 2>&1 | sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}
per_call() {
  echo $((($(count "$1" "$2" "$base_url" $long) - $(count "$1" "$2" "$base_url" $short)) / (long - short)))
}

printf '%-10s %12s %12s %8s\n' call ours 'by hand' ratio
for call in token projects; do
  ours=$(per_call "$call" sdk) hand=$(per_call "$call" hand)
  printf '%-10s %12s %12s %8s\n' "$call" "$ours" "$hand" "$(python3 -c "print(f'{$ours / $hand:.3f}')")"
done
