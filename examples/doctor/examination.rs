//! The steps, each with what it needs from those before it.

use std::time::{Duration, SystemTime};

use affinidi_tdk_iam_client::auth::{AccessToken, PersonalAccessToken, TokenVerifier};
use affinidi_tdk_iam_client::http::HeaderMap;
use affinidi_tdk_iam_client::http::header::DATE;
use affinidi_tdk_iam_client::serde_json::{self, Value};
use affinidi_tdk_iam_client::transport::TransportResponse;
use affinidi_tdk_iam_client::{Client, Error, uuid::Uuid};

use crate::recorder::Recorder;
use crate::report::{Report, Step};
use crate::setup::{self, Addresses};
use crate::variables::{PRIVATE_KEY, PROJECT_ID, Variables};
use crate::{advice, shape};

/// As long as an attempt of a client takes at most.
const PROBE_TIMEOUT: Duration = Duration::from_secs(15);

/// The tolerance of `TokenVerifier`, and a common one of authorization servers.
const CLOCK_TOLERANCE: u64 = 10;

pub(crate) async fn examine(variables: &Variables, report: &mut Report, recorder: &Recorder) {
    let Some(addresses) = addresses(variables, report) else {
        for step in [
            Step::Key,
            Step::TokenEndpoint,
            Step::Clock,
            Step::UserToken,
            Step::ProjectToken,
            Step::Whoami,
            Step::KeySet,
            Step::Verification,
        ] {
            report.skipped(step, "needs the variables");
        }
        return;
    };
    let credential = credential(variables, report, &addresses).await;
    let endpoint = token_endpoint(report, recorder, &addresses).await;
    let mut client = addresses.client(recorder);
    if let Some(credential) = &credential {
        client = client.personal_access_token(credential.clone());
    }
    let client = match client.build() {
        Ok(client) => client,
        // The parts were checked before.
        Err(error) => return report.failed_because(Step::UserToken, &error, advice::for_call(&error)),
    };

    let credential = credential.filter(|_| endpoint.responds);
    let signed_in = user_token(report, credential.as_ref(), endpoint.clock_differs).await;
    let credential = credential.filter(|_| signed_in);
    let project_id = variables.get(PROJECT_ID);
    let project_token = project_token(report, credential.as_ref(), project_id).await;
    whoami(report, &client, signed_in).await;
    let keys = key_set(report, &client).await;
    verification(report, &client, project_id.zip(project_token), keys).await;
}

/// Says which variables are set; `None` if a step can follow from them.
fn addresses(variables: &Variables, report: &mut Report) -> Option<Addresses> {
    if let Some(name) = variables.unreadable() {
        report.failed_because(Step::Variables, format!("{name} is not valid Unicode"), "set it to text");
        return None;
    }
    if let Some((secret, file)) = variables.conflict() {
        report.failed_because(
            Step::Variables,
            format!("{secret} and {file} are both set"),
            "unset one of them",
        );
        return None;
    }
    let addresses = match Addresses::of(variables) {
        Ok(addresses) => addresses,
        Err((name, error)) => {
            let advice = format!("correct {name}, or unset it: the production service is the default");
            report.failed_because(Step::Variables, format!("{name}: {error}"), advice);
            return None;
        }
    };
    let missing = variables.missing();
    if missing.is_empty() {
        report.ok(Step::Variables, format!("{}; the service is {}", variables.summary(), addresses.base_url));
    } else {
        report.failed_because(
            Step::Variables,
            format!("not set: {}", missing.join(", ")),
            "set them to the id and the private key (PEM text) of the personal access token; the guide is \
             docs/guides/personal-access-tokens.md",
        );
    }
    Some(addresses)
}

async fn signed(
    variables: &Variables,
    addresses: &Addresses,
) -> Result<(PersonalAccessToken, AccessToken), Error> {
    let credential = setup::credential(variables, addresses)?;
    // Nothing is sent: this is the one signed text that a credential hands out.
    let trial = credential.for_project(Uuid::nil()).iota_token("doctor", "did:example:doctor", None).await?;
    Ok((credential, trial.token))
}

/// Opens the key, and signs with it.
async fn credential(
    variables: &Variables,
    report: &mut Report,
    addresses: &Addresses,
) -> Option<PersonalAccessToken> {
    if !variables.missing().is_empty() {
        report.skipped(Step::Key, "needs the variables");
        return None;
    }
    match signed(variables, addresses).await {
        Ok((credential, trial)) => {
            report.ok(Step::Key, description(&trial));
            Some(credential)
        }
        Err(error) => {
            report.failed_because(
                Step::Key,
                error,
                match variables.get(PRIVATE_KEY) {
                    Some(text) => advice::for_key(text),
                    None => advice::KEY_FILE,
                },
            );
            None
        }
    }
}

/// Type and algorithm of the key that signed.
fn description(trial: &AccessToken) -> String {
    match shape::signature(trial.secret()) {
        Some((algorithm, bytes)) if algorithm.starts_with("RS") => {
            format!("RSA of {} bits, signs {algorithm}", bytes * 8)
        }
        Some((algorithm, _)) if algorithm == "ES256" => "P-256, signs ES256".to_owned(),
        Some((algorithm, _)) if algorithm == "ES512" => "P-521, signs ES512".to_owned(),
        Some((algorithm, _)) => format!("signs {algorithm}"),
        None => "signs".to_owned(),
    }
}

/// What is known of the token endpoint.
#[derive(Clone, Copy, Default)]
struct Endpoint {
    responds: bool,
    clock_differs: bool,
}

/// Whether the endpoint responds, and what its clock says.
async fn token_endpoint(report: &mut Report, recorder: &Recorder, addresses: &Addresses) -> Endpoint {
    let url = &addresses.token_endpoint;
    let unreachable = |report: &mut Report, why: String, advice: &str| {
        report.failed_because(Step::TokenEndpoint, format!("{url}: {why}"), advice);
        report.skipped(Step::Clock, "needs the token endpoint");
        Endpoint::default()
    };
    match tokio::time::timeout(PROBE_TIMEOUT, recorder.probe(url)).await {
        Err(_) => unreachable(report, "no response in 15 s".to_owned(), advice::NETWORK),
        Ok(Err(error)) => unreachable(report, error.to_string(), advice::for_connection(&error)),
        Ok(Ok(response)) => {
            let is_one = is_token_endpoint(&response);
            if is_one {
                report.ok(Step::TokenEndpoint, format!("{url} responds"));
            } else {
                report.failed_because(
                    Step::TokenEndpoint,
                    format!("{url} responds with {}, which no token endpoint does", response.status),
                    "check TOKEN_ENDPOINT, and whether a proxy responds in its place; run this again later if the status is 5xx",
                );
            }
            Endpoint { responds: is_one, clock_differs: clock_differs(report, &response.headers) }
        }
    }
}

/// An OAuth error (RFC 6749, section 5.2), or at least a refusal of the empty form.
fn is_token_endpoint(response: &TransportResponse) -> bool {
    let body: Option<Value> = serde_json::from_slice(&response.body).ok();
    let is_oauth_error = body.is_some_and(|body| body.get("error").is_some_and(Value::is_string));
    is_oauth_error || matches!(response.status.as_u16(), 400 | 401 | 403 | 415 | 422 | 429)
}

/// Compares the clock of this machine with that of the service, in whole seconds, as the header has them.
fn clock_differs(report: &mut Report, headers: &HeaderMap) -> bool {
    let date = headers.get(DATE).and_then(|value| value.to_str().ok());
    let Some(theirs) = date.and_then(|text| httpdate::parse_http_date(text).ok()) else {
        report.skipped(Step::Clock, "the response has no Date header");
        return false;
    };
    let ours = now();
    let (seconds, direction) = match theirs.duration_since(ours) {
        Ok(ahead) => (ahead.as_secs(), "behind"),
        Err(error) => (error.duration().as_secs(), "ahead of"),
    };
    let what = format!("this machine is {seconds} s {direction} the service");
    if seconds <= CLOCK_TOLERANCE {
        report.ok(Step::Clock, what);
        return false;
    }
    report.failed_because(
        Step::Clock,
        what,
        "set the clock of this machine, or synchronize it (NTP): assertions are valid for 300 s, and tokens are checked with a \
         tolerance of 10 s",
    );
    true
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's time")]
fn now() -> SystemTime {
    SystemTime::now()
}

async fn user_token(
    report: &mut Report,
    credential: Option<&PersonalAccessToken>,
    clock_differs: bool,
) -> bool {
    let Some(credential) = credential else {
        report.skipped(Step::UserToken, "needs the key and the token endpoint");
        return false;
    };
    match credential.user_token().await {
        Ok(token) => {
            report.ok(Step::UserToken, format!("fetched{}", validity(&token)));
            true
        }
        Err(error) => {
            let advice = advice::for_user_token(&error);
            let first = if clock_differs { "set the clock first; if that does not help: " } else { "" };
            report.failed_because(Step::UserToken, &error, format!("{first}{advice}"));
            false
        }
    }
}

async fn project_token(
    report: &mut Report,
    credential: Option<&PersonalAccessToken>,
    project_id: Option<&str>,
) -> Option<AccessToken> {
    if project_id.is_none() {
        report.skipped(Step::ProjectToken, "PROJECT_ID is not set: set it to call operations of a project");
        return None;
    }
    let Some(credential) = credential else {
        report.skipped(Step::ProjectToken, "needs the user token");
        return None;
    };
    match credential.project_token().await {
        Ok(token) => {
            report.ok(Step::ProjectToken, format!("fetched{}", validity(&token)));
            Some(token)
        }
        Err(error) => {
            report.failed_because(Step::ProjectToken, &error, advice::for_project_token(&error));
            None
        }
    }
}

/// For how long the token is valid, if it says so itself.
fn validity(token: &AccessToken) -> String {
    shape::lifetime(token.secret()).map_or_else(String::new, |seconds| format!(", valid for {seconds} s"))
}

async fn whoami(report: &mut Report, client: &Client, signed_in: bool) {
    if !signed_in {
        return report.skipped(Step::Whoami, "needs the user token");
    }
    match client.sts().whoami().await {
        Ok(who) => {
            let (kind, id) =
                (shape::shortened(who.principal_type.as_str()), shape::shortened_id(&who.principal_id));
            report.ok(Step::Whoami, format!("{kind} {id}"));
        }
        Err(error) => report.failed_because(Step::Whoami, &error, advice::for_call(&error)),
    }
}

async fn key_set(report: &mut Report, client: &Client) -> bool {
    match client.well_known().get_well_known_jwks().await {
        Ok(set) => {
            let mut algorithms: Vec<_> = set.keys.iter().map(|key| shape::shortened(&key.alg)).collect();
            algorithms.sort_unstable();
            algorithms.dedup();
            report.ok(Step::KeySet, format!("{} published, for {}", set.keys.len(), algorithms.join(", ")));
            true
        }
        Err(error) => {
            report.failed_because(Step::KeySet, &error, advice::for_call(&error));
            false
        }
    }
}

/// Does what a service does that receives the token.
async fn verification(report: &mut Report, client: &Client, token: Option<(&str, AccessToken)>, keys: bool) {
    let Some((project_id, token)) = token.filter(|_| keys) else {
        return report.skipped(Step::Verification, "needs the project token and the key set");
    };
    let verified: Result<_, Error> =
        async { TokenVerifier::for_project(client, project_id)?.verify(token.secret()).await }.await;
    match verified {
        Ok(claims) => {
            let principal = shape::shortened(claims.principal().unwrap_or("somebody"));
            let project = shape::shortened(claims.project_id().unwrap_or("unknown"));
            report.ok(
                Step::Verification,
                format!("the project token is valid: {principal} in project {project}"),
            );
        }
        Err(error) => report.failed_because(Step::Verification, &error, advice::for_verification(&error)),
    }
}
