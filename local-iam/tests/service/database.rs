//! What a database file keeps, and which files are refused.

use std::fs;
use std::path::PathBuf;

use affinidi_iam_local::LocalIam;
use serde_json::json;

use crate::api::{Api, text};
use crate::support::*;

/// A folder that is removed with the value.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(format!("affinidi-iam-local-{}", fresh_id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn file(&self) -> PathBuf {
        self.0.join("iam.sqlite")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn refusal(path: PathBuf) -> String {
    LocalIam::builder().database(path).start().await.unwrap_err().to_string()
}

#[tokio::test]
async fn everything_survives_a_restart() {
    let folder = Folder::new();
    let api = Api::start_with(|builder| builder.database(folder.file())).await;
    let port = api.iam.base_url().split(&[':', '/']).nth(4).unwrap().parse().unwrap();
    let user = api.user();
    let consumer = Consumer::p256();
    let used = consumer.input(&api.iam);
    api.call_with("POST", "/v1/consumer/oauth2/token", "", used.clone()).await.ok();
    let project = api.call_with("POST", "/v1/projects", &user, json!({ "name": "kept" })).await.ok();
    let keys = api.call("GET", "/.well-known/jwks.json", "").await.ok();
    let seeds = api.iam.seeds().clone();
    api.iam.shutdown().await;

    let api = Api::start_with(|builder| builder.database(folder.file()).port(port)).await;
    assert_eq!(api.call("GET", "/.well-known/jwks.json", "").await.ok(), keys);
    assert_eq!(api.iam.seeds().private_key_pem(), seeds.private_key_pem());
    let path = format!("/v1/projects/{}", text(&project, "id"));
    assert_eq!(api.call("GET", &path, &user).await.ok(), project, "the token of before is still valid");
    let replay = api.call_with("POST", "/v1/consumer/oauth2/token", "", used).await;
    replay.refused(403, "UnauthorizedError", Some("jti"));
}

#[cfg(unix)]
#[tokio::test]
async fn only_its_owner_can_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let _iam = LocalIam::builder().database(folder.file()).start().await.unwrap();
    for file in fs::read_dir(&folder.0).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o077, 0);
    }
}

#[tokio::test]
async fn seeds_have_the_ids_that_were_asked_for() {
    let ids = [1, 2, 3].map(uuid::Uuid::from_u128);
    let folder = Folder::new();
    for _ in 0..2 {
        let api = Api::start_with(|builder| {
            builder.database(folder.file()).user_id(ids[0]).project_id(ids[1]).token_id(ids[2])
        })
        .await;
        let seeds = api.iam.seeds();
        assert_eq!([seeds.user_id(), seeds.project_id(), seeds.token_id()], ids);
        api.call("GET", "/v1/projects/principals", &api.project().await).await.ok();
    }
}

#[tokio::test]
async fn a_file_in_use_is_refused_until_it_is_free() {
    let folder = Folder::new();
    let first = LocalIam::builder().database(folder.file()).start().await.unwrap();
    let why = refusal(folder.file()).await;
    assert!(why.contains("another process is using it") && why.contains("iam.sqlite"), "{why}");
    drop(first);
    LocalIam::builder().database(folder.file()).start().await.unwrap();
}

#[tokio::test]
async fn a_damaged_newer_or_foreign_file_is_refused_and_left_as_it_is() {
    let folder = Folder::new();
    let path = folder.file();
    LocalIam::builder().database(&path).start().await.unwrap().shutdown().await;
    let good = fs::read(&path).unwrap();
    let newer = {
        let db = rusqlite::Connection::open(&path).unwrap();
        db.pragma_update(None, "user_version", 99).unwrap();
        drop(db);
        fs::read(&path).unwrap()
    };
    let foreign = {
        fs::remove_file(&path).unwrap();
        let db = rusqlite::Connection::open(&path).unwrap();
        db.execute_batch("CREATE TABLE theirs (x)").unwrap();
        drop(db);
        fs::read(&path).unwrap()
    };
    let mut damaged = good.clone();
    damaged[4096..].fill(0xff);
    for (bytes, why) in [
        (newer, "newer release"),
        (foreign, "another program"),
        (damaged, "damaged"),
        (b"This is a text file, and nothing else at all.".repeat(100), "not a database"),
    ] {
        for suffix in ["-wal", "-shm", "-journal"] {
            let _ = fs::remove_file(path.with_file_name(format!("iam.sqlite{suffix}")));
        }
        fs::write(&path, &bytes).unwrap();
        let message = refusal(path.clone()).await;
        assert!(message.contains(why), "{message}");
        assert!(fs::read(&path).unwrap() == bytes, "the file was changed: {why}");
    }
}
