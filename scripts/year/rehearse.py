#!/usr/bin/env python3
"""Rehearses a year of an office with a simulated clock: real sites on loopback, the program's own scheduler, its store and its reports; then
holds every report against a truth that follows from the script alone.

    rehearse.py --bin target/release/xuncha --units 8 --from 2025-07-01 --to 2026-06-30 [--store postgres://…] [--kills 50] [--keep DIR]
"""

import argparse
import datetime as dt
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import script
import truth
import world

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKLIST = """format = 1
id = "year"
version = "1"
title = { zh = "全年演练清单", en = "Checklist of a rehearsed year" }
source = "演练"
authority = "演练办公室"
full_mark = 100.0
pass_line = 60.0
coverage_floor = 0.5
"""
ITEM = """
[[item]]
id = "{id}"
title = {{ zh = "{zh}", en = "{en}" }}
rule = "{rule}"
severity = "{severity}"
cadence = "{cadence}"
source = "演练"
confidence = "verified"
{more}
"""
ITEMS = [
    dict(id="Y1", zh="首页更新", en="Home page", rule="home-freshness", severity="veto", cadence="daily", more=""),
    dict(id="Y2", zh="死链", en="Dead links", rule="dead-link", severity="error", cadence="daily", more="points = 2.0\ncap = 20.0"),
    dict(id="Y3", zh="动态更新", en="News", rule="column-freshness", severity="error", cadence="daily",
         more='select = { class = ["news"] }\npoints = 10.0\ncap = 30.0\nper = "subject"'),
    dict(id="Y4", zh="公开指南", en="Guide", rule="required-column", severity="error", cadence="quarterly",
         more='params = { column = "disclosure-guide" }\npoints = 30.0\nper = "once"'),
    dict(id="Y5", zh="通知更新", en="Notices", rule="column-freshness", severity="error", cadence="quarterly",
         more=f'select = {{ class = ["notice"] }}\npoints = 20.0\nper = "once"\nvalid_until = {truth.EXPIRES.isoformat()}'),
]


def write_files(folder, year, port, store):
    join = lambda name: os.path.join(folder, name)
    with open(join("year.toml"), "w") as f:
        f.write(CHECKLIST + "".join(ITEM.format(**item) for item in ITEMS))
    hosts = [unit.host for unit in year.units] + ["control.year.test"]
    with open(join("crawl.toml"), "w") as f:
        resolve = ", ".join(f'"{host}:80:127.0.0.1:{port}"' for host in hosts)
        f.write(f'rate = 100000.0\nat_once = 8\nonly_resolved = true\nallow_private = true\nshared_gates = "none"\nexternal = false\nresolve = [{resolve}]\n')
    # JSON strings are TOML strings.
    lists = json.dumps([join("year.toml")])
    with open(join("office.toml"), "w") as f:
        f.write(f'name = "演练办公室"\nstore = {json.dumps(store)}\nruns = "runs"\nreports = "reports"\ncrawl = "crawl.toml"\nat_once = {min(64, len(year.units))}\n'
                f'[probes]\na_day = 24\nseconds = 15.0\ncontrols = ["http://control.year.test/"]\n'
                f'[daily]\nat = "0 5 * * *"\nchecklists = {lists}\n'
                f'[quarterly]\nat = "0 19 16 2,5,8,11 *"\nworking_days = true\nchecklists = {lists}\n'
                f'[semiannual]\nat = "0 19 9 6,12 *"\nworking_days = true\nchecklists = {lists}\n')
    with open(join("sites.csv"), "w") as f:
        f.write("单位编码,单位名称,机构类型,运营单位,网站编码,网站名称,网址,频次\n")
        for unit in year.units:
            f.write(f"{unit.id},{unit.name},{unit.kind},{unit.name},{unit.site},{unit.name}网站,http://{unit.host}/,每日;每季度;每半年\n")


class Compared:
    def __init__(self):
        self.figures, self.wrong = 0, []

    def same(self, place, told, true):
        self.figures += 1
        if told != true:
            self.wrong.append(f"{place}: told {told!r}, true {true!r}")

    def tree(self, place, told, true):
        if isinstance(true, dict):
            for key, value in true.items():
                self.tree(f"{place}.{key}", (told or {}).get(key), value)
        else:
            self.same(place, told, true)


def load(folder, name, compared):
    path = os.path.join(folder, f"{name}.json")
    if not os.path.exists(path):
        compared.same(path, "no report", "a report")
        return None
    with open(path) as f:
        return json.load(f)


def compare_standing(place, told, true, compared):
    for key in ("findings", "rectified", "recurred", "checked"):
        compared.tree(f"{place}.{key}", told[key], true[key])
    compared.tree(f"{place}.problems", {p["rule"]: {"units": p["units"], "findings": p["findings"]} for p in told["problems"]}, true["problems"])
    compared.same(f"{place}.problems", sorted(p["rule"] for p in told["problems"]), sorted(true["problems"]))
    groups = {group["kind"]: group for group in told["groups"]}
    compared.same(f"{place}.groups", sorted(groups), sorted(true["groups"]))
    for kind, want in true["groups"].items():
        group = groups.get(kind)
        if group is None:
            continue
        ranked = {s["unit"]: {"score": round(s["score"], 4), "rank": s["rank"]} for s in group["ranked"]}
        compared.same(f"{place}.{kind}.ranked", sorted(ranked), sorted(want["ranked"]))
        compared.tree(f"{place}.{kind}.ranked", ranked, want["ranked"])
        compared.same(f"{place}.{kind}.vetoed", sorted(s["unit"] for s in group["vetoed"]), want["vetoed"])
        compared.same(f"{place}.{kind}.unrated", group["unrated"], [])
        compared.tree(f"{place}.{kind}.pass_rate", group["pass_rate"], want["pass_rate"])
        compared.same(f"{place}.{kind}.mean", None if group["mean"] is None else round(group["mean"], 4), want["mean"])


def compare_units(reports, cadence, period, groups, compared):
    """Each unit's own report, which the scheduler writes beside that of all: the same score, the same rank."""
    for group in groups.values():
        for unit, want in group["ranked"].items():
            told = load(os.path.join(reports, cadence, period), unit, compared)
            for form in ("html", "xlsx"):
                compared.same(f"{period}/{unit}.{form}", os.path.exists(os.path.join(reports, cadence, period, f"{unit}.{form}")), True)
            places = [card["standing"] for site in (told or {}).get("sites", []) for card in site["cards"] if card["standing"]]
            compared.tree(f"{cadence} {period}/{unit}", [{"score": round(p["score"], 4), "rank": p["rank"]} for p in places][:1], [want])


def compare(folder, year, true, compared):
    day = year.first
    periods = {}
    reports = os.path.join(folder, "reports")
    while day <= year.last:
        told = load(os.path.join(reports, "daily"), day.isoformat(), compared)
        if told:
            want = true.daily(day)
            sites = {site["id"]: {**site, "home_dead": len(site["home_dead"])} for site in told["sites"]}
            compared.tree(f"daily {day}", {**told, "sites": sites}, want)
        periods.setdefault(truth.quarter(day), []).append(day)
        periods.setdefault(truth.half(day), []).append(day)
        day += truth.ONE
    for period, days in periods.items():
        months = 3 if "Q" in period else 6
        number = int(period[-1])
        first = dt.date(int(period[:4]), (number - 1) * months + 1, 1)
        end = dt.date(first.year + (first.month + months > 12), (first.month + months - 1) % 12 + 1, 1) - truth.ONE
        # A period is reported on when it is over.
        if end > year.last:
            continue
        if "Q" in period:
            told = load(os.path.join(reports, "quarterly"), period, compared)
            if told:
                want = true.standing(first, end)
                compare_standing(f"quarterly {period}", told, want, compared)
                compare_units(reports, "quarterly", period, want["groups"], compared)
        else:
            told = load(os.path.join(reports, "semiannual"), period, compared)
            if told:
                want = true.semiannual(first, end)
                compare_standing(f"semiannual {period}", told["standing"], want["standing"], compared)
                compare_units(reports, "semiannual", period, want["standing"]["groups"], compared)
                compared.tree(f"semiannual {period}.units", {u["unit"]: u["prediction"] for u in told["units"]}, want["units"])
                compared.same(f"semiannual {period}.open_from_before", len(told["open_from_before"]), want["open_from_before"])


def run(bin, folder, clock, last, kills, rnd, seconds):
    """Runs the scheduler to the end, killed at random moments; how often it was."""
    env = dict(os.environ, XUNCHA_SIMULATED_CLOCK=clock)
    # Until a moment after the last midnight, so that the last day is reported on, too.
    command = [bin, "serve", "--no-web", "--office", "office.toml", "--until", (last + truth.ONE).isoformat()]
    killed = 0
    with open(os.path.join(folder, "serve.log"), "a") as log:
        while True:
            process = subprocess.Popen(command, cwd=folder, env=env, stdout=log, stderr=log)
            try:
                code = process.wait(timeout=rnd.uniform(0.2, seconds) if killed < kills else None)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
                continue
            return code, killed


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--bin", required=True)
    ask.add_argument("--units", type=int, default=4)
    ask.add_argument("--from", dest="first", type=dt.date.fromisoformat, required=True)
    ask.add_argument("--to", dest="last", type=dt.date.fromisoformat, required=True)
    ask.add_argument("--seed", type=int, default=2026)
    ask.add_argument("--store", default="office.db")
    ask.add_argument("--kills", type=int, default=0)
    ask.add_argument("--kill-within", type=float, default=12.0, help="longest time between two kills, seconds")
    ask.add_argument("--keep")
    asked = ask.parse_args()
    folder = asked.keep or tempfile.mkdtemp(prefix="xuncha-year-")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    year = script.Year(asked.units, asked.first, asked.last, asked.seed)
    clock = os.path.join(folder, "clock")
    world.set_clock(clock, script.at(asked.first))
    port, counts = world.serve(year, world.Clock(clock))
    write_files(folder, year, port, asked.store)
    bin = os.path.abspath(asked.bin)
    env = dict(os.environ, XUNCHA_SIMULATED_CLOCK=clock)
    subprocess.run([bin, "sites", "import", "sites.csv", "--office", "office.toml"], cwd=folder, env=env, check=True)
    began = time.time()
    code, killed = run(bin, folder, clock, asked.last, asked.kills, random.Random(asked.seed), asked.kill_within)
    took = time.time() - began
    if code != 0:
        with open(os.path.join(folder, "serve.log")) as f:
            print(f.read()[-3000:])
        print(f"the scheduler ended with {code}; see {folder}/serve.log")
        return 1
    calendar = truth.Calendar(os.path.join(HERE, "..", "..", "checklists", "calendar"))
    compared = Compared()
    compare(folder, year, truth.Truth(year, calendar), compared)
    for line in compared.wrong[:40]:
        print(line)
    days = (asked.last - asked.first).days + 1
    print(f"{asked.units} units, {days} days, {counts['requests']} requests, {killed} kills, {took:.0f} s: "
          f"{compared.figures} figures compared, {len(compared.wrong)} wrong (seed {asked.seed}, {'PostgreSQL' if asked.store.startswith('postgres') else 'SQLite'})")
    if not asked.keep:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if compared.wrong or killed < asked.kills else 0


if __name__ == "__main__":
    sys.exit(main())
