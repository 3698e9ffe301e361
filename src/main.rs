//! The `xuncha` program: everything is in the library.

/// A page is read into many thousand small pieces that are dropped together. Children that read a file take less at a time, to stay within
/// their limits (`extract`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    std::process::ExitCode::from(xuncha::cli::run(std::env::args_os()))
}
