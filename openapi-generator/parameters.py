"""Parameters of operations: how each is taken in Rust and how it is sent. What cannot be sent is refused."""

from contract import Refused, class_name, description, identifier, is_reference, only, reference

KEYWORDS = {"name", "in", "description", "required", "schema", "example", "deprecated", "style", "explode"}
SCHEMA_KEYWORDS = {"type", "format", "description", "minimum", "maximum", "minLength", "maxLength", "pattern", "default",
                   "example"}


def prepare_parameter(operation, parameter, schemas):
    """What the templates need of one parameter: names, types, and the call that sends it."""
    place = f"operation {operation}, parameter {parameter['name']}"
    only(parameter, KEYWORDS, place)
    where, required = parameter["in"], parameter.get("required", False)
    if where not in ("path", "query"):
        raise Refused(f"{place}: a parameter in the {where} is not supported, only in path and query")
    if "schema" not in parameter:
        raise Refused(f"{place} has no schema")
    if parameter.get("style", {"path": "simple", "query": "form"}[where]) != {"path": "simple", "query": "form"}[where]:
        raise Refused(f"{place}: the style `{parameter['style']}` is not supported")
    if required and parameter.get("deprecated"):
        raise Refused(f"{place}: a deprecated parameter has to be optional, because Rust cannot mark an argument")
    if parameter.get("x-greedy") and where != "path":
        raise Refused(f"{place}: `x-greedy` is for path parameters")

    schema = parameter["schema"]
    if schema.get("type") == "object":
        kind = free_form(place, parameter)
    else:
        if "example" not in parameter and "example" not in schema:
            raise Refused(f"{place} has no example")
        kind = path(place, parameter, schemas) if where == "path" else query(place, parameter, schemas)
    facts = ["Required" if required else "Optional"]
    if "maximum" in schema:
        facts.append(f"{schema['minimum']} to {schema['maximum']}")
    if "maxLength" in schema:
        facts.append(f"at most {schema['maxLength']} characters")
    if parameter.get("x-greedy"):
        facts.append("keeps its slashes")
    if parameter.get("deprecated"):
        facts.append("deprecated")
    return {"json_name": parameter["name"], "in": where, "required": required,
            "description": description(parameter, place), "facts": "; ".join(facts),
            "bounded": "maximum" in schema, "free": schema.get("type") == "object",
            "deprecated": parameter.get("deprecated", False), **kind}


def path(place, parameter, schemas):
    """A parameter in the path."""
    if not parameter.get("required"):
        raise Refused(f"{place} is in the path and has to be `required: true`")
    kind = scalar(place, parameter["schema"], schemas)
    if kind["type"] not in ("impl AsRef<str>", "uuid::Uuid", "i64") and not kind["enum"]:
        raise Refused(f"{place}: a path parameter of this type is not supported, only string, UUID, integer and enum")
    name = identifier(parameter["name"], place)
    greedy = "greedy_" if parameter.get("x-greedy") else ""
    return {"name": name, **kind, "call": f'.{greedy}path("{parameter["name"]}", {name}{kind["value"]})'}


def query(place, parameter, schemas):
    """A parameter in the query."""
    schema = parameter["schema"]
    name = identifier(parameter["name"], place)
    kind = scalar(place, schema, schemas)
    if "minimum" in schema or "maximum" in schema:
        least, most = schema.get("minimum"), schema.get("maximum")
        if kind["type"] != "i64" or least is None or most is None or least < 0 or most >= 2**32:
            raise Refused(f"{place}: bounds are supported for integers only, both of them, from 0 to 2^32 - 1")
        call = f'.bounded_query("{parameter["name"]}", {name}, {least}, {most})'
        return {"name": name, **kind, "type": "u32", "page_type": "`u32`", "call": call}
    return {"name": name, **kind, "call": f'.query("{parameter["name"]}", {name}{kind["value"]})'}


def scalar(place, schema, schemas):
    """How a single value is taken, and what turns it into text."""
    if is_reference(schema):
        model = class_name(reference(schema))
        if "enum" not in schemas[reference(schema)]:
            raise Refused(f"{place}: `{model}` is not an enum; objects and arrays are not supported in path and query")
        return {"type": f"models::{model}", "page_type": f"[`{model}`](../models/{model}.md)", "value": "", "enum": True}
    if "enum" in schema:
        raise Refused(f"{place}: an enum needs a name: make it a schema of its own")
    match schema.get("type"), schema.get("format"):
        case "string", "uuid":
            rust_type, value = "uuid::Uuid", ""
        case "string", "binary" | "byte":
            raise Refused(f"{place}: a string of format `{schema['format']}` is not supported")
        case "string", _:
            rust_type, value = "impl AsRef<str>", ".as_ref()"
        case "integer", None | "int32" | "int64":
            rust_type, value = "i64", ""
        case "boolean", None:
            rust_type, value = "bool", ""
        case kind, form:
            kind = f"type `{kind}`" + (f" and format `{form}`" if form else "")
            raise Refused(f"{place}: a parameter of {kind} is not supported")
    only(schema, SCHEMA_KEYWORDS, f"the schema of {place}")
    return {"type": rust_type, "page_type": f"`{rust_type}`", "value": value, "enum": False}


def free_form(place, parameter):
    """Any query: each of its fields is one parameter."""
    schema = parameter["schema"]
    fields = schema.get("additionalProperties")
    if parameter["in"] != "query" or parameter.get("required") or schema.get("properties") or not fields \
            or (fields is not True and fields.get("type") != "string") or not parameter.get("explode", True):
        raise Refused(f"{place}: an object is supported only as an optional, exploded query of any names with text values")
    return {"name": "query", "type": "", "page_type": "name and value", "enum": False, "call": ""}
