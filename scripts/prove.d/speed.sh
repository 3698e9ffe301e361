# The part "speed" of scripts/prove, which sources it: what an issue promises of speed and memory, on a site of PROVE_PAGES pages, PROVE_RUNS
# times. The default ends within half an hour; from 20,000 pages on (some hours) reports/performance.md is written anew, too.
section "Speed"
need_binary || return

pages=${PROVE_PAGES:-4000}
page=$work/performance.md
[ "$pages" -lt 20000 ] || page=reports/performance.md
t=$(seconds)
XUNCHA_BIN=$bin BENCH_SHOWS=$work/shows.md BENCH_OUT=$page BENCH_SLICE=$((pages < 20000 ? 1000 : 2000)) scripts/bench/run "$pages" "${PROVE_RUNS:-1}" >"$work/speed.txt" 2>&1
status=$?
if [ -s "$work/shows.md" ]; then
    tee -a "$work/section.md" <"$work/shows.md"
    bad=$((bad + $(grep -c 'does not hold' "$work/shows.md")))
fi
[ $status = 0 ]
holds "a site generated, served and crawled by every program" $? "$pages pages, $(since "$t") s"
[ $status = 0 ] || tail -5 "$work/speed.txt" >&2
