#!/usr/bin/env python3
"""Per-field accuracy of report.json (audit --facts) against hand labels, with n beside each rate.

usage: field-accuracy.py REPORT.json LABELS.jsonl
Prints a Markdown table; exit 1 when a field is below 90 % of its labelled values (where n < 25: more than one wrong)
or fills more than 2 % of its null labels.
"""
import json
import re
import sys
import unicodedata
from urllib.parse import unquote, urlsplit

FIELDS = {  # field in pages[] : field in labels
    "title": "title",
    "publish_date": "publish_date",
    "document_number": "doc_number",
    "index_number": "index_number",
    "issuing_body": "issuing_body",
    "site_id_code": "site_id_code",
    "icp": "icp",
    "police": "police",
    "written_date": "written_date",
    "source": "source",
    "validity": "validity",
}
GATED = list(FIELDS)[:8]


def norm(field, value):
    """Width and blanks folded; identifiers compared by their digits and letters only."""
    if value is None:
        return None
    value = unicodedata.normalize("NFKC", str(value))
    value = re.sub(r"\s+", "", value)
    if field == "police":
        value = re.sub(r"\D", "", value)
    return value.lower()


def main():
    report = json.load(open(sys.argv[1], encoding="utf-8"))
    pages = {unquote(urlsplit(p["url"]).path).rsplit("/", 1)[-1]: p for p in report["pages"]}
    labels = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8") if line.strip()]
    ok = True
    print("| field | labelled n | right | rate | null n | filled wrongly | rate |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    # A label of something that is no HTML page (the annual report in PDF) is told, and counted as not read.
    missing = [l["file"] for l in labels if l["file"] not in pages]
    for field, label in FIELDS.items():
        n = right = nulls = filled = 0
        for row in labels:
            page = pages.get(row["file"])
            truth = row.get(label)
            got = page.get(field) if page else None
            if truth is None:
                nulls += 1
                filled += got is not None
            else:
                n += 1
                right += norm(field, got) == norm(field, truth)
        rate = right / n if n else 1
        wrong = filled / nulls if nulls else 0
        gated = field in GATED
        good = (rate >= 0.9 if n >= 25 else n - right <= 1) and wrong <= 0.02
        ok &= good or not gated
        mark = "" if gated else " (told, not gated)"
        print(f"| {field}{mark} | {n} | {right} | {rate:.1%} | {nulls} | {filled} | {wrong:.1%} |")
    if missing:
        print(f"\nLabelled, but no HTML page (counted as not read): {', '.join(missing)}")
        ok &= not any(name.endswith((".html", ".htm", ".jsp")) for name in missing)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
