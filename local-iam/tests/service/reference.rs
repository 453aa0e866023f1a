//! The reference page, as far as it can be checked without a browser; `tests/reference-page` does it with one.

use crate::api::Api;

#[tokio::test]
async fn the_page_loads_only_from_the_service() {
    let api = Api::start().await;
    let page = reqwest::get(api.iam.reference_url()).await.unwrap();
    assert!(page.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let page = page.text().await.unwrap();
    assert!(page.contains(api.iam.base_url()));
    assert!(page.matches("://").count() == page.matches(api.iam.base_url()).count(), "{page}");
    for option in [r#""showDeveloperTools":"never""#, r#""hideClientButton":true"#, r#""telemetry":false"#] {
        assert!(page.contains(option), "{option}");
    }
    for (file, media_type) in [("reference.js", "text/javascript"), ("openapi.yaml", "application/yaml")] {
        assert!(page.contains(file));
        let response = reqwest::get(format!("{}{file}", api.iam.reference_url())).await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(media_type));
        assert!(response.bytes().await.unwrap().len() > 1000);
    }
}

#[tokio::test]
async fn no_page_may_frame_it_or_guess_at_what_it_returns() {
    let api = Api::start().await;
    for path in ["", "reference.js", "openapi.yaml", "__local/v1/seeds", "auth/oauth2/token", "none"] {
        let response = reqwest::get(format!("{}{path}", api.iam.reference_url())).await.unwrap();
        let headers = response.headers();
        assert_eq!(headers["x-frame-options"], "DENY", "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.contains("frame-ancestors 'none'") && policy.contains("default-src 'self'"),
            "{policy}"
        );
    }
    let gateway = api.request("GET", "/.well-known/jwks.json", "").send().await.unwrap();
    assert!(
        !gateway.headers().contains_key("x-frame-options"),
        "a header that the real gateway does not send"
    );
}
