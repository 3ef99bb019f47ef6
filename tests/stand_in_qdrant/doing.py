"""What the stand-in does for each request: as strict as a server in what local mode forgives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from tests.stand_in_qdrant import Wire

ORDERED = {"integer", "float", "datetime"}
COUNTED = {"keyword", "integer", "uuid", "bool"}


class Request(NamedTuple):
    method: str
    path: str
    query: dict[str, str]
    body: Any


class Refusal(Exception):
    def __init__(self, status: int, why: str) -> None:
        self.status, self.why = status, why


def done(server: Wire, asked: Request) -> Any:
    """The result of a request. Raises: Refusal, and ValueError as local mode does."""
    parts = asked.path.strip("/").split("/")
    if parts == ["collections"] and asked.method == "GET":
        return server.local.get_collections()
    if parts == ["aliases"]:
        return server.local.get_aliases()
    if parts == ["collections", "aliases"]:
        return _aliases(server, asked.body)
    name, what = parts[1], "/".join(parts[2:])
    if what == "exists":
        return {"exists": server.local.collection_exists(name)}
    if (asked.method, what) == ("PUT", ""):
        return _create(server, name, asked.body)
    if (asked.method, what) == ("POST", "snapshots/upload"):
        return _recover(server, name, asked.body["snapshot"])
    if not server.local.collection_exists(name):
        if (asked.method, what) == ("DELETE", ""):
            return False
        raise Refusal(404, f"Not found: Collection `{name}` doesn't exist!")
    real = _real(server, name)
    if what.startswith("snapshots"):
        return _snapshots(server, real, asked.method, parts[3:])
    if what in ("", "index", "aliases"):
        return _collection(server, name, real, asked, what)
    does = DOES.get((asked.method, what))
    if does is None:
        raise NotImplementedError(f"{asked.method} {asked.path}")
    if isinstance(asked.body, dict):
        _check_indexed(server.indexes.get(real, {}), asked.body)
    return does(server.local, name, asked.body)


def _real(server: Wire, name: str) -> str:
    aliases = {each.alias_name: each.collection_name for each in server.local.get_aliases().aliases}
    return str(aliases.get(name, name))


def _aliases(server: Wire, body: Any) -> bool:
    from qdrant_client import models

    server.local.update_collection_aliases(models.ChangeAliasesOperation(**body).actions)
    return True


def _create(server: Wire, name: str, body: Any) -> bool:
    from qdrant_client import models

    if server.local.collection_exists(name):
        raise Refusal(409, f"Wrong input: Collection `{name}` already exists!")
    wanted = models.CreateCollection(**body)
    server.local.create_collection(
        name, vectors_config=wanted.vectors, sparse_vectors_config=wanted.sparse_vectors, metadata=wanted.metadata
    )
    server.made[name] = body
    server.indexes[name] = {}
    return True


def _collection(server: Wire, name: str, real: str, asked: Request, what: str) -> Any:
    match asked.method, what:
        case "GET", "":
            info = server.local.get_collection(name).model_dump(mode="json")
            kinds = {field: {"data_type": _kind(how), "points": 0} for field, how in server.indexes[real].items()}
            config = {**info["config"], "quantization_config": server.made[real].get("quantization_config")}
            return {**info, "payload_schema": kinds, "config": config}
        case "GET", "aliases":
            return server.local.get_collection_aliases(name)
        case "DELETE", "":
            if real != name:
                raise Refusal(404, f"Not found: Collection `{name}` doesn't exist!")
            server.snapshots.pop(name, None)
            return server.local.delete_collection(name)
        case "PATCH", "":
            server.made[real].update(asked.body)
            return True
        case "PUT", "index":
            server.indexes[real][asked.body["field_name"]] = asked.body["field_schema"]
            return {"operation_id": 1, "status": "completed"}
    raise NotImplementedError(f"{asked.method} {asked.path}")


def _kind(schema: Any) -> str:
    return str(schema if isinstance(schema, str) else schema["type"])


def _snapshots(server: Wire, name: str, method: str, rest: list[str]) -> Any:
    kept = server.snapshots.setdefault(name, {})
    match method, rest:
        case "POST", []:
            made = f"{name}-{len(kept)}.snapshot"
            kept[made] = _pickled(server, name)
            return {"name": made, "creation_time": None, "size": len(kept[made]), "checksum": None}
        case "GET", []:
            return [{"name": each, "creation_time": None, "size": len(data)} for each, data in kept.items()]
        case "GET", [asked] if asked in kept:
            return kept[asked]
        case "DELETE", [asked] if asked in kept:
            del kept[asked]
            return True
    raise Refusal(404, f"Not found: Snapshot {rest} not found")


def _pickled(server: Wire, name: str) -> bytes:
    points = [
        record.model_dump(mode="json", include={"id", "vector", "payload"})
        for record in server.local.scroll(name, limit=1_000_000, with_vectors=True)[0]
    ]
    return json.dumps({"made": server.made[name], "indexes": server.indexes[name], "points": points}).encode()


def _recover(server: Wire, name: str, data: bytes) -> bool:
    from qdrant_client import models

    try:
        kept = json.loads(data)
    except ValueError:
        raise Refusal(400, "Wrong input: the snapshot is no archive") from None
    if server.local.collection_exists(name):
        server.local.delete_collection(name)
    _create(server, name, kept["made"])
    server.indexes[name] = kept["indexes"]
    if kept["points"]:
        server.local.upsert(name, [models.PointStruct(**point) for point in kept["points"]])
    return True


def _check_indexed(indexes: Mapping[str, Any], body: Any) -> None:
    """As a server that is asked to find nothing without an index (strict mode). Raises: Refusal."""
    kinds = {field: _kind(how) for field, how in indexes.items()}
    if isinstance(order := body.get("order_by"), dict) and kinds.get(order["key"]) not in ORDERED:
        raise Refusal(400, f"Bad request: No range index for `order_by` key: `{order['key']}`")
    if isinstance(counted := body.get("key"), str) and kinds.get(counted) not in COUNTED:
        raise Refusal(400, f"Bad request: No appropriate index for faceting: `{counted}`")
    for key in _keys([value for name, value in body.items() if name in ("filter", "prefetch", "searches")]):
        if key not in kinds:
            raise Refusal(400, f"Bad request: Index required but not found for `{key}`")


def _keys(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _keys(each)
    elif isinstance(part, dict):
        if isinstance(part.get("key"), str):
            yield part["key"]
        yield from _keys([*part.values()])


def _points(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    return local.upsert(name, models.PointsList(**body).points)


def _vectors(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    return local.update_vectors(name, models.UpdateVectors(**body).points)


def _forget_vectors(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    gone = models.DeleteVectors(**body)
    return local.delete_vectors(name, gone.vector, gone.points)


def _payload(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    said = models.SetPayload(**body)
    return local.overwrite_payload(name, said.payload, points=said.points)


def _delete(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    selector = models.PointIdsList(**body) if "points" in body else models.FilterSelector(**body)
    return local.delete(name, selector)


def _batch(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    return local.batch_update_points(name, models.UpdateOperations(**body).operations)


def _retrieve(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    asked = models.PointRequest(**body)
    return local.retrieve(name, asked.ids, with_payload=asked.with_payload, with_vectors=asked.with_vector or False)


def _query(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    asked = models.QueryRequest(**body)
    return local.query_points(
        name,
        asked.query,
        using=asked.using,
        prefetch=asked.prefetch,
        query_filter=asked.filter,
        search_params=models.SearchParams(idf=asked.params.idf) if asked.params else None,
        limit=asked.limit or 10,
        offset=asked.offset,
        with_payload=asked.with_payload,
        with_vectors=asked.with_vector or False,
        score_threshold=asked.score_threshold,
    )


def _queries(local: Any, name: str, body: Any) -> Any:
    return [_query(local, name, each) for each in body["searches"]]


def _groups(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    asked = models.QueryGroupsRequest(**body)
    return local.query_points_groups(
        name,
        asked.group_by,
        asked.query,
        using=asked.using,
        query_filter=asked.filter,
        limit=asked.limit or 10,
        group_size=asked.group_size or 3,
        with_payload=asked.with_payload,
        with_vectors=asked.with_vector or False,
    )


def _scroll(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    asked = models.ScrollRequest(**body)
    records, start = local.scroll(
        name,
        asked.filter,
        limit=asked.limit,
        order_by=asked.order_by,
        offset=asked.offset,
        with_payload=asked.with_payload,
        with_vectors=asked.with_vector or False,
    )
    return {"points": records, "next_page_offset": start}


def _count(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    return local.count(name, models.CountRequest(**body).filter)


def _facet(local: Any, name: str, body: Any) -> Any:
    from qdrant_client import models

    asked = models.FacetRequest(**body)
    return local.facet(name, asked.key, asked.filter, limit=asked.limit or 10)


Does = Callable[[Any, str, Any], Any]
DOES: dict[tuple[str, str], Does] = {
    ("PUT", "points"): _points,
    ("PUT", "points/vectors"): _vectors,
    ("POST", "points/vectors/delete"): _forget_vectors,
    ("PUT", "points/payload"): _payload,
    ("POST", "points/delete"): _delete,
    ("POST", "points/batch"): _batch,
    ("POST", "points"): _retrieve,
    ("POST", "points/query"): _query,
    ("POST", "points/query/batch"): _queries,
    ("POST", "points/query/groups"): _groups,
    ("POST", "points/scroll"): _scroll,
    ("POST", "points/count"): _count,
    ("POST", "facet"): _facet,
}
