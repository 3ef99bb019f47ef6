"""How a server is asked to keep a collection: its vectors, indexes and quantisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.backends.common.qdrant_payload import INDEXED, LAYOUT
from tools.kit import AskAgain

if TYPE_CHECKING:
    from qdrant_client import models as m

OVERSAMPLED = {"scalar": 2.0, "binary": 4.0}
"""How many times the hits wanted are found with small vectors and ranked again with full ones."""
LINKLESS = {"grams", "file", "folders", "sha256", "tags", "colours"}
"""Fields whose values get no links of their own in the graph: there are many, or they are seldom asked for."""


@dataclass(frozen=True)
class Vectors:
    """What the vectors of a collection come from."""

    encoder: str
    dim: int
    text_encoder: str
    text_dim: int


@dataclass(frozen=True)
class Storing:
    quantisation: str = "none"
    """``none``, ``scalar`` (a byte a dimension) or ``binary`` (a bit)."""
    on_disk: bool = False
    """Full vectors are read from disk."""

    @classmethod
    def of(cls, options: Mapping[str, str]) -> Storing:
        """Raises: AskAgain for a quantisation there is not."""
        quantisation = options.get("archive_quantisation") or "none"
        if quantisation == "auto":
            quantisation = "scalar"
        if quantisation not in ("none", *OVERSAMPLED):
            raise AskAgain(
                f"There is no quantisation {quantisation!r}: "
                "set SPYGLASS_ARCHIVE_QUANTISATION to auto, none, scalar or binary."
            )
        return cls(quantisation, bool(options.get("archive_on_disk")))

    def collection(self, space: Vectors) -> dict[str, Any]:
        """Arguments of `create_collection`."""
        from qdrant_client import models

        dense = {"image": space.dim, "text": space.text_dim}
        return {
            "vectors_config": {
                name: models.VectorParams(size=size, distance=models.Distance.COSINE, on_disk=self.on_disk)
                for name, size in dense.items()
            },
            "sparse_vectors_config": {
                "words": models.SparseVectorParams(
                    modifier=models.Modifier.IDF, index=models.SparseIndexParams(on_disk=self.on_disk)
                )
            },
            "quantization_config": self._quantised(),
            "metadata": {
                "encoder": space.encoder,
                "dim": space.dim,
                "text_encoder": space.text_encoder,
                "text_dim": space.text_dim,
                "layout": LAYOUT,
            },
        }

    def changes(self, config: m.CollectionConfig) -> dict[str, Any]:
        """Arguments of `update_collection` for one that was made with other settings; none where it fits."""
        from qdrant_client import models

        found: dict[str, Any] = {}
        if quantisation_of(config) != self.quantisation:
            found["quantization_config"] = self._quantised() or models.Disabled.DISABLED
        vectors = config.params.vectors
        kept = vectors if isinstance(vectors, dict) else {}
        moved = [name for name, how in kept.items() if bool(how.on_disk) != self.on_disk]
        if moved:
            found["vectors_config"] = {name: models.VectorParamsDiff(on_disk=self.on_disk) for name in moved}
        return found

    def search(self) -> m.SearchParams | None:
        """Found with small vectors, ranked with full ones."""
        from qdrant_client import models

        if self.quantisation == "none":
            return None
        again = models.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLED[self.quantisation])
        return models.SearchParams(quantization=again)

    def _quantised(self) -> Any:
        from qdrant_client import models

        if self.quantisation == "scalar":
            how = models.ScalarQuantizationConfig(type=models.ScalarType.INT8, quantile=0.99, always_ram=True)
            return models.ScalarQuantization(scalar=how)
        if self.quantisation == "binary":
            return models.BinaryQuantization(binary=models.BinaryQuantizationConfig(always_ram=True))
        return None


def quantisation_of(config: m.CollectionConfig) -> str:
    """``none``, ``scalar``, ``binary``, or another that somebody else chose."""
    found = config.quantization_config
    return next(iter(found.model_dump(exclude_none=True)), "none") if found else "none"


def indexes() -> dict[str, Any]:
    """Schemas of the payload indexes, by field. Each audience is a tenant: what it has lies together on the disk."""
    return {field: _index(field, kind) for field, kind in {**INDEXED, "grams": "keyword"}.items()}


def _index(field: str, kind: str) -> Any:
    from qdrant_client import models

    if kind == "text":
        return models.TextIndexParams(
            type=models.TextIndexType.TEXT,
            tokenizer=models.TokenizerType.WHITESPACE,
            lowercase=False,
            phrase_matching=True,
        )
    if kind == "integer":
        return models.IntegerIndexParams(type=models.IntegerIndexType.INTEGER, lookup=False, range=True)
    if kind == "float":
        return models.FloatIndexParams(type=models.FloatIndexType.FLOAT)
    return models.KeywordIndexParams(
        type=models.KeywordIndexType.KEYWORD,
        is_tenant=True if field == "audience" else None,
        enable_hnsw=False if field in LINKLESS else None,
    )
