#!/usr/bin/env bash
# Politeness by the server's own log: twenty processes on five hosts at one address, some of them killed; Crawl-delay; Retry-After;
# budgets. Prints rows of a Markdown table: | claim | result | figures |.
#
#   scripts/prove-crawl/politeness.sh PROGRAM      the program to measure; about four minutes
set -uo pipefail
bin=$(realpath "${1:?give the program, for example target/release/xuncha}")
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

cat >"$work/serve.py" <<'PY'
# Logs every request with the moment of its arrival and of its last byte, by host.
import sys, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
log, lock, busy = open(sys.argv[1], "w", buffering=1), threading.Lock(), {}
class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *a): pass
    def do_HEAD(self): self.do_GET()
    def do_GET(self):
        at, host = time.monotonic(), self.headers["Host"].split(":")[0]
        status, extra, kind = 200, {}, "text/html; charset=utf-8"
        body = b"<html lang=zh><title>x</title>" + b"".join(b"<a href=/%d.html>%d</a>" % (n, n) for n in range(30))
        if self.path == "/robots.txt":
            delay = b"Crawl-delay: 1.5\n" if host.startswith("delay") else b""
            body, kind = b"User-agent: *\n" + delay + b"Disallow: /no\n", "text/plain"
        elif self.path == "/sitemap.xml":
            status, body = 404, b"none"
        elif host.startswith("busy") and self.path == "/10.html":
            with lock:
                first = busy.setdefault(host, True); busy[host] = False
            if first:
                status, extra, body = 503, {"Retry-After": "8"}, b"later"
        elif self.path.endswith(".html"):
            time.sleep(0.3)
            body = b"<html lang=zh><title>" + self.path.encode() + b"</title>"
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **extra}.items():
            self.send_header(name, value)
        with lock:
            log.write(f"{at:.6f} {time.monotonic():.6f} {host} {status} {self.path}\n")
        self.end_headers()
        if self.command == "GET":
            try:
                self.wfile.write(body)
            except ConnectionError:
                self.close_connection = True  # its process was killed
server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
PY
serve() { # starts a server with an empty log
    rm -f "$work/port"
    python3 "$work/serve.py" "$work/log" >"$work/port" &
    server=$!
    for _ in $(seq 300); do [ -s "$work/port" ] && break; sleep 0.1; done
    port=$(cat "$work/port")
}
serve

cat >"$work/one.toml" <<'TOML'
format = 1
id = "one"
version = "1"
title = { zh = "一", en = "one" }
source = "x"
[[item]]
id = "A"
title = { zh = "一", en = "one" }
rule = "dead-link"
severity = "error"
subject = "site"
cadence = "daily"
source = "x"
confidence = "verified"
TOML
export XUNCHA_SHARED_GATES=$work/gates
job() { # job NAME HOST OPTION…
    local name=$1 host=$2; shift 2
    exec "$bin" crawl "http://$host.example.gov.cn/" --checklist "$work/one.toml" --out "$work/$name" --capture none --only-resolved \
        --allow-private --resolve "$host.example.gov.cn:80:127.0.0.1:$port" "$@" >"$work/$name.txt" 2>&1
}
row() { printf '| %s | %s | %s |\n' "$1" "$([ "$2" = 0 ] && echo holds || echo '**does not hold**')" "$3"; }
bad=0
check() { # check CLAIM HOSTS RATE GAP: the log of these hosts, each at RATE, all at twice that; GAP: least seconds after a 503
    local figures status
    figures=$(python3 - "$work/log" "$2" "$3" "${4:-0}" <<'PY'
import sys
path, prefix, rate, pause = sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
rows = [line.split() for line in open(path)]
rows = [(float(a), float(b), host, int(status)) for a, b, host, status, *_ in rows if host.startswith(prefix)]
SLACK = 0.05  # seconds for a thread of the server to get its turn on a busy machine
def worst(times, rate):  # the greatest excess over rate * window + 1, in requests, over all windows
    excess = 0.0
    for i in range(len(times)):
        for j in range(i + 1, len(times)):
            excess = max(excess, (j - i) - rate * (times[j] - times[i] + SLACK))
    return excess
hosts = {host for _, _, host, _ in rows}
each = max(worst(sorted(a for a, _, h, _ in rows if h == host), rate) for host in hosts)
whole = worst(sorted(a for a, *_ in rows), 2 * rate)
def together(rows):
    edges = sorted([(a, 1) for a, *_ in rows] + [(b, -1) for _, b, *_ in rows], key=lambda e: (e[0], e[1]))
    now = most = 0
    for _, step in edges: now += step; most = max(most, now)
    return most
flight = max(together([r for r in rows if r[2] == host]) for host in hosts)
early = told = later = 0
for a, b, host, status in rows:
    if status == 503:
        told += 1
        early += sum(1 for c, *_ in rows if b + 0.4 < c < b + pause - SLACK)
        later += sum(1 for c, *_ in rows if c >= b + pause - SLACK)
span = max(a for a, *_ in rows) - min(a for a, *_ in rows)
print(f"{len(rows)} requests to {len(hosts)} host(s) in {span:.1f} s ({len(rows) / span:.2f}/s), worst window over the rate: host {max(0, each):.2f},"
      f" address {max(0, whole):.2f} requests; most under way at a host: {flight}" + (f"; {told} × 503, {early} requests inside the pause, {later} after it" if pause else ""))
sys.exit(0 if each <= 0 and whole <= 0 and flight <= 2 and early == 0 and (not pause or told and later) else 1)
PY
)
    status=$?
    row "$1" $status "$figures"
    [ $status = 0 ] || bad=1
}

# Twenty processes, four to a host; five are killed half way and started again.
jobs=()
for n in $(seq 0 19); do (job "job$n" "h$((n % 5))" --rate 2 --max-pages 10) & jobs+=($!); done
sleep 15
for n in 0 1 2 3 4; do kill -9 "${jobs[$n]}" 2>/dev/null; (job "job$n" "h$n" --rate 2 --max-pages 10) & jobs+=($!); done
for pid in "${jobs[@]}"; do wait "$pid" 2>/dev/null; done
check "20 processes on 5 hosts behind 1 address, 5 of them killed and resumed: never above 2/s a host and 4/s at the address" h 2
pages=$(cat "$work"/job*.txt | grep -c 'fetched 10')
[ "$pages" -ge 20 ] || bad=1
row "… and every job got its pages" $([ "$pages" -ge 20 ]; echo $?) "$pages jobs with 10 pages"

for n in 1 2 3; do (job "delay$n" delay --rate 20 --max-pages 8) & done; wait $(jobs -p | grep -v "^$server$") 2>/dev/null
# The first robots.txt of each process is asked for before it can know the delay.
python3 - "$work/log" <<'PY' >"$work/delay.log"
import sys
rows = [l for l in open(sys.argv[1]) if l.split()[2].startswith("delay")]
print("".join(l for l in rows if not l.split()[4].startswith("/robots")), end="")
PY
cat "$work/delay.log" >"$work/log.delay"; mv "$work/log" "$work/log.all"; mv "$work/log.delay" "$work/log"
check "3 processes under Crawl-delay 1.5 and --rate 20: the delay holds" delay 0.6667
mv "$work/log.all" "$work/log"

kill "$server"; wait "$server" 2>/dev/null
serve
for n in 1 2 3; do (job "busy$n" busy --rate 5 --max-pages 12) & done; wait $(jobs -p | grep -v "^$server$") 2>/dev/null
check "3 processes, one of them told 503 with Retry-After 8: nobody asks for 8 s" busy 5 8

(job budget h0 --rate 50 --max-requests 12); sent=$(grep -c ' h0' "$work/log")
[ "$sent" = 12 ] || bad=1
row "--max-requests 12 sends 12 requests" $([ "$sent" = 12 ]; echo $?) "$sent requests"
exit $bad
