"""What generateContent refuses beyond its parameters' types.

Words of the errors are those people report: github.com/google-gemini/gemini-cli/issues/3814 (function responses).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.provider.generate.errors import too_long
from tests.provider.models import profile
from tests.provider.prompt import Prompt
from tests.provider.refusal import Refusal

Block = Mapping[str, Any]
REQUEST_BYTES = 20 * 1024 * 1024
"""ai.google.dev/gemini-api/docs/image-understanding ("Passing inline image data")."""
IMAGES = 3600
SIGNED = "c2lnbmVkLWJ5LXRoZS1sb2NhbC1wcm92aWRlcg=="
"""Signature of a call, given with each answer of Gemini 3."""
UNSIGNED = ("skip_thought_signature_validator", "context_engineering_is_the_way_to_go")
"""What stands for a missing one: ai.google.dev/gemini-api/docs/thought-signatures ("FAQs")."""


def check(body: Block, model: str) -> None:
    """`body` in camel case. Raises: Refusal."""
    contents = body["contents"]
    if not contents:
        raise Refusal("* GenerateContentRequest.contents: contents is not specified")
    for number, content in enumerate(contents):
        where = f"* GenerateContentRequest.contents[{number}]"
        if content.get("role", "user") not in ("user", "model", "function"):
            raise Refusal("Please use a valid role: user, model.")
        if not content.get("parts"):
            raise Refusal(f"{where}.parts: contents.parts must not be empty.")
        for place, part in enumerate(content["parts"]):
            if not set(part) - {"thought", "thoughtSignature"} or part.get("text") == "":
                words = "required oneof field 'data' must have one initialized field"
                raise Refusal(f"{where}.parts[{place}].data: {words}")
            _check_name(part, f"{where}.parts[{place}]")
    _turns(contents)
    if model.startswith("gemini-3"):
        _signatures(contents)
    _settings(body, model)
    _schemas(body)


def _check_name(part: Block, where: str) -> None:
    for kind in ("functionCall", "functionResponse"):
        if kind in part and not part[kind].get("name"):
            raise Refusal(f"{where}.{kind}.name: Name cannot be empty.")


def check_prompt(prompt: Prompt) -> None:
    """Raises: Refusal."""
    if len(prompt.images) > IMAGES:
        raise Refusal(f"Too many images: at most {IMAGES} are allowed in a request.")
    most = profile("google_genai", prompt.model).get("max_input_tokens") or 10**9
    if prompt.tokens > most:
        raise Refusal(too_long(prompt.tokens, most))


def _turns(contents: Sequence[Block]) -> None:
    before: Block = {"parts": []}
    for content in [*contents, {"role": "end", "parts": []}]:
        calls, responses = _named(before, "functionCall"), _named(content, "functionResponse")
        if len(calls) != len(responses) and calls and responses:
            raise Refusal(
                "Please ensure that the number of function response parts is equal to the number of function call "
                "parts of the function call turn."
            )
        if sorted(calls) != sorted(responses):
            raise Refusal("Please ensure that function response turn comes immediately after a function call turn.")
        if _named(content, "functionCall") and (before.get("role") == "model" or not before["parts"]):
            raise Refusal(
                "Please ensure that function call turn comes immediately after a user turn or after a function "
                "response turn."
            )
        before = content


def _named(content: Block, kind: str) -> list[str]:
    return [part[kind]["name"] for part in content["parts"] if kind in part]


def _signatures(contents: Sequence[Block]) -> None:
    """Calls since the last words of the user carry the signature they came with: .../docs/thought-signatures."""
    asked = max(
        (n for n, each in enumerate(contents) if each.get("role") == "user" and not _named(each, "functionResponse")),
        default=-1,
    )
    for number, content in enumerate(contents):
        first = next((part for part in content["parts"] if "functionCall" in part), None)
        if number > asked and first is not None and first.get("thoughtSignature") not in (SIGNED, *_spellings()):
            raise Refusal(
                "Function call is missing a thought_signature in functionCall parts. This is required for tools to "
                f"work correctly. Additional data, function call `{first['functionCall']['name']}`, position {number}."
            )


def _spellings() -> Iterator[str]:
    for each in UNSIGNED:
        yield each
        yield base64.b64encode(each.encode()).decode()
        yield base64.urlsafe_b64encode(each.encode()).decode()


def _settings(body: Block, model: str) -> None:
    settings = body.get("generationConfig") or {}
    known = profile("google_genai", model)
    at = "* GenerateContentRequest.generation_config"
    if not 0 <= settings.get("temperature", 0) <= 2:
        raise Refusal(f"{at}.temperature: temperature must be in the range [0.0, 2.0].")
    if settings.get("maxOutputTokens", 1) < 1:
        raise Refusal(f"{at}.max_output_tokens: max_output_tokens must be positive.")
    thinking = settings.get("thinkingConfig") or {}
    wanted = thinking.get("thinkingBudget") or thinking.get("includeThoughts")
    if wanted and known.get("reasoning_output") is False:
        raise Refusal(f"Thinking is not enabled for models/{model}.")
    structured = settings.get("responseMimeType") == "application/json"
    if structured and body.get("tools") and not model.startswith("gemini-3"):
        raise Refusal("Function calling with a response mime type: 'application/json' is unsupported")
    if (settings.get("responseSchema") or settings.get("responseJsonSchema")) and not structured:
        raise Refusal(f"{at}.response_schema: only allowed when response_mime_type is 'application/json'.")
    calling = (body.get("toolConfig") or {}).get("functionCallingConfig") or {}
    if calling.get("mode") == "ANY" and not body.get("tools"):
        raise Refusal("Function calling config is set without function_declarations.")


def _schemas(body: Block) -> None:
    names: list[str] = []
    for number, tool in enumerate(body.get("tools") or ()):
        for place, function in enumerate(tool.get("functionDeclarations") or ()):
            if not function.get("name"):
                raise Refusal(f"* GenerateContentRequest.tools[{number}].function_declarations[{place}].name: empty.")
            names.append(function["name"])
            if function.get("parameters"):
                at = f"* GenerateContentRequest.tools[{number}].function_declarations[{place}].parameters"
                _schema(function["parameters"], at)
    if len(names) != len(set(names)):
        repeated = next(name for name in names if names.count(name) > 1)
        raise Refusal(f"Duplicate function declaration found: {repeated}")
    if schema := (body.get("generationConfig") or {}).get("responseSchema"):
        _schema(schema, "* GenerateContentRequest.generation_config.response_schema")


def _schema(schema: Block, at: str) -> None:
    kind = str(schema.get("type", "")).upper()
    if kind == "OBJECT" and not schema.get("properties"):
        raise Refusal(f"{at}.properties: should be non-empty for OBJECT type")
    if kind == "ARRAY" and not schema.get("items"):
        raise Refusal(f"{at}.items: missing field.")
    for name, each in (schema.get("properties") or {}).items():
        _schema(each, f"{at}.properties[{name}]")
    if schema.get("items"):
        _schema(schema["items"], f"{at}.items")
