"""The script of a rehearsed year: which unit has which fault from when to when, when its articles appear, when a server or our own line is
down. Everything follows from the seed; nothing here knows how the program works."""

import datetime as dt
import random

TZ = dt.timezone(dt.timedelta(hours=8))
KINDS = ["public-security-bureau", "civil-air-defence-office"]


def at(day, hour=0, minute=0, second=0):
    """Seconds since 1970 of a moment in Shanghai."""
    return int(dt.datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=TZ).timestamp())


def day_of(seconds):
    return dt.datetime.fromtimestamp(seconds, TZ).date()


class Unit:
    def __init__(self, number):
        self.number = number
        self.id = f"u{number:02d}"
        self.site = f"u{number:02d}-site"
        self.host = f"u{number:02d}.year.test"
        self.name = f"演练第{number}局"
        self.kind = KINDS[number % len(KINDS)]
        self.news = []      # moments at which articles of 工作动态 appear
        self.notices = []   # likewise 通知公告
        self.dead = []      # (path, from day, to day, "remove" or "repair")
        self.guide = []     # (from day, to day): 公开指南 is not there
        self.outages = []   # (from second, to second, "500", "reset", "412")

    def up(self, moment):
        """How the server answers: None when all is well."""
        for begin, end, how in self.outages:
            if begin <= moment < end:
                return how
        return None


class Year:
    def __init__(self, units, first, last, seed):
        self.first, self.last = first, last
        self.units = [Unit(n + 1) for n in range(units)]
        self.cuts = []      # (from second, to second): the office's own line
        rnd = random.Random(seed)
        days = (last - first).days + 1
        for unit in self.units:
            self.write_news(unit, rnd, days)
            self.write_faults(unit, rnd, days)
        # The office's own line is cut for an hour and some minutes, several times, once right through a round.
        for _ in range(max(1, days // 40)):
            begin = at(first + dt.timedelta(days=rnd.randrange(1, days)), rnd.choice([7, 9, 13, 16, 22]), rnd.choice([0, 30, 59]))
            self.cuts.append((begin, begin + 3600 + rnd.randrange(1200)))

    def write_news(self, unit, rnd, days):
        """Articles every few days at nine; now and then a pause that passes the window of two weeks."""
        day = self.first - dt.timedelta(days=70)
        while day <= self.last:
            unit.news.append(at(day, 9))
            pause = rnd.random() < 0.06 and day >= self.first - dt.timedelta(days=5)
            day += dt.timedelta(days=rnd.randrange(16, 40) if pause else rnd.randrange(1, 5))
        day = self.first - dt.timedelta(days=300 if unit.number % 3 == 0 else 100)
        while day <= self.last:
            unit.notices.append(at(day, 9))
            # Every third office forgets its notices for more than half a year.
            day += dt.timedelta(days=rnd.randrange(195, 260) if unit.number % 3 == 0 else rnd.randrange(8, 30))

    def write_faults(self, unit, rnd, days):
        """Faults appear, are mended, and come back."""
        number = 0
        for _ in range(max(1, days // 60)):
            number += 1
            path = f"/files/gone-{number}.html"
            begin = rnd.randrange(0, max(1, days - 4))
            for _ in range(rnd.choice([1, 1, 2, 3])):
                end = begin + rnd.randrange(2, 12)
                unit.dead.append((path, self.first + dt.timedelta(days=begin), self.first + dt.timedelta(days=end), rnd.choice(["remove", "repair"])))
                begin = end + rnd.randrange(2, 25)
        begin = rnd.randrange(0, days)
        while begin < days:
            end = begin + rnd.randrange(20, 90)
            unit.guide.append((self.first + dt.timedelta(days=begin), self.first + dt.timedelta(days=end)))
            begin = end + rnd.randrange(40, 200)
        # Not at the hours of runs, 5 and 19: what a run makes of a site that is down is told by other tests.
        for _ in range(max(2, days // 12)):
            hour = rnd.choice([0, 1, 2, 6, 8, 10, 12, 14, 20, 22])
            begin = at(self.first + dt.timedelta(days=rnd.randrange(days)), hour)
            length = rnd.choice([1, 1, 2, 3])
            length = min(length, (5 if hour < 5 else 19 if hour < 19 else 24) - hour)
            unit.outages.append((begin, begin + length * 3600 - 1, rnd.choice(["500", "reset", "412"])))

    def cut(self, moment):
        return any(begin <= moment < end for begin, end in self.cuts)


# ---- what a site looks like at a moment ----

def news_at(unit, moment):
    return [m for m in unit.news if m <= moment][::-1]


def notices_at(unit, moment):
    return [m for m in unit.notices if m <= moment][::-1]


def article(kind, moment):
    return f"/{kind}/t{day_of(moment).strftime('%Y%m%d')}.html"


def has_guide(unit, day):
    return not any(begin <= day < end for begin, end in unit.guide)


def dead_links(unit, day):
    """Links of the home page to files: path and whether the file is there."""
    shown = {}
    for path, begin, end, how in unit.dead:
        if begin <= day < end:
            shown[path] = False
        elif how == "repair" and end <= day and shown.get(path) is None:
            shown[path] = True
    # A fault of the same file that comes later hides an earlier repair.
    for path, begin, end, how in unit.dead:
        if begin <= day < end:
            shown[path] = False
        elif end <= day:
            later = [b for p, b, e, h in unit.dead if p == path and b > begin and b <= day]
            if not later and how == "remove":
                shown.pop(path, None)
    return shown


PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>
<body><div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/gzdt/">工作动态</a></li><li><a href="/tzgg/">通知公告</a></li>{guide}</ul></div>
<div class="main">{main}</div>
<div class="footer">主办单位：{name}</div></body></html>
"""
TEXT = "为做好有关工作，现将有关情况予以公布，请社会各界予以监督，有意见和建议的可以向本单位反映。"


def rows(kind, moments, most):
    row = "<li><a href=\"{href}\">{title}</a><span>{date}</span></li>"
    return "<ul class=\"list\">" + "".join(
        row.format(href=article(kind, m), title=title(kind, m), date=day_of(m).isoformat()) for m in moments[:most]) + "</ul>"


def title(kind, moment):
    day = day_of(moment)
    words = {"gzdt": "召开第{n}次工作例会研究部署近期重点任务", "tzgg": "关于做好第{n}批事项办理工作的通知"}[kind]
    return words.format(n=day.toordinal() - 738000)


def page(unit, path, moment):
    """Status and text of a page at a moment."""
    day = day_of(moment)
    guide = "<li><a href=\"/gkzn/\">政府信息公开指南</a></li>" if has_guide(unit, day) else ""
    make = lambda title, main: (200, PAGE.format(title=title, main=main, guide=guide, name=unit.name))
    if path in ("/", "/index.html"):
        links = "".join(f"<p><a href=\"{p}\">附件下载说明{p[-6]}</a></p>" for p in sorted(dead_links(unit, day)))
        return make(unit.name, f"<h2>工作动态</h2>{rows('gzdt', news_at(unit, moment), 8)}<p>{TEXT}</p>{links}")
    if path == "/gzdt/":
        return make(f"工作动态-{unit.name}", f"<h1>工作动态</h1>{rows('gzdt', news_at(unit, moment), 10)}")
    if path == "/tzgg/":
        return make(f"通知公告-{unit.name}", f"<h1>通知公告</h1>{rows('tzgg', notices_at(unit, moment), 10)}")
    if path == "/gkzn/" and has_guide(unit, day):
        return make(f"政府信息公开指南-{unit.name}", f"<h1>政府信息公开指南</h1><div class=\"text\"><p>{TEXT * 6}</p></div>")
    for kind, moments in (("gzdt", unit.news), ("tzgg", unit.notices)):
        for m in moments:
            if m <= moment and article(kind, m) == path:
                head = title(kind, m)
                return make(f"{head}-{unit.name}", f"<h1>{head}</h1><p>发布日期：{day_of(m).isoformat()}</p><div class=\"text\"><p>{TEXT * 5}</p></div>")
    if dead_links(unit, day).get(path):
        return make(f"下载说明-{unit.name}", f"<h1>下载说明</h1><div class=\"text\"><p>{TEXT * 5}</p></div>")
    return 404, "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"
