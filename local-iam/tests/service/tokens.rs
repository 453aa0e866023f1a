//! Personal access tokens: registered, read, changed, removed, by their owner only.

use serde_json::{Value, json};

use crate::api::{Api, text};
use crate::pat_token::Machine;
use crate::support::{encode, with};

async fn register(api: &Api, user: &str, name: &str) -> Value {
    let input = json!({ "name": name, "authenticationMethod": Machine::es256().method() });
    api.call_with("POST", "/v1/tokens", user, input).await.ok()
}

#[tokio::test]
async fn a_registered_token_is_read_and_listed_by_its_owner() {
    let api = Api::start().await;
    let (user_id, user) = api.other_user().await;
    let method = Machine::es256().method();
    let input = json!({ "name": "machine", "authenticationMethod": method, "description": "of the test" });
    let token = api.call_with("POST", "/v1/tokens", &user, input).await.ok();
    assert_eq!(token["ownerAri"], format!("ari:iam:::user/{user_id}"));
    assert_eq!(token["ari"], format!("ari:iam:::token/{}", text(&token, "id")));
    assert_eq!(token["authenticationMethod"], method);
    let path = format!("/v1/tokens/{}", text(&token, "id"));
    assert_eq!(api.call("GET", &path, &user).await.ok(), token);
    assert_eq!(api.call("GET", "/v1/tokens", &user).await.ok(), json!({ "tokens": [token] }));
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_nothing_else() {
    let api = Api::start().await;
    let user = api.user();
    let token = register(&api, &user, "before").await;
    let path = format!("/v1/tokens/{}", text(&token, "id"));
    let renamed = api.call_with("PATCH", &path, &user, json!({ "name": "after" })).await.ok();
    assert_eq!(renamed, with(&token, "name", json!("after")));
    assert_eq!(api.call_with("PATCH", &path, &user, json!({})).await.ok(), renamed);
    let keys = json!({ "publicKeyInfo": { "jwksUri": "https://example.com/jwks.json" } });
    let moved = api.call_with("PATCH", &path, &user, json!({ "authenticationMethod": keys })).await.ok();
    assert_eq!(moved["authenticationMethod"]["publicKeyInfo"], keys["publicKeyInfo"]);
    assert_eq!(moved["authenticationMethod"]["signingAlgorithm"], "ES256");
    let mismatch = api
        .call_with("PATCH", &path, &user, json!({ "authenticationMethod": Machine::es256().method() }))
        .await;
    mismatch.ok();
    let only_algorithm = json!({ "authenticationMethod": { "signingAlgorithm": "RS256" } });
    let reply = api.call_with("PATCH", &path, &user, only_algorithm).await;
    reply.refused(400, "InvalidParameterError", Some("authenticationMethod.publicKeyInfo.jwks.keys[0].alg"));
}

#[tokio::test]
async fn tokens_of_others_are_forbidden_and_unknown_ones_not_found() {
    let api = Api::start().await;
    let (_, stranger) = api.other_user().await;
    let token = register(&api, &api.user(), "mine").await;
    let paths = [text(&token, "id"), uuid::Uuid::nil().to_string()].map(|id| format!("/v1/tokens/{id}"));
    for (path, status, name) in [(&paths[0], 403, "ActionForbiddenError"), (&paths[1], 404, "NotFoundError")]
    {
        api.call("GET", path, &stranger).await.refused(status, name, None);
        api.call("DELETE", path, &stranger).await.refused(status, name, None);
        api.call_with("PATCH", path, &stranger, json!({ "name": "theirs" }))
            .await
            .refused(status, name, None);
        api.call("GET", &format!("{path}/projects"), &stranger).await.refused(status, name, None);
    }
    let reply = api.call("GET", "/v1/tokens/not-a-uuid", &stranger).await;
    reply.refused(400, "InvalidParameterError", Some("tokenId"));
    api.call("GET", &paths[0], &api.user()).await.ok();
}

#[tokio::test]
async fn the_projects_of_a_token_come_with_its_policies() {
    let api = Api::start().await;
    let seeds = api.iam.seeds();
    let path = format!("/v1/tokens/{}/projects", seeds.token_id());
    let list = api.call("GET", &path, &api.user()).await.ok();
    let project = &list["projects"][0];
    assert_eq!((&project["id"], &project["name"]), (&json!(seeds.project_id()), &json!("local")));
    assert_eq!(project["policy"]["principalId"], format!("token/{}", seeds.token_id()));
    assert_eq!(project["policy"]["statement"][0]["action"], json!(["*"]));
}

#[tokio::test]
async fn a_deleted_token_is_gone_with_its_memberships_and_the_tokens_it_registered() {
    let api = Api::start().await;
    let (user, seeds) = (api.user(), api.iam.seeds());
    let machine = Machine::seeded(&api);
    let machine_token = machine.user_token(&api).await;
    let child = register(&api, &machine_token, "child").await;
    assert_eq!(child["ownerAri"], format!("ari:iam:::token/{}", seeds.token_id()));

    let path = format!("/v1/tokens/{}", seeds.token_id());
    assert_eq!(api.call("DELETE", &path, &user).await.status, 204);
    api.call("GET", &path, &user).await.refused(404, "NotFoundError", None);
    let child = format!("/v1/tokens/{}", text(&child, "id"));
    api.call("GET", &child, &user).await.refused(404, "NotFoundError", None);
    let records = api.call("GET", "/v1/projects/principals", &api.project().await).await.ok();
    assert_eq!(records["records"], json!([{ "principalId": format!("user/{}", seeds.user_id()) }]));
    // An access token it got before is worthless now.
    let who = api.call("GET", "/v1/sts/whoami", &machine_token).await;
    who.refused(401, "InvalidJwtTokenError", None);
}

#[tokio::test]
async fn an_rsa_key_below_2048_bits_is_refused() {
    let api = Api::start().await;
    for (modulus, status) in [(vec![0x7f; 256], 400), (vec![0xff; 255], 400), (vec![0xff; 256], 200)] {
        let key = json!({ "kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k", "e": "AQAB", "n": encode(modulus) });
        let method = json!({
            "type": "PRIVATE_KEY", "signingAlgorithm": "RS256", "publicKeyInfo": { "jwks": { "keys": [key] } },
        });
        let input = json!({ "name": "machine", "authenticationMethod": method });
        let reply = api.call_with("POST", "/v1/tokens", &api.user(), input).await;
        if status == 200 {
            reply.ok();
        } else {
            reply.refused(
                400,
                "InvalidParameterError",
                Some("authenticationMethod.publicKeyInfo.jwks.keys[0].n"),
            );
        }
    }
}

#[tokio::test]
async fn keys_that_could_never_verify_are_refused() {
    let api = Api::start().await;
    let method = Machine::es256().method();
    let key = "/authenticationMethod/publicKeyInfo/jwks/keys/0";
    let field = |field: &str| format!("authenticationMethod.publicKeyInfo.jwks.keys[0].{field}");
    let (gateway, service) = ("BadRequestError", "InvalidParameterError");
    let info = "/authenticationMethod/publicKeyInfo";
    let cases = [
        (format!("{key}/x"), json!("AAAA"), service, field("x")),
        (format!("{key}/y"), json!("AAAA"), service, field("y")),
        (format!("{key}/crv"), json!("P-521"), service, field("crv")),
        (format!("{key}/kty"), json!("RSA"), service, field("kty")),
        (format!("{key}/alg"), json!("RS256"), service, field("alg")),
        (format!("{key}/use"), json!("enc"), service, field("use")),
        (format!("{key}/kid"), json!(1), gateway, field("kid")),
        (
            "/authenticationMethod/signingAlgorithm".into(),
            json!("none"),
            gateway,
            "authenticationMethod.signingAlgorithm".into(),
        ),
        ("/authenticationMethod/type".into(), json!("SECRET"), gateway, "authenticationMethod.type".into()),
        (info.into(), json!({}), gateway, "authenticationMethod.publicKeyInfo".into()),
        (info.into(), json!(null), gateway, "authenticationMethod.publicKeyInfo".into()),
        (
            info.into(),
            json!({ "jwks": { "keys": [] }, "jwksUri": "https://example.com" }),
            gateway,
            "authenticationMethod.publicKeyInfo".into(),
        ),
        (
            info.into(),
            json!({ "jwks": { "keys": [] } }),
            gateway,
            "authenticationMethod.publicKeyInfo.jwks.keys".into(),
        ),
        (
            info.into(),
            json!({ "jwksUri": "http://example.com/jwks.json" }),
            service,
            "authenticationMethod.publicKeyInfo.jwksUri".into(),
        ),
        ("/name".into(), json!("ab"), gateway, "name".into()),
    ];
    for (pointer, value, name, field) in cases {
        let mut input = json!({ "name": "machine", "authenticationMethod": method });
        *input.pointer_mut(&pointer).unwrap() = value;
        let reply = api.call_with("POST", "/v1/tokens", &api.user(), input).await;
        reply.refused(400, name, Some(&field));
    }
}
