"""What the reports of a rehearsed year must say, reckoned from the script alone: another way round than the program's, which knows only what
its visits and runs saw."""

import datetime as dt
import glob
import os
import tomllib
from fractions import Fraction

import script
from script import at, day_of

ONE = dt.timedelta(days=1)
NEWS, NOTICE = 14, 183
EXPIRES = dt.date(2026, 2, 20)
DAILY, DEEP = 5, 19


def as_date(value):
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)


class Calendar:
    def __init__(self, folder):
        self.off, self.on = set(), set()
        for file in glob.glob(os.path.join(folder, "*.toml")):
            with open(file, "rb") as f:
                year = tomllib.load(f)
            for holiday in year["holidays"]:
                day = as_date(holiday["from"])
                while day <= as_date(holiday["to"]):
                    self.off.add(day)
                    day += ONE
            self.on.update(as_date(day) for day in year["working"])

    def working(self, day):
        return day not in self.off and (day.weekday() < 5 or day in self.on)


def quarter(day):
    return f"{day.year}Q{(day.month + 2) // 3}"


def half(day):
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def deep_runs(year, calendar):
    """Moments of the deep scans: the 16th of February, May, August, November, and the 9th of June and December, or the next working day.
    What was due in the period in which the office begins, before it began, is done as soon as it begins."""
    runs = []
    day = dt.date(year.first.year, 1, 1)
    while day <= year.last:
        named = (day.day == 16 and day.month in (2, 5, 8, 11)) or (day.day == 9 and day.month in (6, 12))
        if named:
            run, cadence = day, "quarterly" if day.day == 16 else "semiannual"
            while not calendar.working(run):
                run += ONE
            period = quarter if cadence == "quarterly" else half
            if year.first <= run <= year.last:
                runs.append((at(run, DEEP), cadence))
            elif run < year.first and period(day) == period(year.first):
                runs.append((at(year.first), cadence))
        day += ONE
    return sorted(runs)


class Finding:
    def __init__(self, unit, rule, key):
        self.unit, self.rule, self.key = unit, rule, key
        self.events = []        # (moment, kind)
        self.severities = []    # (moment, severity)

    def open_at(self, moment):
        last = [kind for when, kind in self.events if when <= moment]
        return bool(last) and last[-1] != "gone"

    def severity_at(self, moment):
        return [severity for when, severity in self.severities if when <= moment][-1]

    def first(self):
        return self.events[0][0]


def faults(unit, day, deep, moment):
    """The faults that a run shows: rule and key to severity."""
    shown = {}
    for path, there in script.dead_links(unit, day).items():
        if not there:
            shown[("dead-link", path)] = "error"
    newest = day_of(script.news_at(unit, moment)[0])
    if (day - newest).days > NEWS:
        shown[("column-freshness", "/gzdt/")] = "error"
        shown[("home-freshness", "site")] = "veto"
    if deep:
        newest = day_of(script.notices_at(unit, moment)[0])
        if (day - newest).days > NOTICE:
            # A clause that is no longer in force is told, and held against nobody.
            shown[("column-freshness", "/tzgg/")] = "error" if day <= EXPIRES else "notice"
        if not script.has_guide(unit, day):
            shown[("required-column", "disclosure-guide")] = "error"
    return shown


def score(unit, day, moment):
    """Score in ten-thousandths, or None when vetoed; the items' deductions."""
    shown = faults(unit, day, True, moment)
    if ("home-freshness", "site") in shown:
        return None
    taken = min(20, 2 * sum(rule == "dead-link" for rule, _ in shown))
    taken += 10 if ("column-freshness", "/gzdt/") in shown else 0
    taken += 30 if ("required-column", "disclosure-guide") in shown else 0
    full = 100
    if day > EXPIRES:
        full -= 20
    elif ("column-freshness", "/tzgg/") in shown:
        taken += 20
    return Fraction(100 * (full - taken), full)


def fetched(unit, moment, deep):
    """Pages that a run gets."""
    day = day_of(moment)
    pages = {"/", "/gzdt/", "/tzgg/"}
    if script.has_guide(unit, day):
        pages.add("/gkzn/")
    pages.update(path for path, there in script.dead_links(unit, day).items() if there)
    news, notices = script.news_at(unit, moment), script.notices_at(unit, moment)
    pages.update(script.article("gzdt", m) for m in (news[:10] if deep else news[:8]))
    if deep:
        pages.update(script.article("tzgg", m) for m in notices[:10])
    return pages


class Truth:
    def __init__(self, year, calendar):
        self.year = year
        self.deep = deep_runs(year, calendar)
        self.runs = {}      # unit id -> [(moment, cadence)]
        self.findings = {}  # unit id -> {key: Finding}
        self.new_pages = {} # (unit id, moment) -> pages
        for unit in year.units:
            self.follow(unit)

    def follow(self, unit):
        moments = [(at(self.year.first + ONE * n, DAILY), "daily") for n in range((self.year.last - self.year.first).days + 1)]
        moments = sorted(moments + self.deep)
        self.runs[unit.id] = moments
        findings = self.findings[unit.id] = {}
        known = set()
        for moment, cadence in moments:
            deep = cadence != "daily"
            day = day_of(moment)
            shown = faults(unit, day, deep, moment)
            for key, severity in shown.items():
                finding = findings.setdefault(key, Finding(unit.id, *key))
                if not finding.events or finding.events[-1][1] == "gone":
                    finding.events.append((moment, "returned" if finding.events else "appeared"))
                finding.severities.append((moment, severity))
            for key, finding in findings.items():
                asked = deep or key[0] != "required-column" and key != ("column-freshness", "/tzgg/")
                if key not in shown and asked and finding.events[-1][1] != "gone":
                    finding.events.append((moment, "gone"))
            pages = fetched(unit, moment, deep)
            self.new_pages[(unit.id, moment)] = len(pages - known) if known else 0
            known |= pages

    def all_findings(self, unit=None):
        units = [unit.id] if unit else list(self.findings)
        return [f for u in units for f in self.findings[u].values()]

    def movement(self, begin, end, unit=None):
        told = {"appeared": 0, "returned": 0, "gone": 0}
        by_severity = {"veto": 0, "error": 0, "warning": 0, "notice": 0}
        for finding in self.all_findings(unit):
            for when, kind in finding.events:
                if begin < when <= end:
                    told[kind] += 1
            if finding.open_at(end):
                by_severity[finding.severity_at(end)] += 1
        return {**told, "open": by_severity, "suspected": 0}

    def visits(self, unit, begin, end):
        """Visits on the hour after `begin` up to and with `end`."""
        told = {"answered": 0, "failed": 0, "blocked": 0, "void": 0}
        hour = begin - begin % 3600
        while hour <= end:
            if begin < hour <= end and hour >= at(self.year.first):
                if self.year.cut(hour):
                    told["void"] += 1
                else:
                    told[{None: "answered", "412": "blocked"}.get(unit.up(hour), "failed")] += 1
            hour += 3600
        return told

    def daily(self, day):
        begin, end = at(day) - 1, at(day, 23, 59, 59)
        run = at(day, DAILY)
        sites = {}
        for unit in self.year.units:
            week = self.visits(unit, end - 7 * 86400, end)
            valid = week["answered"] + week["failed"] + week["blocked"]
            newest = day_of(script.news_at(unit, run)[0])
            age = (day - newest).days
            notice = day_of(script.notices_at(unit, run)[0])
            stale = [n for n, limit in ((age, NEWS), ((day - notice).days, NOTICE)) if n > limit]
            sites[unit.site] = {
                "visits": self.visits(unit, begin, end),
                "week": {"part": week["failed"], "of": valid},
                "week_level": "unknown" if valid < 140 else "line" if week["failed"] * 20 >= valid else "warning" if week["failed"] * 100 >= valid * 3 else "well",
                "home_newest": newest.isoformat(),
                "home_days": age,
                "home_level": "line" if age > 14 else "warning" if age > 10 else "well",
                "stale": {"part": len(stale), "of": 2},
                "new_pages": self.new_pages[(unit.id, run)],
                "home_dead": sum(not there for there in script.dead_links(unit, day).values()),
                "findings": self.movement(begin, end, unit),
            }
        hours = [at(day, hour) for hour in range(24)]
        known = [s for s in sites.values() if s["week_level"] != "unknown"]
        return {
            "rounds": {"part": sum(self.year.cut(h) for h in hours), "of": 24},
            "unreachable": {"part": sum(s["week_level"] == "line" for s in known), "of": len(known)},
            "stale_homes": {"part": sum(s["home_level"] == "line" for s in sites.values()), "of": len(sites)},
            "looked": {"part": len(sites), "of": len(sites)},
            "new_pages": sum(s["new_pages"] for s in sites.values()),
            "home_dead": sum(s["home_dead"] for s in sites.values()),
            "findings": self.movement(begin, end),
            "sites": sites,
        }

    def rates(self, begin, end):
        """整改率 and 复发率 of a period."""
        mended = known = back = moved = 0
        for finding in self.all_findings():
            inside = [kind for when, kind in finding.events if begin < when <= end]
            if finding.open_at(begin) or "appeared" in inside or "returned" in inside:
                known += 1
                mended += not finding.open_at(end)
            if "returned" in inside or "gone" in inside:
                moved += 1
                back += "returned" in inside
        return {"part": mended, "of": known}, {"part": back, "of": moved}

    def last_deep(self, begin, end):
        runs = [moment for moment, _ in self.deep if begin < moment <= end]
        return max(runs) if runs else None

    def standing(self, first, last):
        begin, end = at(first) - 1, at(last, 23, 59, 59)
        run = self.last_deep(begin, end)
        rectified, recurred = self.rates(begin, end)
        told = {"findings": self.movement(begin, end), "rectified": rectified, "recurred": recurred, "groups": {}, "problems": {}}
        told["checked"] = {"part": len(self.year.units) if run else 0, "of": len(self.year.units)}
        if run is None:
            return told
        day = day_of(run)
        for kind in sorted({unit.kind for unit in self.year.units}):
            units = [unit for unit in self.year.units if unit.kind == kind]
            scores = {unit.id: score(unit, day, run) for unit in units}
            rated = sorted((s for s in scores.values() if s is not None), reverse=True)
            told["groups"][kind] = {
                "ranked": {u: {"score": round(float(s), 4), "rank": rated.index(s) + 1} for u, s in scores.items() if s is not None},
                "vetoed": sorted(u for u, s in scores.items() if s is None),
                "pass_rate": {"part": sum(s is not None and s >= 60 for s in scores.values()), "of": len(units)},
                "mean": round(float(sum(rated) / len(rated)), 4) if rated else None,
            }
        for unit in self.year.units:
            for rule, key in faults(unit, day, True, run):
                problem = told["problems"].setdefault(rule, {"units": set(), "findings": 0})
                problem["units"].add(unit.id)
                problem["findings"] += 1
        told["problems"] = {rule: {"units": len(p["units"]), "findings": p["findings"]} for rule, p in told["problems"].items()}
        return told

    def semiannual(self, first, last):
        begin, end = at(first) - 1, at(last, 23, 59, 59)
        run = self.last_deep(begin, end)
        predictions = {}
        for unit in self.year.units:
            if run is None:
                predictions[unit.id] = "not-seen"
            else:
                predictions[unit.id] = "fails" if score(unit, day_of(run), run) is None else "no-veto-found"
        new_year = at(dt.date(first.year, 1, 1)) - 1
        leftovers = sum(f.first() <= new_year and f.open_at(end) for f in self.all_findings())
        return {"standing": self.standing(first, last), "units": predictions, "open_from_before": leftovers}
