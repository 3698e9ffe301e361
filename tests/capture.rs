//! The capture: read by an independent implementation, written by another tool, broken in every way.

mod capture {
    pub mod challenge;
    pub mod hostile;
    pub mod independent;
    pub mod made;
}
