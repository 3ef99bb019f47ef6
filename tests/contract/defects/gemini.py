"""Of generateContent."""

from __future__ import annotations

from tests.contract.defects.making import Body, Change, Defect, at
from tests.contract.sdks import encoded, picture

PATH = "/v1beta/models/gemini-2.5-flash:generateContent"
HEADERS = {"x-goog-api-key": "key"}
CALL: Body = {"role": "model", "parts": [{"functionCall": {"name": "look", "args": {}}}]}
RESULT: Body = {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"output": "A cup."}}}]}
HI = {"role": "user", "parts": [{"text": "Hi"}]}


def request() -> Body:
    schema = {"type": "OBJECT", "properties": {"question": {"type": "STRING"}}}
    return {
        "contents": [HI],
        "tools": [{"functionDeclarations": [{"name": "look", "parameters": schema}]}],
    }


def gemini_sees(data: str, media: str) -> Change:
    return at("contents", 0, "parts", 0, value={"inlineData": {"data": data, "mimeType": media}})


DEFECTS: dict[str, Defect] = {
    "no contents": (at("contents", value=[]), "contents is not specified"),
    "an unknown parameter": (at("messages", value=[]), 'Unknown name "messages": Cannot find field'),
    "an unknown parameter below": (at("generationConfig", value={"maxTokens": 9}), "at 'generation_config'"),
    "a role of another provider": (at("contents", 0, "role", value="assistant"), "valid role: user, model"),
    "no parts": (at("contents", 0, "parts", value=[]), "contents.parts must not be empty"),
    "an empty part": (at("contents", 0, "parts", 0, value={"text": ""}), "one initialized field"),
    "a call without a result": (at("contents", value=[HI, CALL, HI]), "immediately after"),
    "half of the results": (
        at("contents", value=[HI, {**CALL, "parts": CALL["parts"] * 2}, RESULT]),
        "number of function response parts is equal to the number of function call parts",
    ),
    "a result without a call": (at("contents", value=[RESULT]), "immediately after a function call turn"),
    "an image nobody takes": (
        gemini_sees(encoded(picture(9, 9, "GIF")), "image/gif"),
        "Unsupported MIME type: image/gif",
    ),
    "bytes that are no image": (gemini_sees(encoded(b"hello"), "image/png"), "Unable to process input image"),
    "temperature too high": (at("generationConfig", value={"temperature": 3}), "must be in the range [0.0, 2.0]"),
    "tools and JSON at once": (
        at("generationConfig", value={"responseMimeType": "application/json"}),
        "Function calling with a response mime type",
    ),
    "a tool with no arguments": (
        at("tools", 0, "functionDeclarations", 0, "parameters", value={"type": "OBJECT", "properties": {}}),
        "should be non-empty for OBJECT type",
    ),
    "a list of nothing": (
        at("tools", 0, "functionDeclarations", 0, "parameters", "properties", "question", value={"type": "ARRAY"}),
        "items: missing field",
    ),
    "too many bytes": (at("contents", 0, "parts", 0, "text", value="word " * 4_300_000), "payload size exceeds"),
}
