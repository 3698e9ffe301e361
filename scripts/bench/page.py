#!/usr/bin/env python3
"""page.py RESULTS PEERS OUT.md [--shows FILE]: the report of what measure.py noted, and the rows of what the issue promises."""
import argparse
import json
import os
import statistics
import time
from pathlib import Path

BARE, OWN, NONE, FILES = "bare parse", "xuncha", "xuncha --capture none", "xuncha, attachments read"
SINCE, CHANGED, FULL = "xuncha --since, nothing changed", "xuncha --since, 1 % changed", "xuncha --since --full, 1 % changed"
WHAT = {
    BARE: "bare `scraper` parse, one thread, pages in memory",
    "bare parse, mimalloc": "the same with mimalloc in the system allocator's place",
    "fetch only": "fetch only, 64 connections, bodies dropped",
    OWN: "**xuncha, every rule, capture written**",
    NONE: "**xuncha, every rule, `--capture none`**",
    FILES: "xuncha, every rule, attachments fetched whole and read, too",
    "xuncha, every page rendered": "xuncha, every rule, every page rendered by Chromium",
    SINCE: "xuncha again, `--since`: nothing changed",
    CHANGED: "xuncha again, `--since`: 1 % of the pages changed",
    FULL: "xuncha again, `--since --full`: 1 % of the pages changed",
    "lychee": "lychee, given the list of pages, links only",
    "spider": "spider crate, bare crawl with resources",
    "wget": "wget --spider -r -p",
    "Scrapy": "Scrapy, links only",
    "LinkChecker": "LinkChecker",
    "linkinator": "linkinator",
    "broken-link-checker": "broken-link-checker",
}


class Results:
    """Medians by site and program."""

    def __init__(self, file):
        records = [json.loads(line) for line in open(file) if line.strip()]
        self.memory = {record["site"]: record for record in records if record["program"] == "memory"}
        self.records = [record for record in records if record["program"] != "memory"]
        self.sites = sorted({record["site"] for record in self.records}, reverse=True)  # the largest first

    def of(self, site, program):
        return [record for record in self.records if record["site"] == site and record["program"] == program]

    def median(self, site, program, key):
        values = [record[key] for record in self.of(site, program) if key in record]
        return statistics.median(values) if values else None

    def per_page(self, site, program):
        """Microseconds of CPU for each page that the server answered."""
        values = [1e6 * record["cpu"] / record["pages"] for record in self.of(site, program) if record["pages"]]
        return statistics.median(values) if values else None

    def relative(self, site, program):
        """CPU per page in bare parses of the same series: how fast the machine is changes from series to series."""
        bare = lambda series, here: [1e6 * r["cpu"] / r["pages"] for r in self.records
                                     if r["program"] == BARE and r["series"] == series and (r["site"] == site or not here)]
        values = []
        for record in self.of(site, program):
            beside = bare(record["series"], True) or bare(record["series"], False)
            if beside and record.get("cpu") and record["pages"]:
                values.append(1e6 * record["cpu"] / record["pages"] / statistics.median(beside))
        return statistics.median(values) if values else None

    def where(self, program):
        """The largest site that a program crawled."""
        return next((site for site in self.sites if self.of(site, program)), None)


def table(results, site):
    own = results.relative(site, OWN)
    lines = [
        "| program | pages | CPU µs per page | × bare parse | × xuncha | wall s | peak MB | requests | MB sent | dead found | missed | false | invented |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, words in WHAT.items():
        records = results.of(site, name)
        if not records:
            continue
        each = results.per_page(site, name)
        relative = results.relative(site, name)
        ratio = lambda to: f"{relative / to:.2f}" if relative and to else "–"
        number = lambda key, form="{:,.0f}": "–" if results.median(site, name, key) is None else form.format(results.median(site, name, key))
        planted = results.median(site, name, "planted")
        found = "–" if planted is None else f"{number('found')}/{planted:.0f}"
        missed = "–" if planted is None else f"{planted - results.median(site, name, 'found'):.0f}"
        sent = results.median(site, name, "bytes")
        cut = ", cut at the time limit" if any(record.get("cut") for record in records) else ""
        cells = [words + cut, number("pages"), f"{each:,.0f}" if each else "–", ratio(1), ratio(own), number("wall"), number("rss"), number("requests"),
                 "–" if sent is None else f"{sent / 1e6:,.1f}", found, missed, number("false"), number("invented")]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def shows(results):
    """Rows: what the issue promises, whether it holds, and by how much."""
    rows = []

    def bound(claim, value, limit, figures, unit="×"):
        if value is None:
            rows.append((claim, "not measured", figures))
            return
        holds = value <= limit
        away = f"{value / limit:.2f} of the bound" if holds else f"{value / limit:.1f} times the bound"
        rows.append((claim, "holds" if holds else "**does not hold**", f"{value:.3g} {unit}, {away}{'; ' + figures if figures else ''}".replace(" %,", " %,")))

    def plain(claim, holds, figures):
        rows.append((claim, "not measured" if holds is None else "holds" if holds else "**does not hold**", figures))

    site = results.where(OWN) or results.sites[0]
    mimalloc, own = (results.relative(site, name) for name in ("bare parse, mimalloc", OWN))
    over = lambda a, b: a / b if a and b else None
    beside = lambda each: f"{each / mimalloc:.2f} × beside mimalloc" if each and mimalloc else ""
    bound("CPU per page, every rule, capture written: at most 2.5 × a bare `scraper` parse", own, 2.5, beside(own))
    small = results.where(NONE) or site
    none = results.relative(small, NONE)
    bound("… with `--capture none`: at most 2.0 ×", none, 2.0, beside(none) if small == site else f"on {small:,} pages")
    bound("… at most 1/3 of lychee's", over(own, results.relative(site, "lychee")), 1 / 3, "")
    for name in ("Scrapy", "linkinator", "broken-link-checker"):
        small = results.where(name)
        bound(f"… at most 1/25 of {name}'s crawl", over(results.relative(small, OWN), results.relative(small, name)) if small else None, 1 / 25,
              f"both on {small:,} pages" if small else "absent")
    bound("… at most 2 × the `spider` crate's bare crawl", over(own, results.relative(site, "spider")), 2.0, "")
    mine = results.of(site, OWN) + results.of(site, NONE)
    plain("every planted dead link found, no false one", all(r["found"] == r["planted"] and not r["false"] and r["complete"] for r in mine) if mine else None,
          f"{mine[0]['found']} of {mine[0]['planted']}, {mine[0]['false']} false in {len(mine)} audit{'s' if len(mine) > 1 else ''}" if mine else "")
    rules = [r["rules"] for r in results.of(site, "rules")]
    plain("every built-in rule is asked", bool(rules) or None, f"{rules[0]} rules" if rules else "")
    again = results.where(SINCE) or site
    share = lambda name, key: over(results.median(again, name, key), results.median(again, FILES, key))
    percent = lambda part: None if part is None else 100 * part
    bound("second audit of the unchanged site: at most 15 % of the first one's CPU", percent(share(SINCE, "cpu")), 15, "" if again == site else f"on {again:,} pages", "%")
    bound("… and at most 2 % of its bytes", percent(share(SINCE, "bytes")), 2, "", "%")
    reports = results.of(again, "reports")
    plain("… with the same report", all(r["second_same"] for r in reports) if reports else None, "")
    plain("1 % of the pages changed: exactly those read again", all(r["read_anew"] == r["changed"] for r in reports) if reports else None,
          "; ".join(f"{r['changed']} changed, {r['read_anew']} read" for r in reports[:1]))
    plain("… and the report equals a full one's", all(r["changed_as_full"] and r["changed_differs"] for r in reports) if reports else None,
          f"CPU {percent(share(CHANGED, 'cpu')) or 0:.0f} % of the first audit's" if reports else "")
    memory = results.median(site, OWN, "rss")
    lychee = results.median(site, "lychee", "rss")
    bound(f"peak memory at {site:,} pages: at most 120 MB", memory, 120, f"lychee {lychee:,.0f} MB" if lychee else "", "MB")
    if len(results.memory) > 1:
        small, large = (results.memory[size] for size in (min(results.memory), max(results.memory)))
        bound(f"… and at {large['site']:,} at most 1.3 × that at {small['site']:,}", large["rss"] / small["rss"], 1.3,
              f"{large['rss']:,.0f} and {small['rss']:,.0f} MB, on pages of {large['page_kb']:.0f} KB; {large['pages']:,} pages and {large['found']} of {large['planted']} dead links found")
    return [f"| {claim} | {result} | {figures} |" for claim, result, figures in rows]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=Path)
    parser.add_argument("peers", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--shows", type=Path)
    o = parser.parse_args()
    results = Results(o.results)
    site, *smaller = results.sites
    first = results.of(site, BARE)[0]
    runs = [(len(results.of(one, OWN)) or len(results.of(one, BARE)), one) for one in results.sites]
    runs = " and ".join(f"{number} run{'s' if number > 1 else ''} ({one:,} pages)" for number, one in runs)
    rows = shows(results)
    series = len({record.get("series") for record in results.records})
    lines = [
        "# Performance",
        "",
        f"Made by `scripts/bench/run` on {time.strftime('%Y-%m-%d', time.gmtime())} with {os.cpu_count()} cores. A generated government site of {first['site']:,} HTML pages of"
        f" {first['page_kb']:.1f} KB, a fifth of them GB18030,",
        f"with {first['links']:,} links, served by nginx on the same machine, politeness off; every built-in checklist for a public security bureau and"
        f" `scripts/bench/every.toml`: {next((r['rules'] for r in results.records if r['program'] == 'rules'), 0)} rules.",
        f"CPU is that of the whole process tree (user and system); medians of {runs} in turn. Ratios carry over to other machines, microseconds do not;"
        " wall times were taken beside other work.",
        *([f"Made in {series} series at different times, not all programs in each; the machine was not equally fast in all of them: ratios hold each program against the bare parse of its own series."] if series > 1 else []),
        "",
        "## What was promised",
        "",
        "| claim | result | figures |",
        "| --- | --- | --- |",
        *rows,
        "",
        "10 million URLs in the frontier: `scripts/prove crawl`.",
    ]
    for one in results.sites:
        lines += ["", f"## On {one:,} pages", ""]
        if one in smaller:
            lines += ["The slow peers, once each, on a smaller site of the same making.", ""]
        lines += table(results, one)
    lines += [
        "",
        "HTML pages only: attachments are asked for, and read only in the row that says so. *found*: the program's own output calls the planted address dead; *false*: it calls"
        " one dead that is not; *invented*: addresses asked for that",
        "the site never wrote. Pages count when the server answered them with 200 or 304. The one dead link of another host is left out of all counts.",
    ]
    peers = [line.rstrip("\n").split("\t") for line in open(o.peers)]
    lines += ["", "Versions: " + "; ".join(version for _, path, version in peers if path != "-") + "."]
    absent = [f"{name} ({why})" for name, path, why in peers if path == "-"]
    if absent:
        lines += ["", "Absent where this was made: " + "; ".join(absent) + "."]
    lines += [f"\nRendering was not measured: {r['why']}." for r in results.records if r["program"] == "not rendered"][:1]
    examples = sorted({example for r in results.records for example in r.get("false_examples", [])})
    if examples:
        lines += ["", "Called dead by some peer and alive: " + ", ".join(f"`{example}`" for example in examples[:6]) + "."]
    o.out.write_text("\n".join(lines) + "\n")
    if o.shows:
        o.shows.write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
