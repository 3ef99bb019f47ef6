"""Words that requests for images share."""

from __future__ import annotations

PICS = (
    r"(?:photos?|pictures?|pics?|pix|images?|photographs?|shots?|snaps?|snapshots?|screen ?shots?|screengrabs?|"
    r"drawings?|"
    r"sketch(?:es)?|illustrations?|diagrams?|mock-?ups?|scans?|uploads?|posts?|documents?|pdfs?|jpe?gs?|pngs?|gifs?|"
    r"designs|stills?|footage|renders?|renderings?|mood ?boards?|slides?|charts?|graphs?|files?|ones?)"
)
SHARED = (
    r"(?:posted|shared|uploaded|sent|added|put up|put in|dropped(?: in)?|published|submitted|took|shot|made|drew|"
    r"captured|contributed|brought|showed us)"
)
SHARE = r"(?:post|share|upload|send|add|put up|put in|drop|publish|submit|take|shoot|make|draw|show us)"
DONE = r"(?:posted|shared|uploaded|sent|added|put up|put in|dropped|published|submitted|taken|shot|made|drawn)"
NOT = (
    r"(?:(?:,\s*)?\b(?:but |and |or )?(?:not|no|non|never|nothing|none|without|except(?:ing)?(?: for)?|"
    r"excluding|exclude|"
    r"other than|anything but|everything but|all but|skip(?:ping)?|minus|leav(?:e|ing) out|ignor(?:e|ing)|hide)"
    r"(?: (?:any|anything|everything|all|the ones?|ones?|those|these|the|of))*(?: (?:that|which|who))?"
    r"(?: (?:is|are|was|were))?)"
)
"""Before what no hit may be."""
