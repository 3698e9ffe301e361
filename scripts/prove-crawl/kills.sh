#!/usr/bin/env bash
# 300 SIGKILLs at random moments of crawls of one site: same fetched set, same findings, no record torn or doubled.
# Then the frontier at 10 million URLs, and a second audit of an unchanged and of a slightly changed site.
# Usage: kills.sh XUNCHA [KILLS]; prints rows of a Markdown table, exits 1 when a claim does not hold.
set -uo pipefail
cd "$(dirname "$0")/../.."
bin=$(realpath "${1:?the xuncha binary}")
kills=${2:-300}
seed=${XUNCHA_SEED:-$RANDOM}
RANDOM=$seed
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
bad=0
holds() { # holds "claim" condition-exit-status "figure"
    if [ "$2" = 0 ]; then echo "| $1 | holds | $3 |"; else echo "| $1 | **does not hold** | $3 |"; bad=1; fi
}

# A site of 160 pages with dead links and a redirect, served with validators by a server of Python's library.
python3 - "$work/site" <<'PY'
import os, sys
root = sys.argv[1]
def put(path, title, body):
    file = os.path.join(root, path)
    os.makedirs(os.path.dirname(file), exist_ok=True)
    with open(file, "w", encoding="utf-8") as out:
        out.write(f"<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>{title}</title></head><body><h1>{title}</h1>{body}</body></html>")
put("index.html", "市公安局", "".join(f"<li><a href='/c{c}/'>栏目第{c}号</a></li>" for c in range(8)))
for c in range(8):
    put(f"c{c}/index.html", f"栏目第{c}号", "".join(f"<li><a href='/c{c}/a{a}.html'>关于第{a}项工作的通知</a><span>2026-03-{a + 1:02}</span></li>" for a in range(19)))
    for a in range(19):
        dead = f"<a href='/gone/{c}-{a}.html'>附件</a>" if a % 6 == 0 else ""
        put(f"c{c}/a{a}.html", f"关于第{a}项工作的通知", f"<p>{'现将有关事项通知如下，请遵照执行。' * 60}</p>{dead}<a href='/c{(c + 1) % 8}'>另一栏</a>")
PY
cat >"$work/serve.py" <<'PY'
import http.server, os, sys
os.chdir(sys.argv[1])
log = open(sys.argv[2], "a", buffering=1)
class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def copyfile(self, source, out):
        before = source.read()
        log.write(f"{len(before)}\n")
        out.write(before)
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
PY
python3 "$work/serve.py" "$work/site" "$work/bytes" >"$work/port" &
server=$!
for _ in $(seq 50); do [ -s "$work/port" ] && break; sleep 0.1; done
url=http://127.0.0.1:$(cat "$work/port")/
audit() { "$bin" audit "$url" --rate "${rate:-100}" --as-of 2026-03-31 --format json --out "$@"; }

told() { # findings by fingerprint, scorecards and coverage
    python3 - "$1/report.json" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["run"]["complete"]
print(json.dumps([sorted(f["fingerprint"] for f in report["findings"]), report["scorecards"], report["coverage"]], sort_keys=True))
PY
}
records() { # every record of a capture by type and URL, each whole and with an id of its own
    python3 - "$1" <<'PY'
import collections, gzip, hashlib, base64, sys
data = gzip.open(sys.argv[1]).read()
at, ids, seen = 0, set(), collections.Counter()
while at < len(data):
    end = data.index(b"\r\n\r\n", at)
    lines = data[at:end].decode().split("\r\n")
    assert lines[0] == "WARC/1.1", lines[0]
    head = dict(line.split(": ", 1) for line in lines[1:])
    block = data[end + 4:end + 4 + int(head["Content-Length"])]
    assert head["WARC-Block-Digest"] == "sha1:" + base64.b32encode(hashlib.sha1(block).digest()).decode()
    assert head["WARC-Record-ID"] not in ids
    ids.add(head["WARC-Record-ID"])
    seen[head["WARC-Type"], head.get("WARC-Target-URI", "")] += 1
    at = end + 4 + len(block) + 4
    assert data[at - 4:at] == b"\r\n\r\n"
for key in sorted(seen):
    print(*key, seen[key])
PY
}

audit "$work/whole" >"$work/whole.txt" 2>&1
told "$work/whole" >"$work/whole.told" && records "$work/whole/capture.warc.gz" >"$work/whole.records"
done=0 runs=0 same=0
while [ $done -lt "$kills" ]; do
    runs=$((runs + 1))
    out=$work/killed-$runs
    # Up to twelve lives a run, so that early, middle and last steps are met; then it may end.
    for _ in $(seq 12); do
        [ $done -lt "$kills" ] || break
        rate=40 audit "$out" >"$work/life.txt" 2>&1 &
        pid=$!
        sleep "$(awk -v r=$RANDOM 'BEGIN { printf "%.3f", 0.05 + r / 32768 * 1.2 }')"
        kill -9 $pid 2>/dev/null && done=$((done + 1))
        wait $pid 2>/dev/null
    done
    audit "$out" >"$work/life.txt" 2>&1
    told "$out" >"$work/told" && records "$out/capture.warc.gz" >"$work/records"
    if cmp -s "$work/told" "$work/whole.told" && cmp -s "$work/records" "$work/whole.records"; then same=$((same + 1)); fi
    rm -rf "$out"
done
[ $same = $runs ]
holds "SIGKILL at random moments: same fetched set, same findings, no record torn or doubled" $? "$done kills in $runs runs, $same as the uninterrupted one (seed $seed)"

XUNCHA_FRONTIER_URLS=${XUNCHA_FRONTIER_URLS:-10000000} XUNCHA_FRONTIER_PROVE=1 cargo bench --quiet --locked --bench frontier >"$work/frontier.txt" 2>&1
holds "10 million URLs in the frontier: at most 1 GiB resident, at least 100,000 inserts a second" $? "$(grep -m1 '^frontier:' "$work/frontier.txt" || tail -1 "$work/frontier.txt")"

spent() { # processor seconds and body bytes of an audit
    : >"$work/bytes"
    local t
    t=$( { TIMEFORMAT='%U %S'; time audit "$@" >"$work/audit.txt" 2>&1; } 2>&1 | awk '{ print $1 + $2 }')
    echo "$t $(awk '{ s += $1 } END { print s + 0 }' "$work/bytes")"
}
read -r cpu bytes <<<"$(spent "$work/first")"
read -r cpu2 bytes2 <<<"$(spent "$work/second" --since "$work/first")"
told "$work/first" >"$work/a" && told "$work/second" >"$work/b" && cmp -s "$work/a" "$work/b"
holds "an audit since an unchanged site's last one: the same report" $? "$(grep -m1 'taken over' "$work/audit.txt" | sed 's|.*/ ||')"
awk -v a="$bytes" -v b="$bytes2" 'BEGIN { exit !(b <= 0.02 * a) }'
holds "… with at most 2 % of the first one's body bytes" $? "$bytes2 of $bytes bytes"
awk -v a="$cpu" -v b="$cpu2" 'BEGIN { exit !(b <= 0.15 * a) }'
holds "… with at most 15 % of the first one's processor time" $? "$cpu2 s of $cpu s, 161 small pages: see performance.md for 20,000"
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
