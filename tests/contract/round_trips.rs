//! What a model reads it writes, also when the service has learned more than the contract says.

use std::collections::BTreeSet;

use affinidi_tdk_iam_client::models::{ConsumerAuthTokenEndpointOutput, IdToken};
use serde_json::{Value, json};

use crate::support::contract::schemas;
use crate::support::models::{names, read};
use crate::support::schema::{assert_conforms, rewrite};

#[test]
fn every_schema_of_the_contract_is_read_by_these_tests() {
    assert_eq!(names().collect::<BTreeSet<_>>(), schemas().map(|(name, _)| name).collect());
}

#[test]
fn the_example_of_every_schema_round_trips() {
    for (name, schema) in schemas() {
        let example = &schema["example"];
        assert_conforms(name, schema, example);
        let written = read(name, example).unwrap_or_else(|error| panic!("{name}: {error}")).written;
        assert_eq!(&written, example, "{name}");
    }
}

#[test]
fn unknown_members_are_ignored_and_kept_where_the_contract_allows_them() {
    for (name, schema) in schemas() {
        let news = json!({ "deep": [1, null, "text"] });
        let mut objects = 0;
        let sent = rewrite(schema, &schema["example"], &mut |_, mut value| {
            if let Some(members) = value.as_object_mut() {
                members.insert("x-news".into(), news.clone());
                objects += 1;
            }
            value
        });
        let expected = rewrite(schema, &schema["example"], &mut |schemas, mut value| {
            let open = schemas.iter().any(|schema| schema["additionalProperties"] == true);
            if let (true, Some(members)) = (open, value.as_object_mut()) {
                members.insert("x-news".into(), news.clone());
            }
            value
        });
        assert_eq!(objects > 0, schema["example"].is_object(), "{name}");
        let written = read(name, &sent).unwrap_or_else(|error| panic!("{name}: {error}")).written;
        assert_eq!(written, expected, "{name}");
    }
}

#[test]
fn a_list_is_not_taken_for_an_object() {
    let mut lists = 0;
    for (name, schema) in schemas() {
        for position in 0.. {
            let mut objects = 0;
            let sent = rewrite(schema, &schema["example"], &mut |schemas, value| match value {
                Value::Object(fields) if schemas.iter().any(|schema| schema.get("properties").is_some()) => {
                    objects += 1;
                    let here = objects - 1 == position;
                    if here { Value::from_iter(fields.into_values()) } else { Value::Object(fields) }
                }
                other => other,
            });
            if objects <= position {
                break;
            }
            // As an alternative it is a form that is not known.
            let written = read(name, &sent).map(|model| model.written);
            assert!(written.as_ref().map_or(true, |written| *written == sent), "{name}: {sent}");
            lists += 1;
        }
        if schema.get("properties").is_some() {
            for list in [json!([]), json!([null]), json!(["a", "b", "c", "d", "e", "f", "g", "h", "i"])] {
                assert!(read(name, &list).is_err(), "{name}: {list}");
            }
        }
    }
    assert!(lists > 60, "only {lists} objects were replaced");
}

#[test]
fn a_value_of_two_alternatives_is_kept_whole() {
    let info = json!({ "jwks": { "keys": [] }, "jwksUri": "https://example.org/keys", "more": 1 });
    let both = read("TokenPrivateKeyAuthenticationMethodDtoPublicKeyInfo", &info).unwrap();
    assert_eq!(both.written, info);
}

#[test]
fn unknown_enum_values_are_kept() {
    let mut enums = 0;
    for (name, schema) in schemas() {
        let sent = rewrite(schema, &schema["example"], &mut |schemas, value| {
            if !schemas.iter().any(|schema| schema.get("enum").is_some()) {
                return value;
            }
            enums += 1;
            if value.is_string() { json!("value \"of\" a later version") } else { json!(599) }
        });
        let written = read(name, &sent).unwrap_or_else(|error| panic!("{name}: {error}")).written;
        assert_eq!(written, sent, "{name}");
    }
    assert!(enums > 30, "only {enums} enums were found");
}

#[test]
fn optional_members_may_be_absent_or_null_and_are_not_written() {
    for (name, schema) in schemas().filter(|(_, schema)| schema["type"] == "object") {
        let required: Vec<_> = schema["required"].as_array().into_iter().flatten().collect();
        let mut minimal = schema["example"].clone();
        minimal.as_object_mut().unwrap().retain(|member, _| {
            required.iter().any(|name| *name == member) || schema["properties"].get(member).is_none()
        });
        let written = read(name, &minimal).unwrap_or_else(|error| panic!("{name}: {error}")).written;
        assert_eq!(written, minimal, "{name}");
        assert_conforms(name, schema, &written);

        let mut nulls = minimal.clone();
        for member in schema["properties"].as_object().unwrap().keys() {
            nulls.as_object_mut().unwrap().entry(member).or_insert(Value::Null);
        }
        let written = read(name, &nulls).unwrap_or_else(|error| panic!("{name}: {error}")).written;
        assert_eq!(written, minimal, "{name}");
    }
}

#[test]
fn a_missing_required_member_is_an_error_that_names_it() {
    for (name, schema) in schemas() {
        for member in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let mut value = schema["example"].clone();
            value.as_object_mut().unwrap().remove(member);
            let error = read(name, &value).err().unwrap_or_else(|| panic!("{name} without {member} is read"));
            assert!(error.to_string().contains(member), "{name}: {error}");
        }
    }
}

#[test]
fn an_id_token_is_read_as_a_string_or_a_number_and_written_back_as_it_was() {
    let read = |id_token: &Value| {
        let output: ConsumerAuthTokenEndpointOutput =
            serde_json::from_value(json!({ "id_token": id_token })).unwrap();
        assert_eq!(serde_json::to_value(&output).unwrap()["id_token"], *id_token);
        output.id_token.unwrap()
    };
    assert_eq!(read(&json!("eyJhbGciOiJFUzI1NiJ9.e30.c2ln")).as_str(), Some("eyJhbGciOiJFUzI1NiJ9.e30.c2ln"));
    assert_eq!(read(&json!(i64::MIN)).as_i64(), Some(i64::MIN));
    for unforeseen in [json!(1.5), json!(u64::MAX), json!({ "jwt": "x" }), json!(true)] {
        assert!(matches!(read(&unforeseen), IdToken::Unknown(_)), "{unforeseen}");
    }
}

#[test]
fn expires_in_is_read_from_a_number_or_a_decimal_string_and_nothing_else() {
    let read = |value: Value| {
        let output: Result<ConsumerAuthTokenEndpointOutput, _> =
            serde_json::from_value(json!({ "expires_in": value }));
        output.map(|output| output.expires_in)
    };
    assert_eq!(read(json!(3600)).unwrap(), Some(3600));
    assert_eq!(read(json!("3600")).unwrap(), Some(3600));
    assert_eq!(read(Value::Null).unwrap(), None);
    for nonsense in [json!("1 hour"), json!(""), json!(1.5), json!(u64::MAX), json!([3600])] {
        assert!(read(nonsense.clone()).is_err(), "{nonsense}");
    }
}
