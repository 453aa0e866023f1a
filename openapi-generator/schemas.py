"""Schemas: the fields of models with their types in Rust, and what can be derived for them."""

import re

from contract import Refused, class_name, description, identifier, is_reference, only, reference, references, snake
from examples import hoisted, imported, pretty, rust

COMMON = {"title", "description", "example", "default"}
OBJECT_KEYWORDS = COMMON | {"type", "properties", "required", "additionalProperties"}
ENUM_KEYWORDS = COMMON | {"type", "enum"}
PROPERTY_KEYWORDS = COMMON | {
    "type", "format", "items", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
    "pattern", "readOnly", "writeOnly", "deprecated", "allOf", "$ref"}


def prepare_schema(name, schema, schemas, target):
    place = f"schema {name}"
    summary = description(schema, place)
    schema["x-prepared-summary"] = re.split(r"(?<=\.) (?=[A-Z])", summary)[0]
    schema["x-prepared-name"] = name
    if "example" not in schema:
        raise Refused(f"{place} has no example")
    if "enum" in schema:
        check_enum(place, schema)
    elif "oneOf" in schema:
        prepare_one_of(name, schema, schemas)
    elif schema.get("type") == "object":
        prepare_object(name, schema, schemas)
    else:
        raise Refused(f"{place} is neither an object, nor an enum of strings, nor a `oneOf`: nothing else is supported")
    kind = "struct" if schema.get("type") == "object" else "enum"
    schema["x-prepared-item"] = f"{target.properties['modulePath'].replace('::', '/')}models/{kind}.{class_name(name)}.html"
    schema["x-prepared-json"] = pretty(schema["example"])
    code = rust(schema["example"], {"$ref": f"#/components/schemas/{name}"}, schemas)
    schema["x-prepared-texts"], schema["x-prepared-rust"] = hoisted(code)
    imports = target.imports(imported(code, always="models"))
    schema["x-prepared-imports"] = imports[0] if len(imports) == 1 else "{" + ", ".join(imports) + "}"


def check_enum(place, schema):
    only(schema, ENUM_KEYWORDS, place)
    if schema.get("type") != "string":
        raise Refused(f"{place}: only enums of strings are supported")
    for extension in ["x-enum-varnames", "x-enum-descriptions"]:
        if len(schema.get(extension, [])) != len(schema["enum"]):
            raise Refused(f"{place}: `{extension}` has to name every value, in the order of `enum`")


def prepare_one_of(name, schema, schemas):
    only(schema, COMMON | {"oneOf"}, f"schema {name}")
    variants = [variant(name, branch, schemas) for branch in schema["oneOf"]]
    if len({variant["name"] for variant in variants}) != len(variants):
        raise Refused(f"schema {name}: the alternatives of a `oneOf` need different names")
    schema["x-prepared-variants"] = variants
    schema["x-prepared-getters"] = [each for each in variants if each["getter"]]
    schema["x-prepared-uses-models"] = any(each["page"] for each in variants)
    schema["x-prepared-derives"] = ", ".join(derives(schema, schemas))


def variant(name, branch, schemas):
    """An alternative of a one-of is named by what its schema's name adds to the name of the whole."""
    if is_reference(branch):
        model = reference(branch)
        if schemas[model].get("type") != "object":
            raise Refused(f"schema {name}: an alternative of a `oneOf` is an object, a string or an integer")
        page = class_name(model)
        return {"name": page.removeprefix(class_name(name)), "type": f"models::{page}", "page": page, "getter": None, "borrowed": None,
                "description": description(schemas[model], f"schema {model}")}
    place = f"an alternative of schema {name}"
    match branch.get("type"), branch.get("format"):
        case "string", None:
            rust_type, getter = "String", {"method": "as_str", "output": "&str", "value": "value"}
        case "integer", None | "int64":
            rust_type, getter = "i64", {"method": "as_i64", "output": "i64", "value": "*value"}
        case kind, form:
            raise Refused(f"{place}: type `{kind}` with format `{form}` is not supported, only object, string and integer")
    only(branch, {"type", "format", "description"}, place)
    text = description(branch, place)
    getter["meaning"] = text[0].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
    return {"name": branch["type"].capitalize(), "type": rust_type, "page": None, "getter": getter, "description": text,
            "borrowed": "&str" if rust_type == "String" else None}


def prepare_object(name, schema, schemas):
    place = f"schema {name}"
    only(schema, OBJECT_KEYWORDS, place)
    if schema.get("additionalProperties", False) not in (True, False):
        raise Refused(f"{place}: `additionalProperties` with a schema is not supported, only `true` and `false`")
    required = schema.get("required", [])
    properties = schema.setdefault("properties", {})
    for missing in set(required) - set(properties):
        raise Refused(f"{place} requires `{missing}`, which is not a property")
    fields = [prepare_field(f"{place}, property {name}", name, name in required, property_schema, schemas)
              for name, property_schema in properties.items()]
    names = [field["name"] for field in fields] + ["additional_properties"] * (schema.get("additionalProperties") is True)
    for twice in {name for name in names if names.count(name) > 1}:
        raise Refused(f"{place}: two properties are called `{twice}` in Rust")
    is_open = schema.get("additionalProperties") is True
    schema["x-prepared-fields"] = fields
    schema["x-prepared-new"] = ", ".join(f"{f['name']}: {f['argument']}" for f in fields if f["required"])
    schema["x-prepared-open"] = is_open
    schema["x-prepared-others"] = "open" if is_open else "closed"
    schema["x-prepared-refused"] = [{"json_name": field} for field in other_alternatives(name, schemas) if field not in properties]
    schema["x-prepared-debug"] = is_open or any(field["secret"] for field in fields)
    lifetimes = [field for field in fields if field["lifetime"]]
    if len(lifetimes) > 1:
        raise Refused(f"{place}: only one property can have `x-lifetime`")
    schema["x-prepared-lifetime"] = lifetimes
    outcomes = [field for field in fields if field["outcome"]]
    if len(outcomes) > 1:
        raise Refused(f"{place}: only one property can have `x-outcome`")
    schema["x-prepared-outcome"] = outcomes
    schema["x-prepared-deprecated"] = any(field["deprecated"] for field in fields)
    schema["x-prepared-uses-models"] = any("models::" in field["type"] for field in fields)
    schema["x-prepared-derives"] = ", ".join(derives(schema, schemas))


def other_alternatives(name, schemas):
    """The fields of those schemas that are alternatives to this one. An object with fields of two alternatives is neither: as one of
    them it would lose the other's fields."""
    choices = [[reference(branch) for branch in schema.get("oneOf", []) if is_reference(branch)] for schema in schemas.values()]
    others = [other for choice in choices if name in choice for other in choice if other != name]
    return sorted({field for other in others for field in schemas[other].get("properties", {})})


def prepare_field(place, name, required, schema, schemas):
    kind = field_type(place, schema, schemas)
    lenient = schema.get("x-lenient-integer", False)
    if lenient and kind["type"] != "i64":
        raise Refused(f"{place}: `x-lenient-integer` is for integers of 64 bits")
    lifetime = schema.get("x-lifetime", False)
    if lifetime and kind["type"] != "i64":
        raise Refused(f"{place}: `x-lifetime` is for integers of 64 bits")
    outcome = schema.get("x-outcome", False)
    if outcome and (kind["type"] != "bool" or not required):
        raise Refused(f"{place}: `x-outcome` is for required booleans")
    milliseconds = schema.get("x-milliseconds", False)
    if milliseconds and (required or schema.get("format") != "date-time"):
        raise Refused(f"{place}: `x-milliseconds` is for optional texts of the format date-time")
    field = identifier(name, place)
    serde = [] if field.removeprefix("r#") == name else [f'rename = "{name}"']
    if not required:
        serde.append('skip_serializing_if = "Option::is_none"')
    if milliseconds:
        serde.append('serialize_with = "crate::wire::milliseconds::serialize"')
    facts = ["Required" if required else "Optional"]
    if snake(name) != name:
        facts.append(f"`{name}` in JSON")
    if schema.get("x-sensitive"):
        facts.append("secret, prints as `[REDACTED]`")
    if lifetime:
        facts.append("`lifetime()` returns it as a `Duration`")
    if outcome:
        facts.append("`ensure_success()` makes an error of `false`")
    if milliseconds:
        facts.append("written in whole milliseconds")
    if "default" in schema:
        facts.append(f"default `{str(schema['default']).lower()}`")
    if "maxLength" in schema:
        facts.append(f"at most {schema['maxLength']} characters")
    if "minItems" in schema:
        facts.append(f"at least {schema['minItems']} item")
    if "pattern" in schema:
        facts.append(f"pattern `{schema['pattern']}`")
    if schema.get("deprecated"):
        facts.append("deprecated")
    secret = bool(schema.get("x-sensitive"))
    return {"name": field, "setter": f"with_{snake(name)}", "json_name": name, "required": required, "secret": secret, "lifetime": lifetime, "outcome": outcome,
            "description": description(schema, place), "serde": ", ".join(serde) or None, "facts": "; ".join(facts),
            "debug": ("secret" if required else "optional_secret") if secret else "plain",
            "reading": ("integer" if required else "optional_integer") if lenient else "optional_time" if milliseconds
                       else "required" if required else "optional",
            "deprecated": bool(schema.get("deprecated")), "initial": value(field, kind) if required else f"{field}: None",
            "field_type": kind["type"] if required else f"Option<{kind['type']}>",
            "field_page": kind["page"] if required else wrapped("Option", kind), **kind}


def wrapped(outer, kind):
    """The type for a page, whose models are links: the code around them is broken there."""
    page = kind["page"]
    if not page.startswith("`"):
        return f"`{outer}<`{page}`>`"
    inner = page.removeprefix("`")
    return f"`{outer}<{inner[:-1]}>`" if inner.endswith("`") else f"`{outer}<{inner}>"


def value(field, kind):
    return f"{field}: {field}{kind['into']}" if kind["into"] else field


def field_type(place, schema, schemas):
    """The type of a field, the type of the argument that sets it, and what turns one into the other."""
    if schema.get("type") == "object":
        raise Refused(f"{place}: an object needs a name: make it a schema of its own")
    only(schema, PROPERTY_KEYWORDS, place)
    if schema.get("type") == "array":
        items = field_type(f"the items of {place}", schema["items"], schemas)
        if items["type"].startswith("Vec<"):
            raise Refused(f"{place}: an array of arrays is not supported")
        page = wrapped("Vec", items)
        # Nothing turns into an object. To ask for that all the same would leave the type of an empty list open.
        if is_reference(schema["items"]) and schemas[reference(schema["items"])].get("type") == "object":
            return {"type": f"Vec<{items['type']}>", "argument": f"impl IntoIterator<Item = {items['type']}>",
                    "into": ".into_iter().collect()", "page": page}
        return {"type": f"Vec<{items['type']}>", "argument": f"impl IntoIterator<Item = impl Into<{items['type']}>>",
                "into": ".into_iter().map(Into::into).collect()", "page": page}
    if is_reference(schema):
        model = class_name(reference(schema))
        return {"type": f"models::{model}", "argument": f"models::{model}", "into": "", "page": f"[`{model}`]({model}.md)"}
    if "x-known-values" in schema:
        model = schema["x-known-values"]
        if (schema.get("type"), schema.get("format")) != ("string", None) or "enum" not in schemas.get(model, {}):
            raise Refused(f"{place}: `x-known-values` is for texts, and names the schema of an enum")
        model = class_name(model)
        return {"type": f"models::{model}", "argument": f"impl Into<models::{model}>", "into": ".into()",
                "page": f"[`{model}`]({model}.md)"}
    if len(schema.get("enum", [])) > 1:
        raise Refused(f"{place}: an enum needs a name: make it a schema of its own")
    match schema.get("type"), schema.get("format"):
        case "string", "uuid":
            rust_type = "uuid::Uuid"
        case "string", "date-time" if schema.get("x-milliseconds"):
            rust_type = "std::time::SystemTime"
        case "string", "binary" | "byte":
            raise Refused(f"{place}: a string of format `{schema['format']}` is not supported")
        case "string", _:
            return {"type": "String", "argument": "impl Into<String>", "into": ".into()", "page": "`String`"}
        case "integer", None | "int64":
            rust_type = "i64"
        case "integer", "int32":
            rust_type = "i32"
        case "number", None | "double":
            rust_type = "f64"
        case "boolean", None:
            rust_type = "bool"
        case kind, form:
            kind = f"type `{kind}`" + (f" and format `{form}`" if form else "")
            raise Refused(f"{place}: {kind} is not supported")
    return {"type": rust_type, "argument": rust_type, "into": "", "page": f"`{rust_type}`"}


def derives(schema, schemas):
    """What a model derives: all that its fields allow."""
    names = ["Clone"]
    if "properties" in schema:
        if not schema["x-prepared-debug"]:
            names.append("Debug")
        if not schema.get("required"):
            names.append("Default")
    names.append("PartialEq")
    parts = whole(schema, schemas)
    if not any(part.get("type") == "number" for part in parts):
        names.append("Eq")
        # Two equal JSON objects may keep their fields in different orders, and a hash would see the order.
        if not any("oneOf" in part or part.get("additionalProperties") is True for part in parts):
            names.append("Hash")
    # How an object is read is written out, because a derived implementation also takes a list for one.
    return names + (["Serialize"] if "properties" in schema else ["Serialize", "Deserialize"])


def whole(schema, schemas):
    """A schema and everything that is part of it."""
    found, left, seen = [], [schema], set()
    while left:
        part = left.pop()
        found.append(part)
        left += part.get("properties", {}).values()
        left += [part["items"]] if "items" in part else []
        for name in set(references(part)) - seen:
            seen.add(name)
            left.append(schemas[name])
    return found


def refuse_recursion(schemas):
    """A model that holds itself, other than in an array, has no size."""
    def held(name):
        parts = [*schemas[name].get("properties", {}).values(), *schemas[name].get("oneOf", [])]
        return [reference(part) for part in parts if is_reference(part)]

    for name in schemas:
        left, seen = held(name), set()
        while left:
            other = left.pop()
            if other == name:
                raise Refused(f"schema {name} holds itself: only an array can do that")
            if other not in seen:
                seen.add(other)
                left += held(other)
