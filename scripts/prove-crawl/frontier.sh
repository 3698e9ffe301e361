#!/usr/bin/env bash
# The frontier at 10 million URLs. Usage: frontier.sh [XUNCHA] (not needed: the benchmark is built of this tree); prints a row of a Markdown
# table, exits 1 when the claim does not hold.
set -uo pipefail
cd "$(dirname "$0")/../.."
out=$(mktemp)
trap 'rm -f "$out"' EXIT
# A release build of the tree, without the lints' wrapper: that of `cargo build --release` is used again.
env -u RUSTC_WORKSPACE_WRAPPER XUNCHA_FRONTIER_URLS="${XUNCHA_FRONTIER_URLS:-10000000}" XUNCHA_FRONTIER_PROVE=1 cargo bench --quiet --locked --bench frontier >"$out" 2>&1
status=$?
[ $status = 0 ] && result=holds || result="**does not hold**"
echo "| 10 million URLs in the frontier: at most 1 GiB resident, at least 100,000 inserts a second | $result | $(grep -m1 '^frontier:' "$out" || tail -1 "$out") |"
exit $status
