//! An office's year: its store on both databases, what outposts ship, alerts over real servers, and the rehearsal of the turn of a year.
//! One program, because each links the whole crate.

#[path = "office/again.rs"]
mod again;
#[path = "office/alerts.rs"]
mod alerts;
#[path = "office/bench.rs"]
mod bench;
#[path = "office/outpost.rs"]
mod outpost;
#[path = "office/store.rs"]
mod store;
#[path = "office/year.rs"]
mod year;
