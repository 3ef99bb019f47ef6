"""What of the archive is most like a text, an image, or both. Shared by the search tool, the command and the forms.

finding                                      the search itself, from first to last:
request                                      what is asked, checked; a picture to search with
candidates (terms, languages, matching)      what may be a hit: by sight, by meaning, by its words
fusing                                       how much speaks for each, and what makes a hit
folding, diversity                           near-duplicates are one hit; broad queries show different pictures
counting                                     how many hits there are
unread                                       what could not be found, because it is not read yet
ranked, reasons (snippets)                   what was found, and why, for people and as facts
"""

from tools.kit.ranking.finding import rank
from tools.kit.ranking.ranked import Ranked, Ranking
from tools.kit.ranking.request import EMPTY, MOST, NONE_HERE

__all__ = ["EMPTY", "MOST", "NONE_HERE", "Ranked", "Ranking", "rank"]
