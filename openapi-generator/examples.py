"""The examples of the contract, written in Rust as a reader would write them."""

import json
import re
from datetime import UTC, datetime, timedelta

from contract import Refused, class_name, is_reference, reference, snake


def rust(value, schema, schemas):
    """A Rust expression that builds `value`."""
    if is_reference(schema):
        name = reference(schema)
        return rust_model(value, name, schemas[name], schemas)
    if "x-known-values" in schema:
        return rust_model(value, schema["x-known-values"], schemas[schema["x-known-values"]], schemas)
    match schema.get("type"):
        case "array":
            return "[" + ", ".join(rust(item, schema["items"], schemas) for item in value) + "]"
        case "string" if schema.get("format") == "uuid":
            return f"uuid::uuid!({json.dumps(value)})"
        case "string" if schema.get("x-milliseconds"):
            since = (datetime.fromisoformat(value) - datetime.fromtimestamp(0, UTC)) // timedelta(milliseconds=1)
            return f"std::time::UNIX_EPOCH + std::time::Duration::from_millis({since:_})"
        case "number":
            return repr(float(value))
        case "string" | "integer" | "boolean":
            return json.dumps(value, ensure_ascii=False)
    raise Refused(f"the example {json.dumps(value)} has no form in Rust: its schema is {json.dumps(schema)}")


def rust_model(value, name, schema, schemas):
    model = f"models::{class_name(name)}"
    if "enum" in schema:
        if value not in schema["enum"]:
            raise Refused(f"the example {json.dumps(value)} is not a value of {name}")
        return f"{model}::{schema['x-enum-varnames'][schema['enum'].index(value)]}"
    if "oneOf" in schema:
        for branch in schema["oneOf"]:
            if is_reference(branch):
                if isinstance(value, dict) and set(schemas[reference(branch)]["properties"]) >= set(value):
                    return f"{rust(value, branch, schemas)}.into()"
            elif isinstance(value, {"string": str, "integer": int}[branch["type"]]):
                return f"{model}::{branch['type'].capitalize()}({rust(value, branch, schemas)}.into())"
        raise Refused(f"an example of {name} fits none of its alternatives: {json.dumps(value)}")
    properties, required = schema["properties"], schema.get("required", [])
    for missing in set(required) - set(value):
        raise Refused(f"an example of {name} lacks `{missing}`: {json.dumps(value)}")
    arguments = ", ".join(rust(value[p], s, schemas) for p, s in properties.items() if p in required)
    setters = "".join(f".with_{snake(p)}({rust(value[p], s, schemas)})"
                      for p, s in properties.items() if p in value and p not in required)
    others = "".join(f".with_additional_property({json.dumps(p)}, {json.dumps(v)})"
                     for p, v in value.items() if p not in properties)
    return f"{model}::new({arguments}){setters}{others}"


def imported(code, always=None):
    """The modules of the crate that `code` names."""
    return [module for module in ["models", "uuid"] if module == always or f"{module}::" in code]


def hoisted(code):
    """The code with a variable in place of each text that leaves no room on its line, and those texts by the variables' names."""
    texts = [text for text in dict.fromkeys(re.findall(r'"(?:[^"\\]|\\.)*"', code)) if len(text) > 80]
    names = ["text"] if len(texts) == 1 else [f"text_{number}" for number, _ in enumerate(texts, 1)]
    if len(texts) == 1 and texts[0].startswith('"ari:'):
        names = ["ari"]
    for name, text in zip(names, texts):
        code = code.replace(text, name)
    return [{"name": name, "text": text} for name, text in zip(names, texts)], code


def pretty(value):
    """JSON for a page: what is nested deeply is indented less, so that it fits."""
    wide, narrow = (json.dumps(value, indent=indent, ensure_ascii=False) for indent in (2, 1))
    return wide if max(map(len, wide.splitlines())) <= 100 else narrow
