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
    for (file, media_type) in [("reference.js", "text/javascript"), ("openapi.yaml", "application/yaml")] {
        assert!(page.contains(file));
        let response = reqwest::get(format!("{}{file}", api.iam.reference_url())).await.unwrap();
        assert_eq!(response.status(), 200);
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with(media_type));
        assert!(response.bytes().await.unwrap().len() > 1000);
    }
}
