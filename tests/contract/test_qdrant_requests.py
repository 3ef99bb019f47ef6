"""Requests that Qdrant would not take are noticed by the stand-in that the archive is tested with."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.openapi import QDRANT, problems
from tests.stand_in_qdrant import Wire

pytestmark = pytest.mark.skipif(not QDRANT.exists(), reason="needs Qdrant's description in ../shared/data/qdrant")

NEAREST = {"query": [0.1, 0.2], "using": "image", "limit": 3, "with_payload": ["item"]}
INDEX = {"field_name": "audience", "field_schema": {"type": "keyword", "is_tenant": True}}
SWITCH = {"actions": [{"create_alias": {"collection_name": "a", "alias_name": "b"}}]}
QUANTISED = {
    "vectors": {"image": {"size": 8, "distance": "Cosine", "on_disk": True}},
    "sparse_vectors": {"words": {"modifier": "idf"}},
    "quantization_config": {"scalar": {"type": "int8", "always_ram": True}},
}
GROUPS = {"group_by": "user", "query": [0.1], "limit": 3, "group_size": 1}
FACET = {"key": "user", "limit": 3, "exact": True}
RIGHT = [
    ("POST", "/collections/c/points/query", NEAREST),
    ("POST", "/collections/c/points/query?timeout=3", NEAREST),
    ("POST", "/collections/c/points/query/groups", GROUPS),
    ("PUT", "/collections/c/index?wait=true", INDEX),
    ("POST", "/collections/aliases", SWITCH),
    ("PUT", "/collections/c", QUANTISED),
    ("POST", "/collections/c/facet", FACET),
    ("POST", "/collections/c/points/scroll", {"order_by": {"key": "when", "direction": "desc"}, "limit": 3}),
    ("POST", "/collections/c/snapshots?wait=true", None),
    ("GET", "/collections/c/snapshots/s", None),
]
WRONG = [
    ("POST", "/collections/c/points/query", {**NEAREST, "limits": 3}),
    ("POST", "/collections/c/points/query", {**NEAREST, "limit": "three"}),
    ("POST", "/collections/c/points/query", {**NEAREST, "using": 3}),
    (
        "POST",
        "/collections/c/points/query",
        {**NEAREST, "filter": {"must": [{"key": "f", "match": {"substring": "i"}}]}},
    ),
    ("POST", "/collections/c/points/query", None),
    ("POST", "/collections/c/points/query?timeouts=3", NEAREST),
    ("POST", "/collections/c/points/query?timeout=soon", NEAREST),
    ("POST", "/collections/c/points/ask", NEAREST),
    ("POST", "/collections/c/points/query/groups", {**GROUPS, "group_by": ["user"]}),
    ("PUT", "/collections/c/index?wait=perhaps", INDEX),
    ("PUT", "/collections/c/index", {**INDEX, "field_schema": {"type": "keyword", "tenant": True}}),
    ("PUT", "/collections/c/index", {**INDEX, "field_schema": "string"}),
    ("POST", "/collections/aliases", {"actions": [{"create_alias": {"collection_name": "a"}}]}),
    ("POST", "/collections/c/aliases", SWITCH),
    ("PUT", "/collections/c", {**QUANTISED, "quantization_config": {"scalar": {"type": "int4"}}}),
    ("PUT", "/collections/c", {**QUANTISED, "sparse_vectors": {"words": {"modifier": "bm25"}}}),
    ("POST", "/collections/c/facet", {**FACET, "field": "user"}),
    ("POST", "/collections/c/points/scroll", {"order_by": {"key": "when", "direction": "down"}, "limit": 3}),
    ("POST", "/collections/c/snapshots", {"name": "s"}),
    ("PATCH", "/collections/c/snapshots/s", None),
    ("POST", "/collections/c/snapshots/upload", {"snapshot": "bytes"}),
]


@pytest.mark.parametrize(("method", "target", "body"), RIGHT, ids=[f"{each[0]} {each[1]}" for each in RIGHT])
def test_what_qdrant_takes_is_taken(method: str, target: str, body: Any) -> None:
    assert problems(method, target, body) == []


@pytest.mark.parametrize(("method", "target", "body"), WRONG, ids=[f"{each[0]} {each[1]}" for each in WRONG])
def test_what_qdrant_would_not_take_is_noticed(method: str, target: str, body: Any) -> None:
    assert problems(method, target, body) != []


def test_a_snapshot_is_uploaded_as_a_form() -> None:
    target = "/collections/c/snapshots/upload?wait=true"
    assert problems("POST", target, {"snapshot": ""}, "multipart/form-data") == []
    assert problems("POST", target, {"file": ""}, "multipart/form-data") != []


async def test_the_stand_in_writes_down_a_wrong_request() -> None:
    with Wire() as wire:
        async with httpx.AsyncClient(base_url=wire.url) as client:
            await client.post("/collections/c/points/query", json={**NEAREST, "limits": 3})
        [said] = wire.wrong
    assert "'limits' was unexpected" in said or "not valid under any" in said


@pytest.mark.parametrize(
    ("end", "body"),
    [
        ("points/query", {**NEAREST, "filter": {"must": [{"key": "user", "match": {"value": "U1"}}]}}),
        ("points/scroll", {"limit": 3, "order_by": {"key": "when"}}),
        ("facet", FACET),
    ],
)
async def test_the_stand_in_refuses_what_has_no_index(end: str, body: Any) -> None:
    with Wire() as wire:
        async with httpx.AsyncClient(base_url=wire.url) as client:
            await client.put("/collections/c", json={"vectors": {"image": {"size": 2, "distance": "Cosine"}}})
            answer = await client.post(f"/collections/c/{end}", json=body)
    assert (answer.status_code, wire.wrong) == (400, [])
