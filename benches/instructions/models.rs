//! Instructions of decoding and encoding a model, ours and by hand.
#![allow(non_snake_case, reason = "a benchmark is named after its model")]

use std::hint::black_box;

use affinidi_tdk_iam_client::models;
use benches::by_hand;
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use serde::Serialize;
use serde::de::DeserializeOwned;

type Work = Box<dyn Fn()>;

fn decode<T: DeserializeOwned>(example: String) -> Work {
    Box::new(move || {
        black_box(serde_json::from_slice::<T>(black_box(example.as_bytes())).unwrap());
    })
}

fn encode<T: DeserializeOwned + Serialize + 'static>(example: String) -> Work {
    let model: T = serde_json::from_str(&example).unwrap();
    Box::new(move || {
        black_box(serde_json::to_vec(black_box(&model)).unwrap());
    })
}

/// The example of a model's page under `docs/models`, in one line.
fn example(model: &str) -> String {
    let page = std::fs::read_to_string(format!("{}/../docs/models/{model}.md", env!("CARGO_MANIFEST_DIR")));
    let page = page.unwrap();
    let (_, rest) = page.split_once("let text = r#\"").unwrap();
    let (text, _) = rest.split_once("\"#;").unwrap();
    serde_json::from_str::<serde_json::Value>(text).unwrap().to_string()
}

macro_rules! models {
    ($($model:ident = $by_hand:ident,)+) => {
        #[library_benchmark]
        $(#[bench::$model(decode::<models::$model>(example(stringify!($model))))])+
        fn decode_ours(work: Work) -> Work {
            work();
            work
        }

        #[library_benchmark]
        $(#[bench::$model(decode::<by_hand::$by_hand>(example(stringify!($model))))])+
        fn decode_by_hand(work: Work) -> Work {
            work();
            work
        }

        #[library_benchmark]
        $(#[bench::$model(encode::<models::$model>(example(stringify!($model))))])+
        fn encode_ours(work: Work) -> Work {
            work();
            work
        }

        #[library_benchmark]
        $(#[bench::$model(encode::<by_hand::$by_hand>(example(stringify!($model))))])+
        fn encode_by_hand(work: Work) -> Work {
            work();
            work
        }
    };
}

// The ten with the most members; of the error models, which all have five, those of three statuses.
models! {
    JsonWebKeyDto = JsonWebKeyDto,
    ConsumerAuthTokenEndpointInput = ConsumerAuthTokenEndpointInput,
    ConsumerAuthTokenEndpointOutput = ConsumerAuthTokenEndpointOutput,
    ProjectDto = ProjectDto,
    PolicyDto = PolicyDto,
    TokenDto = TokenDto,
    PolicyStatementDto = PolicyStatementDto,
    InvalidParameterError = ServiceError,
    NotFoundError = ServiceError,
    UnexpectedError = ServiceError,
}

library_benchmark_group!(
    name = instructions;
    benchmarks = decode_ours, decode_by_hand, encode_ours, encode_by_hand
);
main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::with_args(["--cache-sim=no"]));
    library_benchmark_groups = instructions
);
