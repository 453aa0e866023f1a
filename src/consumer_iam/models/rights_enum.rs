// Generated from openapi.consumer-iam.yaml: change the contract or a template, then run openapi-generator/generate.py.

use crate::wire::open_enum;

/// A right to the virtual file system of a consumer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RightsEnum {
    /// Read what the virtual file system holds.
    VfsRead,
    /// Add, change and remove what the virtual file system holds.
    VfsWrite,
    /// A value that this version does not know, as the service writes it.
    ///
    /// Do not build it from text that is known: `Unknown("vfs-read".into())` is not equal to [`VfsRead`](Self::VfsRead). `From` and `FromStr` return the known variant.
    Unknown(String),
}

open_enum!(RightsEnum {
    VfsRead => "vfs-read",
    VfsWrite => "vfs-write",
});
