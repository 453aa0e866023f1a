//! The handwritten pages, so that their examples are compiled and run by `cargo test`. Those that need a feature are left
//! out without it.

#[doc = include_str!("../README.md")]
struct Readme;

#[doc = include_str!("../docs/README.md")]
struct FrontPage;

#[doc = include_str!("../docs/guides/getting-started.md")]
struct GettingStarted;

#[doc = include_str!("../docs/guides/personal-access-tokens.md")]
struct PersonalAccessTokens;

#[cfg(feature = "consumer-iam")]
#[doc = include_str!("../docs/guides/consumer-tokens.md")]
struct ConsumerTokens;

#[doc = include_str!("../docs/guides/errors-and-retries.md")]
struct ErrorsAndRetries;

#[cfg(all(feature = "hyper", feature = "rustls"))]
#[doc = include_str!("../docs/guides/network.md")]
struct Network;

#[doc = include_str!("../docs/guides/paging.md")]
struct Paging;

#[doc = include_str!("../docs/guides/policies.md")]
struct Policies;

#[doc = include_str!("../docs/guides/troubleshooting.md")]
struct Troubleshooting;

#[doc = include_str!("../docs/guides/testing.md")]
struct Testing;

#[cfg(feature = "redis")]
#[doc = include_str!("../docs/guides/fleet.md")]
struct Fleet;

#[cfg(feature = "axum")]
#[doc = include_str!("../docs/guides/verifying-tokens.md")]
struct VerifyingTokens;

#[cfg(feature = "opentelemetry")]
#[doc = include_str!("../docs/guides/observability.md")]
struct Observability;

#[doc = include_str!("../docs/guides/migrating.md")]
struct Migrating;

#[cfg(feature = "tower")]
#[doc = include_str!("../docs/guides/other-services.md")]
struct OtherServices;

#[doc = include_str!("../docs/guides/lambda-and-synchronous.md")]
struct LambdaAndSynchronous;

#[doc = include_str!("../docs/guides/affinidi-tdk.md")]
struct AffinidiTdk;
