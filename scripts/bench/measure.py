#!/usr/bin/env python3
"""measure.py RESULTS --site FOLDER PORT --slice FOLDER PORT --xuncha PROGRAM --limits FOLDER --peers FILE [--runs N] [--only WORDS]

Runs the limits, xuncha and its peers in turn over generated sites that nginx serves on loopback, and appends a line of JSON per run to
RESULTS; page.py makes the report of them. The server's log is the neutral witness: a page counts when the server answered 200 for it. A
dead link is found when the program's own output calls it dead; a false one is an address so called that is not.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import programs
from changed import Changed
from witness import HERE, Server, run

# The one dead link of another host: some programs do not ask other hosts, so it is neither counted nor false.
EXTERNAL = "/ext/19.html"


class Bench:
    """One series over one site."""

    def __init__(self, options, server, scratch, sink):
        self.o, self.server, self.scratch, self.sink = options, server, scratch, sink
        self.truth = json.load(open(server.site / "truth.json"))
        self.paths = {line.strip() for line in open(server.site / "urls.txt")}
        self.dead = {programs.folded(url) for urls in self.truth["dead"].values() for url in urls}
        self.out = scratch / f"out-{server.port}"
        self.out.mkdir()

    def told(self, record):
        record |= {"series": self.o.series, "site": self.truth["html_200"], "page_kb": self.truth["html_bytes"] / self.truth["html_200"] / 1000, "links": self.truth["links"]}
        self.sink.write(json.dumps(record, ensure_ascii=False) + "\n")
        self.sink.flush()
        print(json.dumps(record, ensure_ascii=False)[:400], flush=True)
        return record

    def limit(self, name, program, what):
        """The bare parse, which needs no server, or the bare fetch."""
        where = str(self.server.site / "www") if what == "parse" else self.server.base
        done = subprocess.run([program, what, where, str(self.server.site / "urls.txt")], check=True, capture_output=True, text=True)
        figures = json.loads(done.stdout)
        self.told({"program": name, "cpu": figures["cpu_us"] / 1e6, "pages": figures["pages"]})

    def crawl(self, name, command, out=None, later_dead=(), partial=False):
        """One program over the site; `out` is the run folder of ours."""
        self.server.forget()
        cwd = self.scratch / "cwd"
        shutil.rmtree(cwd, ignore_errors=True)
        cwd.mkdir()
        said = self.o.results.parent / "said" / (re.sub(r"[^a-z0-9]+", "-", name.lower()) + ".txt")
        said.parent.mkdir(exist_ok=True)
        record = {"program": name} | run(command, self.o.limit, said, cwd)
        seen = self.server.seen()
        said = said.read_text(errors="replace")
        report = out / "report.json" if out else None
        if report and not report.exists():
            raise SystemExit(f"{name}: no report\n{said[-2000:]}")
        report = json.load(open(report)) if report else None
        planted = self.dead | set(later_dead)
        named = programs.called_dead(name, said, report) - {EXTERNAL}
        refused = {programs.folded(path) for path, looks in seen.items() if any(look[1] == "404" for look in looks)}
        asked_for_others = r"^/(robots\.txt|favicon\.ico|sitemap\.(xml|txt)|\.well-known/.*|.*xuncha.*)$"
        invented = sorted(path for path in refused - planted - {EXTERNAL} if not re.search(asked_for_others, path))
        record |= {
            "pages": sum(1 for path in self.paths if any(method == "GET" and status in ("200", "304") for method, status, _ in seen.get(path, ()))),
            "requests": sum(len(looks) for looks in seen.values()),
            "bytes": sum(look[2] for looks in seen.values() for look in looks),
            "planted": len(planted),
            "found": len(named & planted),
            "missed": sorted(planted - named)[:5],
            "false": len(named - planted),
            "false_examples": sorted(named - planted)[:3],
            "invented": len(invented),
            "invented_examples": invented[:3],
        }
        if partial:
            record = {key: value for key, value in record.items() if key not in ("planted", "found", "missed")}
        if report:
            record["complete"] = report["run"]["complete"]
            record["findings"] = len(report["findings"])
        taken = re.search(r"(\d+) pages unchanged and taken over, (\d+) read anew", said)
        if taken:
            record |= {"taken_over": int(taken[1]), "read_anew": int(taken[2])}
        return self.told(record)

    def audit(self, name, folder, *more, keep=False, attachments=False, later_dead=(), partial=False):
        """One audit of ours; the run folder stays for a later one when it is to be kept. A partial one is held against nothing planted."""
        out = self.out / folder
        shutil.rmtree(out, ignore_errors=True)
        command = programs.xuncha(self.o.xuncha, HERE, self.server, self.scratch, out, *more, attachments=attachments)
        record = self.crawl(name, command, out, later_dead, partial)
        if not keep:
            shutil.rmtree(out)
        return record

    def rendered(self):
        """Some pages with a browser, in the program that has one."""
        _, able, browser = programs.renders(self.o.xuncha)
        if not able or not browser:
            why = "no Chromium here" if able else "a program without the feature `browser`"
            self.told({"program": "not rendered", "why": why})
            return
        record = self.audit("xuncha, every page rendered", "rendered", "--render", "always", "--max-pages", "50", partial=True)
        if record.get("exit") not in (0, 1):
            raise SystemExit("an audit with a browser failed; see said/xuncha-every-page-rendered.txt")

    def first(self):
        """The full audit; afterwards its plan is known to ask every rule."""
        self.audit("xuncha", "first", keep=True)
        rules, left_out = programs.every_rule(self.o.xuncha, self.out / "first")
        if left_out:
            raise SystemExit(f"the benchmark's plan leaves rules out: {', '.join(left_out)}")
        self.told({"program": "rules", "rules": rules})

    def again(self):
        """Audits after one that read attachments, too: of the unchanged site, and with a hundredth of the pages changed."""
        shutil.rmtree(self.out / "first")
        self.audit("xuncha, attachments read", "first", keep=True, attachments=True)
        first = str(self.out / "first")
        self.audit("xuncha --since, nothing changed", "second", "--since", first, keep=True, attachments=True)
        same = told(self.out / "first") == told(self.out / "second")
        shutil.rmtree(self.out / "second")
        with Changed(self.server.site) as changed:
            some = self.audit("xuncha --since, 1 % changed", "third", "--since", first, keep=True, attachments=True, later_dead=changed.dead)
            self.audit("xuncha --since --full, 1 % changed", "fourth", "--since", first, "--full", keep=True, attachments=True, later_dead=changed.dead)
            as_full = told(self.out / "third") == told(self.out / "fourth")
            differs = told(self.out / "first") != told(self.out / "third")
        self.told({"program": "reports", "second_same": same, "changed_as_full": as_full, "changed_differs": differs,
                   "changed": len(changed.paths), "read_anew": some.get("read_anew")})
        for folder in ("third", "fourth"):
            shutil.rmtree(self.out / folder)


def told(folder):
    """What a report says, without the moments at which it was seen: findings, scorecards, coverage."""
    report = json.load(open(folder / "report.json"))
    findings = sorted(json.dumps({k: v for k, v in f.items() if k not in ("first_seen", "last_seen")}, sort_keys=True, ensure_ascii=False) for f in report["findings"])
    return json.dumps([findings, report["scorecards"], report["coverage"]], sort_keys=True, ensure_ascii=False)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("--site", nargs=2, required=True)
    parser.add_argument("--slice", nargs=2)
    parser.add_argument("--xuncha", required=True)
    parser.add_argument("--limits", type=Path, required=True, help="folder with limits and limits-mimalloc")
    parser.add_argument("--peers", type=Path, required=True, help="what scripts/bench/peers printed")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=1800, help="seconds for one run of one program")
    parser.add_argument("--memory", action="store_true", help="nothing but the peak memory of an audit of each site")
    parser.add_argument("--only", default="", help="words, separated by commas: only programs whose name starts with one, or is the one before an =")
    o = parser.parse_args()
    o.series = int(time.time())
    only = [word for word in o.only.split(",") if word]
    # `xuncha=`: its first audit alone, without those that go on from it.
    fits = lambda name, word: name == word[:-1] if word.endswith("=") else name.startswith(word)
    wanted = lambda name: not only or any(fits(name, word) for word in only)
    at = {row[0]: row[1] for row in (line.rstrip("\n").split("\t") for line in open(o.peers)) if row[1] != "-"}
    with tempfile.TemporaryDirectory(dir=o.results.parent) as scratch, open(o.results, "a") as sink:
        scratch = Path(scratch).resolve()
        os.chmod(scratch, 0o755)
        servers = [Server(Path(folder).resolve(), int(port), scratch / f"nginx-{port}") for folder, port in filter(None, [o.site, o.slice])]
        try:
            whole = Bench(o, servers[0], scratch, sink)
            part = Bench(o, servers[1], scratch, sink) if o.slice else whole
            if o.memory:
                for bench in (part, whole):
                    bench.audit("memory", "memory")
                return
            for number in range(o.runs):
                for bench in dict.fromkeys((whole, part)):
                    bench.limit("bare parse", str(o.limits / "limits"), "parse")
                    bench.limit("bare parse, mimalloc", str(o.limits / "limits-mimalloc"), "parse")
                    if wanted("xuncha"):
                        bench.first()
                whole.limit("fetch only", str(o.limits / "limits"), "fetch")
                if wanted("xuncha --since"):
                    whole.audit("xuncha --capture none", "none", "--capture", "none")
                    whole.again()
                    if not number:
                        part.rendered()
                for bench in dict.fromkeys((whole, part)):
                    for name, command in programs.peers(at, HERE, bench.server, scratch).items():
                        # Slow ones once, on the slice.
                        slow = name in programs.SLOW
                        if wanted(name) and (bench is part if slow else bench is whole) and not (slow and number):
                            bench.crawl(name, command)
        finally:
            for server in servers:
                server.stop()


if __name__ == "__main__":
    sys.exit(main())
