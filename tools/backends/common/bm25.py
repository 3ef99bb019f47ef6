"""How text becomes words: for matching phrases, and for BM25 by sparse vectors whose IDF the engine adds.

One definition for the embedded engine and the server: Qdrant's own BM25 model, on text that is folded here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qdrant_edge import Bm25, SparseVector

AVERAGE = 64
"""Words a document is expected to have: a name, a message, a caption and some tags; a scanned page has more."""
UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
"""Kana, Han and Hangul: written without spaces, or glued to endings, so each letter counts as a word."""
WORD = re.compile(f"[{UNSPACED}]|[^\\W_{UNSPACED}]+")


def fold(text: str) -> str:
    """Compatibility forms and case folded away, so that text matches as people type it."""
    return unicodedata.normalize("NFKC", text).casefold()


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
