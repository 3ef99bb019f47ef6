"""What is searched for: a request without its politeness, its verb and its "photos of"."""

from __future__ import annotations

import re

PIC = (
    r"(?:images?|photos?|pictures?|pics?|photographs?|shots?|snaps?|snapshots?|imgs?|foto'?s?|imágenes|bilder|portraits|"
    r"selfies|close-?ups|(?<!test )(?<!lab )results?|hits?|"
    r"ones?|examples?|footage|files?)"
)
STORE = r"(?:archive|library|collection|catalog(?:ue)?|gallery|database|index|photo ?bank|drive|storage)"
VERB = (
    r"(?:(?:would|could|might|does|do|did) (?:somebody|someone|anybody|anyone|you|we) (?:still |happen to |"
    r"ever )*have|search(?: for| up| through| in)?|find|look(?:ing)? (?:for|up|through|in)|show(?: me| us)?|"
    r"get(?: me| us)?|give (?:me|us)|bring up|pull (?:up|out)|fetch|"
    r"(?:i |we )?(?:seem to )?(?:remember|recall)|hi-?res|high[- ]res(?:olution)?|guys|folks|ever|photographed|"
    r"did (?!anyone|anybody|someone|somebody)[a-z]+ (?:upload|shoot|post|share|add|take)|"
    r"(?:did|do) (?:we|you|they|i) (?:shoot|photograph|capture|snap|film)|"
    r"pull|drop|send|round up|gather|collect|compile|assemble|track down|scout|unearth|snag|"
    r"hand(?= (?:me|us|over)\b)|bring|provide|supply|suggest|recommend|present|fish out|hit (?:me|us) with|"
    r"dig (?:me |us )?(?:out|up)|(?:pull|bring) (?:me|us) (?:out|up)|hunt(?: down| for)?|hold|keep|"
    r"own|store|retrieve|locate|list|browse|see|display|query|need|want|like|"
    r"searching(?: for)?|is there|are there|there is|there are|"
    r"do (?:we|you|i) (?:happen to )?have|did (?:we|you|i) (?:take|get|make)|have (?:we|you) (?:got)?|"
    r"(?:we|you|i) have|got|check(?: for)?|seek|surface|i am after|"
    r"i am|i|we|am|are|to|can|could|you|please|me|us|would|which|what|where|let|going|have|has|and|"
    r"now|also|then|just|some|any|all|every|of our|our|my|more|other|a few|"
    r"few|several|results for|(?:top|best|first|latest|newest)(?=\s+(?:{PIC}|of)\b)|anything|"
    r"something|stuff|everything|existing|show up|for|in|"
    r"through|about|how many|in there|there|love|grab(?: me| us)?|chance|any chance|is|that|look|"
    r"whether|if|check|good|nice|great|random|"
    r"nah|nope|still|hmm+|hm|ugh|uh|cool|beautiful|pretty|hey|hi|maybe|perhaps|back to|no|actually|instead|what about|"
    r"how about|only|the)"
)
LEAD = re.compile(rf"^(?:(?:{VERB}|the {STORE}|(?:our|the|my) {STORE}|{STORE}|a|an)\b[\s:,]*)+", re.I)
ABOUT = re.compile(
    (
        rf"^(?:{PIC}\b\s*)+(?:(?:that|which)\s+)?(?:of|with|from|where|showing|show|containing|contain|"
        rf"having|have|has|in which|that|about|mentioning|de|von|vom|van|di|del|du|des|featuring|feature|"
        rf"depicting|taken (?:in|at|of)|there is|"
        rf"there are|look like|like|for|are|is|:)?\b\s*(?:there (?:is|are) )?"
    ),
    re.I,
)
RAMBLING = re.compile(
    (
        r"\b(?:i|we|you|they|somebody|someone|my|could|would|was|for|need|want|took|surely|chance|bring|"
        r"picture|like)\b"
    ),
    re.I,
)
PICTURED = re.compile(
    rf"^(?P<head>.*?)\b(?:{PIC}|imagery|one|something|anything|stuff|material)(?: (?:that )?(?:we|you|i|"
    rf"they) (?:have|own|got|"
    r"took|made))? (?:of|with|showing|where|depicting|containing|featuring|that shows?|in which|about)\s+"
    r"(?P<what>[^,;:]+?)(?= (?:that|which) (?:were|was|are|is|got) (?:made|taken|shot|uploaded|added)\b|[,;:]|$)",
    re.I,
)
ASKS_FOR = re.compile(
    r"\b(?:an?|the|of|some|any|have|few|brauche|hi-?res|res)\s*$|\b(?:i|we|you|he|she|they|to|be|is|are|was|needs?|wants?|"
    r"asks?|requires?|best|nicest|got)\b",
    re.I,
)
"""Before "photos of" it is a request ("a handful of", "our customer asks for"), not the name of a kind ("wedding")."""
ANY_THERE = re.compile(r"(?<=\w)[,;]?\s+(?:would|are|is|might) there (?:be )?any\b.*$", re.I)
BEFORE_PICTURES = re.compile(
    (
        rf"^.*\b(?:of|some|any|need|use|want|see|got|few|more)\s+(?P<what>(?:(?!an?\b|the\b|"
        rf"like\b)[\w'-]+ ){{1,3}}){PIC}\b"
    ),
    re.I,
)
FETCHED = re.compile(
    r"^(?:[\w',]+ ){1,8}?(?:locate|find|retrieve|fetch|dig up|show me|get me|grab me|bring up|pull up)\s+", re.I
)
TAIL = re.compile(
    rf"[\s,]*\b(?:(?:in|from|within|of|inside|on|through) (?:the|our|my|this|your|"
    rf"their) (?:\w+ )?{STORE}|please|pls|plz|anyone|anybody|someone|thanks|thx|for me|for us|in there|anywhere|"
    rf"(?:(?:show|give|tell) (?:me|us) )?(?:what |that )?(?:do )?(?:we|you) (?:have|own|got|took)|"
    rf"at all|lying (?:around|about)|"
    rf"(?:(?:in|from|among|of|within) )?(?:(?:what|that|which|everything|all|things) )?"
    rf"(?:we|people|everybody|everyone|the team) (?:have |has |ever )*(?:posted|shared|uploaded|sent)(?: here)?|"
    rf"(?:in|from|among) our (?:posts|messages|uploads)|"
    rf"(?:can you )?help me (?:find|look)(?: (?:one|some|it|them))?|anything like (?:that|it)|"
    rf"where (?:is|are|was|were) (?:it|they)|are there|already|yet|before|"
    rf"(?:that )?i (?:have|took)|in it|in them|instead|somewhere|on file|if (?:any|possible|you can|"
    rf"we have any)|to (?:choose|pick) from|in stock|only|just|now|right now|(?:got|have|"
    rf"do we have) any|go(?:ne)?|ages ago|long ago|"
    rf"some time ago|(?:got|any|have)(?: any| some)? photos|or two|today|ok|okay|again|"
    rf"{PIC}|so|or (?:something|so|similar|anything)|for (?:my|our|a|the|this|(?:tomorrow|today|(?:next|"
    rf"this) \w+|\w+day)'s) (?:\w+ )?(?:slides?|presentation|deck|"
    rf"blog|pitch|proposal|tender|leaflet|intranet|linkedin|handout|board pack|worksheet|training|"
    rf"social media|website|newsletter|report|post|talk|article|brochure|flyer|campaign|"
    rf"homepage)(?: \w+)?|too|"
    rf"maybe|perhaps|as well|also|and|with|of|from|but|anything|everything|any|all|ones|them|those|exclusively|"
    rf"in our possession|options|pieces|suggestions|"
    rf"variants|hi-?res|"
    rf"high[- ]res(?:olution)?|ideally|preferably|taken|dated|uploaded|posted|shared|postée?s?|partagée?s?|publiée?s?|"
    rf"subid[ao]s?|gepostet|hochgeladen|geteilt|that are|which are)\s*$",
    re.I,
)
SIMILAR = re.compile(
    r"\b(?:(?:some|any|more|other|others|anything|something|stuff|ones?|things?|images?|photos?|"
    r"pictures?|pics?|shots?|products?|items?|results?|just|find|show(?: me)?|but)\s+)*"
    r"(?:(?:that |which )?(?:look(?:s|ing)? )?(?:like|similar to|same as|close to|resembling|"
    r"along the lines of|along (?:these|those|the same) lines|in (?:this|that|the same) style|"
    r"in the style of)|more of|similar)\s*"
    r"(?:(?:this|that|it|these|those|image \d+|the (?:first|second|third|last|other|one|image|photo|"
    r"picture)\w*)(?:\s+(?:one|image|photo|picture|pic|shot|here))?)?",
    re.I,
)
TWIST = re.compile(
    (
        r"^[\s,.:;-]*(?:(?:but|only|just|except|though|maybe|perhaps|and|or|with|without|in|at|on|by|from|"
        r"where|make (?:it|them|those)|"
        r"should be|that (?:is|are)|which (?:is|are)|it|is|ones?|a|an|the|there is|there are|also|please|"
        r"this time|them|in it|show|showing|during|having|taken|shot|has|have)\b[\s,]*)+"
    ),
    re.I,
)
KEPT = re.compile(r"\b(?:from above|from below|from behind|without [\w ]+|no [\w ]+|black and white)\b", re.I)
SAME_THING = re.compile(
    r"\b(?:this|that|these|it|(?:the )?same)"
    r"(?P<thing> (?!one\b|in\b|with\b|but\b|from\b|at\b|on\b|image|photo|picture|pic\b|shot)[a-z]+)?"
    r"(?: \w+)??,? (?:but |only |just )?(?P<twist>(?:in|with|but|without|from|at|on)\b.*)$",
    re.I,
)


WANTS = re.compile(r"^.*\b(?:find me|what (?:i|we) (?:want|need) (?:is|are)|i am after|show me)\s+", re.I)


NEGATED = re.compile(
    r"(?:,|\s+but|\s+and)\s+(?:no|not|non|never|without|except(?: for)?)(?: any|"
    r" the)? (?P<gone>[\w ]{3,30}?)(?: ones?)?$"
    r"|\s+(?:minus|excluding|excl\.) (?P<less>[\w ]{3,30}?)$"
    r"|\s+(?:not|except(?: for)?) (?P<other>(?:in|on|at|with) [\w ]{3,30})$",
    re.I,
)
"""What hits must not show: "cars but no red ones"."""


FIRST_NOT = re.compile(
    rf"(?:{PIC} )?(?:(?:with )?no|without) (?P<gone>[\w ]{{3,20}}?)(?: in (?:it|them))?,? "
    r"(?:just|only|but) (?P<what>\w.+)$",
    re.I,
)
""" "No people, just the lobby"."""


def query(text: str) -> str:
    """The content of a search request whose filters and limit have been cut out; what it must not show comes last."""
    text = re.sub(r"[?!.]+(?=\s|$)", " ", text).strip()
    text = re.sub(
        r",?\s*\b(?:preferably|ideally|if possible)\b,?\s*(?:(?:(?:some|the) )?(?:ones?|those|pictures|photos)\s+)?",
        " ",
        text,
        flags=re.I,
    )
    if (first := FIRST_NOT.match(text)) and not re.match(r"(?:thanks?|problem|worries|idea|luck)\b", first["gone"]):
        return f"{query(first['what'])} without {first['gone']}"
    if gone := NEGATED.search(text):
        return f"{query(text[: gone.start()])} without {gone['gone'] or gone['less'] or gone['other']}".strip()
    text = re.sub(r"[?!.]+(?=\s|$)|[()\[\]]", " ", text).strip()
    if quoted := re.search(r"\"([^\"]+)\"\s*$", TAIL.sub("", text)):
        return quoted[1].strip()
    text = text.replace('"', "")
    text = re.sub(
        rf"\b(?:search|look in|look through|check|browse) (?:the |our |my )?{STORE}(?: for| if| whether)?\s*[:,-]?\s*",
        "",
        text,
        flags=re.I,
    )
    text = re.sub(r",?\s*\b(?:i|we) (?:know|am sure|are sure|think|believe|swear)\b.*$", "", text, flags=re.I) or text
    text = re.sub(r"^.*\b(?:looking|searching|hunting|search|look) for\b\s*", "", text, flags=re.I)
    text = FETCHED.sub("", ANY_THERE.sub("", text))
    text = re.sub(r"^[\w' -]{3,40}:\s+(?=\w)", "", text)  # "banner material: mountains"
    if len(sentences := re.split(r"[?!.:]\s+|,\s+(?=what\b)", text)) > 1 and WANTS.search(sentences[-1]):
        text = WANTS.sub("", sentences[-1])
    before = None
    while before != text:
        before = text
        text = ABOUT.sub("", LEAD.sub("", text.strip(" ,:;-"))).strip()
        text = re.sub(
            rf"^(?:tall|wide|large|big|huge|high[- ]res(?:olution)?|hi-?res) (?={PIC}\b)", "", text, flags=re.I
        )
        text = re.sub(
            r"^(?:with|of|mentioning|where|(?:that |which )?show(?:s|ing)?|from|on|like)\s+", "", text, flags=re.I
        )
        text = TAIL.sub("", text).strip(" ,:;-?")
    told = PICTURED.match(text)
    if RAMBLING.search(text) or (told and ASKS_FOR.search(told["head"])):
        text = _pictured(text)
    return re.sub(r"\s+", " ", text)


def _pictured(text: str) -> str:
    """In a long sentence, what the pictures are of: "we need something new, ideally a photo of a kite"."""
    told = PICTURED.match(text)
    if told and ASKS_FOR.search(told["head"]):
        return TAIL.sub("", told["what"]).strip(" ,:;-?")
    if told and not (RAMBLING.search(told["head"]) or len(told["head"].split()) > 2):
        return text
    told = told or BEFORE_PICTURES.match(text)
    return TAIL.sub("", told["what"]).strip(" ,:;-?") if told else text


def _after_likeness(text: str, whole: bool) -> str:
    """What follows "like this"; in a sentence without one, what follows "but" or "only" or, with `whole`, leads it."""
    if len(parts := SIMILAR.split(text, maxsplit=1)) > 1:
        return re.sub(r"^\s*[a-z]+,? (?=(?:but|only|just)\b)", "", parts[1])
    if match := re.search(
        (
            r"\b(?:but|only|just|except|though)\b(.*)$|^same [\w ]+?,? (?=(?:in|with|without|at|from|other|"
            r"different|another)\b)(.*)$"
        ),
        text,
        re.I,
    ):
        return match[1] or match[2] or ""
    return text if whole and TWIST.match(text) else ""


def twist(text: str, *, whole: bool = False) -> str:
    """What "more like this but blue" adds to the picture: "blue"; with `whole`, a bare "in winter" counts too."""
    text = re.sub(r"[?!.]+(?=\s|$)", " ", text).strip()
    text = match["twist"] if (match := SAME_THING.search(text)) else _after_likeness(text, whole)
    if (kept := KEPT.search(text)) and not TWIST.sub("", text[: kept.start()]).strip(" ,"):
        return re.sub(r"\s+(?:please|pls|in it)$", "", kept[0].strip())
    before = None
    while before != text:
        before = text
        text = TAIL.sub("", TWIST.sub("", text)).strip(" ,:;-?")
    return (
        ""
        if re.fullmatch(
            (
                r"(?:in|from)? ?(?:the |our )?(?:archive|library|collection)|this|that|it|here|ones?|we|"
                r"do we have|have|there|find|show|products?|items?|things?|for (?:the|our|my|a) (?:\w+ )?\w+|good|nice"
            ),
            text,
            re.I,
        )
        else text
    )
