# A small site served with validators, and what its reports and captures say; sourced by kills.sh and since.sh, which set `bin`.
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
bad=0
holds() { # holds "claim" condition-exit-status "figure"
    if [ "$2" = 0 ]; then echo "| $1 | holds | $3 |"; else echo "| $1 | **does not hold** | $3 |"; bad=1; fi
}

# 161 pages with dead links and a redirect, by a server of Python's library.
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
        # Probes with another client profile are no part of the crawl's bytes.
        own = "xuncha" in self.headers.get("User-Agent", "").lower() and not self.headers.get("Referer")
        log.write(f"{'crawl' if own else 'probe'} {len(before)}\n")
        out.write(before)
    def log_message(self, *_):
        pass
class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    def handle_error(self, *_):  # a killed client
        pass
server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
PY
python3 "$work/serve.py" "$work/site" "$work/bytes" >"$work/port" &
server=$!
for _ in $(seq 100); do [ -s "$work/port" ] && break; sleep 0.1; done
url=http://127.0.0.1:$(cat "$work/port")/
audit=("$bin" audit "$url" --shared-gates none --as-of 2026-03-31 --format json)

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
