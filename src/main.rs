//! The `xuncha` program: everything is in the library.

/// A page is read into many thousand small pieces that are dropped together. Children that read a file take less at a time, to stay within
/// their limits (`extract`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long the allocator holds on to what was freed, in milliseconds: by itself for a second, and a page is read every few milliseconds.
const OPTION: (&str, &str) = ("MIMALLOC_PURGE_DELAY", "0");

fn main() -> std::process::ExitCode {
    #[cfg(unix)]
    begin_with_option();
    std::process::ExitCode::from(xuncha::cli::run(std::env::args_os()))
}

/// The allocator reads its options before `main`, so the program begins once more where nobody has chosen one. Where it cannot, it goes on
/// as it is: it only takes more memory then.
#[cfg(unix)]
fn begin_with_option() {
    use std::os::unix::process::CommandExt;
    let (name, value) = OPTION;
    if std::env::var_os(name).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        let mut arguments = std::env::args_os();
        let called = arguments.next().unwrap_or_else(|| program.clone().into());
        let _ = std::process::Command::new(program).arg0(called).args(arguments).env(name, value).exec();
    }
}
