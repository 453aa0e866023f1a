//! A secret of the TDK as a signer.

use std::error::Error as StdError;

use affinidi_secrets_resolver::secrets::{Secret, SecretMaterial};
use affinidi_tdk_iam_client::auth::LocalDidSigner;

pub fn local_signer(secret: &Secret) -> Result<LocalDidSigner, Box<dyn StdError>> {
    let SecretMaterial::JWK(jwk) = &secret.secret_material else {
        return Err("the secret is not a JSON Web Key".into());
    };
    Ok(LocalDidSigner::from_jwk(&secret.id, serde_json::to_string(jwk)?)?)
}
