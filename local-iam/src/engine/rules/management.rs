//! The management API under `/__local/v1`: how a developer controls the service.

use bytes::Bytes;
use http::Request;
use http::header::HOST;
use rusqlite::{Connection, Transaction};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::engine::access_token;
use crate::engine::addresses::Addresses;
use crate::engine::call::Call;
use crate::engine::contract::TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO;
use crate::engine::data::principal::Principal;
use crate::engine::data::{authentication_method, key_pair, members, policy, projects, tokens};
use crate::engine::problem::{Detail, Problem};
use crate::engine::random;
use crate::engine::response::{Outcome, Response};
use crate::engine::schema::{Field, Object, Shape};
use crate::engine::syntax::{DID, UUID, is_project_name};
use crate::store::Store;

/// Seconds, up to a year.
const LIFETIME: Shape = Shape::Integer(1, 31_536_000);

pub(crate) const USER: Object = Object::closed(&[Field::optional("id", UUID)]);

pub(crate) const USER_TOKEN: Object =
    Object::closed(&[Field::optional("userId", UUID), Field::optional("expiresIn", LIFETIME)]);

pub(crate) const CONSUMER_TOKEN: Object =
    Object::closed(&[Field::required("did", DID), Field::optional("expiresIn", LIFETIME)]);

pub(crate) const PROJECT: Object = Object::closed(&[
    Field::required(
        "name",
        Shape::TextThat(is_project_name, "must be a project name as the contract allows it"),
    ),
    Field::optional("id", UUID),
    Field::optional("ownerId", UUID),
    Field::optional("description", Shape::Text),
]);

pub(crate) const TOKEN: Object = Object::closed(&[
    Field::required("name", Shape::Text),
    Field::optional("authenticationMethod", Shape::Object(&TOKEN_PRIVATE_KEY_AUTHENTICATION_METHOD_DTO)),
    Field::optional("id", UUID),
    Field::optional("ownerId", UUID),
    Field::optional("projectIds", Shape::List(&UUID)),
]);

pub(crate) const ROTATE: Object = Object::closed(&[Field::optional("keepOthers", Shape::Bool)]);

pub(crate) const CLOCK: Object =
    Object::closed(&[Field::required("offsetSeconds", Shape::Integer(-3_153_600_000, 3_153_600_000))]);

/// Refuses requests that a web page may have sent under a name that is not the service's (DNS rebinding). Requests from
/// other origins fail without this, because bodies must be JSON and no response allows another origin.
pub(crate) fn guard(addresses: &Addresses, request: &Request<Bytes>) -> Result<(), Problem> {
    let Some(host) = request.headers().get(HOST) else { return Ok(()) };
    if host.to_str().is_ok_and(|host| addresses.has_host(host)) {
        return Ok(());
    }
    let issue = format!("must be one of: {} (`--public-url` sets another)", addresses.hosts());
    Err(Problem::unauthorized(Detail::of("host", issue, "header")))
}

/// `GET seeds`, the private key included.
pub(crate) fn seeds(call: &Call) -> Outcome {
    Ok(Response::Secret(serde_json::to_value(call.state.seeds()).map_err(|_| Problem::unexpected())?))
}

/// `GET environment`, the private key included.
pub(crate) fn environment(call: &Call) -> Outcome {
    let variables = call.state.environment().into_iter();
    Ok(Response::Secret(variables.map(|(name, value)| (name.to_owned(), Value::from(value))).collect()))
}

/// `POST users`
pub(crate) fn create_user(call: &Call, db: &Transaction) -> Outcome {
    let user = Principal::user(id(call, "id"));
    if user.exists(db)? {
        return Err(Problem::already_exists());
    }
    db.execute("INSERT INTO user (id) VALUES (?1)", [&user.id])?;
    Ok(Response::Json(json!({ "id": user.id, "ari": user.ari() })))
}

/// `POST user-tokens`: a token for the operations secured by `UserTokenAuth`, of the seeded user by default.
pub(crate) fn create_user_token(call: &Call, store: &Store) -> Outcome {
    let user = store.read(|db| owner(call, db, "userId"))?;
    let lifetime = call.body.get("expiresIn").and_then(Value::as_i64).unwrap_or(call.state.lifetimes.user);
    let access_token = access_token::for_user(&call.state, &user, lifetime, "openid offline_access")?;
    Ok(Response::Secret(json!({ "accessToken": access_token, "expiresIn": lifetime, "userId": user.id })))
}

/// `POST consumer-tokens`: a token for the operations secured by `ConsumerTokenAuth`, without the DID's key.
pub(crate) fn create_consumer_token(call: &Call) -> Outcome {
    let did = call.text("did").unwrap_or("");
    let lifetime =
        call.body.get("expiresIn").and_then(Value::as_i64).unwrap_or(call.state.lifetimes.consumer);
    let access_token = access_token::for_consumer(&call.state, did, None, lifetime)?;
    Ok(Response::Secret(json!({ "accessToken": access_token, "expiresIn": lifetime, "did": did })))
}

/// `POST projects`
pub(crate) fn create_project(call: &Call, db: &Transaction) -> Outcome {
    let id = id(call, "id");
    if projects::read(db, &id)?.is_some() {
        return Err(Problem::already_exists());
    }
    let owner = owner(call, db, "ownerId")?;
    projects::insert(db, &id, call.text("name").unwrap_or(""), call.text("description"), &owner, call.now())?;
    Ok(Response::Json(projects::read(db, &id)?.ok_or_else(Problem::unexpected)?))
}

/// `POST tokens`: a personal access token that may do everything in the given projects. Without an `authenticationMethod` it
/// gets a new key, and the response has the private half.
pub(crate) fn create_token(call: &Call, db: &Transaction) -> Outcome {
    let id = id(call, "id");
    if tokens::read(db, &id)?.is_some() {
        return Err(Problem::already_exists());
    }
    let (method, private_key) = match call.body.get("authenticationMethod") {
        Some(method) => (method.clone(), None),
        None => {
            let (pem, jwk) = key_pair::p256(&id).ok_or_else(Problem::unexpected)?;
            (authentication_method::es256(&jwk), Some(pem))
        }
    };
    let uuid = Uuid::parse_str(&id).map_err(|_| Problem::unexpected())?;
    tokens::insert(db, uuid, &owner(call, db, "ownerId")?, call.text("name").unwrap_or(""), None, &method)?;
    let token = Principal::token(id);
    for project in call.body.get("projectIds").and_then(Value::as_array).into_iter().flatten() {
        let project = normal(project.as_str().unwrap_or(""));
        if projects::read(db, &project)?.is_none() {
            return Err(Problem::invalid_field("projectIds", "names a project that does not exist"));
        }
        members::add(db, &project, &token, &policy::everything(&project, &token))?;
    }
    let mut dto = tokens::read(db, &token.id)?.ok_or_else(Problem::unexpected)?.dto;
    if let (Some(pem), Some(fields)) = (private_key, dto.as_object_mut()) {
        fields.insert("privateKeyPem".into(), pem.into());
    }
    Ok(Response::Secret(dto))
}

/// `POST signing-keys`: new keys sign. Tokens of the others stay valid unless `keepOthers` is `false`.
pub(crate) fn rotate(call: &Call, db: &Transaction) -> Outcome {
    let keep = call.body.get("keepOthers").and_then(Value::as_bool).unwrap_or(true);
    Ok(Response::Json(json!({ "kid": call.state.keys.rotate(db, keep)? })))
}

/// `GET clock`
pub(crate) fn clock(call: &Call) -> Outcome {
    let clock = &call.state.clock;
    Ok(Response::Json(json!({ "now": clock.now(), "offsetSeconds": clock.offset() })))
}

/// `PUT clock`
pub(crate) fn set_clock(call: &Call) -> Outcome {
    call.state.clock.set_offset(call.body.get("offsetSeconds").and_then(Value::as_i64).unwrap_or(0));
    clock(call)
}

/// `GET requests`: the last ones, the oldest first.
pub(crate) fn requests(call: &Call) -> Outcome {
    Ok(Response::Json(json!({ "requests": call.state.recorder.list() })))
}

/// `DELETE requests`
pub(crate) fn clear_requests(call: &Call) -> Outcome {
    call.state.recorder.clear();
    Ok(Response::NoContent)
}

/// `GET faults`
pub(crate) fn faults(call: &Call) -> Outcome {
    Ok(Response::Json(json!({ "faults": call.state.faults.list()? })))
}

/// `POST faults`
pub(crate) fn create_fault(call: &Call) -> Outcome {
    Ok(Response::Json(call.state.faults.add(&call.body)?))
}

/// `DELETE faults`
pub(crate) fn clear_faults(call: &Call) -> Outcome {
    call.state.faults.clear();
    Ok(Response::NoContent)
}

/// `DELETE faults/{faultId}`
pub(crate) fn delete_fault(call: &Call) -> Outcome {
    if call.state.faults.remove(call.parameter("faultId")) {
        Ok(Response::NoContent)
    } else {
        Err(Problem::not_found("faultId"))
    }
}

/// The id that the body asks for, or a fresh one.
fn id(call: &Call, field: &str) -> String {
    call.text(field).map_or_else(|| random::uuid().to_string(), normal)
}

/// The user that the body names; the seeded one by default.
fn owner(call: &Call, db: &Connection, field: &str) -> Result<Principal, Problem> {
    let Some(id) = call.text(field) else { return Ok(call.state.seeds().user()) };
    let user = Principal::user(normal(id));
    if user.exists(db)? { Ok(user) } else { Err(Problem::invalid_field(field, "is not an existing user")) }
}

/// A UUID in its usual spelling (RFC 9562 section 4).
fn normal(id: &str) -> String {
    Uuid::parse_str(id).map_or_else(|_| id.to_owned(), |id| id.to_string())
}
