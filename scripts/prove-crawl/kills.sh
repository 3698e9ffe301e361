#!/usr/bin/env bash
# 300 SIGKILLs at random moments of crawls of one site: same fetched set, same findings, no record torn or doubled.
# Usage: kills.sh XUNCHA [KILLS]; prints a row of a Markdown table, exits 1 when the claim does not hold.
set -uo pipefail
bin=$(realpath "${1:?the xuncha binary}")
cd "$(dirname "$0")/../.."
source scripts/prove-crawl/site.sh
kills=${2:-300}
seed=${XUNCHA_SEED:-$RANDOM}
series=3 # side by side

"${audit[@]}" --rate 100 --out "$work/whole" >"$work/whole.txt" 2>&1
told "$work/whole" >"$work/whole.told" && records "$work/whole/capture.warc.gz" >"$work/whole.records" || { tail -5 "$work/whole.txt" >&2; exit 1; }

killing() { # killing NUMBER KILLS: runs, each killed again and again and then let to its end; writes "kills runs same"
    local done=0 runs=0 same=0 out pid lives
    RANDOM=$((seed + $1))
    while [ $done -lt "$2" ]; do
        runs=$((runs + 1))
        out=$work/killed-$1-$runs
        # Up to twelve lives a run, so that early, middle and last steps are met; then it may end.
        for lives in $(seq 12); do
            [ $done -lt "$2" ] || break
            # A command and no function: what is killed is the program and no shell before it.
            "${audit[@]}" --rate 40 --out "$out" >"$work/life-$1.txt" 2>&1 &
            pid=$!
            sleep "$(awk -v r=$RANDOM 'BEGIN { printf "%.3f", 0.05 + r / 32768 * 1.2 }')"
            kill -9 $pid 2>/dev/null
            wait $pid 2>/dev/null
            # A run that had ended by itself was not killed.
            if [ $? = 137 ]; then done=$((done + 1)); else break; fi
        done
        "${audit[@]}" --rate 100 --out "$out" >"$work/life-$1.txt" 2>&1
        if told "$out" >"$work/told-$1" && records "$out/capture.warc.gz" >"$work/records-$1" \
            && cmp -s "$work/told-$1" "$work/whole.told" && cmp -s "$work/records-$1" "$work/whole.records"; then
            same=$((same + 1))
        else
            { echo "series $1, run $runs, $lives lives:"; tail -3 "$work/life-$1.txt"; diff "$work/whole.records" "$work/records-$1" | head; diff -q "$work/told-$1" "$work/whole.told"; } >&2
        fi
        rm -rf "$out"
    done
    echo "$done $runs $same" >"$work/series-$1"
}
started=()
for number in $(seq $series); do
    killing "$number" $(((kills + number - 1) / series)) &
    started+=($!)
done
wait "${started[@]}"
read -r done runs same < <(cat "$work"/series-* | awk '{ a += $1; b += $2; c += $3 } END { print a, b, c }')
[ "$same" = "$runs" ] && [ "$done" = "$kills" ]
holds "SIGKILL at random moments: same fetched set, same findings, no record torn or doubled" $? "$done kills in $runs runs, $same as the uninterrupted one (seed $seed)"
exit $bad
