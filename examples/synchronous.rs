//! A program without `async`: one runtime, and `block_on` for each call.
//!
//! ```sh
//! cargo run --example synchronous
//! ```

use std::error::Error;

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::{Client, auth, models};
use tokio::runtime::{Builder, Runtime};

/// A synchronous face of the calls that a program needs.
struct Projects {
    // The thread of the runtime drives the connections between the calls.
    runtime: Runtime,
    client: Client,
}

impl Projects {
    fn new(client: Client) -> Result<Self, std::io::Error> {
        Ok(Self { runtime: Builder::new_multi_thread().worker_threads(1).enable_all().build()?, client })
    }

    fn create(&self, name: &str) -> Result<models::ProjectDto, affinidi_tdk_iam_client::Error> {
        let input = models::CreateProjectInput::new(name);
        self.runtime.block_on(self.client.projects().create_project(input).send())
    }

    fn names(&self) -> Result<Vec<String>, affinidi_tdk_iam_client::Error> {
        let projects = self.client.projects().list_project().into_stream();
        let projects = self.runtime.block_on(projects.try_collect())?;
        Ok(projects.into_iter().map(|project| project.name).collect())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // The local service has a runtime of its own here, as if it were another program.
    let service = Runtime::new()?;
    let iam = service.block_on(LocalIam::start())?;
    let user = auth::StaticToken::new(iam.user_token()?);

    let projects = Projects::new(Client::builder().base_url(iam.base_url()).user_token(user).build()?)?;
    projects.create("shop")?;
    println!("{:?}", projects.names()?);
    Ok(())
}
