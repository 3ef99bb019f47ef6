"""Which labels can be told from how a picture looks: things can, relations, worth and inner states cannot."""

from __future__ import annotations

import re
from collections.abc import Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RELATIONS = _words(
    """both neither either same different similar identical other another others else something anything nothing
    everything all none any some former latter first second third last next previous left right better worse best worst
    bigger smaller larger older newer younger biggest smallest oldest newest more less most least alike unlike related
    unrelated matching equal original copy duplicate replica version yes no true false maybe unsure unknown unclear
    correct incorrect wrong mine yours ours theirs his hers this that these those it they
    rotated mirrored flipped upside edited unedited retouched photoshopped manipulated cropped generated
    breed kind sort type species brand variety category quality value price cost worth opinion reason cause"""
)
JUDGEMENTS = _words(
    """dangerous harmless poisonous venomous toxic edible inedible healthy unhealthy sick ill contagious injured alive
    dead extinct endangered rare tame friendly aggressive angry hostile gentle clever smart stupid intelligent loyal
    lazy shy brave evil innocent guilty honest happy sad tired bored
    legal illegal allowed forbidden permitted authentic genuine fake counterfeit real unreal forged official unofficial
    expensive cheap affordable valuable worthless precious costly overpriced paid unpaid overdue sold stolen borrowed
    good bad great nice beautiful ugly pretty handsome attractive cute boring interesting funny important relevant
    irrelevant useful useless popular famous rich poor successful professional amateur casual formal appropriate
    inappropriate offensive suspicious normal abnormal weird strange typical unusual special ordinary common necessary
    urgent valid invalid expired pending approved rejected lost returned recent outdated ancient stale delicious tasty
    tasteless organic vegan halal kosher married unmarried divorced pregnant male female domestic imported foreign local
    quiet noisy smelly heavy lightweight strong weak slow reliable unreliable compatible incompatible
    reckless ambitious lethal obsolete defective mandatory optional hypothetical generous jealous wealthy ethical
    unethical political religious radioactive explosive luxurious elegant tacky trendy romantic creepy scary nervous
    confident curious hungry thirsty sleepy drunk sober viral private public confidential secret classified accurate
    misleading biased neutral positive negative ripe unripe spoiled contaminated allergic perfect terrible awful
    love hate justice democracy friendship truth hope freedom idea scam sarcastic ironic"""
)
DOUBLE = frozenset({"safe", "fair", "cold", "sharp", "fast", "wild", "single", "modern", "fresh", "warm", "spicy"})
"""Both a thing and a judgement: a safe is seen, safe is not. Which is meant shows in the labels beside it."""
ABSTRACT = re.compile(r"(?:ness|ship|ism|ity|ous|fully|able|ible|less|worthy)$")
CONCRETE = _words(
    """ship spaceship starship warship airship steamship battleship containership city university harness lioness cable
    crucible bible dirigible convertible witness fitness business wilderness prism wireless dress princess hairless
    electricity facility table vegetable timetable turntable stable constable"""
)
TRAILING = re.compile(
    r"[\s,]+(?:instead|maybe|perhaps|possibly|probably|please|though|actually|or\s+not|or\s+what|or\s+something"
    r"(?:\s+else)?|then|now|here|right)$",
    re.I,
)
LEADING = re.compile(r"^(?:(?:maybe|perhaps|possibly|probably|just|rather|instead|either|a|an|the)\s+)+(?=\S)", re.I)


def plain(label: str) -> str:
    """Without what belongs to the question: "maybe a leopard instead" -> "leopard"."""
    text = " ".join(label.split()).strip(" ?!.,;:")
    while (shorter := TRAILING.sub("", text)) != text:
        text = shorter
    return LEADING.sub("", text) or text


def beyond_sight(labels: Sequence[str]) -> list[str]:
    """Those of the labels that no look at a picture settles: "dangerous", "same breed", "both".

    By lists and endings, which miss rare words, rather than by the space of an encoder, which takes "dangerous" for
    something near "shark": of 1,362 names of ImageNet and WordNet and 216 everyday things two are taken for none.
    """
    beyond = [label for label in labels if _is_beyond(label)]
    if beyond or len(labels) == 1:
        beyond = [label for label in labels if label in beyond or label.casefold() in DOUBLE]
    return beyond


def _is_beyond(label: str) -> bool:
    words = re.findall(r"[a-z]+", label.casefold().replace("'s", ""))
    if not words:
        return False
    if words[0] in ("not", "no", "non", "isn", "never"):
        return True
    if len(words) > 1:  # "wild dog", "common newt", "left shoe": the thing counts, unless that is none itself
        return _no_thing(words[-1]) or words[0] in ("same", "different", "similar", "both", "neither")
    return _no_thing(words[0])


def _no_thing(word: str) -> bool:
    if word in DOUBLE or word in CONCRETE:
        return False
    return word in RELATIONS or word in JUDGEMENTS or bool(ABSTRACT.search(word))
