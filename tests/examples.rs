//! Every example runs without an argument, ends well and prints what it promises; and no page with Rust in it is forgotten.
//!
//! The programs are those that cargo builds beside the tests. `cargo test` does; `cargo test --test examples` does not, and
//! needs `cargo build --examples` before it.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking; clippy.toml only covers the functions marked as tests"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Longer than any of them takes, on any machine.
const LIMIT: Duration = Duration::from_secs(120);

/// One test for each example, and the list of them.
macro_rules! examples {
    ($($(#[$attribute:meta])* $name:ident prints $promise:literal $(or $excuse:literal)?;)+) => {
        const TESTED: &[&str] = &[$(stringify!($name)),+];
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                let output = run(stringify!($name));
                let (printed, failed) =
                    (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
                assert!(output.status.success(), "{}\n{printed}\n{failed}", output.status);
                let kept = printed.contains($promise) $(|| printed.contains($excuse))?;
                assert!(kept, "no {:?} in what it printed:\n{printed}\n{failed}", $promise);
            }
        )+
    };
}

examples! {
    #[cfg_attr(not(feature = "axum"), ignore = "needs the feature axum")]
    axum_verify prints "401 Unauthorized: the token is for another project";
    consumer_token prints "ConsumerAuthTokenEndpointOutput";
    doctor prints "healthy";
    key_rotation prints "the old key is refused: whoami: fetching the user token";
    lambda prints "invocation 2: one of 1; the token was kept: true";
    list_everything prints "and 2 more after it";
    #[cfg_attr(not(feature = "axum"), ignore = "needs the feature axum")]
    other_services prints "403 Forbidden";
    personal_access_token prints "in project second it may Allow";
    principals_and_policies prints "1 principal is left in shop";
    #[cfg_attr(not(feature = "redis"), ignore = "needs the feature redis")]
    redis prints "process 3 sees 2 principals; 2 tokens fetched so far" or "there is no redis-server on the PATH";
    synchronous prints "shop";
    token_provider prints "the service refused the token that was kept";
    transport prints "did:web:example.org";
}

/// Examples that no test runs, each with the reason.
const NOT_TESTED: &[(&str, &str)] = &[
    ("affinidi-tdk", "it is a workspace of its own, and `examples/affinidi-tdk/run` runs it"),
    (
        "load",
        "it takes half a minute of both cores, more open files than many shells allow, and a release build",
    ),
];

#[test]
fn no_example_is_forgotten() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    let there: BTreeSet<_> =
        files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    let known = TESTED.iter().chain(NOT_TESTED.iter().map(|(name, _)| name)).map(|name| (*name).to_owned());
    assert_eq!(there, known.collect(), "the examples there are, and those that this file knows");
}

/// The pages' own tests are those of the documentation: `cargo test --doc --all-features`.
#[test]
fn no_guide_is_forgotten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tested = std::fs::read_to_string(root.join("src/guides.rs")).unwrap();
    for page in root.join("docs/guides").read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        let name = page.file_name().unwrap().to_str().unwrap();
        let has_rust = std::fs::read_to_string(&page).unwrap().contains("```rust");
        assert!(
            !has_rust || tested.contains(&format!("guides/{name}\"")),
            "src/guides.rs does not know {name}"
        );
    }
}

/// Nobody compiles the blocks of that guide; the sources in which they are, `examples/affinidi-tdk/run` does.
#[test]
fn the_guide_to_the_tdk_shows_what_its_example_compiles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = root.join("examples/affinidi-tdk/src").read_dir().unwrap();
    let sources: Vec<_> =
        sources.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    let guide = std::fs::read_to_string(root.join("docs/guides/affinidi-tdk.md")).unwrap();
    let blocks: Vec<_> =
        guide.split("```rust,ignore\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), guide.matches("```rust").count());
    for block in blocks {
        assert!(
            sources.iter().any(|source| source.contains(block)),
            "no source contains this block:\n{block}"
        );
    }
}

/// Runs an example and gives what became of it.
fn run(name: &str) -> Output {
    let program = program(name);
    let child = Command::new(&program)
        .env_remove("IAM_BASE_URL")
        // Without them the doctor examines a local service.
        .env_remove("TOKEN_ID")
        .env_remove("PRIVATE_KEY")
        .env_remove("PRIVATE_KEY_FILE")
        .env_remove("PASSPHRASE")
        .env_remove("PASSPHRASE_FILE")
        .env_remove("KEY_ID")
        .env_remove("PROJECT_ID")
        .env_remove("AFFINIDI_TDK_ENVIRONMENT")
        .env_remove("API_GATEWAY_URL")
        .env_remove("TOKEN_ENDPOINT")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || sender.send(child.wait_with_output()));
    receiver.recv_timeout(LIMIT).expect("it ends in time").unwrap()
}

/// The program of an example, if it is there and younger than everything it was built from.
fn program(name: &str) -> PathBuf {
    let target = std::env::current_exe().unwrap().parent().and_then(Path::parent).unwrap().join("examples");
    let program = target.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let modified = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    // What cargo wrote down for `make`: the program, a colon, and its sources.
    let sources = std::fs::read_to_string(target.join(format!("{name}.d"))).unwrap_or_default();
    let mut sources =
        sources.split_once(": ").map_or("", |(_, sources)| sources.trim()).split(' ').map(Path::new);
    let built = modified(&program);
    assert!(
        built.is_some() && sources.all(|source| modified(source) <= built),
        "the example is not built, or older than its source: run `cargo build --examples` with the features of this test"
    );
    program
}
