#!/usr/bin/env python3
"""Writes fixtures/sites/: the demo's government sites, their site.toml and their planted truth.

Every place, body, person and number in them is invented. The output is deterministic: run it again after an edit of
scripts/make-fixture-sites/ and commit both. With --check nothing is written; the exit code says whether the output is current.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent / "make-fixture-sites"))

import cad_linzhi
import county_qinglu
import portal_chengxiu
import psb_yunxi
from natural import NATURAL


def main():
    check = "--check" in sys.argv[1:]
    stale = []
    for module in (psb_yunxi, cad_linzhi, county_qinglu, portal_chengxiu):
        site = module.build()
        for fault in NATURAL[site.id]:
            site.plant(**fault)
        stale += site.write(ROOT / "fixtures" / "sites", check)
        print(f"{site.id}: {site.pages()} pages, {len(site.files)} files, {len(site.faults)} planted faults")
    for path in stale:
        print(f"not current: {path}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
