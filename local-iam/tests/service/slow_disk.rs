//! What a slow disk holds up: writes, and nothing else. Another connection that holds the database's write lock makes it slow.

use std::pin::pin;

use affinidi_tdk_iam_client::{Client, auth, models};
use rusqlite::Connection;
use serde_json::json;
use tokio::task::JoinSet;

use crate::api::Api;
use crate::database::Folder;

/// More than there are threads that respond to requests.
const WRITES: u64 = 20;

async fn service(folder: &Folder) -> Api {
    Api::start_with(|builder| builder.database(folder.file())).await
}

/// A disk on which every write waits until the value is released.
struct SlowDisk(Connection);

impl SlowDisk {
    fn of(folder: &Folder) -> Self {
        let connection = Connection::open(folder.file()).unwrap();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        Self(connection)
    }

    fn release(self) {
        self.0.execute_batch("COMMIT").unwrap();
    }
}

/// Starts requests that create projects; returns when all of them are at the service.
async fn writes(api: &Api) -> JoinSet<reqwest::Result<reqwest::Response>> {
    // It changes nothing that matters, and counts the requests when they arrive.
    let arriving = api.iam.fault("createProject").times(WRITES).header("x-counted", "yes").serve().unwrap();
    let user = api.user();
    let mut writes = JoinSet::new();
    for _ in 0..WRITES {
        let request = api.request("POST", "/v1/projects", &user).json(&json!({ "name": "slow" }));
        writes.spawn(request.send());
    }
    while arriving.remaining() != Some(0) {
        tokio::task::yield_now().await;
    }
    writes
}

async fn assert_all_succeed(mut writes: JoinSet<reqwest::Result<reqwest::Response>>) {
    while let Some(written) = writes.join_next().await {
        assert_eq!(written.unwrap().unwrap().status(), 200);
    }
}

#[tokio::test]
async fn reads_and_tokens_of_projects_do_not_wait_for_writes() {
    let folder = Folder::new();
    let api = service(&folder).await;
    let (user, project_id) = (api.user(), api.iam.seeds().project_id().to_string());
    let disk = SlowDisk::of(&folder);
    let mut writes = writes(&api).await;
    for _ in 0..10 {
        api.call("GET", "/v1/sts/whoami", &user).await.ok();
        api.call("GET", &format!("/v1/projects/{project_id}"), &user).await.ok();
        api.call("GET", "/v1/projects/principals", &api.project().await).await.ok();
        api.manage("POST", "/user-tokens", json!({})).await;
    }
    assert!(writes.try_join_next().is_none(), "every write still waits");
    disk.release();
    assert_all_succeed(writes).await;
    let listed = api.call("GET", "/v1/projects", &user).await.ok();
    assert_eq!(listed["projects"].as_array().unwrap().len() as u64, WRITES + 1);
}

#[tokio::test(flavor = "current_thread")]
async fn in_process_a_write_does_not_hold_up_the_callers_thread() {
    let folder = Folder::new();
    let api = service(&folder).await;
    let client = Client::builder()
        .base_url(api.iam.base_url())
        .transport(api.iam.transport())
        .user_token(auth::StaticToken::new(api.user()))
        .build()
        .unwrap();
    let disk = SlowDisk::of(&folder);
    let project = models::CreateProjectInput::new("slow");
    let mut write = pin!(client.projects().create_project(project).into_future());
    let reads = async {
        for _ in 0..10 {
            client.sts().whoami().await.unwrap();
        }
    };
    tokio::select! {
        biased;
        written = &mut write => panic!("it was not held up: {written:?}"),
        () = reads => {}
    }
    disk.release();
    assert_eq!(write.await.unwrap().name, "slow");
}

#[tokio::test]
async fn a_shutdown_waits_for_writes_in_flight() {
    let folder = Folder::new();
    let api = service(&folder).await;
    let disk = SlowDisk::of(&folder);
    let writes = writes(&api).await;
    let shutdown = tokio::spawn(api.iam.shutdown());
    disk.release();
    assert_all_succeed(writes).await;
    shutdown.await.unwrap();
    let again = service(&folder).await;
    let listed = again.call("GET", "/v1/projects", &again.user()).await.ok();
    assert_eq!(listed["projects"].as_array().unwrap().len() as u64, WRITES + 1);
}

#[tokio::test]
async fn dropping_the_service_frees_its_file_while_writes_wait() {
    let folder = Folder::new();
    let api = service(&folder).await;
    let disk = SlowDisk::of(&folder);
    let _writes = writes(&api).await;
    disk.release();
    drop(api);
    service(&folder).await;
}
