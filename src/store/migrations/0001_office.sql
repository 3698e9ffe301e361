-- The office's memory. One text for both dialects: {id}, {bytes} and {real} stand for their types (src/store/schema.rs).
-- Instants are whole seconds since 1970 in UTC, days are YYYY-MM-DD in Asia/Shanghai, truth values are 0 and 1.
-- Never edit an applied file: what changes comes in the next one.

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- registry
CREATE TABLE unit (
    no {id}, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, superior TEXT, region TEXT, unit_group TEXT, kind TEXT,
    contacts TEXT NOT NULL, active BIGINT NOT NULL);
CREATE TABLE platform (no {id}, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, operator TEXT);
CREATE TABLE site (
    no {id}, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, code TEXT, addresses TEXT NOT NULL, operator TEXT, platform TEXT,
    cadences TEXT NOT NULL, state TEXT NOT NULL, since TEXT, until TEXT, basis TEXT, active BIGINT NOT NULL);
CREATE TABLE holding (
    site_no BIGINT NOT NULL REFERENCES site (no), unit_no BIGINT NOT NULL REFERENCES unit (no), scope TEXT NOT NULL,
    PRIMARY KEY (site_no, unit_no));
CREATE INDEX holding_unit ON holding (unit_no);
CREATE TABLE profile (
    level TEXT NOT NULL, holder TEXT NOT NULL, body TEXT NOT NULL, origin TEXT NOT NULL, set_at BIGINT NOT NULL,
    PRIMARY KEY (level, holder));
CREATE TABLE binding (
    site_no BIGINT NOT NULL REFERENCES site (no), unit_no BIGINT NOT NULL REFERENCES unit (no), url TEXT NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL, said_by TEXT, said_at BIGINT, seen_at BIGINT NOT NULL, PRIMARY KEY (site_no, unit_no, url));

-- new media
CREATE TABLE account (
    no {id}, id TEXT NOT NULL UNIQUE, unit_no BIGINT NOT NULL REFERENCES unit (no), medium TEXT NOT NULL, name TEXT NOT NULL,
    number TEXT, address TEXT, state TEXT NOT NULL, filed_on TEXT, closed_on TEXT);
CREATE TABLE account_mark (
    no {id}, account_no BIGINT NOT NULL REFERENCES account (no), mark TEXT NOT NULL, on_day TEXT NOT NULL, said_by TEXT NOT NULL,
    said_at BIGINT NOT NULL, note TEXT);
CREATE INDEX account_mark_of ON account_mark (account_no, mark, on_day);

-- runs and what was judged of them
CREATE TABLE run (
    no {id}, id TEXT NOT NULL, site_no BIGINT NOT NULL REFERENCES site (no), cadence TEXT, vantage TEXT NOT NULL,
    started_at BIGINT NOT NULL, finished_at BIGINT NOT NULL, complete BIGINT NOT NULL, shrunk BIGINT NOT NULL, version TEXT NOT NULL,
    capture_sha256 TEXT NOT NULL, folder TEXT, discovered BIGINT NOT NULL, fetched BIGINT NOT NULL, unfetched TEXT NOT NULL,
    pages BIGINT NOT NULL, new_pages BIGINT NOT NULL, facts TEXT NOT NULL, imported_at BIGINT NOT NULL,
    UNIQUE (id, site_no));
CREATE INDEX run_of_site ON run (site_no, cadence, finished_at);
CREATE INDEX run_of_cadence ON run (cadence, finished_at);
CREATE TABLE assessment (
    no {id}, run_no BIGINT NOT NULL REFERENCES run (no), basis TEXT NOT NULL, plan_sha256 TEXT NOT NULL, as_of TEXT NOT NULL,
    inputs TEXT NOT NULL, made_at BIGINT NOT NULL, UNIQUE (run_no, basis, plan_sha256));
CREATE TABLE scorecard (
    assessment_no BIGINT NOT NULL REFERENCES assessment (no), unit_no BIGINT NOT NULL REFERENCES unit (no), checklist TEXT NOT NULL,
    version TEXT NOT NULL, sha256 TEXT NOT NULL, verdict TEXT NOT NULL, score {real}, out_of {real}, coverage {real} NOT NULL,
    coverage_floor {real} NOT NULL, findings BIGINT NOT NULL, body {bytes} NOT NULL,
    PRIMARY KEY (assessment_no, unit_no, checklist));
CREATE INDEX scorecard_unit ON scorecard (unit_no, checklist, assessment_no);
CREATE TABLE score_item (
    assessment_no BIGINT NOT NULL, unit_no BIGINT NOT NULL, checklist TEXT NOT NULL, place BIGINT NOT NULL, item TEXT NOT NULL,
    severity TEXT NOT NULL, outcome TEXT NOT NULL, note TEXT, points {real}, deducted {real} NOT NULL, findings BIGINT NOT NULL,
    per_page BIGINT NOT NULL, passed BIGINT NOT NULL, failed BIGINT NOT NULL, suspected BIGINT NOT NULL, waived BIGINT NOT NULL,
    undecided BIGINT NOT NULL,
    PRIMARY KEY (assessment_no, unit_no, checklist, place));
CREATE TABLE finding (
    no {id}, site_no BIGINT NOT NULL REFERENCES site (no), unit_no BIGINT NOT NULL REFERENCES unit (no), fingerprint TEXT NOT NULL,
    rule TEXT NOT NULL, severity BIGINT NOT NULL, certain BIGINT NOT NULL, root_cause TEXT NOT NULL, url TEXT NOT NULL, title TEXT,
    message_zh TEXT NOT NULL, message_en TEXT NOT NULL, occurrences BIGINT NOT NULL, state TEXT NOT NULL, subjects TEXT NOT NULL, places TEXT NOT NULL, items TEXT NOT NULL,
    first_at BIGINT NOT NULL, last_at BIGINT NOT NULL, gone_at BIGINT, returns BIGINT NOT NULL, body TEXT NOT NULL,
    UNIQUE (unit_no, site_no, fingerprint));
CREATE INDEX finding_of_site ON finding (site_no, state);
CREATE TABLE sighting (
    assessment_no BIGINT NOT NULL, unit_no BIGINT NOT NULL, severity BIGINT NOT NULL, finding_no BIGINT NOT NULL, items TEXT NOT NULL,
    PRIMARY KEY (assessment_no, unit_no, severity, finding_no));
CREATE TABLE finding_count (
    assessment_no BIGINT NOT NULL, unit_no BIGINT NOT NULL, rule TEXT NOT NULL, severity BIGINT NOT NULL, certain BIGINT NOT NULL,
    findings BIGINT NOT NULL, occurrences BIGINT NOT NULL, PRIMARY KEY (assessment_no, unit_no, rule, severity, certain));
CREATE TABLE finding_event (
    no {id}, finding_no BIGINT NOT NULL REFERENCES finding (no), site_no BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL,
    run_no BIGINT, said_by TEXT, note TEXT);
CREATE INDEX finding_event_of ON finding_event (finding_no, at);
CREATE INDEX finding_event_at ON finding_event (site_no, at);
CREATE INDEX finding_event_of_run ON finding_event (run_no);
CREATE TABLE page (
    site_no BIGINT NOT NULL REFERENCES site (no), url TEXT NOT NULL, etag TEXT, modified TEXT, digest TEXT, first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL, PRIMARY KEY (site_no, url));
CREATE TABLE snapshot (
    no {id}, site_no BIGINT NOT NULL REFERENCES site (no), run_no BIGINT REFERENCES run (no), until_at BIGINT NOT NULL,
    sha256 TEXT NOT NULL, body {bytes} NOT NULL, UNIQUE (site_no, run_no, sha256));

-- availability
CREATE TABLE probe_round (
    no {id}, vantage TEXT NOT NULL, at BIGINT NOT NULL, valid BIGINT NOT NULL, controls TEXT NOT NULL, UNIQUE (vantage, at));
CREATE TABLE probe (
    site_no BIGINT NOT NULL REFERENCES site (no), at BIGINT NOT NULL, vantage TEXT NOT NULL, round_no BIGINT NOT NULL,
    url TEXT NOT NULL, outcome TEXT NOT NULL, millis BIGINT, status BIGINT, cause TEXT, PRIMARY KEY (site_no, at, vantage));

-- cadences
CREATE TABLE job (
    no {id}, site_no BIGINT NOT NULL REFERENCES site (no), cadence TEXT NOT NULL, period TEXT NOT NULL, due_at BIGINT NOT NULL,
    state TEXT NOT NULL, folder TEXT, run_no BIGINT, attempts BIGINT NOT NULL, begun_at BIGINT, ended_at BIGINT, why TEXT,
    UNIQUE (site_no, cadence, period));
CREATE INDEX job_state ON job (state, due_at);
CREATE INDEX job_period ON job (cadence, period);
CREATE TABLE alert (
    no {id}, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, site_no BIGINT, at BIGINT NOT NULL, body TEXT NOT NULL, sent TEXT NOT NULL,
    tries BIGINT NOT NULL, open BIGINT NOT NULL);
CREATE INDEX alert_open ON alert (open, at);

-- what was published: reports as they were told, later letters and ledgers
CREATE TABLE document (
    no {id}, kind TEXT NOT NULL, period TEXT NOT NULL, holder TEXT NOT NULL, format TEXT NOT NULL, sha256 TEXT NOT NULL,
    made_at BIGINT NOT NULL, body {bytes} NOT NULL, UNIQUE (kind, period, holder, format, sha256));

-- other machines
CREATE TABLE outpost (name TEXT PRIMARY KEY, public_key TEXT NOT NULL, added_at BIGINT NOT NULL, added_by TEXT);
CREATE TABLE shipment (
    no {id}, outpost TEXT NOT NULL REFERENCES outpost (name), sha256 TEXT NOT NULL UNIQUE, made_at BIGINT NOT NULL,
    imported_at BIGINT NOT NULL, runs BIGINT NOT NULL, probes BIGINT NOT NULL);
