"""Projects over every shape: values that the language's own JSON Schema allows, with texts that YAML likes to misread.

A shape that is added to the language is generated as well, without a word here.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st
from odd_texts import expressions, json_values, names, texts

from process_runner.engine.comparison import OPERATORS
from process_runner.language.inlining import inlined
from process_runner.language.schemas import shape_schema
from process_runner.plugins import load

Values = st.SearchStrategy[Any]

FILES = {"order.schema.json": '{"type": "object", "required": ["${x}"]}', "invoice.xslt": "<STYLESHEET>"}
"""Files beside the project that its examples name."""
STYLESHEET = '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"/>\n'

ONE_OF = (tuple(OPERATORS), ("xslt", "fields"), ("text", "xslt"))
"""Settings of which a mapping that knows them all has exactly one."""
AT_MOST_ONE = (("jmespath", "fields"), ("text", "json", "base64", "file"))
BARE = ("base64_encode", "base64_decode", "gzip", "gunzip", "zip", "unzip")
"""Operations that may go without settings."""

calls: Values = st.fixed_dictionaries(
    {"connection": st.just("files"), "operation": st.just("find")},
    optional={
        "concurrency": st.integers(1, 256),
        "pass_through": st.booleans(),
        "return_application_errors": st.booleans(),
    },
) | st.fixed_dictionaries(
    {"connection": st.just("s3"), "operation": st.just("seek")},
    optional={
        "parameters": st.fixed_dictionaries({}, optional={"prefix": expressions, "start-after": expressions}),
        "dynamic_connection": st.fixed_dictionaries({}, optional={"secret_key": expressions}),
    },
)
properties = st.dictionaries(
    names | names.map("process.{}".format) | st.sampled_from(["s3.bucket", "s3.file_key"]),
    expressions | st.fixed_dictionaries({"value": expressions}),
    min_size=1,
    max_size=4,
)
slices = st.sampled_from([{"threads": 2}, {"processes": 3, "batch": 4}, {"batch": 1}, {"threads": None, "batch": 9}])
OWN: dict[str, Values] = {
    "flow_control": slices,
    "connector": calls,
    "set_properties": properties | st.just({"process.a": {"value": "b", "persist": True}}),
    "base64": st.just("aGVsbG8="),
    "pattern": st.sampled_from(["a+", "[\"']", "(?i)x\n", "\\$\\{"]),
    "json_schema": st.sampled_from(
        [{"type": "object"}, {"const": "on", "enum": ["1_0", None, 1.5]}, "order.schema.json"]
    ),
    "xslt": st.sampled_from([STYLESHEET, "invoice.xslt"]),
    "fields": st.dictionaries(
        texts, expressions | st.dictionaries(texts, expressions, max_size=2), min_size=1, max_size=3
    ),
    "returns": st.just({}),
    "json": json_values,
    "matches": st.sampled_from(["^a+$", "[']", "\\d{2}", "{{ document.text }}"]),
}
"""Settings whose texts have a grammar of their own, by name."""


@cache
def registry() -> Any:
    """What is installed."""
    return load()


@cache
def paths(depth: int) -> Values:
    """Paths of steps with blocks inside blocks, `depth` of them."""
    kinds = [kind for kind in registry().shapes if kind != "start"]
    return st.lists(st.one_of([_step(kind, depth) for kind in sorted(kinds)]), min_size=1, max_size=3)


def projects(depth: int = 2) -> Values:
    """Whole files as plain values."""
    start = _step("start", 0)
    steps = st.builds(lambda first, rest: [*first, *rest], st.lists(start, max_size=1), paths(depth))
    process = st.fixed_dictionaries({"steps": steps}, optional={"description": texts})
    components = {
        "connections": st.fixed_dictionaries({"files": _component("connection"), "s3": STORAGE}),
        "operations": st.fixed_dictionaries({"find": _component("operation"), "put": UPSERT, "seek": SEEK}),
    }
    called = st.just({"steps": [{"return_documents": "done"}]})
    processes = st.builds(lambda one, more: {**more, **one}, st.fixed_dictionaries({"called": called}), _named(process))
    return st.fixed_dictionaries({**components, "processes": processes})


def _named(process: Values) -> Values:
    return st.dictionaries(texts.filter(bool), process, min_size=1, max_size=2)


def _step(kind: str, depth: int) -> Values:
    value = OWN[kind] if kind in OWN else _of(inlined(shape_schema(registry().shapes[kind])), depth)
    return st.builds(
        lambda value, name: {**({"name": name} if name else {}), kind: value}, value, st.none() | texts.filter(bool)
    )


def _component(kind: str) -> Values:
    connector = registry().connectors["disk"]
    settings = connector.connection if kind == "connection" else connector.actions["query"]
    written = _of(settings.json_schema(), 0)
    chosen = {"connector": "disk", **({"action": "query"} if kind == "operation" else {})}
    tracked = st.dictionaries(
        texts.filter(bool), expressions | st.fixed_dictionaries({"value": expressions}), max_size=2
    )
    more = st.fixed_dictionaries({}, optional={"tracking": tracked}) if kind == "operation" else st.just({})
    return st.builds(lambda written, more: {**chosen, **written, **more}, written, more)


STORAGE: Values = st.fixed_dictionaries(
    {
        "connector": st.just("s3"),
        "access_key": st.just("key"),
        "secret_key": texts.filter(bool),
        "allow_dynamic_connection": st.just(["sts_region", "secret_key"]),
    },
    optional={
        "retry": st.fixed_dictionaries(
            {"waits": st.lists(st.integers(0, 9) | st.floats(0, 9), min_size=1, max_size=3)}
        ),
    },
)
SEEK: Values = st.just({"connector": "s3", "action": "query", "object_type": "dynamic-bucket"})
UPSERT: Values = st.fixed_dictionaries(
    {"connector": st.just("s3"), "action": st.just("upsert"), "object_type": st.just("dynamic-bucket")},
    optional={"tags": st.dictionaries(texts.filter(bool), texts | st.integers() | st.booleans(), max_size=3)},
)


def _of(schema: dict[str, Any], depth: int) -> Values:
    """Values that a JSON Schema allows."""
    forms = schema.get("anyOf") or schema.get("oneOf")
    if forms:
        return st.one_of([_of(form, depth) for form in forms])
    if "x-steps" in schema:
        return paths(depth - 1) if depth else st.just([{"message": "on"}])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema.get("enum") or [schema["const"]])
    if schema.get("format") == "expression":
        return expressions
    if "x-name-of" in schema:
        return st.just({"connections": "files", "operations": "find", "processes": "called"}[schema["x-name-of"]])
    return _plain(schema, depth)


def _plain(schema: dict[str, Any], depth: int) -> Values:
    match schema.get("type"):
        case "string" if "examples" in schema:
            return st.sampled_from(schema["examples"])
        case "string":
            most = schema.get("maxLength", 100_000)
            return texts.map(lambda text: text[:most]).filter(lambda text: len(text) >= schema.get("minLength", 0))
        case "integer":
            return st.integers(schema.get("minimum", -9), schema.get("maximum", 99))
        case "number":
            return st.floats(schema.get("minimum", -9), 99, allow_nan=False) | st.integers(1, 9)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
        case "array":
            most = min(schema.get("maxItems", 3), 3)
            return st.lists(_of(schema["items"], depth), min_size=schema.get("minItems", 0), max_size=most)
        case "object":
            return _mapping(schema, depth)
    return json_values


def _mapping(schema: dict[str, Any], depth: int) -> Values:
    known = schema.get("properties", {})
    if {"connection", "operation"} <= known.keys():
        return calls
    if not known and schema.get("additionalProperties") is False:
        return st.just({})
    if not known:
        values = _of(schema.get("additionalProperties", {}), depth)
        return st.dictionaries(texts, values, min_size=schema.get("minProperties", 0), max_size=3)
    inside = {name: OWN[name] if name in OWN else _of(each, depth) for name, each in known.items()}
    if schema.get("maxProperties") == 1:
        return st.sampled_from(sorted(known)).flatmap(
            lambda name: st.fixed_dictionaries({name: _present(name, inside)})
        )
    required = {name: inside[name] for name in schema.get("required", ())}
    optional = {name: each for name, each in inside.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional).flatmap(lambda value: _settled(value, known, inside))


def _present(name: str, inside: dict[str, Values]) -> Values:
    return inside[name] if name in BARE else inside[name].filter(lambda value: value is not None)


def _settled(value: dict[str, Any], known: dict[str, Any], inside: dict[str, Values]) -> Values:
    """The value with one setting of each set of settings that exclude each other."""
    for group in (*ONE_OF, *AT_MOST_ONE):
        if not set(group) <= known.keys():
            continue
        given = [name for name in group if value.get(name) is not None]
        rest = {name: each for name, each in value.items() if name not in group}
        wanted = given[:1] or ([group[0]] if group in ONE_OF else [])
        if given != wanted or len(rest) + len(given) != len(value):
            chosen = {name: inside[name].filter(lambda each: each is not None) for name in wanted}
            return st.fixed_dictionaries({**{name: st.just(each) for name, each in rest.items()}, **chosen})
    return st.just(value)
