"""What the templates support is taken and sent as the contract describes it."""

import unittest

from small_contract import contract, operation, parameter, thing

from prepare import prepare


def prepared_operation(*parameters, path="/things"):
    whole = contract()
    whole["paths"][path] = whole["paths"].pop("/things")
    whole["paths"][path]["get"]["parameters"] = list(parameters)
    prepare(whole)
    return whole["paths"][path]["get"]


class Parameters(unittest.TestCase):
    def optional(self, head, call, one):
        """The setters of an optional parameter: of its value, and, when a call sets one parameter, of a value that may be there."""
        setter, *maybe = prepared_operation(one)["x-prepared-setters"]
        self.assertEqual((setter["head"], setter["body"]), (head, f"self.request = self.request{call}; self"))
        name, kind = head.split("(mut self, ")[0], head.rstrip(")").split(": ")[-1]
        heads = [] if name == "query" else [f"maybe_{name.removeprefix('r#')}(self, {name}: Option<{kind}>)"]
        self.assertEqual([each["head"] for each in maybe], heads)

    def required(self, signature, request, one, path="/things"):
        prepared = prepared_operation({**one, "required": True}, path=path)
        self.assertEqual((prepared["x-prepared-signature"], prepared["x-prepared-request"]), (signature, request))

    def test_optional_text(self):
        self.optional("size(mut self, size: impl AsRef<str>)", '.query("size", size.as_ref())', parameter())

    def test_optional_boolean(self):
        self.optional("size(mut self, size: bool)", '.query("size", size)', parameter(schema={"type": "boolean"}))

    def test_optional_integer(self):
        self.optional("size(mut self, size: i64)", '.query("size", size)', parameter(schema={"type": "integer"}))

    def test_optional_bounded_integer(self):
        self.optional("size(mut self, size: u32)", '.bounded_query("size", size, 1, 9)',
                      parameter(schema={"type": "integer", "minimum": 1, "maximum": 9}))

    def test_optional_uuid(self):
        self.optional("size(mut self, size: uuid::Uuid)", '.query("size", size)',
                      parameter(schema={"type": "string", "format": "uuid"}))

    def test_optional_enum(self):
        self.optional("size(mut self, size: models::Color)", '.query("size", size)',
                      parameter(schema={"$ref": "#/components/schemas/Color"}, example="red"))

    def test_free_form(self):
        self.optional("query(mut self, name: impl AsRef<str>, value: impl AsRef<str>)",
                      ".any_query(name.as_ref(), value.as_ref())",
                      parameter(schema={"type": "object", "additionalProperties": {"type": "string"}}))

    def test_name_that_is_a_keyword(self):
        self.optional("r#type(mut self, r#type: bool)", '.query("type", r#type)',
                      parameter("type", schema={"type": "boolean"}))

    def test_deprecated(self):
        setters = prepared_operation(parameter(deprecated=True))["x-prepared-setters"]
        self.assertEqual([setter["outdated"] for setter in setters], [True, True])

    def test_required_query(self):
        self.required(", size: bool", '.query("size", size)', parameter(schema={"type": "boolean"}))

    def test_path(self):
        in_path = parameter("thingId", "path")
        for schema, taken, sent in [
            ({"type": "string"}, "impl AsRef<str>", "thing_id.as_ref()"),
            ({"type": "string", "format": "uuid"}, "uuid::Uuid", "thing_id"),
            ({"type": "integer"}, "i64", "thing_id"),
        ]:
            self.required(f", thing_id: {taken}", f'.path("thingId", {sent})', {**in_path, "schema": schema},
                          path="/things/{thingId}")

    def test_greedy_path(self):
        self.required(", rest: impl AsRef<str>", '.greedy_path("rest", rest.as_ref())',
                      parameter("rest", "path", **{"x-greedy": True}), path="/things/{rest}")

    def test_parameters_of_the_whole_path(self):
        whole = contract()
        whole["paths"]["/things"]["parameters"] = [parameter("size"), parameter("age")]
        operation(whole)["parameters"] = [parameter("size", required=True)]
        prepare(whole)
        prepared = whole["paths"]["/things"]["get"]
        self.assertEqual(prepared["x-prepared-signature"], ", size: impl AsRef<str>")
        self.assertEqual([setter["head"].split("(")[0] for setter in prepared["x-prepared-setters"]], ["age", "maybe_age"])


class Operations(unittest.TestCase):
    def test_deprecated(self):
        whole = contract()
        operation(whole)["deprecated"] = True
        prepare(whole)
        self.assertTrue(operation(whole)["x-prepared-deprecated"])

    def test_secrets_of_the_body(self):
        whole = contract()
        thing(whole)["properties"]["name"]["x-sensitive"] = True
        operation(whole)["requestBody"] = {"description": "A thing.", "required": True, "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/Thing"}, "example": {"name": "blue"}}}}
        prepare(whole)
        self.assertEqual(operation(whole)["x-prepared-secrets"], [{"name": "name"}])

    def test_a_file_imports_what_it_uses(self):
        whole = contract()
        del operation(whole)["security"]
        operation(whole)["responses"] = {"204": {"description": "Nothing."}}
        prepare(whole)
        lines = [line["line"] for line in operation(whole)["x-prepared-imports"]]
        self.assertEqual(lines, ["use crate::call::{Operation, Request, decode, request_builder};",
                                 "use crate::client::{Client};"])


class Fields(unittest.TestCase):
    def field(self, name, required=False, **schema):
        whole = contract()
        thing(whole)["properties"] = {name: {"description": "A part.", **schema}}
        thing(whole)["required"] = [name] * required
        thing(whole)["example"] = {name: "text"} if required else {}
        operation(whole)["responses"] = {"204": {"description": "Nothing."}}
        prepare(whole)
        return thing(whole)["x-prepared-fields"][0], thing(whole)["x-prepared-derives"]

    def test_optional_text(self):
        field, derives = self.field("name", type="string")
        self.assertEqual((field["field_type"], field["argument"]), ("Option<String>", "impl Into<String>"))
        self.assertEqual(field["serde"], 'skip_serializing_if = "Option::is_none"')
        self.assertEqual(derives, "Clone, Debug, Default, PartialEq, Eq, Hash, Serialize")

    def test_required_text(self):
        field, derives = self.field("name", required=True, type="string")
        self.assertEqual((field["field_type"], field["initial"]), ("String", "name: name.into()"))
        self.assertIsNone(field["serde"])
        self.assertNotIn("Default", derives)

    def test_a_name_is_given_where_json_has_another(self):
        self.assertEqual(self.field("fullName", required=True, type="string")[0]["serde"], 'rename = "fullName"')
        self.assertIsNone(self.field("type", required=True, type="string")[0]["serde"])

    def test_numbers(self):
        for kind, form, rust_type in [("integer", None, "i64"), ("integer", "int32", "i32"), ("number", None, "f64"),
                                      ("boolean", None, "bool")]:
            field, derives = self.field("size", type=kind, **({"format": form} if form else {}))
            self.assertEqual(field["type"], rust_type)
            self.assertEqual("Eq" in derives.split(", "), rust_type != "f64")

    def test_array(self):
        field, _ = self.field("names", type="array", items={"type": "string"})
        self.assertEqual(field["argument"], "impl IntoIterator<Item = impl Into<String>>")

    def test_a_secret_is_not_printed(self):
        field, derives = self.field("key", type="string", **{"x-sensitive": True})
        self.assertEqual(field["debug"], "optional_secret")
        self.assertNotIn("Debug", derives)

    def test_deprecated(self):
        self.assertTrue(self.field("old", type="string", deprecated=True)[0]["deprecated"])

    def test_a_model_with_open_fields_has_no_hash(self):
        whole = contract()
        thing(whole)["additionalProperties"] = True
        prepare(whole)
        self.assertEqual(thing(whole)["x-prepared-derives"], "Clone, PartialEq, Eq, Serialize")


if __name__ == "__main__":
    unittest.main()
