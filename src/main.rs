//! The `xuncha` program.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(xuncha::exit::CLEAN)
}
