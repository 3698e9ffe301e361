//! The `xuncha` program: everything is in the library.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(xuncha::cli::run(std::env::args_os()))
}
