"""Computes from the contract what the local service checks requests against: its operations and the schemas of their
queries and bodies, as Rust expressions. Everything is written into extensions named `x-prepared-local`, which
templates/local_contract.mustache reads.
"""

import json
from urllib.parse import urlsplit

from contract import Refused, reference, resolve, snake


def prepare_local_service(contract):
    schemas = contract["components"]["schemas"]
    base_path = urlsplit(contract["servers"][0]["url"]).path
    for path, operations in contract["paths"].items():
        for method, operation in operations.items():
            parameters = [resolve(parameter, contract) for parameter in operation.get("parameters", [])]
            operation["x-prepared-local"] = {
                "method": method.upper(),
                "path": base_path + template(path, parameters),
                "scheme": scheme(operation),
                "query": query(parameters, schemas),
                "body": body(operation, schemas),
            }


def template(path, parameters):
    """The path with `{name+}` for a parameter that keeps its slashes."""
    for parameter in parameters:
        if parameter.get("x-greedy"):
            path = path.replace(f"{{{parameter['name']}}}", f"{{{parameter['name']}+}}")
    return path


def scheme(operation):
    names = [name.removesuffix("TokenAuth") for alternative in operation["security"] for name in alternative]
    if len(names) > 1:
        raise Refused(f"{operation['operationId']}: the local service knows one security scheme per operation")
    return names[0] if names else "Public"


def query(parameters, schemas):
    """A parameter that is an object stands for any names and values, so it checks nothing."""
    checked = [p for p in parameters if p["in"] == "query" and p["schema"].get("type") != "object"]
    fields = [field(p["name"], p["schema"], p.get("required", False), schemas) for p in checked]
    return f"Object::open(&[{', '.join(fields)}])" if fields else "NOTHING"


def body(operation, schemas):
    content = operation.get("requestBody", {}).get("content")
    if content is None:
        return "None"
    if "application/json" not in content:
        return "Raw"
    return f"Json(&{constant(reference(content['application/json']['schema']), schemas)})"


def field(name, schema, required, schemas):
    kind = "required" if required else "optional"
    return f"Field::{kind}({json.dumps(name)}, {shape(schema, schemas)})"


def shape(schema, schemas):
    """Patterns and formats are not expressed: the local service narrows such a text by a function."""
    if "$ref" in schema or "allOf" in schema:
        return referenced(reference(schema), schemas)
    match schema["type"]:
        case "string" if "maxLength" in schema:
            return f"Shape::TextUpTo({schema['maxLength']})"
        case "string":
            return "Shape::Text"
        case "boolean":
            return "Shape::Bool"
        case "integer" if "minimum" in schema and "maximum" in schema:
            return f"Shape::Integer({schema['minimum']}, {schema['maximum']})"
        case "array" if schema.get("minItems", 0) <= 1 and "maxItems" not in schema:
            kind = "NonEmptyList" if schema.get("minItems") else "List"
            return f"Shape::{kind}(&{shape(schema['items'], schemas)})"
    raise Refused(f"the local service cannot check {schema}")


def referenced(name, schemas):
    schema = schemas[name]
    if "oneOf" in schema:
        return f"Shape::Either(&[{', '.join('&' + alternative(branch, schemas) for branch in schema['oneOf'])}])"
    kind = "OneOf(" if "enum" in schema else "Object(&"
    return f"Shape::{kind}{constant(name, schemas)})"


def alternative(branch, schemas):
    schema = schemas[reference(branch)]
    if schema["required"] != list(schema["properties"]) or len(schema["required"]) != 1:
        raise Refused(f"the local service tells alternatives by their one field: {schema}")
    return constant(reference(branch), schemas)


def constant(name, schemas):
    """The name of the constant for a schema; the first use of a schema prepares the constant."""
    schema = schemas[name]
    if "x-prepared-local" not in schema:
        schema["x-prepared-local"] = prepared = {"constant": snake(name).upper()}
        if "enum" in schema:
            prepared["values"] = json.dumps(schema["enum"])
        else:
            required = schema.get("required", [])
            fields = [field(p, s, p in required, schemas) for p, s in schema["properties"].items()]
            prepared["object"] = {"schema": name, "open": json.dumps(schema.get("additionalProperties", True)),
                                  "fields": ", ".join(fields)}
    return schema["x-prepared-local"]["constant"]
