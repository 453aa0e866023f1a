//! From method and path to the operation and its path parameters.

use http::{Method, StatusCode};
use percent_encoding::percent_decode_str;

use super::operation::{Operation, is_gateway_path};
use super::problem::{Detail, Problem};
use super::routes::operations;

/// An operation and the decoded values of its path parameters, in the order of the template.
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    pub(crate) parameters: Vec<(&'static str, String)>,
}

/// What AWS API Gateway responds with at a path or for a method that it does not know.
fn unknown_to_gateway() -> Problem {
    Problem::gateway(StatusCode::FORBIDDEN, "Missing Authentication Token")
}

/// The operation at `path`. A concrete path wins over a template (OpenAPI 3.0.3, "Path Templating Matching").
pub(crate) fn route(method: &Method, path: &str) -> Result<Route, Problem> {
    let concrete = operations().find(|operation| operation.path == path && !path.contains('{'));
    let matching =
        || operations().filter_map(|operation| Some((operation.path, matches(operation.path, path)?)));
    let (template, raw) = concrete
        .map(|operation| (operation.path, Vec::new()))
        .or_else(|| matching().min_by_key(|(_, parameters)| parameters.len()))
        .ok_or_else(|| match is_gateway_path(path) {
            true => unknown_to_gateway(),
            false => Problem::not_found("path; operations are below /iam and /cid, check the base URL"),
        })?;
    let here = || operations().filter(|operation| operation.path == template);
    let operation = here().find(|operation| operation.method == method.as_str()).ok_or_else(|| {
        if is_gateway_path(path) {
            return unknown_to_gateway();
        }
        let mut allow: Vec<_> = here().map(|operation| operation.method).collect();
        allow.sort_unstable();
        Problem::method_not_allowed(allow.join(", "))
    })?;
    let parameters = raw.into_iter().map(decode).collect::<Result<_, _>>()?;
    Ok(Route { operation, parameters })
}

/// The parameters of `path`, still encoded, when it matches.
fn matches<'a>(template: &'static str, path: &'a str) -> Option<Vec<(&'static str, &'a str)>> {
    let mut parameters = Vec::new();
    let mut rest = path.strip_prefix('/')?;
    let mut expected = template.strip_prefix('/')?.split('/').peekable();
    while let Some(segment) = expected.next() {
        let parameter = segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}'));
        if let Some(greedy) = parameter.and_then(|name| name.strip_suffix('+')) {
            parameters.push((greedy, rest));
            return (!rest.is_empty()).then_some(parameters);
        }
        let (actual, remaining) =
            rest.split_once('/').map_or((rest, None), |(actual, rest)| (actual, Some(rest)));
        match parameter {
            Some(name) if !actual.is_empty() => parameters.push((name, actual)),
            None if segment == actual => {}
            _ => return None,
        }
        match (remaining, expected.peek()) {
            (Some(remaining), Some(_)) => rest = remaining,
            (None, None) => return Some(parameters),
            _ => return None,
        }
    }
    None
}

fn decode((name, raw): (&'static str, &str)) -> Result<(&'static str, String), Problem> {
    match percent_decode_str(raw).decode_utf8() {
        Ok(value) => Ok((name, value.into_owned())),
        Err(_) => Err(Problem::invalid(vec![Detail::of(name, "must be percent-encoded UTF-8", "path")])),
    }
}
