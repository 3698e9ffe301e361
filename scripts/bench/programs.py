"""The programs: how each is started, and which addresses its output calls dead."""
import csv
import io
import json
import os
import re
import shutil
import subprocess
from urllib.parse import unquote, urlsplit

# Every built-in checklist that concerns a public security bureau, whose own list is the longest; every.toml adds what they do not ask.
LISTS = (
    "annual-report bureau-assessment-2018 bureau-deductions-2020 bureau-quarterly disclosure-platform-2019 international "
    "national-inspection-2019 normative-documents public-security-bureau release-gate site-guideline-2017"
).split()
# Peers of over thirty times our CPU: on a smaller site of the same making.
SLOW = ("Scrapy", "linkinator", "LinkChecker", "broken-link-checker")


def configuration(port, attachments):
    """Politeness off, as the program allows it only where nothing but this machine can be reached."""
    return "\n".join([
        "rate = 100000.0", "at_once = 32", "max_hops = 1000", 'shared_gates = "none"', "only_resolved = true", "allow_private = true",
        f'resolve = ["127.0.0.1:{port}:127.0.0.1:{port}", "127.0.0.9:{port}:127.0.0.9:{port}"]',
        # Larger files are asked for and not read: then the figures are those of HTML pages.
        "" if attachments else "max_attachment_bytes = 1024",
    ]) + "\n"


def renders(program):
    """Has the program the option, can it use a browser, and is there one? It refuses a configuration that it was not built for."""
    known = "--render" in subprocess.run([program, "audit", "--help"], capture_output=True, text=True).stdout
    asked = subprocess.run([program, "plan", "http://127.0.0.1:9/"], env=os.environ | {"XUNCHA_RENDER": "always"}, capture_output=True, text=True)
    able = known and "--features browser" not in asked.stderr
    return known, able, any(shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))


def xuncha(program, here, server, scratch, out, *more, attachments=False):
    """An audit with every rule; without a browser unless `more` asks for it."""
    if renders(program)[0] and "--render" not in more:
        more = [*more, "--render", "never"]
    file = scratch / ("attachments.toml" if attachments else "html.toml")
    file.write_text(configuration(server.port, attachments))
    lists = [part for name in [*LISTS, str(here / "every.toml")] for part in ("--checklist", name)]
    return [program, "audit", server.base + "/", "--config", str(file), *lists, "--as-of", "2026-03-31", "--format", "json", "--out", str(out), *more]


def every_rule(program, out):
    """Rules that the program has and the plan of a run does not ask."""
    known = subprocess.run([program, "rules", "--lang", "en"], check=True, capture_output=True, text=True).stdout
    known = {line.split()[0] for line in known.splitlines()[1:] if line.strip()}
    plan = json.load(open(out / "plan.json"))
    return len(known), sorted(known - {judgement["rule"] for judgement in plan["judgements"]})


def peers(at, here, server, scratch):
    """By name: the command of each peer that is installed. `at` names the programs, as scripts/bench/peers prints them."""
    base = server.base
    urls = scratch / f"urls-{server.port}.txt"
    urls.write_text("".join(base + line + "\n" for line in (server.site / "urls.txt").read_text().splitlines()))
    commands = {
        "lychee": [at.get("lychee"), "--no-progress", "--host-request-interval", "1us", "--host-concurrency", "128", "--max-concurrency", "128",
                   "--max-retries", "0", "--format", "compact", "--files-from", urls, "--extensions", "html"],
        "spider": [at.get("spider"), base + "/", "64"],
        "wget": [at.get("wget"), "--spider", "-r", "-l", "inf", "-nd", "-nv", "-p", "-e", "robots=off", base + "/"],
        "Scrapy": [at.get("Scrapy"), here / "scrapy_peer.py", base, "64"],
        "LinkChecker": [at.get("LinkChecker"), "--config", here / "linkchecker.ini", "--no-status", "--no-warnings", "-o", "csv", "-t", "20", "-r", "-1",
                        "--check-extern", base + "/"],
        "linkinator": [at.get("linkinator"), base + "/", "--recurse", "--concurrency", "10", "--verbosity", "error", "--timeout", "120000"],
        "broken-link-checker": ["node", here / "blc_peer.js", at.get("broken-link-checker"), base, "64"],
    }
    return {name: [str(part) for part in command] for name, command in commands.items() if at.get(name)}


def folded(url):
    """Own addresses as paths, decoded; what is only redirected to counts as where it was written."""
    parts = urlsplit(url)
    path = unquote(parts.path) + ("?" + parts.query if parts.query else "")
    return path[2:] if path.startswith("/r/") else path


def called_dead(name, said, report):
    """The addresses that a program's output calls dead."""
    if report:
        return {folded(finding["url"]) for finding in report["findings"] if finding["rule"] in ("dead-link", "dead-attachment")}
    if name == "LinkChecker":
        rows = csv.DictReader(io.StringIO("\n".join(line for line in said.splitlines() if not line.startswith(("#", "WARNING ")))), delimiter=";")
        return {folded(row["url"] or row["urlname"]) for row in rows if row.get("valid") == "False"}
    if name == "wget":
        found = re.search(r"^Found \d+ broken links?\.\n(.*)", said, re.M | re.S)
        return {folded(line.strip()) for line in (found[1] if found else "").splitlines() if line.startswith("http")}
    if name in ("lychee", "linkinator"):
        return {folded(url) for url in re.findall(r"^\s*\[(?:[45]\d\d|ERROR|TIMEOUT|0)\]\s+<?(http[^\s|>]+)", said, re.M)}
    return {folded(line.split()[-1]) for line in said.splitlines() if line.startswith("DEAD ")}
