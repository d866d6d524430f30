"""The API as tools of a Model Context Protocol server: the same parameters, the same answers, over standard input and output or HTTP."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from anyio import CapacityLimiter, to_thread
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from dashboard.analysis.parameters import BadParameter, Parameter
from dashboard.figures import batches, evidence
from dashboard.web import api, forms
from dashboard.web.endpoints import ApiRequest, Endpoint, NotFound, answers, problem_of, site_of
from dashboard.web.library import Library
from dashboard.web.openapi import schema_of

MAX_BODY_BYTES = 12 * 1024 * 1024
"""The longest message over HTTP; a figure to be verified comes in it."""
MAX_FIGURE_LETTERS = 11_000_000
AT_ONCE = 2
"""Calls that are answered at a time; others wait, and the pages and addresses of the site do not."""
_FILE = Parameter("file", "text", "The saved figure, its bytes as base64.", is_needed=True, max_letters=MAX_FIGURE_LETTERS)
_NAME = Parameter("name", "text", "The name of the file, with its ending.", "figure.png", is_needed=True)


def _tool(path: str, more: str = "") -> Endpoint:
    # What is answered at an address, said with more words.
    endpoint = next(endpoint for endpoint in api.ENDPOINTS if endpoint.path == path)
    return replace(endpoint, summary=f"{endpoint.summary} {more}".strip())


@answers("", (_FILE, _NAME))
def _verified(request: ApiRequest) -> str:
    """What the evidence inside a saved figure says against the data held today: current, restated, altered, or not ours."""
    try:
        data = base64.b64decode(request.one("file"), validate=True)
    except (binascii.Error, ValueError):
        raise BadParameter("file", "", "The file is not written in base64.", "Send its bytes in base64.") from None
    ((_, finding),) = batches.verified({request.one("name"): data}, request.library.data)
    return json.dumps(finding, ensure_ascii=False, default=str)


TOOLS = {
    "search": _tool("/api/v1/search.json", "Start here to find codes and addresses."),
    "series": _tool("/api/v1/series.json", forms.RANGE_RULE),
    "observations": _tool("/api/v1/observations.json", forms.RANGE_RULE),
    "compare": _tool(
        "/explore.json", "For several reporters, countries or kinds side by side: `comparability` says where they do not count the same."
    ),
    "check_claim": _tool("/api/v1/check.json", "A verdict is about a number and its unit, never about a person or a country."),
    "verify_figure": _verified,
    "cite": _tool("/api/v1/cite.json"),
}
"""Every tool by its name: an endpoint that answers in JSON."""


def call(name: str, arguments: dict[str, Any], library: Library, site: str = "") -> str:
    """The answer of a tool as JSON; raises `BadParameter`, `NotFound` or `Unanswerable` for what cannot be answered as it was put."""
    tool = TOOLS.get(name)
    if tool is None:
        raise NotFound(f"There is no tool “{name[:80]}”.", f"There are {', '.join(TOOLS)}.")
    reader = library.reader()
    values = {
        key: [f"{one}" for one in (value if isinstance(value, list) else [value])] for key, value in arguments.items() if value is not None
    }
    answer = tool.answer(ApiRequest(library, reader, reader.understood(values, tool.parameters), site=site))
    return answer.decode("utf-8") if isinstance(answer, bytes) else answer


def server(library: Callable[[], Library]) -> Server:
    """The tools as an MCP server over a library."""
    at_once = CapacityLimiter(AT_ONCE)

    async def list_tools(context: Any, request: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(name, tool) for name, tool in TOOLS.items()])

    async def call_tool(context: Any, request: types.CallToolRequestParams) -> types.CallToolResult:
        # Each by the name that it was asked for by: the first client's is not the next one's.
        site = site_of(context.request) if context.request else ""
        text, is_error = await to_thread.run_sync(answered, request.name, request.arguments or {}, library, site, limiter=at_once)
        return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)

    return Server(
        "transparency",
        version=evidence.version(),
        title="Government requests for user data, as published",
        instructions=f"{forms.RANGE_RULE} {forms.MISSING_RULE} Give each number as its range, with its document and its citation.",
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def serve_here(library: Callable[[], Library]) -> None:
    """Answer one client over standard input and output until it leaves."""
    own = server(library)
    async with stdio_server() as (read, write):
        await own.run(read, write, own.create_initialization_options())


def over_http(library: Callable[[], Library]) -> StreamableHTTPSessionManager:
    """The same for clients over HTTP; each request stands by itself."""
    return StreamableHTTPSessionManager(
        server(library),
        json_response=True,
        stateless=True,
        # Which names and sites may ask is decided for every address alike, before a request comes here.
        security_settings=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        max_request_body_size=MAX_BODY_BYTES,
    )


def answered(name: str, arguments: dict[str, Any], library: Callable[[], Library], site: str) -> tuple[str, bool]:
    """The text for the client, and whether it says what is wrong."""
    try:
        return call(name, arguments, library(), site), False
    except Exception as fault:
        return json.dumps(problem_of(fault, f"tool {name}" if name in TOOLS else "tool")[0], ensure_ascii=False), True


def _described(name: str, tool: Endpoint) -> types.Tool:
    properties = {parameter.name: {"description": parameter.help} | schema_of(parameter) for parameter in tool.parameters}
    needed = [parameter.name for parameter in tool.parameters if parameter.is_needed]
    schema = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
    return types.Tool(
        name=name,
        description=tool.summary,
        input_schema=schema,
        annotations=types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False),
    )
