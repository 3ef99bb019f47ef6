"""Searches that are said to have nothing to do with the one before: "new search: broken tiles in #snagging"."""

from __future__ import annotations

import re
from dataclasses import replace

from graphs.local_planner.turn import Turn

OTHER = r"(?:(?:brand )?new|fresh|different|another|separate|next|unrelated|other)"
LET_US = r"(?:let(?: u|')s )?"
AFRESH = re.compile(
    r"^(?:(?:ok(?:ay)?|now|next|right|so|and|great|thanks|thank you|cool|perfect|nice|alright|then)[\s,.!]+)*"
    rf"(?:{LET_US}(?:do |start |try |run )?(?:an? |another )?{OTHER} (?:search|query|request|topic|subject|task|"
    rf"question|one|thing)|{LET_US}start(?:ing)? (?:over|again|afresh|anew|from scratch|fresh)|from scratch|"
    r"(?:something|anything) (?:completely |entirely |totally |quite )?(?:else|different|new|unrelated)"
    r"(?: now| entirely)?|unrelated(?:ly)?|on (?:to )?(?:a|another) "
    r"(?:different |new )?(?:topic|note|subject)|moving on|change of (?:topic|subject|plan)|"
    r"reset(?: (?:everything|all|filters))?|forget (?:all|everything)(?: (?:of )?(?:that|this|i said|above|before|"
    r"so far))?|clear (?:everything|all|filters)|neue suche|andere suche|(?:et)?was anderes|nouvelle recherche|"
    r"autre chose|nueva búsqueda|otra cosa)\s*(?:[:,.;!?]|\s-)+\s*(?=\w|<|#|@|\")",
    re.IGNORECASE,
)


def afresh(turn: Turn) -> Turn:
    """The turn without what was searched for before, where it says so."""
    match = AFRESH.match(turn.now.text)
    return replace(turn.saying(turn.now.text[match.end() :]), past=()) if match and turn.searched else turn
