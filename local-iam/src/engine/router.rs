//! From method and path to the operation.

use http::Method;

use super::operation::{OPERATIONS, Operation};
use super::problem::Problem;

/// The operation at `path`. A concrete path wins over a template (OpenAPI 3.0.3, "Path Templating Matching").
pub(crate) fn route(method: &Method, path: &str) -> Result<&'static Operation, Problem> {
    let template = OPERATIONS
        .iter()
        .map(|operation| operation.path)
        .filter(|template| matches(template, path))
        .min_by_key(|template| template.matches('{').count())
        .ok_or_else(|| Problem::not_found("path"))?;
    let here = || OPERATIONS.iter().filter(|operation| operation.path == template);
    here().find(|operation| operation.method == *method).ok_or_else(|| {
        let allow: Vec<_> = here().map(|operation| operation.method.as_str()).collect();
        Problem::method_not_allowed(method, allow.join(", "))
    })
}

fn matches(template: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    template.split('/').all(|expected| {
        segments
            .next()
            .is_some_and(|actual| expected == actual || (expected.starts_with('{') && !actual.is_empty()))
    }) && segments.next().is_none()
}
