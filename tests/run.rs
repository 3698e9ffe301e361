//! The run folder: commits, resuming, replay, and the equality of what audit and replay hand to the judge.

mod run {
    pub mod made;
    pub mod opening;
    pub mod rendered;
    pub mod resuming;
    pub mod same_material;
    pub mod wget;
}
