# The part "first light" of scripts/prove, which sources it: a fresh clone builds, shows itself, and judges as it fetched.
section "First light"

# -- fresh clone, release build, demo
git clone -q . "$work/clone"
t=$(seconds)
(cd "$work/clone" && cargo build --release --locked --quiet) 2>"$work/build.log"
built=$?
took=$(since "$t")
[ $built = 0 ] && awk -v t="$took" 'BEGIN { exit !(t <= 300) }'
holds "clean release build within 300 s on two cores" $? "$took s"
bin=$work/clone/target/release/xuncha # what later parts measure, too

t=$(seconds)
(cd "$work/clone" && "$bin" demo --out "$work/demo") >"$work/demo.txt" 2>&1
code=$?
took=$(since "$t")
reports=$(find "$work/demo" -name report.html | wc -l)
[ $code = 0 ] && awk -v t="$took" 'BEGIN { exit !(t < 60) }' && [ "$reports" -ge 4 ] && [ "$(find "$work/demo" -name report.json | wc -l)" = "$reports" ]
holds "\`demo\`: exit 0, under 60 s, a report.html and report.json per site" $? "exit $code, $took s, $reports sites"
planted=$(python3 - "$root" <<'PY'
import glob, json, sys
print(sum(len(json.load(open(f))["faults"]) for f in glob.glob(sys.argv[1] + "/fixtures/sites/*/expected.json")))
PY
)
holds "every planted fault found, nothing else reported" $code "$planted planted faults"

# -- samples for the repository: two of the demo's reports as they came out
mkdir -p reports/samples
for site in psb-yunxi county-qinglu; do
    for name in report.html report.json; do
        [ -f "$work/demo/$site/$name" ] && cp "$work/demo/$site/$name" "reports/samples/$site${name#report}"
    done
done

# -- audit of one demo site, over its served form and as a folder
"$bin" demo --serve psb-yunxi >"$work/serve.txt" 2>&1 &
server=$!
for _ in $(seq 50); do grep -q 'xuncha audit' "$work/serve.txt" 2>/dev/null && break; sleep 0.2; done
command=$(grep -o 'xuncha audit.*' "$work/serve.txt" | head -1)
(cd "$work/clone" && eval "${command/xuncha/"$bin"} --out $work/one") >"$work/one.txt" 2>&1
code=$?
kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=
[ $code = 1 ]; holds "\`audit\` of one of those sites: exit 1" $? "exit $code"

# -- judge gives audit's bytes
capture=$(find "$work/one" -name '*.warc.gz' | head -1)
"$bin" judge "$capture" --out "$work/again" >"$work/again.txt" 2>&1
cmp -s "$work/one/report.json" "$work/again/report.json"
holds "\`judge\` of the kept capture gives byte for byte its report.json" $? "$(wc -c <"$work/one/report.json" 2>/dev/null) bytes"

# -- nothing answers
t=$(seconds)
"$bin" audit http://127.0.0.1:9/ --out "$work/nothing" >"$work/nothing.txt" 2>&1
code=$?
took=$(since "$t")
[ $code = 3 ] && ! grep -qiE 'passed|合格' "$work/nothing.txt" && awk -v t="$took" 'BEGIN { exit !(t <= 45) }'
holds "host that answers nothing: exit 3, a clear sentence, no \"passed\"" $? "exit $code, $took s: $(grep -m1 -E '没有|nothing' "$work/nothing.txt" | cut -c1-90)"

if [ -d "$corpora" ]; then
    # -- labelled pages as a site: their fields are measured below
    "$bin" audit "$corpora/gov-pages" --facts --out "$work/pages" >"$work/pages.txt" 2>&1
    code=$?
    [ $code -le 1 ] && ! grep -q 'internal' "$work/pages.txt"
    holds "\`audit gov-pages --facts\`: no panic, a report" $? "exit $code"

    # -- three provinces, as a folder and served
    mkdir "$work/stats" && tar -xzf "$corpora/stats-mirror-3-provinces.tar.gz" -C "$work/stats"
    stats=www.stats.gov.cn
    folder=$work/stats/$stats
    t=$(seconds)
    "$bin" audit "$folder" --base "http://$stats/" --out "$work/as-folder" >"$work/as-folder.txt" 2>&1
    code=$?
    took=$(since "$t")
    python3 -u -m http.server 0 --bind 127.0.0.1 --directory "$folder" >"$work/port" 2>/dev/null &
    server=$!
    for _ in $(seq 50); do grep -q ' port ' "$work/port" && break; sleep 0.2; done
    port=$(sed -n 's/.* port \([0-9]*\).*/\1/p' "$work/port" | head -1)
    seed=$(cd "$folder" && find . -name index.html | head -1 | sed 's|^\./||')
    t2=$(seconds)
    "$bin" audit "http://$stats/$seed" --resolve "$stats:80:127.0.0.1:$port" --only-resolved --rate 100 --out "$work/as-served" >"$work/as-served.txt" 2>&1
    code2=$?
    took2=$(since "$t2")
    kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=
    fingerprints "$work/as-folder/report.json" >"$work/a.txt" && fingerprints "$work/as-served/report.json" >"$work/b.txt"
    cmp -s "$work/a.txt" "$work/b.txt" && [ -s "$work/a.txt" ]
    holds "three provinces as a folder and served: the same findings by fingerprint" $? "$(wc -l <"$work/a.txt") findings; folder $took s (exit $code), served $took2 s (exit $code2)"
    python3 - "$work/as-folder/report.json" >"$work/bad-link.txt" <<'PY'
import json, sys
dead = [f for f in json.load(open(sys.argv[1]))["findings"] if f["rule"] == "dead-link" and "miibeian" in f["url"]]
print("; ".join(f"{f['url']} × {f['occurrences']}" for f in dead))
sys.exit(0 if len(dead) == 1 and dead[0]["occurrences"] >= 1191 else 1)
PY
    holds "the one repeated bad link is one finding with its count" $? "$(cat "$work/bad-link.txt")"
else
    say "| real pages | skipped | $corpora is absent |"
fi

# -- the tests that show the rest
tests --test score 2>&1 | tee "$work/score.txt" | grep -E '^test result' | head -1 >"$work/score-line.txt"
grep -q ' 0 failed' "$work/score-line.txt"; holds "score boundaries 59.99, 60.00, 80.00, 80.01; veto thresholds −1, 0, +1" $? "$(cat "$work/score-line.txt")"
tests --test capture 2>&1 | grep -E '^test result' | head -1 >"$work/capture-line.txt"
grep -q ' 0 failed' "$work/capture-line.txt"; holds "independent WARC reader; a WARC by \`wget --warc-file\` is judged" $? "$(cat "$work/capture-line.txt")"
