#!/usr/bin/env bash
# A second audit of an unchanged and of a slightly changed site. Usage: since.sh XUNCHA; prints rows of a Markdown table, exits 1 when a
# claim does not hold. The site is small; scripts/bench/run measures a large one.
set -uo pipefail
bin=$(realpath "${1:?the xuncha binary}")
cd "$(dirname "$0")/../.."
source scripts/prove-crawl/site.sh

spent() { # processor seconds of an audit, body bytes of its crawl and of its probes with another profile
    : >"$work/bytes"
    local t
    t=$( { TIMEFORMAT='%U %S'; time "${audit[@]}" --rate 100 --out "$@" >"$work/audit.txt" 2>&1; } 2>&1 | awk '{ print $1 + $2 }')
    echo "$t $(awk '{ s[$1] += $2 } END { print s["crawl"] + 0, s["probe"] + 0 }' "$work/bytes")"
}
read -r cpu bytes probes <<<"$(spent "$work/first")"
read -r cpu2 bytes2 probes2 <<<"$(spent "$work/second" --since "$work/first")"
told "$work/first" >"$work/a" && told "$work/second" >"$work/b" && cmp -s "$work/a" "$work/b"
holds "an audit since an unchanged site's last one: the same report" $? "$(grep -m1 'taken over' "$work/audit.txt" | sed 's|.*/ ||')"
awk -v a="$bytes" -v b="$bytes2" 'BEGIN { exit !(a > 0 && b <= 0.02 * a) }'
holds "… with at most 2 % of the first one's body bytes" $? "$bytes2 of $bytes bytes; probes with another profile are always made: $probes2 of $probes"
awk -v a="$cpu" -v b="$cpu2" 'BEGIN { exit !(b > 0 && b < a) }'
holds "… with less processor time" $? "$cpu2 s of $cpu s, 161 small pages: see performance.md for large ones"
sleep 1
sed -i 's/请遵照执行/请认真遵照执行/' "$work/site/c3/a5.html" "$work/site/c4/a7.html"
spent "$work/third" --since "$work/second" >/dev/null
grep -q ' 2 read anew' "$work/audit.txt"
changed=$?
spent "$work/full" >/dev/null
told "$work/third" >"$work/a" && told "$work/full" >"$work/b" && cmp -s "$work/a" "$work/b"
[ $? = 0 ] && [ $changed = 0 ]
holds "two pages changed: exactly those are read again, and the report equals a full one's" $? "2 of 161 pages"
exit $bad
