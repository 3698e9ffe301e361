# The part "year" of scripts/prove, which sources it: an office's year, rehearsed against a truth computed apart, on both databases.
section "A year of an office"
need_binary || return
postgres=$(scripts/postgres start 2>"$work/postgres.log")
folder=$(head -1 <<<"$postgres")
url=$(tail -1 <<<"$postgres")
holds "PostgreSQL of its own" "$([ -n "$url" ]; echo $?)" "$(tail -1 "$work/postgres.log")"
psql "$url" -qc "CREATE DATABASE xuncha_year"
year="--bin $bin --units ${YEAR_UNITS:-6} --from ${YEAR_FROM:-2025-07-01} --to ${YEAR_TO:-2026-06-30}"

# Both at once: most of the time a rehearsal waits two seconds before the second look at a dead link.
python3 scripts/year/rehearse.py $year >"$work/year-sqlite.txt" 2>&1 &
sqlite=$!
python3 scripts/year/rehearse.py $year --store "${url/\/postgres?/\/xuncha_year?}" --kills 50 --kill-within 20 >"$work/year-postgres.txt" 2>&1
status=$?
wait $sqlite
holds "a year over 31 December, 31 January, Spring Festival and a clause that expires in mid-quarter, on SQLite: every figure of every daily, quarterly and semiannual report as the script computes it" \
    $? "$(tail -1 "$work/year-sqlite.txt")"
holds "the same year on PostgreSQL, the scheduler killed (-9) at 50 moments: no run lost or doubled, every figure right" \
    $status "$(tail -1 "$work/year-postgres.txt")"
cut=$(python3 - <<'PY'
import sys, datetime as dt
sys.path.insert(0, "scripts/year")
import os, script
year = script.Year(int(os.environ.get("YEAR_UNITS", 6)), dt.date.fromisoformat(os.environ.get("YEAR_FROM", "2025-07-01")), dt.date.fromisoformat(os.environ.get("YEAR_TO", "2026-06-30")), 2026)
print(len(year.cuts))
PY
)
grep -q ", 0 wrong" "$work/year-sqlite.txt"
holds "the office's own line cut for an hour and more: no site is called down" $? "$(tail -1 <<<"$cut") cuts in that year; their rounds are void in every figure above"

# -- a large store
XUNCHA_TEST_POSTGRES=$url XUNCHA_STORE_FINDINGS=${STORE_FINDINGS:-10000} RUSTC_WORKSPACE_WRAPPER= cargo bench --quiet --bench store >"$work/store.txt" 2>&1
for db in sqlite postgresql; do
    figure() { awk -v d="$db" -v w="$1" '$1 == d && $2 == w { print $3 }' "$work/store.txt"; }
    r=$(figure ranking) p=$(figure unit-page)
    awk -v r="${r:-9}" 'BEGIN { exit !(r <= 2) }'
    holds "1,000 sites × ${STORE_FINDINGS:-10000} findings on $db: quarterly ranking at most 2 s" $? "${r:--} s"
    awk -v p="${p:-9}" 'BEGIN { exit !(p <= 0.2) }'
    holds "… one unit's page at most 200 ms" $? "${p:--} s"
done
scripts/postgres stop "$folder" 2>/dev/null
