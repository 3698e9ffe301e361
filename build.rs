//! Registers every rule from its folder: writes `rules.rs` with one `mod` and one entry per file under `src/rules/<category>/`.

use std::path::Path;
use std::{env, fs};

fn main() {
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let rules = Path::new(&root).join("src/rules");
    println!("cargo::rerun-if-changed=src/rules");
    println!("cargo::rerun-if-changed=fixtures/rules");
    // A new file there has to reach the binary, too.
    println!("cargo::rerun-if-changed=fixtures/sites");
    println!("cargo::rerun-if-changed=checklists");
    let mut found = Vec::new();
    for category in sorted(&rules).into_iter().filter(|p| p.is_dir()) {
        for file in sorted(&category).into_iter().filter(|p| p.extension().is_some_and(|e| e == "rs")) {
            let name = |p: &Path| p.file_stem().and_then(|s| s.to_str()).expect("rule files have plain names").to_owned();
            found.push((name(&file), name(&category), file));
        }
    }
    found.sort_by_key(|(module, ..)| module.replace('_', "-")); // by id: the registry is searched by it
    let mut modules = String::new();
    let mut entries = String::from("static ENTRIES: &[Entry] = &[\n");
    for (module, category, file) in &found {
        let id = module.replace('_', "-");
        let source = fs::read_to_string(file).expect("rule file reads");
        let doc: Vec<&str> = source.lines().take_while(|l| l.starts_with("//!")).map(|l| l[3..].trim()).collect();
        assert!(!doc.is_empty(), "{} has no //! header", file.display());
        let fixture = Path::new(&root).join(format!("fixtures/rules/{category}/{id}.md"));
        assert!(fixture.exists(), "{} is missing", fixture.display());
        let structure: String = module.split('_').map(capital).collect();
        modules.push_str(&format!("#[path = {file:?}]\nmod {module};\n"));
        entries.push_str(&format!(
            "    Entry::of::<{module}::{structure}>({id:?}, {category:?}, {:?}, include_str!({fixture:?})),\n",
            doc.join("\n")
        ));
    }
    entries.push_str("];\n");
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets it")).join("rules.rs");
    fs::write(out, modules + &entries).expect("build folder is writable");
}

fn sorted(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).map(|d| d.flatten().map(|e| e.path()).collect()).unwrap_or_default();
    paths.sort();
    paths
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}
