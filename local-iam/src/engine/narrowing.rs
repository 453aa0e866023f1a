//! What the service demands of texts beyond the schemas of the contract: patterns, formats, and rules that the contract
//! states in words or leaves open.

use super::contract::PRINCIPAL_TYPE;
use super::data::policy::{EFFECT, VERSION};
use super::schema::Shape;
use super::syntax::{DID, FETCHABLE_URL, PROJECT_NAME, TIME, TOKEN_NAME, UUID};

/// Who checks a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judge {
    /// The gateway, by the contract's schemas alone.
    Gateway,
    /// The service, which knows more than they say.
    Service,
}

/// Schema and field of the contract, the shape that takes the place of the contract's, and who is the first to check it.
static NARROWED: &[(&str, &str, Shape, Judge)] = &[
    ("AddUserToProjectInput", "principalId", UUID, Judge::Service),
    ("AddUserToProjectInput", "principalType", Shape::OneOf(PRINCIPAL_TYPE), Judge::Service),
    ("CreateProjectInput", "name", PROJECT_NAME, Judge::Gateway),
    ("CreateTokenInput", "name", TOKEN_NAME, Judge::Gateway),
    ("GrantAccessInput", "granteeDid", DID, Judge::Service),
    ("Permission", "expiresAt", TIME, Judge::Service),
    ("PolicyDto", "version", Shape::OneOf(&[VERSION]), Judge::Service),
    ("PolicyStatementDto", "effect", Shape::OneOf(&[EFFECT]), Judge::Service),
    ("TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfoJwksUri", "jwksUri", FETCHABLE_URL, Judge::Service),
    ("UpdateProjectInput", "name", PROJECT_NAME, Judge::Gateway),
    ("UpdateTokenInput", "name", TOKEN_NAME, Judge::Gateway),
];

/// The narrower shape of a schema's field that `judge` knows, if there is one.
pub(crate) fn shape(schema: &str, field: &str, judge: Judge) -> Option<&'static Shape> {
    let (.., shape, first) = NARROWED.iter().find(|(of, name, ..)| (*of, *name) == (schema, field))?;
    (judge == Judge::Service || *first == Judge::Gateway).then_some(shape)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::operation::{Body, Operation};
    use super::super::schema::Object;
    use super::super::{consumer_contract, contract};
    use super::*;

    /// The operations of each contract, and its text.
    fn contracts() -> [(&'static [Operation], &'static str); 2] {
        [
            (contract::OPERATIONS, include_str!("../../openapi.yaml")),
            (consumer_contract::OPERATIONS, include_str!("../../openapi.consumer-iam.yaml")),
        ]
    }

    /// Schema and field of everything in the contract that a request may hold.
    fn fields(object: &'static Object) -> Vec<(&'static str, &'static str)> {
        let inside = |shape: &'static Shape| match shape {
            Shape::Object(object) | Shape::List(Shape::Object(object)) => fields(object),
            Shape::NonEmptyList(Shape::Object(object)) => fields(object),
            Shape::Either(alternatives) => alternatives.iter().flat_map(|object| fields(object)).collect(),
            _ => Vec::new(),
        };
        let own = object.fields.iter().map(|field| (object.name, field.name));
        own.chain(object.fields.iter().flat_map(|field| inside(&field.shape))).collect()
    }

    fn all_fields(operations: &'static [Operation]) -> Vec<(&'static str, &'static str)> {
        let bodies = operations.iter().filter_map(|operation| match operation.body {
            Body::Json(object) => Some(object),
            _ => None,
        });
        bodies.flat_map(fields).collect()
    }

    #[test]
    fn every_pattern_and_format_of_a_request_has_a_rule() {
        for (operations, text) in contracts() {
            let contract: Value = serde_saphyr::from_str(text).unwrap();
            for (schema, field) in all_fields(operations) {
                let property = &contract["components"]["schemas"][schema]["properties"][field];
                if property.get("pattern").is_some() || property.get("format").is_some() {
                    assert!(
                        shape(schema, field, Judge::Service).is_some(),
                        "{field} of {schema} is not narrowed"
                    );
                }
            }
        }
    }

    #[test]
    fn every_rule_is_about_a_field_of_the_contract() {
        let known: Vec<_> =
            contracts().into_iter().flat_map(|(operations, _)| all_fields(operations)).collect();
        for (schema, field, ..) in NARROWED {
            assert!(known.contains(&(schema, field)), "no request of the contract has {field} of {schema}");
        }
    }
}
