//! A server that fails in every way there is: each kind is told as itself, and no run passes its limits.

#[path = "server/fault.rs"]
mod fault;
#[path = "kinds/hostile.rs"]
mod hostile;
#[path = "server/kept.rs"]
mod kept;
#[path = "kinds/names.rs"]
mod names;
#[path = "kinds/table.rs"]
mod table;
#[path = "server/tls.rs"]
mod tls;
