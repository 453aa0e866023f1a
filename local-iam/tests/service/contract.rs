//! The contracts, as an independent validator reads them.

use std::sync::LazyLock;

use serde_json::{Value, json};

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(include_str!("../../openapi.yaml")).unwrap());
static CONSUMER_CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_saphyr::from_str(include_str!("../../openapi.consumer-iam.yaml")).unwrap());

/// Where the operations of the consumer IAM are.
pub const CONSUMER_IAM: &str = "/cid";

/// The contract that a path belongs to, and the path in it.
fn contract_of(path: &str) -> (&'static Value, &str) {
    path.strip_prefix(CONSUMER_IAM).map_or((&CONTRACT, path), |path| (&CONSUMER_CONTRACT, path))
}

/// Names of errors that the contracts do not have. The evidence tests pin their bodies.
const BEYOND_THE_CONTRACT: [&str; 4] =
    ["AlreadyExistsError", "BadRequestError", "InvalidJwtTokenError", "NoAuthorizationError"];

/// Asserts that `body` is what the contract declares for `status` of the operation.
///
/// Errors that the contract does not declare for an operation (README.md lists them) must still have the schema of their
/// name.
pub fn assert_response(method: &str, path: &str, status: u16, body: &Value) {
    let (mut contract, _) = contract_of(path);
    let Some(operation) = operation(method, path) else { panic!("{method} {path} is not in the contract") };
    let schema = if status < 300 {
        let declared = &operation["responses"][status.to_string()];
        assert!(
            declared.is_object(),
            "{method} {path} responds with {status}, which the contract does not declare"
        );
        declared["content"]["application/json"]["schema"].clone()
    } else {
        let Some(name) = body["name"].as_str() else {
            let fields: Vec<_> = body.as_object().unwrap().keys().collect();
            assert_eq!(
                fields,
                ["message"],
                "{method} {path} {status}: a body without a name is the gateway's"
            );
            return;
        };
        if BEYOND_THE_CONTRACT.contains(&name) {
            return;
        }
        // The consumer IAM declares none of what IAM refuses parameters and actions with.
        if contract["components"]["schemas"].get(name).is_none() {
            contract = &CONTRACT;
        }
        json!({ "$ref": format!("#/components/schemas/{name}") })
    };
    if schema.is_null() {
        assert!(body.is_null(), "{method} {path} responds with {status} with a body");
        return;
    }
    let mut schema = schema;
    schema["components"] = contract["components"].clone();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<_> = validator.iter_errors(body).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{method} {path} {status}: {errors:?} in {body}");
}

/// Method and path template of every operation of IAM.
pub fn operations() -> impl Iterator<Item = (&'static str, &'static str)> {
    let paths = CONTRACT["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let methods =
            item.as_object().unwrap().iter().filter(|(_, operation)| operation.get("operationId").is_some());
        methods.map(|(method, _)| (method.as_str(), path.as_str()))
    })
}

fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let (contract, path) = contract_of(path.split('?').next()?);
    let paths = contract["paths"].as_object().unwrap();
    let fits = |template: &str| {
        let (mut template, mut path) = (template.split('/'), path.split('/'));
        loop {
            match (template.next(), path.next()) {
                (None, None) => return true,
                (Some("{proxy}"), Some(_)) => return true,
                (Some(expected), Some(actual)) if expected == actual || expected.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let (_, item) = paths
        .iter()
        .filter(|(template, item)| fits(template) && item.get(method.to_lowercase()).is_some())
        .min_by_key(|(template, _)| template.matches('{').count())?;
    item.get(method.to_lowercase())
}
