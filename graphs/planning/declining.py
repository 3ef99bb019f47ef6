"""How a model tells that it declines: by a mark that the instructions ask for, or by what it plainly says.

Only a draft that says so counts. That the evidence does not tell ("I cannot tell") is an answer.
"""

from __future__ import annotations

import re

MARK = re.compile(r"^\s*\[declined\][ \t]*[:.\-–—]?\s*|\s*\[declined\]\s*$", re.IGNORECASE)
"""At either end of a draft, for models that put it behind."""
CANNOT = (
    r"(?:I(?:['’]m| am)? (?:sorry|afraid)(?: that)?,? ?(?:but )?|sorry,? (?:but )?|unfortunately,? )?"
    r"(?:I|Spyglass) (?:cannot|can ?not|can['’]t|do not|don['’]t|will not|won['’]t"
    r"|(?:am|['’]m|is) (?:not able|unable) to) "
)
UNDONE = (
    r"(?:(?:identify|recogni[sz]e|name) (?:(?:real|specific|individual|any|the|these|those) )?"
    r"(?:people|persons?|individuals?|faces?)\b"
    r"|(?:edit|alter|modify|retouch|create|make|draw|generate|produce) (?:new |any |an? |the |your |this |these )?"
    r"(?:images?|pictures?|photos?|drawings?)\b"
    r"|browse\b|(?:open|visit|follow) (?:links?|websites?|web pages?)\b"
    r"|(?:help|assist) (?:you )?with (?:that|this)\b|comply\b)"
)
DECLINES = re.compile(rf"^\s*{CANNOT}{UNDONE}", re.IGNORECASE)
"""What Spyglass does not do, and how models word that they do not do something, where a draft begins with it."""


def unmarked(draft: str) -> str:
    """The draft without the mark."""
    return MARK.sub("", draft).strip()


def declines(draft: str, *, found: bool) -> bool:
    """Whether the draft refuses what was asked for. `found`: tools of this turn found something, so words alone may be
    about a part of it."""
    return MARK.search(draft) is not None or (not found and DECLINES.match(draft) is not None)
