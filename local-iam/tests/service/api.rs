//! A client of the contracts' operations that checks every response against its contract. A path is that of an operation of IAM,
//! unless it begins with that of the consumer IAM.

use affinidi_iam_local::{Clock, LocalIam, LocalIamBuilder};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

use crate::contract;
use crate::support::{Consumer, assert_error, fixed_clock, gateway};

pub struct Api {
    pub iam: LocalIam,
    pub clock: Clock,
    client: Client,
}

#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub body: Value,
    pub headers: reqwest::header::HeaderMap,
}

impl Reply {
    pub fn ok(self) -> Value {
        assert!(self.status < 300, "{self:?}");
        self.body
    }

    /// Asserts a refusal; `field` is what its details must name, if anything.
    pub fn refused(self, status: u16, name: &str, field: Option<&str>) {
        assert_error(self.status, &self.headers, &self.body, (status, name, field));
    }
}

impl Api {
    pub async fn start() -> Self {
        Self::start_with(|builder| builder).await
    }

    pub async fn start_with(configure: impl FnOnce(LocalIamBuilder) -> LocalIamBuilder) -> Self {
        let clock = fixed_clock();
        let builder = configure(LocalIam::builder().clock(clock.clone()));
        Self { iam: builder.start().await.unwrap(), clock, client: Client::new() }
    }

    pub fn request(&self, method: &str, path: &str, token: &str) -> RequestBuilder {
        let url = match path.starts_with(contract::CONSUMER_IAM) {
            true => format!("{}{path}", gateway(&self.iam)),
            false => format!("{}{path}", self.iam.base_url()),
        };
        let request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        if token.is_empty() { request } else { request.header("authorization", token) }
    }

    pub async fn send(&self, method: &str, path: &str, request: RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() };
        contract::assert_response(method, path, status, &body);
        Reply { status, body, headers }
    }

    /// Calls without a body; an empty token sends none.
    pub async fn call(&self, method: &str, path: &str, token: &str) -> Reply {
        self.send(method, path, self.request(method, path, token)).await
    }

    pub async fn call_with(&self, method: &str, path: &str, token: &str, body: Value) -> Reply {
        self.send(method, path, self.request(method, path, token).json(&body)).await
    }

    /// A call of the management API.
    pub async fn manage(&self, method: &str, path: &str, body: Value) -> Value {
        let url = format!("{}{path}", self.iam.management_url());
        let request = self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), url);
        let request = if body.is_null() { request } else { request.json(&body) };
        let text = request.send().await.unwrap().error_for_status().unwrap().text().await.unwrap();
        if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap() }
    }

    /// A token of the seeded user.
    pub fn user(&self) -> String {
        self.iam.user_token().unwrap()
    }

    /// A new user and a token of it.
    pub async fn other_user(&self) -> (String, String) {
        let id = self.manage("POST", "/users", json!({})).await["id"].as_str().unwrap().to_owned();
        let minted = self.manage("POST", "/user-tokens", json!({ "userId": id })).await;
        (id, minted["accessToken"].as_str().unwrap().to_owned())
    }

    /// A token of the seeded user for the seeded project.
    pub async fn project(&self) -> String {
        self.project_token(&self.user(), &self.iam.seeds().project_id().to_string()).await.ok()["accessToken"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn project_token(&self, user: &str, project_id: &str) -> Reply {
        let body = json!({ "projectId": project_id });
        self.call_with("POST", "/v1/sts/create-project-scoped-token", user, body).await
    }

    pub async fn consumer(&self, consumer: &Consumer) -> String {
        let body = consumer.input(&self.iam);
        let output = self.call_with("POST", "/v1/consumer/oauth2/token", "", body).await.ok();
        output["access_token"].as_str().unwrap().to_owned()
    }
}

/// The field `name` of `body`, as text.
pub fn text(body: &Value, name: &str) -> String {
    body[name].as_str().unwrap_or_else(|| panic!("no {name} in {body}")).to_owned()
}
