"""How text becomes words: for matching phrases, and for BM25 by sparse vectors whose IDF the engine adds.

One definition for the embedded engine and the server: Qdrant's own BM25 model, on text that is folded here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tools.kit.archive.words import WORD, fold

if TYPE_CHECKING:
    from qdrant_edge import Bm25, SparseVector

AVERAGE = 64
"""Words a document is expected to have: a name, a message, a caption and some tags; a scanned page has more."""


def phrase_of(text: str) -> str:
    """Its words, folded, with one space between them: a phrase lies in a text when its words lie in the text's."""
    return " ".join(WORD.findall(fold(text)))


def document(text: str) -> SparseVector:
    """Weights by how often a word stands in a text of that length (k1 1.2, b 0.75). Empty for a text without words."""
    return _model().embed_document(phrase_of(text))


def question(text: str) -> SparseVector:
    """Each word once. Empty for a text that is only stop words."""
    return _model().embed_query(phrase_of(text))


@cache
def _model() -> Bm25:
    from qdrant_edge import Bm25, Bm25Config, TokenizerType

    return Bm25(Bm25Config(avg_len=AVERAGE, tokenizer=TokenizerType.Whitespace, language="english", ascii_folding=True))
