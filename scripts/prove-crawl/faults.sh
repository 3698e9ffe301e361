#!/usr/bin/env bash
# The three-province archive behind nginx, once as it is and once with 503, 412 and resets for 5 % of the requests at random: the same
# findings. Usage: faults.sh XUNCHA; prints rows of a Markdown table, exits 1 when a claim does not hold.
set -uo pipefail
bin=$(realpath "${1:?the xuncha binary}")
cd "$(dirname "$0")/../.."
corpora=${XUNCHA_CORPORA:-$PWD/../shared/corpora}
seed=${XUNCHA_SEED:-$RANDOM}
archive=$corpora/stats-mirror-3-provinces.tar.gz
[ -f "$archive" ] || { echo "| three provinces behind random faults | skipped | $archive is absent |"; exit 0; }
command -v nginx >/dev/null || { echo "| three provinces behind random faults | skipped | no nginx |"; exit 0; }
work=$(mktemp -d)
started=()
trap 'for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done; rm -rf "$work"' EXIT
bad=0
holds() { # holds "claim" condition-exit-status "figure"
    if [ "$2" = 0 ]; then echo "| $1 | holds | $3 |"; else echo "| $1 | **does not hold** | $3 |"; bad=1; fi
}

tar -xzf "$archive" -C "$work"
chmod -R a+rX "$work"
host=www.stats.gov.cn
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$work/nginx.conf" <<NGINX
daemon off; pid $work/nginx.pid; error_log $work/nginx.log; worker_processes 1;
$([ "$(id -u)" = 0 ] && echo "user root;")
events {}
http {
    access_log off; client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
    types { text/html html htm; text/css css; application/javascript js; image/png png; image/gif gif; image/jpeg jpg; }
    server { listen 127.0.0.1:$port; root $work/$host; index index.html; absolute_redirect off; }
}
NGINX
nginx -c "$work/nginx.conf" 2>/dev/null &
started+=($!)
python3 scripts/prove-crawl/faulting-proxy.py "$port" 0.05 "$seed" "$work/faults.log" >"$work/proxy.port" &
started+=($!)
for _ in $(seq 50); do [ -s "$work/proxy.port" ] && (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break; sleep 0.2; done
first=$(cd "$work/$host" && find . -name index.html | sort | head -1 | sed 's|^\./||')

audit() { # audit NAME PORT
    "$bin" audit "http://$host/$first" --resolve "$host:80:127.0.0.1:$2" --only-resolved --rate 100 --out "$work/$1" >"$work/$1.txt" 2>&1
    echo $? >"$work/$1.code"
}
t=$(date +%s)
audit plain "$port"
plain=$(($(date +%s) - t))
t=$(date +%s)
audit faulted "$(cat "$work/proxy.port")"
faulted=$(($(date +%s) - t))

for name in plain faulted; do
    python3 -c 'import json,sys; print("\n".join(sorted(f["fingerprint"] for f in json.load(open(sys.argv[1]))["findings"])))' \
        "$work/$name/report.json" >"$work/$name.findings"
done
figures=$(python3 - "$work" <<'PY'
import collections, json, sys
work = sys.argv[1]
told = collections.Counter(line.split(" ", 1)[0] for line in open(f"{work}/faults.log"))
of = lambda name: json.load(open(f"{work}/{name}/report.json"))["coverage"]
plain, faulted = of("plain"), of("faulted")
requests = sum(told.values())
hit = requests - told["passed"]
print(f"{requests} requests, {hit} faults ({100 * hit / requests:.1f} %: {told['503']} × 503, {told['412']} × 412, {told['reset']} resets); "
      f"URLs fetched {plain['fetched']} and {faulted['fetched']}, works {plain['truth']['works']} and {faulted['truth']['works']}, "
      f"dead {sum(plain['truth']['dead'].values())} and {sum(faulted['truth']['dead'].values())}")
sums = lambda c: c["discovered"] == c["fetched"] + sum(c["unfetched"].values()) == c["truth"]["works"] + sum(c["truth"]["dead"].values()) + sum(c["truth"]["unverified"].values())
sys.exit(0 if hit > 0 and sums(plain) and sums(faulted) else 1)
PY
)
counted=$?
cmp -s "$work/plain.findings" "$work/faulted.findings" && [ -s "$work/plain.findings" ] && [ $counted = 0 ]
holds "three provinces behind nginx with random 503, 412 and resets (5 % of requests): the same findings as without" $? \
    "$(grep -c . "$work/plain.findings") findings, $(diff "$work/plain.findings" "$work/faulted.findings" | grep -c '^[<>]') differ; $figures; $plain s and $faulted s; seed $seed"
exit $bad
