//! Pages that scripts fill, shown to a real Chromium: what is seen then, and what a page in a browser cannot do to us or to its server.
#![cfg(all(feature = "browser", unix))]

#[path = "server/fault.rs"]
mod fault;
#[path = "render/hostile.rs"]
mod hostile;
#[path = "server/kept.rs"]
mod kept;
#[path = "render/processes.rs"]
mod processes;
#[path = "render/seen.rs"]
mod seen;
#[path = "render/site.rs"]
mod site;
