//! The call sites that people outside the project write against: they compile and work as written in the design.

use std::time::Duration;

use affinidi_tdk_iam_client::{Client, Environment, Error, Region, apis, auth, models};

use crate::support::contract::OPERATIONS;
use crate::support::server::{Server, json_answer};

/// A server with the contract's answer to `id`, and a client of it.
async fn service(id: &str) -> (Server, Client) {
    let (status, content) = OPERATIONS[id].success();
    let server = Server::answering(json_answer(
        status,
        &content.map_or_else(Default::default, |c| c["example"].clone()),
    ))
    .await;
    let client = server.client();
    (server, client)
}

#[test]
fn clients_are_built() -> Result<(), Error> {
    let client = Client::new()?;
    assert_eq!(client.base_url().as_str(), "https://apse1.api.affinidi.io/iam");
    let client = Client::builder().base_url("http://127.0.0.1:8080/iam").build()?;
    assert_eq!(client.base_url().as_str(), "http://127.0.0.1:8080/iam");
    let client = Client::builder().environment(Environment::Development).region(Region::Use1).build()?;
    assert_eq!(client.base_url().as_str(), "https://use1.dev.api.affinidi.io/iam");
    Client::builder().user_token(auth::StaticToken::new("2YotnFZFEjr1zCsicMWpAA")).build()?;
    Ok(())
}

#[tokio::test]
async fn the_main_job() -> Result<(), Error> {
    let (_server, client) = service("consumerAuthTokenEndpoint").await;
    let (assertion, did) =
        ("eyJhbGciOiJFUzI1NiJ9.e30.c2ln", "did:key:zDnaeunjjLffJRYCChUTu3PMfooVqQW9mx2Pe9cu5miKxsz2z");
    let input = models::ConsumerAuthTokenEndpointInput::new(
        models::GrantType::ClientCredentials,
        models::ClientAssertionType::JwtBearer,
        assertion,
    )
    .with_client_id(did);
    let output: models::ConsumerAuthTokenEndpointOutput =
        client.consumer_auth().consumer_auth_token_endpoint(input).await?;
    println!("{:?} for {:?} s", output.token_type, output.expires_in);
    assert_eq!((output.token_type.as_deref(), output.expires_in), (Some("bearer"), Some(3600)));
    assert_eq!(output.lifetime(), Some(Duration::from_secs(3600)));
    Ok(())
}

#[tokio::test]
async fn operations_are_builders_named_after_them() -> Result<(), Error> {
    let (_server, client) = service("listProject").await;
    let page: models::ProjectList = client.projects().list_project().limit(50).await?;
    assert_eq!(page, client.projects().list_project().limit(50).send().await?);

    let (_server, client) = service("createProject").await;
    let project = client.projects().create_project(models::CreateProjectInput::new("demo")).await?;
    assert!(!project.name.is_empty());

    let (_server, client) = service("deletePrincipalFromProject").await;
    let principal_id = "6ccd0a2e-e135-4037-b399-00039b362034";
    client.projects().delete_principal_from_project(principal_id, models::PrincipalType::Token).await?;
    Ok(())
}

#[tokio::test]
async fn whole_collections_are_streams() -> Result<(), Error> {
    let (server, client) = service("listProject").await;
    let last_page = serde_json::json!({ "projects": [{ "id": "p", "name": "demo" }] });
    server.will_answer(json_answer(200, &last_page));
    let mut projects = client.projects().list_project().into_stream();
    let mut names = Vec::new();
    while let Some(project) = projects.try_next().await? {
        names.push(project.name);
    }
    assert_eq!(names, ["demo"]);
    Ok(())
}

#[tokio::test]
async fn status_headers_and_trace_id_when_wanted() -> Result<(), Error> {
    let (_server, client) = service("whoami").await;
    let response =
        client.sts().whoami().timeout(Duration::from_secs(2)).header("x-debug", "1").with_response().await?;
    let (status, trace_id) = (response.status(), response.trace_id());
    assert_eq!((status.as_u16(), trace_id), (200, None));
    let who: models::WhoamiDto = response.into_inner();
    assert_eq!(who.principal_type, "token");
    Ok(())
}

#[tokio::test]
async fn errors_are_asked_by_predicates() {
    let (server, client) = service("getToken").await;
    server.will_answer(json_answer(404, &serde_json::json!({ "name": "NotFoundError", "traceId": "t" })));
    let token_id = "6ccd0a2e-e135-4037-b399-00039b362034".parse().unwrap();
    match client.tokens().get_token(token_id).await {
        Err(error) if error.is_not_found() => assert_eq!(error.trace_id(), Some("t")),
        Err(error) => panic!("{error} (status {:?}, trace {:?})", error.status(), error.trace_id()),
        Ok(token) => panic!("{token:?}"),
    }
}

#[test]
fn every_group_of_operations_has_its_accessor() -> Result<(), Error> {
    let client = Client::new()?;
    let _: apis::AuthzApi = client.authz();
    let _: apis::ConsumerAuthApi = client.consumer_auth();
    let _: apis::DefaultApi = client.default_api();
    let _: apis::PoliciesApi = client.policies();
    let _: apis::ProjectsApi = client.projects();
    let _: apis::StsApi = client.sts();
    let _: apis::TokensApi = client.tokens();
    let _: apis::WellKnownApi = client.well_known();
    Ok(())
}

#[tokio::test]
async fn errors_go_wherever_errors_go() {
    async fn ask(client: &Client) -> Result<models::WhoamiDto, Box<dyn std::error::Error + Send + Sync>> {
        Ok(client.sts().whoami().await?)
    }

    let error = ask(&Client::new().unwrap()).await.unwrap_err();
    assert!(error.downcast_ref::<Error>().unwrap().is_missing_token());
}

#[test]
fn values_are_plain_data() {
    fn plain<T: Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static>(value: &T) -> T {
        value.clone()
    }

    let token = auth::AccessToken::new("token").unwrap();
    assert_eq!(plain(&token), token);
    let key = models::JsonWebKeyDto::new("k", "EC", "ES256", "sig").with_crv("P-256");
    let keys = models::JsonWebKeySetDto::new([plain(&key)]);
    let jwks = models::TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwks::new(plain(&keys));
    let method = models::TokenPrivateKeyAuthenticationMethodDto::new(
        models::AuthenticationMethodType::PrivateKey,
        models::SigningAlgorithm::Es256,
        jwks.into(),
    );
    let input = models::CreateTokenInput::new("ci", plain(&method)).with_description("builds");
    assert_eq!(input.authentication_method, method);
    let input = models::GrantAccessInput::new("did:key:z", [models::RightsEnum::VfsRead, "vfs-admin".into()]);
    assert_eq!(input.rights[1], models::RightsEnum::Unknown("vfs-admin".into()));
}

#[test]
fn credentials_are_built_and_given_to_clients() -> Result<(), Error> {
    let (token_id, project_id) =
        ("6ccd0a2e-e135-4037-b399-00039b362034", "e30f4404-b898-45f1-903e-80af808ad60c");
    let pem = include_str!("../auth/keys/rsa-pbkdf2-sha256-aes256.pem");
    let pat = auth::PersonalAccessToken::builder()
        .token_id(token_id)
        .project_id(project_id)
        .private_key_pem(pem)
        .passphrase("opensesame")
        .build()?;
    let client = Client::builder().personal_access_token(pat).build()?;
    assert!(format!("{client:?}").contains("user_token: true"));

    let client = Client::builder().user_token(auth::StaticToken::new("…")).build()?;
    assert!(format!("{client:?}").contains("project_token: false"));

    let pem = include_str!("../auth/keys/p256.pem");
    let consumer = auth::ConsumerCredential::builder().signer(auth::DidKeySigner::from_pem(pem)?).build()?;
    let client = Client::builder().consumer_credential(consumer).build()?;
    assert!(format!("{client:?}").contains("consumer_token: true"));
    Ok(())
}

#[tokio::test]
async fn the_local_service_serves_a_users_own_test() -> Result<(), Box<dyn std::error::Error>> {
    let iam = affinidi_iam_local::LocalIam::start().await?;
    let client = Client::builder().base_url(iam.base_url()).build()?;
    assert_eq!(client.well_known().get_well_known_jwks().await?.keys[0].alg, "ES256");
    Ok(())
}
