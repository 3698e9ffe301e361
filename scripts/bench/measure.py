#!/usr/bin/env python3
"""measure.py SITE XUNCHA LIMITS OUT.md [--runs N] [--port P] [--peers NAME,…]

Runs auditing crawlers in turn over a generated site that nginx serves on loopback, and writes a page with ratios.
The server's log is the neutral witness: a page counts when the server answered 200 for it, a dead link is found when the server said
404 and the tool's own output names it, a false one is an address that the site never wrote and the tool asked for.
Wall times are not given: only CPU time of the whole process tree (wait4), medians over interleaved runs, and peak memory.
"""
import argparse, json, os, re, shutil, signal, statistics, subprocess, sys, tempfile, time
from pathlib import Path
from urllib.parse import unquote

HERE = Path(__file__).resolve().parent


def tree_rss(pid):
    """Resident bytes of a process and everything below it."""
    below = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = open(f"/proc/{entry}/stat").read()
                below.setdefault(int(stat[stat.rindex(")") + 2:].split()[1]), []).append(int(entry))
            except (OSError, ValueError):
                pass
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        waiting += below.get(one, [])
        try:
            total += int(open(f"/proc/{one}/statm").read().split()[1]) * 4096
        except OSError:
            pass
    return total


def run(command, limit, out, cwd):
    peak, began, cut = 0, time.time(), False
    with open(out, "wb") as sink:
        child = subprocess.Popen(command, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True, cwd=cwd)
        while True:
            pid, status, used = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            peak = max(peak, tree_rss(child.pid))
            if time.time() - began > limit and not cut:
                cut = True
                os.killpg(child.pid, signal.SIGKILL)
            time.sleep(0.1)
    return {"cpu": used.ru_utime + used.ru_stime, "rss": max(peak, used.ru_maxrss * 1024) / 1e6, "cut": cut, "exit": os.waitstatus_to_exitcode(status)}


class Server:
    """nginx over the generated site, with its log."""

    def __init__(self, site, port, folder):
        self.log, self.folder = folder / "access.log", folder
        text = (HERE / "nginx.conf.in").read_text()
        for name, value in {"@ROOT@": str(site / "www"), "@RUN@": str(folder), "@LOG@": f"{self.log} m buffer=64k flush=1s", "@WORKERS@": "1", "@GZIP@": "off", "@PORT@": str(port)}.items():
            text = text.replace(name, value)
        (folder / "nginx.conf").write_text(text)
        subprocess.run(["nginx", "-c", str(folder / "nginx.conf"), "-p", str(folder)], check=True)

    def stop(self):
        os.kill(int((self.folder / "nginx.pid").read_text()), signal.SIGTERM)

    def seen(self):
        time.sleep(1.5)
        seen = {}
        for line in open(self.log, errors="replace"):
            parts = line.split(" ")
            if len(parts) >= 4:
                seen.setdefault(parts[2], []).append((parts[0], parts[1]))
        return seen


def commands(xuncha, limits, base, site, scratch, wanted):
    """Every program, or why it is absent."""
    xuncha_audit = [xuncha, "audit", base + "/", "--allow-private", "--rate", "100000", "--format", "json", "--out"]
    venv = os.environ.get("BENCH_SCRAPY_PYTHON", "python3")
    linkinator = os.environ.get("BENCH_LINKINATOR", "linkinator")
    lychee = os.environ.get("BENCH_LYCHEE", "lychee")
    urls = scratch / "urls.txt"
    urls.write_text("".join(base + line + "\n" for line in (site / "urls.txt").read_text().splitlines()))
    all_ = {
        "fetch only": ([limits, "fetch", base, str(site / "urls.txt")], limits),
        "xuncha, full audit": (xuncha_audit + [str(scratch / "out")], xuncha),
        "xuncha, full audit, `--capture none`": (xuncha_audit + [str(scratch / "out"), "--capture", "none"], xuncha),
        "lychee (given the list of pages)": ([lychee, "--no-progress", "--host-request-interval", "1us", "--host-concurrency", "128", "--max-concurrency", "128", "--max-retries", "0", "--format", "compact", "--files-from", str(urls), "--extensions", "html"], lychee),
        "wget --spider -r -p": (["wget", "--spider", "-r", "-l", "inf", "-nd", "-nv", "-p", "-e", "robots=off", base + "/"], "wget"),
        "Scrapy": ([venv, str(HERE / "scrapy_peer.py"), base, "64"], venv),
        "linkinator": ([linkinator, base + "/", "--recurse", "--concurrency", "25", "--verbosity", "error", "--timeout", "30000"], linkinator),
        "LinkChecker": (["linkchecker", "--config", str(HERE / "linkchecker.ini"), "--no-status", "--no-warnings", "-t", "20", "-r", "-1", "--check-extern", base + "/"], "linkchecker"),
    }
    found, absent = {}, []
    for name, (command, program) in all_.items():
        if wanted and not any(w in name for w in wanted):
            continue
        if shutil.which(str(program)) is None:
            absent.append(name)
        else:
            found[name] = [str(c) for c in command]
    if "Scrapy" in found and subprocess.run([venv, "-c", "import scrapy"], capture_output=True).returncode:
        absent.append("Scrapy")
        del found["Scrapy"]
    return found, absent


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("site", type=Path)
    parser.add_argument("xuncha")
    parser.add_argument("limits")
    parser.add_argument("out", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument("--limit", type=float, default=600, help="seconds for one run")
    parser.add_argument("--peers", default="", help="only programs whose name holds one of these")
    a = parser.parse_args()
    truth = json.load(open(a.site / "truth.json"))
    pages = {line.strip() for line in open(a.site / "urls.txt")}
    dead = {url for urls in truth["dead"].values() for url in urls}
    base = f"http://127.0.0.1:{a.port}"
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        os.chmod(folder, 0o755)
        (folder / "t").mkdir()
        server = Server(a.site.resolve(), a.port, folder)
        try:
            found, absent = commands(a.xuncha, a.limits, base, a.site.resolve(), folder, [w for w in a.peers.split(",") if w])
            for number in range(a.runs):
                parsed = json.loads(subprocess.run([a.limits, "parse", str(a.site / "www")], check=True, capture_output=True).stdout)
                results.setdefault("bare `scraper` parse", []).append({"cpu": parsed["cpu_us"] / 1e6, "pages": parsed["pages"]})
                for name, command in found.items():
                    # Slow ones once.
                    if number and results[name][0]["cpu"] > 60 * results["bare `scraper` parse"][0]["cpu"]:
                        continue
                    scratch = folder / "t"
                    shutil.rmtree(scratch)
                    scratch.mkdir()
                    shutil.rmtree(folder / "out", ignore_errors=True)
                    open(server.log, "w").close()
                    one = run(command, a.limit, folder / "out.txt", scratch)
                    seen = server.seen()
                    said = (folder / "out.txt").read_text(errors="replace")
                    report = folder / "out" / "report.json"
                    if report.exists():
                        said += report.read_text(errors="replace")
                    refused = {url for url, looks in seen.items() if any(status == "404" for _, status in looks)}
                    reached = {url for url in dead if (url[2:] if url.startswith("/r/") else url) in refused}
                    false = {unquote(url) for url in refused} - dead - {url[2:] for url in dead if url.startswith("/r/")}
                    false = {url for url in false if url not in ("/ext/19.html", "/robots.txt", "/favicon.ico", "/sitemap.xml")
                             and not (name.startswith("xuncha") and re.search(r"xuncha|\.well-known", url))}
                    one["pages"] = sum(1 for url in pages if any(look == ("GET", "200") for look in seen.get(url, [])))
                    one["requests"] = sum(len(looks) for looks in seen.values())
                    one["reached"] = len(reached)
                    one["named"] = sum(1 for url in dead if url.rsplit("/", 1)[1] in said)
                    one["false"] = len(false)
                    one["example"] = sorted(false)[:2]
                    results.setdefault(name, []).append(one)
                    print(name, json.dumps(one), flush=True)
        finally:
            server.stop()
    a.out.write_text(page(truth, results, absent, a.runs))


def page(truth, results, absent, runs):
    median = lambda name, key: statistics.median(one[key] for one in results[name])
    per_page = {name: statistics.median(1e6 * one["cpu"] / max(1, one["pages"]) for one in all_) for name, all_ in results.items()}
    bare = per_page["bare `scraper` parse"]
    own = per_page.get("xuncha, full audit", float("nan"))
    dead = truth["dead_internal"]
    lines = [
        "# Performance",
        "",
        f"Made by `scripts/bench/run` on {time.strftime('%Y-%m-%d', time.gmtime())} with {os.cpu_count()} cores: a generated site of {truth['html_200']:,} pages"
        f" ({truth['html_bytes'] / truth['html_200'] / 1000:.1f} KB each, a fifth of them GB18030, {dead} dead links of {truth['links']:,}),",
        "served by nginx on the same machine, politeness off. CPU time of the whole process tree per page that the server answered, median of"
        f" {runs} interleaved runs (programs that take more than 60 times the bare parse run once). Other work went on on the machine:",
        "believe the ratios, which were taken in one run, and not the microseconds.",
        "",
        "| program | pages | CPU µs per page | × bare parse | × xuncha | peak MB | requests | dead links requested | named | false |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, all_ in results.items():
        ratio = f"{per_page[name] / bare:.2f}"
        to_own = f"{per_page[name] / own:.2f}" if own == own else "–"
        if "requests" not in all_[0]:
            lines.append(f"| {name} | {all_[0]['pages']:,} | {per_page[name]:.0f} | {ratio} | {to_own} | – | – | – | – | – |")
            continue
        cut = " (cut at the time limit)" if any(one["cut"] for one in all_) else ""
        checks = name != "fetch only"
        correctness = [f"{int(median(name, 'reached'))}/{dead}", f"{int(median(name, 'named'))}/{dead}", str(int(median(name, "false")))] if checks else ["–"] * 3
        cells = [name + cut, f"{int(median(name, 'pages')):,}", f"{per_page[name]:.0f}", ratio, to_own, f"{median(name, 'rss'):.0f}", f"{int(median(name, 'requests')):,}", *correctness]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "*named*: the program's own output names the dead address. *false*: addresses that the site never wrote and the program asked for."]
    if absent:
        lines += ["", f"Not installed where this was made, and so not measured: {', '.join(absent)}."]
    return "\n".join(lines) + "\n"


main()
