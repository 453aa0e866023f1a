//! What generated models can do beyond their fields: constructors that leave no room for mistakes, constants, and readings of texts.
//!
//! Handwritten, one file per subject; regenerating leaves it alone. A method that follows from the contract, such as `lifetime`, is
//! not written here but by the template, because both contracts then have it.

mod json_web_key;
mod policy;
mod principal;
