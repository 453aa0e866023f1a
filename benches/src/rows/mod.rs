//! The rows of the table, by what they are about.

pub mod calls;
