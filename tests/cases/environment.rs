//! Environment variables as they arrive.

use affinidi_iam_local::LocalIam;
use affinidi_tdk_iam_client::Client;
use affinidi_tdk_iam_client::auth::PersonalAccessToken;

use crate::support::*;

/// A P-256 key that this passphrase opens: what `openssl pkcs8 -topk8 -v2 aes-256-cbc` makes.
const ENCRYPTED_KEY: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgqONI8ss/wzwICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEMOfJt0dAjwTVnT127z1ipoEgZA4
KagbKiupYBTK+0hZFRfHsItA6rCkEjA3v5gqZaHUBuAkAypcmB0np3lFnrzp9N5a
U+vhVVCoBej0/y3vYaEajsqY9lnfBjejdCn2czddh64wjXHMFSDi3h9662k5F4Kh
wQTMv9ROIRQn325wlMS1p+OFxq7kWaa9mQw6HguiuRdu+shZROKCw7azYuftTec=
-----END ENCRYPTED PRIVATE KEY-----
";
const PASSPHRASE: &str = "opensesame";

// Tried: each variable of `Client::from_env` with a line feed, a carriage return or a space at its end, as mounted files and
// `echo` leave it.
// Expected: it works, or `from_env` fails with `is_configuration` and names the variable.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn white_space_at_the_end_of_a_variable_does_no_harm() {
    if child().is_some() {
        let client = match Client::from_env() {
            Ok(client) => client,
            Err(error) => return println!("SAID from_env {} {error}", error.is_configuration()),
        };
        say("user token", client.sts().whoami().await.map(|_| ()));
        return say("project token", client.projects().list_principals_of_project().await.map(|_| ()));
    }
    let iam = LocalIam::start().await.unwrap();
    let seeds = iam.seeds();
    let good = [
        ("TOKEN_ID", seeds.token_id().to_string()),
        ("PROJECT_ID", seeds.project_id().to_string()),
        ("KEY_ID", seeds.token_id().to_string()),
        ("PRIVATE_KEY", seeds.private_key_pem().to_owned()),
        ("API_GATEWAY_URL", iam.base_url().trim_end_matches("/iam").to_owned()),
        ("TOKEN_ENDPOINT", iam.token_endpoint()),
        ("AFFINIDI_TDK_ENVIRONMENT", "dev".to_owned()),
    ];
    let mut failures = vec![];
    let mut check = |name: &str, space: &str, variables: &[(&str, String)]| {
        let said = tokio::task::block_in_place(|| {
            again("white_space_at_the_end_of_a_variable_does_no_harm", "1", variables)
        });
        let works = said.contains("SAID user token Ok") && said.contains("SAID project token Ok");
        let names = said.lines().any(|line| line.starts_with("SAID from_env true") && line.contains(name));
        if !works && !names {
            failures.push(format!("{name} with {space:?}: {}", said.replace('\n', " ")));
        }
    };
    check("nothing", "", &good);
    for n in 0..good.len() {
        for space in ["\n", "\r", "\r\n", " "] {
            let mut variables = good.clone();
            variables[n].1.push_str(space);
            check(good[n].0, space, &variables);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

// Tried: the passphrase of an encrypted key with a line end behind it.
// Expected: the key opens: the passphrase is tried as given, then without one line end.
#[test]
fn a_line_end_behind_the_passphrase_does_no_harm() {
    if child().is_some() {
        return say("built", PersonalAccessToken::from_env().map(|_| ()));
    }
    let mut failures = vec![];
    for end in ["", "\n", "\r\n"] {
        let variables = [
            ("TOKEN_ID", uuid(1)),
            ("PRIVATE_KEY", ENCRYPTED_KEY.to_owned()),
            ("PASSPHRASE", format!("{PASSPHRASE}{end}")),
        ];
        let said = again("a_line_end_behind_the_passphrase_does_no_harm", "1", &variables);
        if !said.contains("SAID built Ok") {
            failures.push(format!("{end:?}: {said}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
