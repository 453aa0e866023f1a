//! What is written by hand for models: mistakes do not compile or are refused, and the wire format stays that of the contract.

use affinidi_tdk_iam_client::models::{
    AddUserToProjectInput, ConsumerAuthTokenEndpointOutput, GrantAccessInput, GrantAccessOutput,
    JsonWebKeyDto, PolicyDto, PolicyStatementDto, PrincipalType, ProjectDto, RightsEnum, SigningAlgorithm,
    UpdateAccessInput, UpdateAccessOutput, UserDto, WhoamiDto,
};
use affinidi_tdk_iam_client::{Ari, Client, auth};
use serde_json::{Value, json};

use crate::support::server::{Server, json_answer};

const X: &str = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
const Y: &str = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

#[test]
fn a_key_of_an_elliptic_curve_is_written_as_rfc_7518_has_it() {
    let key = JsonWebKeyDto::ec("k", SigningAlgorithm::Es256, X, Y).unwrap();
    let expected =
        json!({ "kid": "k", "kty": "EC", "crv": "P-256", "x": X, "y": Y, "alg": "ES256", "use": "sig" });
    assert_eq!(serde_json::to_value(key).unwrap(), expected);

    let coordinate = "A".repeat(88);
    let key = JsonWebKeyDto::ec("k", SigningAlgorithm::Es512, &coordinate, &coordinate).unwrap();
    assert_eq!((key.crv.as_deref(), key.alg.as_str()), (Some("P-521"), "ES512"));
}

#[test]
fn a_key_of_rsa_is_written_as_rfc_7518_has_it() {
    let n = "u".repeat(342);
    let key = JsonWebKeyDto::rsa("k", SigningAlgorithm::Rs512, &n, "AQAB").unwrap();
    let expected = json!({ "kid": "k", "kty": "RSA", "n": n, "e": "AQAB", "alg": "RS512", "use": "sig" });
    assert_eq!(serde_json::to_value(key).unwrap(), expected);
}

#[test]
fn a_key_whose_fields_do_not_fit_each_other_is_refused() {
    use SigningAlgorithm::{Es256, Es512, Rs256, Unknown};
    let (n, padded, classic) = ("u".repeat(342), format!("{X}="), X.replace('M', "+"));
    let of_rsa = |kid: &str, algorithm, n: &str, e: &str| JsonWebKeyDto::rsa(kid, algorithm, n, e);
    let of_curve = |kid: &str, algorithm, x: &str, y: &str| JsonWebKeyDto::ec(kid, algorithm, x, y);
    for refused in [
        of_curve("", Es256, X, Y),
        of_curve("k", Rs256, X, Y),
        of_curve("k", Es512, X, Y),
        of_curve("k", Unknown("ES256".into()), X, Y),
        of_curve(X, Es256, Y, "k"),
        of_curve("k", Es256, "P-256", X),
        of_curve("k", Es256, &padded, Y),
        of_curve("k", Es256, X, &classic),
        of_curve("k", Es256, "", ""),
        of_rsa("", Rs256, &n, "AQAB"),
        of_rsa("k", Es256, &n, "AQAB"),
        of_rsa("k", Rs256, "AQAB", &n),
        of_rsa("k", Rs256, &n, &n),
        of_rsa("k", Rs256, &n, ""),
        of_rsa("k", Rs256, &n, "AQAB=="),
        of_rsa("k", Rs256, &n.replace("uu", "u\n"), "AQAB"),
        of_rsa("k", Rs256, &"u".repeat(341), "AQAB"),
    ] {
        let error = refused.unwrap_err();
        assert!(error.is_invalid_input(), "{error}");
        assert!(!format!("{error} {error:?}").contains(X), "{error}");
    }
}

#[test]
fn a_statement_that_allows_is_written_as_the_contract_has_it() {
    let machine = Ari::of_principal(PrincipalType::Token, "t").unwrap().in_project("p").unwrap();
    let everything = Ari::new("iam", "*").unwrap().in_project("p").unwrap();
    let resources = [String::from(&everything), "*".to_owned()];
    let statement = PolicyStatementDto::allow(["cis:startIssuance", "*"], [&machine], resources);
    let policy = PolicyDto::new(PolicyDto::VERSION, [statement]);
    let expected = json!({
        "version": "2022-12-15",
        "statement": [{
            "action": ["cis:startIssuance", "*"],
            "effect": "Allow",
            "principal": ["ari:iam::p:token/t"],
            "resource": ["ari:iam::p:*", "*"],
        }],
    });
    assert_eq!(serde_json::to_value(policy).unwrap(), expected);
}

#[test]
fn a_principal_is_read_from_the_text_of_a_listing_or_not_at_all() {
    for (text, principal) in [
        ("user/u", Some((PrincipalType::User, "u"))),
        ("token/t", Some((PrincipalType::Token, "t"))),
        ("robot/r", Some((PrincipalType::Unknown("robot".into()), "r"))),
        ("User/u", Some((PrincipalType::Unknown("User".into()), "u"))),
        ("u", None),
        ("", None),
        ("/", None),
        ("user/", None),
        ("/u", None),
        ("user/user/u", None),
        ("token/t/client/c", None),
    ] {
        assert_eq!(UserDto::new(text).principal(), principal, "{text}");
        let policy = PolicyDto::new(PolicyDto::VERSION, Vec::<PolicyStatementDto>::new());
        assert_eq!(policy.principal(), None);
        assert_eq!(policy.with_principal_id(text).principal(), principal, "{text}");
        let project = ProjectDto::new("p", "demo");
        assert_eq!(project.owner(), None);
        assert_eq!(project.with_owner_id(text).owner(), principal, "{text}");
    }
}

#[test]
fn a_principal_type_that_is_not_known_survives_a_round_trip() {
    for kind in ["user", "token", "robot", "User", "", "a \"quoted\" one"] {
        let body = json!({ "principalId": "1", "principalType": kind });
        let who: WhoamiDto = serde_json::from_value(body.clone()).unwrap();
        assert_eq!(who.principal_type, kind);
        assert_eq!(serde_json::to_value(&who).unwrap(), body);
        assert_eq!(serde_json::to_value(AddUserToProjectInput::new("1", kind)).unwrap(), body);
        assert_eq!(
            matches!(who.principal_type, PrincipalType::Unknown(_)),
            !["user", "token"].contains(&kind)
        );
    }
    for other in [Value::Null, json!(1), json!(["user"])] {
        let body = json!({ "principalId": "1", "principalType": other });
        assert!(serde_json::from_value::<WhoamiDto>(body).is_err(), "{other}");
    }
}

#[test]
fn what_was_not_done_is_an_error_when_success_is_ensured() {
    UpdateAccessOutput::new(true).ensure_success().unwrap();
    GrantAccessOutput::new(true).ensure_success().unwrap();
    for error in [
        UpdateAccessOutput::new(false).ensure_success().unwrap_err(),
        GrantAccessOutput::new(false).ensure_success().unwrap_err(),
    ] {
        assert!(error.is_unsuccessful() && !error.is_retryable() && !error.is_status(), "{error}");
        assert!(error.to_string().contains("`success: false`"), "{error}");
    }
}

#[tokio::test]
async fn an_update_that_the_local_service_did_not_make_is_an_error_when_success_is_ensured() {
    let iam = affinidi_iam_local::LocalIam::start().await.unwrap();
    let consumer = auth::ConsumerCredential::builder()
        .signer(auth::DidKeySigner::generate(auth::Algorithm::Es256).unwrap())
        .build()
        .unwrap();
    let client = Client::builder().base_url(iam.base_url()).consumer_credential(consumer).build().unwrap();
    let (authz, grantee) = (client.authz(), "did:key:zDnaeunjjLffJRYCChUTu3PMfooVqQW9mx2Pe9cu5miKxsz2z");
    let update = || authz.update_access_vfs(grantee, UpdateAccessInput::new([RightsEnum::VfsRead]));

    let error = update().await.unwrap().ensure_success().unwrap_err();
    assert!(error.is_unsuccessful(), "{error}");
    let input = GrantAccessInput::new(grantee, [RightsEnum::VfsWrite]);
    authz.grant_access_vfs(input).await.unwrap().ensure_success().unwrap();
    update().await.unwrap().ensure_success().unwrap();
}

#[tokio::test]
async fn an_option_sets_an_optional_parameter_or_leaves_it_as_it_is() {
    let server = Server::answering(json_answer(200, &json!({ "projects": [] }))).await;
    let client = server.client();
    let list = || client.projects().list_project();
    let (absent, cursor) = (None::<String>, Some("c"));
    list().maybe_limit(None).maybe_exclusive_start_key(absent.as_deref()).await.unwrap();
    list().maybe_limit(Some(2)).maybe_exclusive_start_key(cursor).await.unwrap();
    list()
        .limit(3)
        .exclusive_start_key("d")
        .maybe_limit(None)
        .maybe_exclusive_start_key(absent)
        .await
        .unwrap();
    assert!(list().maybe_limit(Some(101)).await.unwrap_err().is_invalid_input());
    let targets: Vec<_> = server.take_requests().into_iter().map(|request| request.target).collect();
    let path = "/iam/v1/projects";
    assert_eq!(
        targets,
        [
            path.to_owned(),
            format!("{path}?limit=2&exclusiveStartKey=c"),
            format!("{path}?limit=3&exclusiveStartKey=d")
        ]
    );
}

#[test]
fn an_empty_list_of_objects_needs_no_type() {
    assert_eq!(PolicyDto::new(PolicyDto::VERSION, []).statement, []);
}

#[test]
fn values_of_an_enum_can_be_sorted() {
    let kinds = std::collections::BTreeSet::from([PrincipalType::User, "token".into(), "user".into()]);
    assert_eq!(kinds.len(), 2);
}

#[test]
fn an_id_token_is_made_from_text() {
    let output = ConsumerAuthTokenEndpointOutput::new().with_id_token("e30.e30.e30".into());
    assert_eq!(
        output.id_token.and_then(|token| token.as_str().map(str::to_owned)).as_deref(),
        Some("e30.e30.e30")
    );
}
