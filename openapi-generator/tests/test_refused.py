"""What the templates do not support ends the run with an error that names it."""

import unittest

from small_contract import contract, operation, parameter, thing

from contract import Refused
from prepare import prepare

COLOR = {"$ref": "#/components/schemas/Color"}
THING = {"$ref": "#/components/schemas/Thing"}


def json_body(schema, **others):
    return {"description": "What to send.", "required": True, "content": {"application/json": {
        "schema": schema, "example": {"name": "blue"}}}, **others}


class RefusedParameters(unittest.TestCase):
    def refused(self, one, reason=""):
        whole = contract()
        operation(whole)["parameters"].append(one)
        with self.assertRaises(Refused) as raised:
            prepare(whole)
        for part in ["readThing", one["name"], reason]:
            self.assertIn(part, str(raised.exception))

    def test_header(self):
        self.refused(parameter(where="header"), "header")

    def test_required_header(self):
        self.refused(parameter(where="header", required=True), "header")

    def test_cookie(self):
        self.refused(parameter(where="cookie"), "cookie")

    def test_array(self):
        self.refused(parameter(schema={"type": "array", "items": {"type": "string"}}), "array")

    def test_number(self):
        self.refused(parameter(schema={"type": "number"}), "number")

    def test_object_with_properties(self):
        self.refused(parameter(schema={"type": "object", "properties": {"a": {"type": "string"}}}), "object")

    def test_required_object(self):
        self.refused(parameter(required=True, schema={"type": "object", "additionalProperties": True}), "object")

    def test_object_of_a_schema(self):
        self.refused(parameter(schema=THING), "Thing")

    def test_enum_without_a_name(self):
        self.refused(parameter(schema={"type": "string", "enum": ["a", "b"]}), "enum")

    def test_binary_text(self):
        self.refused(parameter(schema={"type": "string", "format": "byte"}), "byte")

    def test_one_bound(self):
        self.refused(parameter(schema={"type": "integer", "minimum": 1}), "bounds")

    def test_negative_bound(self):
        self.refused(parameter(schema={"type": "integer", "minimum": -1, "maximum": 1}), "bounds")

    def test_exclusive_bound(self):
        self.refused(parameter(schema={"type": "integer", "minimum": 0, "maximum": 9, "exclusiveMinimum": True}),
                     "exclusiveMinimum")

    def test_null(self):
        self.refused(parameter(schema={"type": "string", "nullable": True}), "nullable")

    def test_style(self):
        self.refused(parameter(style="deepObject"), "deepObject")

    def test_reserved_characters(self):
        self.refused(parameter(allowReserved=True), "allowReserved")

    def test_content_instead_of_a_schema(self):
        one = parameter(content={"application/json": {"schema": {"type": "string"}}})
        del one["schema"]
        self.refused(one, "content")

    def test_no_description(self):
        self.refused(parameter(description=""), "description")

    def test_description_with_line_breaks(self):
        self.refused(parameter(description="One.\nTwo."), "line breaks")

    def test_no_example(self):
        one = parameter()
        del one["example"]
        self.refused(one, "example")

    def test_deprecated_and_required(self):
        self.refused(parameter(required=True, deprecated=True), "deprecated")

    def test_greedy_query(self):
        self.refused(parameter(**{"x-greedy": True}), "x-greedy")

    def test_name_of_a_method_that_every_builder_has(self):
        for name in ["timeout", "header", "send"]:
            self.refused(parameter(name), "request builder")

    def test_name_that_rust_cannot_have(self):
        self.refused(parameter("self"), "Rust")

    def test_path_parameter_that_the_path_does_not_have(self):
        self.refused(parameter(where="path", required=True), "path")

    def test_boolean_in_the_path(self):
        self.refused(parameter(where="path", required=True, schema={"type": "boolean"}), "path")

    def test_optional_path_parameter(self):
        self.refused(parameter(where="path"), "required")

    def test_two_parameters_of_one_name_in_rust(self):
        whole = contract()
        operation(whole)["parameters"] += [parameter("pageSize"), parameter("page_size")]
        with self.assertRaisesRegex(Refused, "readThing.*page_size"):
            prepare(whole)


class RefusedOperations(unittest.TestCase):
    def refused(self, reason, change):
        whole = contract()
        change(operation(whole))
        with self.assertRaises(Refused) as raised:
            prepare(whole)
        for part in ["readThing", reason]:
            self.assertIn(part, str(raised.exception))

    def test_method(self):
        whole = contract()
        whole["paths"]["/things"]["head"] = whole["paths"]["/things"].pop("get")
        with self.assertRaisesRegex(Refused, "readThing.*HEAD"):
            prepare(whole)

    def test_path_parameter_that_is_not_described(self):
        whole = contract()
        whole["paths"]["/things/{id}"] = whole["paths"].pop("/things")
        with self.assertRaisesRegex(Refused, "readThing.*`id`"):
            prepare(whole)

    def test_form(self):
        form = {"application/x-www-form-urlencoded": {"schema": THING}}
        self.refused("form", lambda o: o.update(requestBody={"description": "A form.", "required": True, "content": form}))

    def test_multipart(self):
        form = {"multipart/form-data": {"schema": THING}}
        self.refused("multipart", lambda o: o.update(
            requestBody={"description": "A form.", "required": True, "content": form}))

    def test_optional_json_body(self):
        self.refused("required", lambda o: o.update(requestBody=json_body(THING, required=False)))

    def test_json_body_without_a_name(self):
        self.refused("name", lambda o: o.update(requestBody=json_body({"type": "object"})))

    def test_two_media_types(self):
        body = json_body(THING)
        body["content"]["application/xml"] = {"schema": THING}
        self.refused("application/xml", lambda o: o.update(requestBody=body))

    def test_secret_deep_in_a_request_body(self):
        whole = contract()
        whole["components"]["schemas"]["Box"] = {
            "description": "A box.", "type": "object", "required": ["thing"], "example": {"thing": {"name": "blue"}},
            "properties": {"thing": {"description": "What is in it.", "allOf": [THING]}}}
        thing(whole)["properties"]["name"]["x-sensitive"] = True
        operation(whole)["requestBody"] = json_body({"$ref": "#/components/schemas/Box"})
        operation(whole)["requestBody"]["content"]["application/json"]["example"] = {"thing": {"name": "blue"}}
        with self.assertRaisesRegex(Refused, "readThing.*x-sensitive.*Thing"):
            prepare(whole)

    def test_two_responses_of_success(self):
        self.refused("one response", lambda o: o["responses"].update({"202": {"description": "Later."}}))

    def test_no_response_of_success(self):
        self.refused("one response", lambda o: o["responses"].clear())

    def test_response_that_is_an_array(self):
        content = {"application/json": {"schema": {"type": "array", "items": THING}, "example": []}}
        self.refused("name", lambda o: o["responses"]["200"].update(content=content))

    def test_response_of_another_media_type(self):
        content = {"text/csv": {"schema": {"type": "string"}}}
        self.refused("text/csv", lambda o: o["responses"]["200"].update(content=content))

    def test_error_without_a_body(self):
        self.refused("404", lambda o: o["responses"].update({"404": {"description": "Not there."}}))

    def test_error_with_alternatives_and_no_example_of_each(self):
        body = {"schema": {"oneOf": [{"$ref": "#/components/schemas/Thing"}]}, "example": {"name": "ThingError"}}
        self.refused("404", lambda o: o["responses"].update(
            {"404": {"description": "Not there.", "content": {"application/json": body}}}))

    def test_two_security_schemes(self):
        self.refused("security", lambda o: o["security"].append({"Other": []}))

    def test_optional_security(self):
        self.refused("security", lambda o: o["security"].insert(0, {}))

    def test_security_scheme_of_another_kind(self):
        whole = contract()
        whole["components"]["securitySchemes"]["UserTokenAuth"] = {"type": "apiKey", "in": "query", "name": "token"}
        with self.assertRaisesRegex(Refused, "readThing.*UserTokenAuth"):
            prepare(whole)

    def test_authorization_format(self):
        self.refused("Bearer", lambda o: o.update({"x-authorization-format": "Basic"}))

    def test_misspelt_extension(self):
        whole = contract()
        operation(whole)["x-idempotant"] = True
        with self.assertRaisesRegex(Refused, "/things / get.*x-idempotant"):
            prepare(whole)

    def test_page_without_the_field(self):
        paging = {"items": "things", "cursor": "after", "next": "next"}
        self.refused("things", lambda o: o.update({"x-pagination": paging}))

    def test_own_servers(self):
        self.refused("servers", lambda o: o.update(servers=[{"url": "https://example.com"}]))

    def test_two_tags(self):
        whole = contract()
        whole["tags"].append({"name": "others", "description": "Others."})
        operation(whole)["tags"].append("others")
        with self.assertRaisesRegex(Refused, "readThing.*tag"):
            prepare(whole)

    def test_tag_that_is_not_described(self):
        whole = contract()
        del whole["tags"]
        with self.assertRaisesRegex(Refused, "readThing.*things"):
            prepare(whole)

    def test_no_summary(self):
        self.refused("summary", lambda o: o.pop("summary"))


class RefusedSchemas(unittest.TestCase):
    def refused(self, reason, schema):
        """A property `part` of `Thing` with this schema."""
        whole = contract()
        thing(whole)["properties"]["part"] = {"description": "A part.", **schema}
        with self.assertRaises(Refused) as raised:
            prepare(whole)
        for part in ["Thing", "part", reason]:
            self.assertIn(part, str(raised.exception))

    def test_object_without_a_name(self):
        self.refused("name", {"type": "object", "properties": {}})

    def test_enum_without_a_name(self):
        self.refused("enum", {"type": "string", "enum": ["a", "b"]})

    def test_any_value(self):
        self.refused("type", {})

    def test_null(self):
        self.refused("nullable", {"type": "string", "nullable": True})

    def test_array_of_arrays(self):
        self.refused("array", {"type": "array", "items": {"type": "array", "items": {"type": "string"}}})

    def test_binary_text(self):
        self.refused("binary", {"type": "string", "format": "binary"})

    def test_all_of_two(self):
        self.refused("type", {"allOf": [THING, COLOR]})

    def test_any_of(self):
        self.refused("anyOf", {"anyOf": [{"type": "string"}]})

    def test_lenient_text(self):
        self.refused("x-lenient-integer", {"type": "string", "x-lenient-integer": True})

    def test_lifetime_that_is_text(self):
        self.refused("x-lifetime", {"type": "string", "x-lifetime": True})

    def test_outcome_that_is_no_boolean_or_may_be_absent(self):
        self.refused("x-outcome", {"type": "string", "x-outcome": True})
        self.refused("x-outcome", {"type": "boolean", "x-outcome": True})

    def test_known_values_of_what_is_no_text_or_no_enum(self):
        self.refused("x-known-values", {"type": "integer", "x-known-values": "Color"})
        self.refused("x-known-values", {"type": "string", "x-known-values": "Thing"})
        self.refused("x-known-values", {"type": "string", "x-known-values": "Colour"})

    def test_time_in_milliseconds_that_is_a_number(self):
        self.refused("x-milliseconds", {"type": "integer", "x-milliseconds": True})

    def test_two_outcomes(self):
        whole = contract()
        outcome = {"description": "Whether it was done.", "type": "boolean", "x-outcome": True}
        thing(whole)["properties"].update(one=outcome, two=outcome)
        thing(whole)["required"] += ["one", "two"]
        thing(whole)["example"].update(one=True, two=True)
        with self.assertRaisesRegex(Refused, "Thing.*x-outcome"):
            prepare(whole)

    def test_two_lifetimes(self):
        whole = contract()
        lifetime = {"description": "Seconds.", "type": "integer", "x-lifetime": True}
        thing(whole)["properties"].update(one=lifetime, two=lifetime)
        with self.assertRaisesRegex(Refused, "Thing.*x-lifetime"):
            prepare(whole)

    def test_no_description(self):
        self.refused("description", {"type": "string", "description": ""})

    def test_misspelt_extension(self):
        self.refused("x-sensitve", {"type": "string", "x-sensitve": True})

    def whole(self, reason, **changes):
        whole = contract()
        thing(whole).update(changes)
        with self.assertRaisesRegex(Refused, f"Thing.*{reason}"):
            prepare(whole)

    def test_map_of_a_type(self):
        self.whole("additionalProperties", additionalProperties={"type": "string"})

    def test_required_property_that_is_not_there(self):
        self.whole("color", required=["name", "color"])

    def test_two_properties_of_one_name_in_rust(self):
        text = {"description": "Text.", "type": "string"}
        self.whole("first_name", required=[], properties={"firstName": text, "first_name": text})

    def test_deprecated_model(self):
        self.whole("deprecated", deprecated=True)

    def test_model_that_holds_itself(self):
        self.whole("itself", properties={"name": {"description": "A thing.", "allOf": [THING]}})

    def test_alias(self):
        whole = contract()
        whole["components"]["schemas"]["Alias"] = {"description": "Text.", "type": "string", "example": "a"}
        with self.assertRaisesRegex(Refused, "Alias"):
            prepare(whole)

    def test_enum_of_integers(self):
        whole = contract()
        whole["components"]["schemas"]["Color"].update(type="integer", enum=[1])
        with self.assertRaisesRegex(Refused, "Color.*strings"):
            prepare(whole)

    def test_example_without_a_required_property(self):
        self.whole("lacks `name`", example={})

    def test_example_that_is_not_a_value_of_the_enum(self):
        whole = contract()
        whole["components"]["schemas"]["Color"]["example"] = "green"
        with self.assertRaisesRegex(Refused, "green.*Color"):
            prepare(whole)

    def test_schema_without_an_example(self):
        whole = contract()
        del thing(whole)["example"]
        with self.assertRaisesRegex(Refused, "Thing.*example"):
            prepare(whole)

    def test_enum_without_names(self):
        whole = contract()
        del whole["components"]["schemas"]["Color"]["x-enum-varnames"]
        with self.assertRaisesRegex(Refused, "Color.*x-enum-varnames"):
            prepare(whole)

    def test_one_of_with_an_array(self):
        whole = contract()
        whole["components"]["schemas"]["Either"] = {
            "description": "This or that.", "oneOf": [{"description": "Many.", "type": "array", "items": {}}], "example": []}
        with self.assertRaisesRegex(Refused, "Either.*array"):
            prepare(whole)


if __name__ == "__main__":
    unittest.main()
