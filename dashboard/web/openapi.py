"""The description of every address as OpenAPI, made from the endpoints themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable

from dashboard.analysis.parameters import Parameter
from dashboard.figures import evidence
from dashboard.web.endpoints import JSON, Endpoint


def openapi(endpoints: Iterable[Endpoint], site: str = "") -> dict:
    """The description of every address here, as OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Government requests for user data, as published",
            "version": evidence.version(),
            "description": "Numbers are closed intervals: `low` equals `high` where one number was printed, `high` is null (`inf` in CSV) where "
            "only a lower end was. What is not published has no number, which is no zero. An answer carries the version of the data, also as "
            "its ETag: as long as that is the same, so are the numbers.",
        },
        "servers": [{"url": site or "/"}],
        "paths": {re.sub(r"{(\w+):\w+}", r"{\1}", endpoint.path): {"get": _operation(endpoint)} for endpoint in endpoints},
        "components": {"schemas": _schemas()},
    }


def _operation(endpoint: Endpoint) -> dict:
    error = {"description": "What is wrong, and what to do instead.", "content": {JSON: {"schema": _reference("Error")}}}
    media = endpoint.media.partition(";")[0]
    path = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in re.findall(r"{(\w+)", endpoint.path)]
    return {
        "summary": endpoint.summary,
        "parameters": [*path, *(_described(parameter) for parameter in endpoint.parameters)],
        "responses": {
            "200": {"description": endpoint.summary, "content": {media: {"schema": endpoint.schema or {"type": "string"}}}},
            "304": {"description": "Not changed since: the ETag that was sent is that of today."},
            "400": error,
            "404": error,
        },
    }


def schema_of(parameter: Parameter) -> dict:
    """The values of a parameter as JSON Schema."""
    one: dict = {"type": "integer", "minimum": 1} if parameter.kind == "count" else {"type": "string"}
    if parameter.kind == "day":
        one["format"] = "date"
    if parameter.choices:
        one["enum"] = list(parameter.choices)
    schema = {"type": "array", "items": one} if parameter.is_several else one
    if parameter.default:
        schema["default"] = list(parameter.default) if parameter.is_several else parameter.default[0]
    return schema


def _described(parameter: Parameter) -> dict:
    schema = schema_of(parameter)
    described = {"name": parameter.name, "in": "query", "required": parameter.is_needed, "description": parameter.help, "schema": schema}
    if parameter.is_several:
        # Given several times, as in the address of a page.
        described |= {"style": "form", "explode": True}
    if parameter.example:
        described["example"] = [parameter.example] if parameter.is_several else parameter.example
    return described


def object_of(required: list[str] | None = None, /, **properties: dict) -> dict:
    """The schema of an object that has these properties and no other; all are required where none are named."""
    return {"type": "object", "required": required or list(properties), "properties": properties, "additionalProperties": False}


def list_of(item: str | dict) -> dict:
    """The schema of a list of a component, by its name, or of anything of a schema."""
    return {"type": "array", "items": item if isinstance(item, dict) else _reference(item)}


def _reference(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


VERSION = {"type": "string", "description": "The version of the data: the same version, the same numbers."}
TEXT, _DAY, _END = {"type": "string"}, {"type": "string", "format": "date"}, {"type": ["number", "null"]}
_ADDED = {
    "requester_name": "Whose government asked, by its English name.",
    "document_url": "Public address of the document.",
    "document_form": "How we have the document.",
    "seen": "Whether it was seen on the publisher's own page or file, or in another party's copy.",
    "comparability": "How far the reporter counts the same as the first one of several; blank for that one.",
    "break_before": "A change of definition or coverage within the period.",
    "derived_low": "The lower end that follows for a printed band that begins at zero and cannot be zero; blank for all others.",
    "derived_because": "From which number of the same document it follows.",
}
_MADE = {"derivation": {"type": "string", "description": "How a number was made; blank where it is as published."}, "why": TEXT}


def _schemas() -> dict:
    from dashboard.model import tables

    row = object_of(**_columns(tables.described(tables.Observation) | _ADDED))
    return {
        "Error": object_of(["error", "instead"], error=TEXT, parameter=TEXT, value=TEXT, instead=TEXT),
        "Value": object_of(
            period_start=_DAY, period_end=_DAY, low=_END, high=_END, documents=TEXT, derivation=TEXT, derived_low=_END, derived_because=TEXT
        ),
        "Gap": object_of(period_start=_DAY, period_end=_DAY, why=TEXT),
        "Row": row | {"properties": row["properties"] | _MADE},
        "Document": object_of(**_columns(tables.described(tables.Document))),
        "Statement": {"type": "object", "required": ["statement", "speaker", "date", "says", "claims"]},
    }


def _columns(meanings: dict[str, str]) -> dict:
    texts = {name: {"type": "string", "description": meaning} for name, meaning in meanings.items()}
    for name in ("low", "high", "derived_low"):
        if name in texts:
            texts[name]["type"] = ["number", "null"]
    return texts
