"""Of the Responses API."""

from __future__ import annotations

from tests.contract.defects.making import Body, Defect, at, put, without

PATH = "/v1/responses"
HEADERS = {"authorization": "Bearer key"}
HI: Body = {"role": "user", "content": "Hi"}
FUNCTION_CALL = {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "call_1", "output": "A cup."}


def request() -> Body:
    return {"model": "gpt-5.5", "input": [HI]}


DEFECTS: dict[str, Defect] = {
    "no input": (without("input"), "Missing required parameter: 'input'."),
    "an unknown parameter": (at("messages", value=[]), "Unknown parameter: 'messages'."),
    "a content block of Chat": (
        at("input", 0, "content", value=[{"type": "text", "text": "Hi"}]),
        "input[0].content[0]",
    ),
    "a call without a result": (
        at("input", value=[HI, FUNCTION_CALL]),
        "No tool output found for function call call_1",
    ),
    "a result without a call": (at("input", value=[HI, OUTPUT]), "No tool call found for function call output"),
    "an id of one's own": (
        at("input", value=[HI, {**FUNCTION_CALL, "id": "run-1"}, OUTPUT]),
        "Expected an ID that begins with 'fc'",
    ),
    "reasoning that was not kept": (
        at("input", value=[{"type": "reasoning", "id": "rs_1", "summary": []}, HI]),
        "Item with id 'rs_1' not found",
    ),
    "words of the assistant as input": (
        at("input", value=[{"role": "assistant", "content": [{"type": "input_text", "text": "Hi"}]}, HI]),
        "expected tags: 'output_text', 'refusal'",
    ),
    "an answer nobody gave": (at("previous_response_id", value="resp_1"), "'resp_1' not found"),
    "an answer that is too short": (at("max_output_tokens", value=5), "Expected a value >= 16"),
    "temperature of a reasoning model": (at("temperature", value=0.5), "Unsupported value: 'temperature'"),
    "reasoning of a model without": (
        put(model="gpt-4o", reasoning={"effort": "low"}),
        "'reasoning.effort' is not supported",
    ),
    "a loose schema": (
        at(
            "text",
            value={"format": {"type": "json_schema", "name": "c", "strict": True, "schema": {"type": "object"}}},
        ),
        "'additionalProperties' is required to be supplied",
    ),
    "a tool of Chat": (
        at("tools", value=[{"type": "function", "function": {"name": "look"}}]),
        "tools[0].name",
    ),
}
