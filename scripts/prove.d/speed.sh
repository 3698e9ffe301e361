# The part "speed" of scripts/prove, which sources it: the ratios of reports/performance.md that an issue promises.
# PROVE_PAGES pages (the full form has 20,000 and takes some hours with every peer), PROVE_RUNS times.
section "Speed"
need_binary || return

t=$(seconds)
XUNCHA_BIN=$bin BENCH_SHOWS=$work/shows.md scripts/bench/run "${PROVE_PAGES:-4000}" "${PROVE_RUNS:-1}" >"$work/speed.txt" 2>&1
status=$?
if [ -s "$work/shows.md" ]; then
    tee -a "$work/section.md" <"$work/shows.md"
    bad=$((bad + $(grep -c 'does not hold' "$work/shows.md")))
fi
[ $status = 0 ]
holds "the site generated, served and crawled by every program; reports/performance.md written" $? "${PROVE_PAGES:-4000} pages, $(since "$t") s"
[ $status = 0 ] || tail -5 "$work/speed.txt" >&2
