//! A rehearsal of an office with a simulated clock, over the turn of the year: real sites on loopback, the program's own scheduler, its
//! store and its reports, held figure by figure against a truth that the script of the rehearsal computes by itself. The whole year, with
//! fifty kills, is `scripts/prove year`.

use std::process::{Command, Output};

fn rehearse(store: Option<String>, kills: u32) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("python3");
    command
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/year/rehearse.py"))
        .args(["--bin", env!("CARGO_BIN_EXE_xuncha"), "--units", "2", "--from", "2025-12-26", "--to", "2026-01-02"])
        .args(["--kills", &kills.to_string(), "--kill-within", "3", "--keep"])
        .arg(folder.path().join("year"));
    if let Some(store) = store {
        command.args(["--store", &store]);
    }
    command.output().expect("python3 runs")
}

fn holds(output: &Output) {
    let said = String::from_utf8_lossy(&output.stdout);
    let told = format!("{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    let figures = said.split(" figures compared").next().and_then(|before| before.rsplit(' ').next()?.parse::<u32>().ok());
    assert!(figures.is_some_and(|figures| figures > 400), "{told}");
}

#[test]
fn the_turn_of_a_year_is_right_to_the_digit_on_sqlite() {
    holds(&rehearse(None, 0));
}

#[test]
fn the_turn_of_a_year_is_right_to_the_digit_on_postgresql_though_the_scheduler_is_killed() {
    let Ok(server) = std::env::var("XUNCHA_TEST_POSTGRES") else {
        println!("skipped: PostgreSQL (XUNCHA_TEST_POSTGRES names no server; scripts/test starts one)");
        return;
    };
    let name = format!("xuncha_year_{}", std::process::id());
    let done = Command::new("psql").args([server.as_str(), "-qc", &format!("CREATE DATABASE {name}")]).status();
    assert!(done.expect("psql runs").success());
    let (before, after) = server.split_once("/postgres?").expect("a URL of scripts/postgres");
    holds(&rehearse(Some(format!("{before}/{name}?{after}")), 5));
}
