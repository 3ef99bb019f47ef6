"""What of the archive is most like a text, an image, or both. Shared by the search tool, the command and the forms."""

from tools.kit.ranking.finding import rank
from tools.kit.ranking.ranked import Ranked, Ranking
from tools.kit.ranking.request import EMPTY, MOST, NONE_HERE

__all__ = ["EMPTY", "MOST", "NONE_HERE", "Ranked", "Ranking", "rank"]
