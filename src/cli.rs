//! One file per subcommand: parse, call the library, choose the exit code.
