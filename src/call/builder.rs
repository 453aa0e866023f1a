//! What every generated request builder has.

use std::future::Future;
use std::pin::Pin;

use super::request::Request;
use crate::error::Error;

/// What a request builder is made of, for those who decode the response differently.
pub(crate) trait IntoRequest {
    fn into_request(self) -> Request;
}

/// The future behind `.await` on a request builder.
pub type RequestFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// Adds to a generated request builder what all of them have.
macro_rules! request_builder {
    ($builder:ident -> $output:ty, $decode:expr) => {
        impl $builder {
            /// How long this call may take, all attempts included, instead of the client's
            /// [`timeout`](crate::ClientBuilder::timeout).
            pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
                self.request.timeout = Some(timeout);
                self
            }

            /// How often and how soon this call is retried when it fails, instead of the client's
            /// [`retry_policy`](crate::ClientBuilder::retry_policy).
            pub fn retry_policy(mut self, policy: $crate::RetryPolicy) -> Self {
                self.request.retry_policy = Some(policy);
                self
            }

            /// Sends a header with this call; it wins over a default header of the same name. An `authorization` header set here is
            /// sent instead of a token of the client.
            ///
            /// The call fails with [`Error::is_invalid_input`](crate::Error::is_invalid_input) before it is sent when name or value
            /// is not valid in a header or has control characters, or when HTTP itself sets that header (such as `host`).
            pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
                self.request.header(name.as_ref(), value.as_ref());
                self
            }

            /// Sends the request; awaiting the builder itself does the same.
            ///
            /// # Errors
            ///
            /// As listed at the operation.
            // Not an `async fn`: its future would hold the request once more.
            pub fn send(self) -> impl ::std::future::Future<Output = Result<$output, $crate::Error>> + Send {
                self.request.execute($decode, $crate::Response::into_inner)
            }

            /// Sends the request and keeps the status and the headers of the response.
            ///
            /// # Errors
            ///
            /// As listed at the operation.
            pub fn with_response(
                self,
            ) -> impl ::std::future::Future<Output = Result<$crate::Response<$output>, $crate::Error>> + Send
            {
                self.request.execute($decode, ::std::convert::identity)
            }
        }

        impl $crate::call::IntoRequest for $builder {
            fn into_request(self) -> $crate::call::Request {
                self.request
            }
        }

        impl ::std::future::IntoFuture for $builder {
            type Output = Result<$output, $crate::Error>;
            type IntoFuture = $crate::RequestFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    };
}
pub(crate) use request_builder;
