"""Words in a plain form: what rules match and what is embedded."""

from __future__ import annotations

import re
from functools import lru_cache

KEPT = 256
"""Texts whose plain form is remembered: one turn asks for the same few again and again."""
QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " ", "–": "-", "—": "-"}
)

CONTRACTIONS = [
    (r"(?<![,\s])[,\s]*\b(?:by the way|btw)\b", ""),
    (r"\b(\w+)'s (?=(?:the|this|that|his|her|it)\b)", r"\1 is "),
    (
        r"\b(what|where|who|when|how|that|there|here|he|she|it(?='))'?s\b(?! (?:name|face|hair|hat|shirt|eyes?)\b)",
        r"\1 is",
    ),
    (r"\bits (?=a\b|an\b|the\b|not\b|[a-z]+(?:,| or\b))", "it is "),
    (r"\b(what|how|where|who)'?re\b", r"\1 are"),
    (r"\b(they|you|we)'re\b", r"\1 are"),
    (r"\b(do|does|did|is|are|was|were|have|has|could|would|should)n'?t\b", r"\1 not"),
    (r"\bcan'?t\b|\bcannot\b", "can not"),
    (r"\bwon't\b", "will not"),
    (r"\bi'?m\b", "i am"),
    (r"\bi'd\b", "i would"),
    (r"\bi'?ve\b", "i have"),
    (r"\bwe've\b", "we have"),
    (r"\blet'?s\b", "let us"),
    (r"\bwanna\b", "want to"),
    (r"\bgonna\b", "going to"),
    (r"\bgimme\b", "give me"),
    (r"\b(one|which|that)'s (?=(?:an?|the|not)\b)", r"\1 is "),
    (r"\b(me|is|spot|get|read|in|on|of|and) da\b", r"\1 the"),
    (r"(?<![\w'])'?em\b", "them"),
    (r"\bgotta\b", "got to"),
    (r"\b(we|you|i|they) (?:still |currently |happen to )+(?=have|own|keep|got)", r"\1 "),
    (r"\baswell\b", "as well"),
    (r"\bhw (?=many|much|old|big|do)", "how "),
    (r"\bnvm\b", "never mind"),
    (r"\bnxt\b", "next"),
    (r"\bsry\b", "sorry"),
    (r"\bthru\b", "through"),
    (r"\blemme\b", "let me"),
    (r"\bu\b", "you"),
    (r"\bur\b", "your"),
    (r"\b(?:pls|plz|plse|kindly)\b", "please"),
    (r"\bpix\b", "pics"),
    (r"\bw[aou]t'?s\b", "what is"),
    (r"\bw(?:[aou]|h|ha|hta|aht|ah)t\b", "what"),
    (r"\b(what|where|how|when) (dose|deos|doe)\b", r"\1 does"),
    (r"\bdis\b", "this"),
    (r"\bdat\b", "that"),
    (r"\bhv\b", "have"),
    (r"\b(?:smth|sth|smthg)\b", "something"),
    (r"\bsb\b", "somebody"),
    (r"\baddy\b", "address"),
    (r"\bb4\b", "before"),
    (r"\br (?=you|they|there|these|those|the|we)\b", "are "),
    (r"(?<=\bhow) r\b", " are"),
    (r"\bppl\b", "people"),
    (r"\bw/o\b", "without"),
    (r"\bw/(?=\s|$)|\bw(?= (?:an?|the|this|that|my|our|it|some|no)\b)", "with"),
    (r"\bdiffs?\b", "differences"),
    (r"\bdupes?\b", "duplicates"),
    (r"\baddr\b", "address"),
    (r"\bamt\b", "amount"),
    (r"\bnr\b", "number"),
    (r"\babt\b", "about"),
    (r"(?<=\w) n (?=\w)|^n (?=\w)", " and "),
    (r"\b(?:um+|uh+m*|erm+)\b,?\s*", ""),
    (
        r"\bthe (?:attached|enclosed|uploaded|posted) (image|photo|picture|pic|document|file|receipt|invoice)\b",
        r"this \1",
    ),
    (r"\b(?:the )?(?:attached|enclosed)\b(?! \w+ (?:file|image|photo))", "this"),
    (r"\bwhich is the difference\b", "what is the difference"),
]

ALIKE = [
    (r"\bcolors?\b", "colour"),
    (r"\bgrey\b", "gray"),
    (r"\bdesc\b", "description"),
    (r"\btxt\b", "text"),
]
"""Only for matching: a label or a query keeps the asker's spelling."""

WRITING_OUT = [(re.compile(pattern, re.IGNORECASE), full) for pattern, full in CONTRACTIONS]
MAKING_ALIKE = [(re.compile(pattern), full) for pattern, full in ALIKE]

POLITE = re.compile(
    r"^(?:(?:great|thanks|thank you|cool|nice|perfect|right|sorry|lol|ta)[,!.:]+ ?|"
    r"(?:hi|hello|hey|hiya|yo|ok|okay|so|well|now|um|uh|hmm|alright|"
    r"actually|good (?:morning|afternoon|evening)|(?:hey |hi |hello )?@?(?:spyglass|bot)|"
    r"(?:hey |hi |hello )(?:there|team|folks|all|everyone)|(?:there|team|folks|all|everyone)(?=[,!.:]))[,!.: ]+|"
    r"please,? |(?:could|can|would|will) you (?:please |maybe |possibly |kindly |quickly |also |just |perhaps )*|"
    r"(?:i would like|i want|i need) you to |would you mind |(?:i was )?wondering (?:if|whether) you (?:could|can) |"
    r"i wonder (?:if you (?:could|can) )?|do you think you (?:could|can) |be so kind (?:as )?to |"
    r"(?:can|could|may) i (?:please )?(?=get |have )|i would (?:like|love) to (?=know|see|get|have)|"
    r"(?:go ahead and|just|quickly|maybe|let us) )+"
)

KEY_WORDS = """
analyze analyse archive caption categorize classify collection compare comparison describe description diagram
difference differences different document extract identical identify image images invoice keyword keywords language
picture pictures receipt receipts recognize screenshot search similar subtotal summarize summarise text transcribe
translate transcript vendor company written handwriting
"""
"""Slips in these are mended when one letter is wrong, missing, doubled or swapped."""
SPELLED = tuple(KEY_WORDS.split())


def tidy(text: str) -> str:
    """One line with plain quotes and dashes; letters keep their case."""
    return re.sub(r"\s+", " ", re.sub(r"\s--+\s", " - ", text.translate(QUOTES))).strip()


@lru_cache(KEPT)
def written_out(text: str) -> str:
    """One line with contractions written out; other letters keep their case."""
    text = tidy(text)
    for pattern, full in WRITING_OUT:
        text = pattern.sub(full, text)
    return text


@lru_cache(KEPT)
def plain(text: str) -> str:
    """Lower case, contractions written out, slips in key words mended, politeness at the start dropped."""
    text = written_out(text).lower()
    for pattern, full in MAKING_ALIKE:
        text = pattern.sub(full, text)
    text = re.sub(r"[a-z]{5,}", lambda match: mended(match[0]), text)
    text = re.sub(r"\s*[,;]?\s*\b(?:please|thanks|thank you|thx|cheers)\b[ .!]*$", "", text)
    return POLITE.sub("", re.sub(r"(?<=\S),? please\b", "", text)).strip()


@lru_cache(4_096)
def mended(word: str) -> str:
    """The key word this is a slip of, or the word itself."""
    if word in SPELLED:
        return word
    return next((right for right in SPELLED if len(right) > 5 and _slip(word, right)), word)


def _slip(word: str, right: str) -> bool:
    """One insertion, deletion, substitution or swap apart; the first letter and a plural s are left alone."""
    if abs(len(word) - len(right)) > 1 or word[0] != right[0] or word == right + "s" or word + "s" == right:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, right, strict=False)) if a != b), min(len(word), len(right)))
    a, b = word[start:], right[start:]
    inflected = (a[1:] == b and len(b) == 0) or (b[1:] == a and len(a) == 0)
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return not inflected and (a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped)
