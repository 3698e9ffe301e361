"""What every fixture site is built from: the site with its hosts, routes and planted faults, columns and articles."""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

AS_OF = "2026-03-20"


@dataclass
class Article:
    """One article or document. `header` is its block of labelled values; `metas` overrides page tags (None removes one)."""

    slug: str
    title: str
    date: str
    body: list
    source: str = ""
    time: str = "09:30"
    header: dict = None
    files: list = field(default_factory=list)
    metas: dict = field(default_factory=dict)
    after: str = ""
    external: str = ""
    css: str = ""
    url: str = ""
    path: str = ""
    column: object = None


@dataclass
class Column:
    """One column: its list page(s), its articles, its sub-columns."""

    path: str
    name: str
    articles: list = field(default_factory=list)
    children: list = field(default_factory=list)
    host: str = ""
    kind: str = ""
    per_page: int = 10
    row_dates: bool = True
    pinned: str = ""
    note: str = ""
    body: str = ""
    script: str = ""
    metas: dict = field(default_factory=dict)
    description: str = ""
    unit: object = None
    parents: list = field(default_factory=list)

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def first(self, slug):
        return next(a for a in self.articles if a.slug == slug)


class Site:
    """Collects files, routes and faults, and writes them."""

    def __init__(self, id, zh, en, seeds, operator):
        self.id, self.zh, self.en, self.seeds, self.operator = id, zh, en, seeds, operator
        self.checklists, self.hosts, self.units = [], [], []
        self.routes, self.faults, self.files = [], [], {}

    def host(self, name, folder=None, charset=None):
        self.hosts.append({"name": name, "folder": folder, "charset": charset})
        return name

    def unit(self, id, name, kind, include, exclude=()):
        self.units.append({"id": id, "name": name, "kind": kind, "include": list(include), "exclude": list(exclude)})

    def put(self, host, path, content, encoding="utf-8"):
        """A file of a host; `path` begins with a slash, a folder means its index.html."""
        if path.endswith("/"):
            path += "index.html"
        folder = next(h["folder"] for h in self.hosts if h["name"] == host)
        key = f"{folder}{path}"
        if key in self.files:
            raise ValueError(f"{key} is written twice")
        self.files[key] = content.encode(encoding) if isinstance(content, str) else content

    def route(self, host, path, **rest):
        self.routes.append({"host": host, "path": path, **rest})

    def plant(self, rule, url, note, **rest):
        """Declares a fault: what expected.json holds, and nothing else may be reported."""
        self.faults.append({"rule": rule, "url": url, **rest, "note": note})

    def pages(self):
        return sum(1 for name in self.files if name.endswith((".html", ".jsp", ".shtml")))

    def write(self, root, check=False):
        folder = Path(root) / self.id
        wanted = dict(self.files)
        wanted["site.toml"] = self._toml().encode()
        self.faults.sort(key=lambda f: (f["rule"], f["url"], f.get("text", ""), f["note"]))
        wanted["expected.json"] = (json.dumps({"faults": self.faults}, ensure_ascii=False, indent=1) + "\n").encode()
        there = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()} if folder.exists() else {}
        stale = [f"{self.id}/{n}" for n in sorted(set(there) | set(wanted)) if n not in there or n not in wanted or there[n].read_bytes() != wanted[n]]
        if check:
            return stale
        for name, path in there.items():
            if name not in wanted:
                path.unlink()
        for name, content in wanted.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        for empty in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
            if not any(empty.iterdir()):
                shutil.rmtree(empty)
        return []

    def _toml(self):
        out = ["format = 1", f"title = {{ zh = {_value(self.zh)}, en = {_value(self.en)} }}", f'as_of = "{AS_OF}"']
        out.append(f"seeds = {_value(self.seeds)}")
        out.append(f"operator = {_value(self.operator)}")
        if self.checklists:
            out.append(f"checklists = {_value(self.checklists)}")
        for name, tables in (("host", self.hosts), ("unit", self.units), ("route", self.routes)):
            for table in tables:
                out.append(f"\n[[{name}]]")
                out += [f"{k} = {_value(v)}" for k, v in table.items() if v is not None and v != []]
        return "\n".join(out) + "\n"


def _value(v):
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(x)}" for k, x in v.items()) + " }"
    if isinstance(v, (list, tuple)):
        return "[" + ", ".join(_value(x) for x in v) + "]"
    if isinstance(v, int):
        return str(v)
    return json.dumps(v, ensure_ascii=False)


def _key(k):
    return k if k.replace("-", "").replace("_", "").isalnum() and k.isascii() else json.dumps(k)
