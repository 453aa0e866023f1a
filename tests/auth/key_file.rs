//! Private keys in files that are replaced while the program runs.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use affinidi_tdk_iam_client::Error;
use affinidi_tdk_iam_client::auth::{Algorithm, PersonalAccessToken, PersonalAccessTokenBuilder};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::keys::{self, P256, P521, PASSPHRASE};
use crate::support::{Service, json as answer};

/// A folder of its own, which goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("iam-key-file-{}-{test}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Writes a text that is as long and as old as the one before.
    fn write_unnoticed(&self, name: &str, text: &str) {
        let before = fs::metadata(self.0.join(name)).unwrap();
        let path = self.write(name, text);
        File::options().write(true).open(&path).unwrap().set_modified(before.modified().unwrap()).unwrap();
        assert_eq!(fs::metadata(path).unwrap().len(), before.len());
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn builder(path: impl Into<PathBuf>) -> PersonalAccessTokenBuilder {
    PersonalAccessToken::builder()
        .token_id("t")
        .project_id("9de103a4-35d7-4b0f-8aa2-9dcd8ee4b321")
        .private_key_file(path)
        .base_url("https://api.example.org/iam")
        .token_endpoint("https://auth.example.org/token")
}

fn header(token: &str) -> Value {
    let header = token.split('.').next().unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap()
}

/// A field of the header of what the credential signs now.
async fn signs(credential: &PersonalAccessToken, field: &str) -> String {
    let iota = credential.iota_token("c", "did:key:z1", None).await.unwrap();
    header(iota.token.secret())[field].as_str().unwrap().to_owned()
}

/// The P-256 key of the tests as a JSON Web Key of this name.
fn jwk(key_id: &str) -> String {
    let mut jwk: Value = serde_json::from_str(include_str!("keys/p256.jwk")).unwrap();
    jwk["kid"] = key_id.into();
    jwk.to_string()
}

#[tokio::test]
async fn a_key_that_is_replaced_signs_the_next_assertion() {
    let folder = Folder::new("replaced");
    let path = folder.write("key", P256);
    let credential = builder(&path).build().unwrap();
    assert_eq!(signs(&credential, "alg").await, "ES256");
    folder.write("key", P521);
    assert_eq!(signs(&credential, "alg").await, "ES512");
    assert!(format!("{credential:?}").contains("Es512"), "{credential:?}");
    folder.write("key", jwk("k-1"));
    assert_eq!(signs(&credential, "kid").await, "k-1");
}

#[tokio::test]
async fn each_of_time_and_length_is_a_reason_to_read_again() {
    let folder = Folder::new("stamps");
    let path = folder.write("key", jwk("k-1"));
    let credential = builder(&path).build().unwrap();
    folder.write_unnoticed("key", &jwk("k-2"));
    assert_eq!(signs(&credential, "kid").await, "k-1", "what does not show is not read");
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert_eq!(signs(&credential, "kid").await, "k-2");
    folder.write("key", jwk("k-20"));
    File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    assert_eq!(signs(&credential, "kid").await, "k-20");
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_that_moves_to_another_file_is_followed() {
    // As Kubernetes replaces a mounted secret.
    let folder = Folder::new("link");
    let (one, other) = (folder.write("one", P256), folder.write("other", P521));
    let link = folder.0.join("key");
    std::os::unix::fs::symlink(one, &link).unwrap();
    let credential = builder(&link).build().unwrap();
    let next = folder.0.join("next");
    std::os::unix::fs::symlink(other, &next).unwrap();
    fs::rename(next, link).unwrap();
    assert_eq!(signs(&credential, "alg").await, "ES512");
}

#[tokio::test]
async fn a_text_that_cannot_be_used_leaves_the_old_key_until_it_can() {
    let folder = Folder::new("half");
    let path = folder.write("key", P256);
    let credential = builder(&path).build().unwrap();
    for broken in [
        &P521[..P521.len() / 2],
        &jwk("k-2")[..100],
        "",
        keys::ED25519,
        keys::SECP256K1,
        include_str!("keys/refused-p384.pem"),
        include_str!("keys/refused-public.pem"),
        include_str!("keys/p521-scrypt-aes256.pem"),
        &"x".repeat(100_000),
    ] {
        folder.write("key", broken);
        assert_eq!(signs(&credential, "alg").await, "ES256");
    }
    folder.write("key", [0xff, 0xfe]);
    assert_eq!(signs(&credential, "alg").await, "ES256");
    fs::remove_file(&path).unwrap();
    assert_eq!(signs(&credential, "alg").await, "ES256");
    fs::create_dir(&path).unwrap();
    assert_eq!(signs(&credential, "alg").await, "ES256");
    fs::remove_dir(&path).unwrap();
    folder.write("key", P521);
    assert_eq!(signs(&credential, "alg").await, "ES512");
}

#[tokio::test]
async fn a_key_of_another_algorithm_than_the_one_set_leaves_the_old_key() {
    let folder = Folder::new("algorithm");
    let path = folder.write("key", keys::RSA);
    let credential = builder(&path).algorithm(Algorithm::Rs512).build().unwrap();
    folder.write("key", P256);
    assert_eq!(signs(&credential, "alg").await, "RS512");
}

#[tokio::test]
async fn key_and_passphrase_are_replaced_one_after_the_other() {
    let folder = Folder::new("passphrase");
    let path = folder.write("key", include_str!("keys/p256-pbkdf2-sha512-aes192.pem"));
    let passphrase = folder.write("passphrase", format!("{PASSPHRASE}\n"));
    let credential = builder(&path).passphrase_file(&passphrase).build().unwrap();
    assert_eq!(signs(&credential, "alg").await, "ES256");
    folder.write("passphrase", "of the next key");
    assert_eq!(signs(&credential, "alg").await, "ES256");
    folder.write("key", include_str!("keys/rsa-pbkdf2-sha256-aes256.pem"));
    assert_eq!(signs(&credential, "alg").await, "ES256");
    folder.write("passphrase", PASSPHRASE);
    assert_eq!(signs(&credential, "alg").await, "RS256");
    // A key in a text takes its passphrase from a file as well.
    let pem = include_str!("keys/p256-pbkdf2-sha512-aes192.pem");
    let text = builder(&path).private_key_pem(pem).passphrase_file(&passphrase).build().unwrap();
    assert_eq!(signs(&text, "alg").await, "ES256");
}

#[test]
fn a_file_that_cannot_be_read_at_first_is_an_error_that_names_the_setting() {
    let folder = Folder::new("unreadable");
    let error = |builder: PersonalAccessTokenBuilder| {
        let error = builder.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        error.to_string()
    };
    let missing = folder.0.join("missing");
    for (path, expected) in [
        (missing.clone(), "cannot be read"),
        (folder.0.clone(), "not a regular file"),
        (folder.write("long", "x".repeat(100_000)), "64 KiB"),
        (folder.write("bytes", [0xff, 0xfe]), "cannot be read"),
        (folder.write("text", "hunter2"), "not a PEM-encoded"),
        (folder.write("half", &P256[..P256.len() / 2]), "last line"),
        (folder.write("kind", keys::ED25519), "EdDSA"),
        (PathBuf::from(P256), "the text of a key"),
    ] {
        let error = error(builder(path));
        assert!(error.contains("PRIVATE_KEY_FILE") && error.contains(expected), "{expected}: {error}");
        assert!(!error.contains("hunter2") && !error.contains(P256.lines().nth(1).unwrap()), "{error}");
    }
    let encrypted = folder.write("encrypted", include_str!("keys/p521-scrypt-aes256.pem"));
    assert!(error(builder(&encrypted)).contains("the passphrase is not set"));
    assert!(error(builder(&encrypted).passphrase_file(missing)).contains("PASSPHRASE_FILE"));
    let shown = format!("{:?}", builder(P256).passphrase_file("hunter2"));
    assert!(!shown.contains(P256.lines().nth(1).unwrap()) && !shown.contains("hunter2"), "{shown}");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_not_waited_for() {
    let folder = Folder::new("pipe");
    let path = folder.0.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert!(builder(path).build().unwrap_err().to_string().contains("not a regular file"));
}

/// A service that knows only this key.
fn knowing(key_id: &'static str) -> Service {
    Service::new(move |request| {
        let form = str::from_utf8(&request.body).unwrap();
        let assertion = form.split("client_assertion=").nth(1).unwrap().split('&').next().unwrap();
        match header(assertion)["kid"] == key_id {
            true => answer(200, r#"{"access_token":"user-1","expires_in":3600}"#),
            false => answer(401, r#"{"error":"invalid_client"}"#),
        }
    })
}

#[tokio::test]
async fn a_key_that_the_service_refuses_is_read_again_at_once() {
    let folder = Folder::new("refused");
    let path = folder.write("key", jwk("k-1"));
    let service = knowing("k-2");
    let credential = builder(&path).transport(service.clone()).build().unwrap();
    folder.write_unnoticed("key", &jwk("k-2"));
    assert_eq!(credential.user_token().await.unwrap().secret(), "user-1");
    assert_eq!(service.requests().len(), 2);
    assert_eq!(signs(&credential, "kid").await, "k-2");
}

#[tokio::test]
async fn a_refused_key_that_is_still_there_is_not_sent_again() {
    let folder = Folder::new("same");
    let path = folder.write("key", jwk("k-1"));
    let service = knowing("k-2");
    let credential = builder(&path).transport(service.clone()).build().unwrap();
    let error = credential.user_token().await.unwrap_err();
    assert!(error.is_unauthorized() && error.is_credential(), "{error}");
    assert_eq!(service.requests().len(), 1);
}

#[tokio::test]
async fn a_refusal_says_why_the_file_has_no_new_key() {
    let folder = Folder::new("reason");
    let path = folder.write("key", jwk("k-1"));
    let credential = builder(&path).transport(knowing("k-2")).build().unwrap();
    folder.write("key", &jwk("k-2")[..100]);
    let error = credential.user_token().await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("PRIVATE_KEY_FILE"), "{source}");
    let cause: &Error = error.get_ref().unwrap().downcast_ref().unwrap();
    assert!(cause.is_configuration(), "{cause}");
}

#[test]
fn without_a_runtime_the_file_is_read_in_place() {
    let folder = Folder::new("runtime");
    let path = folder.write("key", P256);
    let credential = builder(&path).build().unwrap();
    folder.write("key", P521);
    let iota = futures_util::FutureExt::now_or_never(credential.iota_token("c", "did:key:z1", None));
    assert_eq!(header(iota.unwrap().unwrap().token.secret())["alg"], "ES512");
}
