//! The manifest keeps its promises: a reason beside every dependency, permissive licences only, nothing that deny.toml bans.

use std::process::Command;

fn root() -> std::path::PathBuf {
    std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_dependency_has_its_reason() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).expect("manifest reads");
    let mut inside = false;
    let mut counted = 0;
    for (number, line) in manifest.lines().enumerate() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if inside && line.contains(" = ") && !line.starts_with('#') {
            counted += 1;
            // serde and friends are named by the design card; everything else says why it is here.
            let reason = line.split(" # ").nth(1).unwrap_or_default();
            assert!(reason.len() > 8, "Cargo.toml:{}: no reason: {line}", number + 1);
        }
    }
    assert!(counted > 20, "the walk must find the dependencies");
}

/// Is an SPDX expression satisfied by the allowed list? `OR` needs one side, `AND` both; `/` is the old spelling of OR.
fn allowed(expression: &str, list: &[String]) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    expression.split(" AND ").all(|part| part.split(" OR ").any(|licence| list.iter().any(|allowed| allowed == licence.trim())))
}

#[test]
fn licences_of_the_whole_tree_are_permissive() {
    let deny: toml::Table = std::fs::read_to_string(root().join("deny.toml")).expect("reads").parse().expect("deny.toml parses");
    let list: Vec<String> =
        deny["licenses"]["allow"].as_array().expect("a list").iter().map(|v| v.as_str().expect("text").to_owned()).collect();
    let banned: Vec<&str> =
        deny["bans"]["deny"].as_array().expect("a list").iter().map(|v| v["crate"].as_str().expect("text")).collect();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("metadata parses");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 100);
    let mut faults = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let licence = package["license"].as_str().unwrap_or_default();
        if !allowed(licence, &list) {
            faults.push(format!("{name}: {licence:?} is not in deny.toml"));
        }
        if banned.contains(&name) {
            faults.push(format!("{name} is banned by deny.toml"));
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn licence_expressions_are_read_as_spdx() {
    let list = ["MIT".to_owned(), "Apache-2.0".to_owned()];
    assert!(allowed("GPL-2.0 OR MIT", &list));
    assert!(allowed("(MIT OR GPL-3.0) AND Apache-2.0", &list));
    assert!(!allowed("MIT AND GPL-3.0", &list));
    assert!(!allowed("", &list));
}
