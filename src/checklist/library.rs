//! The checklists built in, found by id or path, `extends` resolved and hashed.
