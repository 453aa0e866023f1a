//! A local Affinidi IAM service.
