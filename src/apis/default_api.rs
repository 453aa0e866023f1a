// Generated from openapi.yaml: change the contract or a template, then run openapi-generator/generate.py.

//! Proxies that pass requests to the services behind the gateway and return their raw responses.

use http::Method;

use crate::call::{Operation, RawBody, Request, raw, request_builder};
use crate::client::Client;

/// Proxies that pass requests to the services behind the gateway and return their raw responses.
///
/// Obtained from [`Client::default_api`](crate::client::Client::default_api). Every method returns a request builder; awaiting it sends the request.
#[derive(Clone, Debug)]
pub struct DefaultApi {
    client: Client,
}

impl DefaultApi {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Send a DELETE request to the authorization service.
    ///
    /// Sends a `DELETE` request to the authorization service behind the gateway and returns its raw response, in any media type. The path after `/v1/auth/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1AuthProxyDelete`: `DELETE /v1/auth/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1AuthProxyDelete::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1AuthProxyDelete")]
    pub fn v1_auth_proxy_delete(&self, proxy: impl AsRef<str>) -> V1AuthProxyDelete {
        static OPERATION: Operation = Operation {
            name: "v1AuthProxyDelete",
            method: Method::DELETE,
            path: "/v1/auth/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1AuthProxyDelete {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a GET request to the authorization service.
    ///
    /// Sends a `GET` request to the authorization service behind the gateway and returns its raw response, in any media type. The path after `/v1/auth/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1AuthProxyGet`: `GET /v1/auth/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1AuthProxyGet::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1AuthProxyGet")]
    pub fn v1_auth_proxy_get(&self, proxy: impl AsRef<str>) -> V1AuthProxyGet {
        static OPERATION: Operation = Operation {
            name: "v1AuthProxyGet",
            method: Method::GET,
            path: "/v1/auth/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1AuthProxyGet {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a PATCH request to the authorization service.
    ///
    /// Sends a `PATCH` request, with the body as given, to the authorization service behind the gateway and returns its raw response, in any media type. The path after `/v1/auth/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1AuthProxyPatch`: `PATCH /v1/auth/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1AuthProxyPatch::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    /// - [`body`](V1AuthProxyPatch::body), optional: What the authorization service expects for this path, in any media type; may be absent.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1AuthProxyPatch")]
    pub fn v1_auth_proxy_patch(&self, proxy: impl AsRef<str>) -> V1AuthProxyPatch {
        static OPERATION: Operation = Operation {
            name: "v1AuthProxyPatch",
            method: Method::PATCH,
            path: "/v1/auth/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1AuthProxyPatch {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a POST request to the authorization service.
    ///
    /// Sends a `POST` request, with the body as given, to the authorization service behind the gateway and returns its raw response, in any media type. The path after `/v1/auth/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1AuthProxyPost`: `POST /v1/auth/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1AuthProxyPost::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    /// - [`body`](V1AuthProxyPost::body), optional: What the authorization service expects for this path, in any media type; may be absent.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1AuthProxyPost")]
    pub fn v1_auth_proxy_post(&self, proxy: impl AsRef<str>) -> V1AuthProxyPost {
        static OPERATION: Operation = Operation {
            name: "v1AuthProxyPost",
            method: Method::POST,
            path: "/v1/auth/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1AuthProxyPost {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a PUT request to the authorization service.
    ///
    /// Sends a `PUT` request, with the body as given, to the authorization service behind the gateway and returns its raw response, in any media type. The path after `/v1/auth/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1AuthProxyPut`: `PUT /v1/auth/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1AuthProxyPut::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    /// - [`body`](V1AuthProxyPut::body), optional: What the authorization service expects for this path, in any media type; may be absent.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1AuthProxyPut")]
    pub fn v1_auth_proxy_put(&self, proxy: impl AsRef<str>) -> V1AuthProxyPut {
        static OPERATION: Operation = Operation {
            name: "v1AuthProxyPut",
            method: Method::PUT,
            path: "/v1/auth/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1AuthProxyPut {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a DELETE request to the identity provider.
    ///
    /// Sends a `DELETE` request to the identity provider behind the gateway and returns its raw response, whatever its status and media type. The path after `/v1/idp/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1IdpProxyDelete`: `DELETE /v1/idp/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1IdpProxyDelete::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1IdpProxyDelete")]
    pub fn v1_idp_proxy_delete(&self, proxy: impl AsRef<str>) -> V1IdpProxyDelete {
        static OPERATION: Operation = Operation {
            name: "v1IdpProxyDelete",
            method: Method::DELETE,
            path: "/v1/idp/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1IdpProxyDelete {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a GET request to the identity provider.
    ///
    /// Sends a `GET` request to the identity provider behind the gateway and returns its raw response, whatever its status and media type. The path after `/v1/idp/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1IdpProxyGet`: `GET /v1/idp/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1IdpProxyGet::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1IdpProxyGet")]
    pub fn v1_idp_proxy_get(&self, proxy: impl AsRef<str>) -> V1IdpProxyGet {
        static OPERATION: Operation = Operation {
            name: "v1IdpProxyGet",
            method: Method::GET,
            path: "/v1/idp/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1IdpProxyGet {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a PATCH request to the identity provider.
    ///
    /// Sends a `PATCH` request, with the body as given, to the identity provider behind the gateway and returns its raw response, in any media type. The path after `/v1/idp/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1IdpProxyPatch`: `PATCH /v1/idp/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1IdpProxyPatch::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    /// - [`body`](V1IdpProxyPatch::body), optional: What the identity provider expects for this path, in any media type; may be absent.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1IdpProxyPatch")]
    pub fn v1_idp_proxy_patch(&self, proxy: impl AsRef<str>) -> V1IdpProxyPatch {
        static OPERATION: Operation = Operation {
            name: "v1IdpProxyPatch",
            method: Method::PATCH,
            path: "/v1/idp/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1IdpProxyPatch {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a POST request to the identity provider.
    ///
    /// Sends a `POST` request, with the body as given, to the identity provider behind the gateway and returns its raw response, in any media type. The path after `/v1/idp/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1IdpProxyPost`: `POST /v1/idp/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1IdpProxyPost::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    /// - [`body`](V1IdpProxyPost::body), optional: What the identity provider expects for this path, in any media type; may be absent.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1IdpProxyPost")]
    pub fn v1_idp_proxy_post(&self, proxy: impl AsRef<str>) -> V1IdpProxyPost {
        static OPERATION: Operation = Operation {
            name: "v1IdpProxyPost",
            method: Method::POST,
            path: "/v1/idp/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1IdpProxyPost {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }

    /// Send a PUT request to the identity provider.
    ///
    /// Sends a `PUT` request, with the body as given, to the identity provider behind the gateway and returns its raw response, in any media type. The path after `/v1/idp/` and the query are chosen by the caller. No authorization is sent unless the caller sets the `authorization` header.
    ///
    /// Operation `v1IdpProxyPut`: `PUT /v1/idp/{proxy}`.
    ///
    /// # Parameters
    ///
    /// - `proxy`: Path below the proxy, without a leading slash. It may have several segments: slashes stay as they are, everything else is percent-encoded segment by segment.
    /// - [`query`](V1IdpProxyPut::query), optional: Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    /// - [`body`](V1IdpProxyPut::body), optional: What the identity provider expects for this path, in any media type; may be absent.
    ///
    /// # Errors
    ///
    /// Returns an [`Error`](crate::Error) if the request cannot be sent, no response arrives, or the service responds with
    /// a status of 400 or more.
    #[doc(alias = "v1IdpProxyPut")]
    pub fn v1_idp_proxy_put(&self, proxy: impl AsRef<str>) -> V1IdpProxyPut {
        static OPERATION: Operation = Operation {
            name: "v1IdpProxyPut",
            method: Method::PUT,
            path: "/v1/idp/{proxy}",
            security: None,
            idempotent: false,
            bearer: false,
            secrets: &[],
            raw: true,
        };
        V1IdpProxyPut {
            request: Request::new(self.client.settings(), &OPERATION).greedy_path("proxy", proxy.as_ref()),
        }
    }
}

/// Request builder of [`DefaultApi::v1_auth_proxy_delete`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_auth_proxy_delete(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response =
///         api.v1_auth_proxy_delete("oauth2/sessions/current").query("prompt", "none").await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1AuthProxyDelete {
    request: Request,
}

impl V1AuthProxyDelete {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }
}

request_builder!(V1AuthProxyDelete -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_auth_proxy_get`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_auth_proxy_get(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response = api.v1_auth_proxy_get("oauth2/sessions/current").query("prompt", "none").await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1AuthProxyGet {
    request: Request,
}

impl V1AuthProxyGet {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }
}

request_builder!(V1AuthProxyGet -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_auth_proxy_patch`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_auth_proxy_patch(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response = api
///         .v1_auth_proxy_patch("oauth2/sessions/current")
///         .query("prompt", "none")
///         .body("application/json", r#"{"a":1}"#)
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1AuthProxyPatch {
    request: Request,
}

impl V1AuthProxyPatch {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }

    /// Sets the body, of any media type. What the authorization service expects for this path, in any media type; may be absent.
    pub fn body(mut self, content_type: impl AsRef<str>, body: impl Into<bytes::Bytes>) -> Self {
        self.request = self.request.any_body(content_type.as_ref(), body.into());
        self
    }
}

request_builder!(V1AuthProxyPatch -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_auth_proxy_post`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_auth_proxy_post(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response = api
///         .v1_auth_proxy_post("oauth2/sessions/current")
///         .query("prompt", "none")
///         .body("application/json", r#"{"a":1}"#)
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1AuthProxyPost {
    request: Request,
}

impl V1AuthProxyPost {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }

    /// Sets the body, of any media type. What the authorization service expects for this path, in any media type; may be absent.
    pub fn body(mut self, content_type: impl AsRef<str>, body: impl Into<bytes::Bytes>) -> Self {
        self.request = self.request.any_body(content_type.as_ref(), body.into());
        self
    }
}

request_builder!(V1AuthProxyPost -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_auth_proxy_put`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_auth_proxy_put(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response = api
///         .v1_auth_proxy_put("oauth2/sessions/current")
///         .query("prompt", "none")
///         .body("application/json", r#"{"a":1}"#)
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1AuthProxyPut {
    request: Request,
}

impl V1AuthProxyPut {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }

    /// Sets the body, of any media type. What the authorization service expects for this path, in any media type; may be absent.
    pub fn body(mut self, content_type: impl AsRef<str>, body: impl Into<bytes::Bytes>) -> Self {
        self.request = self.request.any_body(content_type.as_ref(), body.into());
        self
    }
}

request_builder!(V1AuthProxyPut -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_idp_proxy_delete`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_idp_proxy_delete(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response =
///         api.v1_idp_proxy_delete("oauth2/sessions/current").query("prompt", "none").await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1IdpProxyDelete {
    request: Request,
}

impl V1IdpProxyDelete {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }
}

request_builder!(V1IdpProxyDelete -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_idp_proxy_get`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_idp_proxy_get(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response = api.v1_idp_proxy_get("oauth2/sessions/current").query("prompt", "none").await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1IdpProxyGet {
    request: Request,
}

impl V1IdpProxyGet {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }
}

request_builder!(V1IdpProxyGet -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_idp_proxy_patch`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_idp_proxy_patch(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response = api
///         .v1_idp_proxy_patch("oauth2/sessions/current")
///         .query("prompt", "none")
///         .body("application/json", r#"{"a":1}"#)
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1IdpProxyPatch {
    request: Request,
}

impl V1IdpProxyPatch {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }

    /// Sets the body, of any media type. What the identity provider expects for this path, in any media type; may be absent.
    pub fn body(mut self, content_type: impl AsRef<str>, body: impl Into<bytes::Bytes>) -> Self {
        self.request = self.request.any_body(content_type.as_ref(), body.into());
        self
    }
}

request_builder!(V1IdpProxyPatch -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_idp_proxy_post`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_idp_proxy_post(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response = api
///         .v1_idp_proxy_post("oauth2/sessions/current")
///         .query("prompt", "none")
///         .body("application/json", r#"{"a":1}"#)
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1IdpProxyPost {
    request: Request,
}

impl V1IdpProxyPost {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }

    /// Sets the body, of any media type. What the identity provider expects for this path, in any media type; may be absent.
    pub fn body(mut self, content_type: impl AsRef<str>, body: impl Into<bytes::Bytes>) -> Self {
        self.request = self.request.any_body(content_type.as_ref(), body.into());
        self
    }
}

request_builder!(V1IdpProxyPost -> RawBody, raw);

/// Request builder of [`DefaultApi::v1_idp_proxy_put`].
///
/// ```
/// use affinidi_tdk_iam_client::{Client, Error};
///
/// async fn v1_idp_proxy_put(client: &Client) -> Result<(), Error> {
///     let api = client.default_api();
///     let response = api
///         .v1_idp_proxy_put("oauth2/sessions/current")
///         .query("prompt", "none")
///         .body("application/json", r#"{"a":1}"#)
///         .await?;
///     println!("{response:?}");
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent when it is awaited"]
pub struct V1IdpProxyPut {
    request: Request,
}

impl V1IdpProxyPut {
    /// Adds a query parameter; call it once for each. Query parameters to pass on, any names and values; each field becomes one `name=value` pair.
    pub fn query(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.request = self.request.any_query(name.as_ref(), value.as_ref());
        self
    }

    /// Sets the body, of any media type. What the identity provider expects for this path, in any media type; may be absent.
    pub fn body(mut self, content_type: impl AsRef<str>, body: impl Into<bytes::Bytes>) -> Self {
        self.request = self.request.any_body(content_type.as_ref(), body.into());
        self
    }
}

request_builder!(V1IdpProxyPut -> RawBody, raw);
