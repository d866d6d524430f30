"""The API as tools of a Model Context Protocol server: the same parameters, the same answers, over standard input and output or HTTP."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings

from dashboard.analysis.parameters import BadParameter, Parameter
from dashboard.figures import batches, evidence
from dashboard.web import api, forms, machines
from dashboard.web.endpoints import ApiRequest, Endpoint, NotFound, problem_of
from dashboard.web.library import Library
from dashboard.web.openapi import schema_of

MAX_BODY_BYTES = 12 * 1024 * 1024
"""The longest message over HTTP; a figure to be verified comes in it."""
MAX_FIGURE_LETTERS = 11_000_000
_FILE = Parameter("file", "text", "The saved figure, its bytes as base64.", is_needed=True, max_letters=MAX_FIGURE_LETTERS)
_NAME = Parameter("name", "text", "The name of the file, with its ending.", "figure.png", is_needed=True)


@dataclass(frozen=True)
class Tool:
    """One tool: what it does in words, the parameters it takes, and the answer, which is JSON as text."""

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    answer: Callable[[ApiRequest], str | bytes]


def _of(name: str, endpoint: Endpoint, more: str = "") -> Tool:
    return Tool(name, f"{endpoint.summary} {more}".strip(), endpoint.parameters, endpoint.answer)


def _verified(request: ApiRequest) -> str:
    try:
        data = base64.b64decode(request.one("file"), validate=True)
    except (binascii.Error, ValueError):
        raise BadParameter("file", "", "The file is not written in base64.", "Send its bytes in base64.") from None
    ((_, finding),) = batches.verified({request.one("name"): data}, request.library.data)
    return json.dumps(finding, ensure_ascii=False, default=str)


def _endpoint(path: str) -> Endpoint:
    return next(endpoint for endpoint in api.ENDPOINTS if endpoint.path == path)


TOOLS = {
    tool.name: tool
    for tool in (
        _of("search", machines.SEARCH, "Start here to find codes and addresses."),
        _of("series", _endpoint("/api/v1/series.json"), forms.RANGE_RULE),
        _of("observations", _endpoint("/api/v1/observations.json"), forms.RANGE_RULE),
        _of(
            "compare",
            _endpoint("/explore.json"),
            "For several reporters, countries or kinds side by side: `comparability` says where they do not count the same.",
        ),
        _of("check_claim", machines.CHECK, "A verdict is about a number and its unit, never about a person or a country."),
        Tool(
            "verify_figure",
            "What the evidence inside a saved figure says against the data held today: current, restated, altered, or not ours.",
            (_FILE, _NAME),
            _verified,
        ),
        _of("cite", machines.CITE),
    )
}
"""Every tool by its name."""


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


def server(library: Callable[[], Library], site: str = "") -> Server:
    """The tools as an MCP server over a library."""

    async def list_tools(context: Any, request: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(tool) for tool in TOOLS.values()])

    async def call_tool(context: Any, request: types.CallToolRequestParams) -> types.CallToolResult:
        text, is_error = await to_thread.run_sync(answered, request.name, request.arguments or {}, library, site)
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


def over_http(library: Callable[[], Library], site: str) -> StreamableHTTPSessionManager:
    """The same for clients over HTTP; each request stands by itself."""
    return StreamableHTTPSessionManager(
        server(library, site),
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


def _described(tool: Tool) -> types.Tool:
    properties = {parameter.name: {"description": parameter.help} | schema_of(parameter) for parameter in tool.parameters}
    needed = [parameter.name for parameter in tool.parameters if parameter.is_needed]
    schema = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
    return types.Tool(
        name=tool.name,
        description=tool.description,
        input_schema=schema,
        annotations=types.ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False),
    )
