"""Which fields of a document somebody asks for, in their own words."""

from __future__ import annotations

import re

from graphs.local_planner.phrases import plain, written_out

# Words that mean a field wherever they stand.
STRONG = (
    r"(?:supplier|vendor|customer|seller|buyer|sender|recipient|merchant|store|shop|client) (?:address|phone|"
    r"e-?mail|iban|"
    r"country|vat id|tax id)|"
    r"(?:grand |sub|sum |invoice |bill |net |gross )?total(?: (?:amount|price|sum|paid|cost|due))?|"
    r"sub-?total|(?:total |net |gross |tax |vat |invoice |tip )?amount(?: (?:due|paid|payable|owed|"
    r"charged))?|"
    r"(?:sales )?tax(?: (?:amount|rate|id|number))?|vat(?: (?:amount|rate|id|number|no))?|gst|mwst|"
    r"tip|gratuity|discount|change given|balance(?: due)?|"
    r"(?:invoice|order|receipt|bill|reference|ref|tracking|customer|account|policy|serial|phone|"
    r"telephone|tel|fax|mobile|vat|tax|card|ticket|document|booking|confirmation|purchase order|po|"
    r"member(?:ship)?|registration|contract|model|batch|part|id|passport|licen[cs]e|flight|seat|gate|"
    r"transaction|case|file|item|product)(?: |-)?(?:numbers?|nos?\b\.?|ids?|#|code)|"
    r"(?:due|invoice|issue|order|purchase|expiry|expiration|delivery|billing|payment|birth|start|end|"
    r"ship(?:ping)?|admission|discharge|departure|arrival|best before|use by|transaction)(?: |"
    r"-)?dates?|date of (?:birth|"
    r"issue|purchase)|"
    r"vendors?|merchants?|suppliers?|sellers?|issuer|payee|biller|buyer|recipient|sender|"
    r"customer(?: name)?|client(?: name)?|"
    r"(?:store|shop|company|merchant|vendor|supplier|restaurant|business|customer|client|first|last|"
    r"full|product|employee|brand|patient|passenger|guest|given|middle|family|maiden|user|file|drug|"
    r"student|artist)(?: |-)names?|"
    r"(?<!on the )(?:phone|telephone|cell ?phone)|(?:phone|telephone|mobile|cell|fax|contact) ?(?:numbers?|"
    r"nos?\b)|tel\b|e-?mails?(?: address(?:es)?)?|(?:delivery |shipping |billing |home |street |"
    r"postal |email |web |mailing |return |company )?address(?:es)?|"
    r"(?<!our )(?<!my )(?<!on the )(?<!for the )websites?|web ?page|url|"
    r"(?:booking|payment|customer|client|your|our|order|claim|job) ref(?:erence)?|total (?:area|weight|hours|quantity|"
    r"distance|volume|length)|iban|bic|swift|bank (?:details|account|"
    r"name)|currency|payment (?:method|terms|type|details|"
    r"reference)|line[- ]?items?|expiry|job title|"
    r"birthday|nationality|signature|quantity|unit price|postcode|zip(?: code)?|country of origin|"
    r"(?:number|date|place) of (?:packages|loss|rooms|birth|pages|items|nights|guests)|account holder|"
    r"card holder|valid (?:until|from|to)|cashier|opening hours|"
    r"deadline|check-?in(?: (?:date|time))?|check-?out(?: (?:date|time))?|departure(?: time)?|"
    r"arrival(?: time)?|sku|isbn|barcode|blood type|dosage|calories|ingredients"
)
# Words that mean a field in a list of fields or a question for one.
WEAK = (
    r"(?:sum|dates?|names?|company|companies|titles?|roles?|positions?|price|prices|numbers?|cost|items|"
    r"products|store|shop|restaurant|brand|time|place|city|country|phone|mobile|fax|weight|quantities|"
    r"terms|seat|gate|age|position|department|street|discounts?|role|occupation|organi[sz]ation|"
    r"amounts|taxes|landlord|tenant|consignee|consignor|policyholder|manufacturer|donor)"
)
SINGULAR = re.compile(
    (
        r"(?!given )(?:[\w -]+ )?(?:total|subtotal|amount|date|name|number|vendor|merchant|supplier|seller|email|"
        r"phone|customer|price|company|store|shop)"
    ),
    re.I,
)
FIELD = re.compile(rf"(?<![\w-])(?:(?P<strong>(?:{STRONG})s?)|(?P<weak>{WEAK}))(?![\w-])", re.I)
STRONG_ONLY = re.compile(rf"(?<![\w-])(?:{STRONG})s?(?![\w-])", re.I)

ASKED = (
    (
        r"\bhow much (?:is|was|were) the (?P<field>[\w ]+?)(?: (?:charged|paid|on|in|for|of|here|again|please)\b.*)?$",
        None,
    ),
    (r"\bhow much (?P<field>tax|vat|tip|change|discount|gst)\b", None),
    (
        r"\b(?:pay|paid|charged?|spend|spent) (?:us |me |you )?(?:for|on) (?:the )?(?P<field>shipping|delivery|postage|"
        r"labou?r|parts|parking|fuel|freight|packaging|service|insurance|drinks|food)\b",
        None,
    ),
    (
        (
            r"\bhow much (?:is|was|did|do|does|were|have|for|will|am|are|should)\b|\bwhat (?:did|does|"
            r"do) (?:i|we|it|they|he|she|this|that|the (?:\w+ ){1,2}?\w*) ?"
            r"(?:end up )?(?:pay|paying|cost|spend|owe|come to)\b|"
            r"\bhow much\s*\??$|^price\?*$"
        ),
        "total",
    ),
    (
        (
            r"\bwhen (?:is|was|does|do)\b.*\bdue\b|\bwhen (?:do|must|should|does|have) (?:i|we|it|"
            r"this|they)\b.*\b(?:pay|paid|money|payment|settle|settled)\b|\bpay(?:able)? by when\b|\b(?:by|"
            r"until) when\b"
        ),
        "due date",
    ),
    (r"\bwhen (?:does|do|will|is|did)\b.*\b(?:expir\w*|runs? out|lapses?)\b", "expiry date"),
    (
        (
            r"\bwhen\b.*\b(?:issued|sent|mailed|bought|purchased|printed|dated|paid|signed|from|buy|"
            r"purchase|written|ordered|pay|shop|visit|eat|receipt|invoice)\b"
        ),
        "date",
    ),
    (
        (
            r"\bwho (?:is|was|did|do|does|are)? ?.*\b(?:issued|sold|vendor|seller|merchant|supplier|"
            r"(?:invoice|bill|receipt|it|this) (?:is )?from|issuer|billed (?:us|me)|charged|sent (?:this|"
            r"the) (?:invoice|bill))\b|\bwho is (?:it|this|the (?:invoice|bill|receipt|letter)) from\b"
        ),
        "vendor",
    ),
    (r"\bwho (?:has |had )?(?:sent|wrote|mailed) (?:it|this|that)\b", "sender"),
    (
        r"\b(?:which|what) (?P<field>bank|airline|hotel|carrier|insurer|clinic|company|shop|store|vendor|supplier|"
        r"restaurant|merchant|seller)\b",
        None,
    ),
    (
        (
            r"\bwho (?:is|was) (?:it|this|that|(?:the|this|that) \w+) (?:billed|addressed|made out|sent|for|"
            r"issued)(?: to)?\b|\bbilled to\b"
        ),
        "customer",
    ),
    (
        (
            r"\b(?:what did (?:i|we|they) (?:buy|order|purchase|eat|have)|what was (?:bought|ordered|"
            r"purchased|sold)|(?:what|which) (?:items|products|articles)|(?:list|get|"
            r"give me) (?:\w+ )?(?:the |all )?(?:items|products|articles)|line[- ]?items?)\b"
        ),
        "items",
    ),
    (
        (
            r"\bhow (?:was|did) (?:it|this|i|we|they|the \w+) (?:paid|pay)\b|\bpaid (?:by|with|in) (?:cash|"
            r"card)\b|\bcash or card\b"
        ),
        "payment method",
    ),
    (r"\bwhere (?:was|did|is|were)\b.*\b(?:bought|buy|purchased?|shop|eat|paid)\b", "store"),
    (r"^(?:and )?(?:who|who (?:is it |was it |is this )?from)$", "vendor"),
    (r"^(?:and )?where$", "store"),
    (r"\bto whom\b|\bmade out to\b|\bfor whom\b", "customer"),
    (r"\bwhose (?P<field>account|card|passport|ticket|licen[cs]e|signature)\b", None),
    (r"\bwho do (?:i|we) (?:pay|owe|make the (?:payment|cheque|check))", "payee"),
    (r"\bwho (?:makes|made|manufactures) (?:it|this|that|these|them)\b", "manufacturer"),
    (r"\bwhat day (?:was|is) (?:it|this|that)\b|^when$|\bon (?:which|what) (?:day|date)\b", "date"),
    (r"\b(?:till|until|how long|up to|when)\b.*\bvalid\b|\bvalid (?:till|until|to|through)\b", "expiry date"),
    (r"\bhow much(?: is (?:it|this|that))? (?:all ?together|in total|overall|in all)\b", "total"),
    (r"\b(?:which|what) currency\b", "currency"),
    (r"\bwhat is the damage\b", "total"),
    (r"\bwho (?:has |had )?signed\b", "signature"),
)
LISTED = re.compile(
    (
        r"\b(?:extract|fields?|columns|json (?:with|of|containing)|get|give me|pull(?: out)?|grab|return|"
        r"fill(?: in)?|need|want|note|find|tell me|show me|list|read|schema|just|only|keys|out|"
        r"what are)\b(?: (?:me|us|out|down)\b)?\s*:?\s*(?:as json\s*:?\s*|fields?\s*:?\s*|"
        r"with\s*:?\s*)?(?P<list>.+)$"
    ),
    re.I,
)
PREFIX = re.compile(
    (
        r"^(?:(?:key in|log|record|provide|supply|quote|accepts?|takes|requires?|you missed|you forgot|sorry|but|"
        r"on (?=wh)|by (?=wh)|in (?=wh)|(?:which|what)(?= \w)|i would like to|would like to|could you|"
        r"can you|oh|hmm|hm|well|ok|okay|lol|nah|er|so|"
        r"what about|how about|about|know|put|"
        r"write|list|save|store|output|note|enter|collect|capture|"
        r"copy|every|each|any|just|only|and|also|or|both|what is|what are|"
        r"which|who is|what|when is|the|a|an|its|all|"
        r"my|our|their|his|her|of|me|us|get|give|show|tell|please|as well as|plus|with|fields?|out|"
        r"extract|grab|need|want|i|for|to|now|then|know|is|are|was|json|as|keys?|following|these|columns?|"
        r"schema)\b[\s:]*|\W+|\d+[.)]\s*)+"
    ),
    re.I,
)
SUFFIX = re.compile(
    (
        r"\s+(?:from|on|off|of|in|for|out of|at|printed|shown|given|as|with|here|again|too|please|pls|plz|"
        r"thx|thanks|instead|also|right|into|to|is|are|was|as well|now|then|info|only|that|there)\b.*$"
    ),
    re.I,
)
SEPARATOR = re.compile(
    r"\s*(?:[,;/|+&\n]|\band\b|\bplus\b|\bas well as\b|\bor\b|\bwith\b|(?<=\w)\s*\d\)\s|(?:^|\s)\d[.)]\s|•)\s*", re.I
)
EVERYTHING = re.compile(
    (
        r"\b(?:everything|all (?:the |of the )?(?:fields|data|details|info\w*|values)|key (?:fields|"
        r"info\w*|data|details|values|facts)|(?:the )?(?:data|details|information|info|values|fields|"
        r"contents?))\b(?! (?:vendor|total|date|name))"
    ),
    re.I,
)


def strong(text: str) -> bool:
    """Whether a word is in it that hardly means anything but a field of a document."""
    return bool(STRONG_ONLY.search(plain(text)))


def listed(text: str) -> bool:
    """Whether a text is a list of fields, or names the paper that short things are to be taken from."""
    said = written_out(text)
    if re.search(r"\bor\b", said) or not (re.search(r"[,+&/;]|\band\b", said) or OFF.search(said)):
        return False
    found = _listed(NEGATED.sub("", said))
    return len(found) > 1 or bool(found and OFF.search(said))


OF_PAPER = re.compile(
    r"^(?:please )?(?:(?:(?:from|off|on|of) (?:the|this|that|my|each|every) (?:[\w-]+ ){0,2}[\w-]+)|(?:json |"
    r"the )?(?:keys?|"
    r"fields?|columns|attributes|schema)(?: (?:i need|wanted|needed))?(?: are)?)(?:\s*[:=]+\s*|\s-+\s)(?=[\w\[{(])"
)


def headed(simple: str) -> bool:
    """Whether a plain list says that it is one of fields: "keys: {customer, po_number}", "off the label: lot"."""
    return bool(OF_PAPER.match(simple)) and not re.search(r"\bor\b", simple)


def short(text: str) -> list[str]:
    """A word or three as a field, after other fields: "and the donor"."""
    names = [
        name for part in SEPARATOR.split(NEGATED.sub("", written_out(text))) if (name := _clean(part.strip(" ?!.")))
    ]
    names = [
        name for name in names if not re.fullmatch(r"again|too|also|both|please|then|it|only|just|now", name, re.I)
    ]
    return names if names and all(len(name.split()) <= 3 and not VERBAL.search(name) for name in names) else []


THING = re.compile(
    r"^(?:and )?(?:(?:what|who|which) (?:is|was|are|were)|(?:i |we )?(?:need|want|get|give me|grab|pull|note|look up)) "
    r"(?:the|its|their|our|his|her) (?P<thing>[\w -]{3,40}?)"
    r"(?: (?:on|of|in|from|off|for|at|according|here|there|printed|given)\b.*)?$"
)


def thing(text: str) -> list[str]:
    """What "what is the odometer reading on the form" asks for, whatever it is."""
    match = THING.match(re.sub(r"[?!.]+$", "", plain(text)))
    return (
        [match["thing"]] if match and not EVERYTHING.search(match["thing"]) and len(match["thing"].split()) <= 3 else []
    )


def weak(text: str) -> bool:
    return bool(FIELD.search(plain(text)))


def fields(text: str) -> list[str]:
    """The fields asked for, in the asker's words, without articles; empty for "everything"."""
    said = re.sub(r"[?!]+", " ", written_out(text)).replace("_", " ").strip(" .")
    said = re.sub(r"\s*\([^()]*\)$", "", said)
    said = re.sub(r"\b(\w+)'s (name|address|number|email|phone|id)\b", r"\1 \2", said, flags=re.I)
    said = re.split(r"\s-\s+(?=in|for|as|please|thanks|just)", said)[0]
    said = re.sub(r"\b(?:incl\w*|excl\w*|with|without)\.? (?:vat|tax|tip)\b", "", said, flags=re.I)
    said = re.sub(
        (
            r"\b(name|address|number|date) of (?:the|this|my|our) (company|shop|store|vendor|restaurant|"
            r"customer|seller|merchant|supplier|patient|owner|sender|recipient)\b"
        ),
        r"\2 \1",
        said,
        flags=re.I,
    )
    said = re.sub(r"[,\s]+(?:in|as|into) (?:an? )?(?:json|csv|table|list|excel|spreadsheet)$", "", said, flags=re.I)
    said = SPEAKER.sub(" ", NEGATED.sub("", said))
    if re.match(r"(?:please |get |give me |i want )*(?:everything|all)\b(?!.*[,:])", said, re.I):
        return []
    simple = plain(said)
    if head := OF_PAPER.match(said.lower()) if headed(said.lower()) else None:
        return [name for part in SEPARATOR.split(said[head.end() :]) if (name := _clean(part.strip("[]{}() ")))]
    if explicit := _declared(said):
        return explicit
    exact = _listed(said)
    by_part: list[str] = []
    for part in re.split(r",|&|\band\b|;|\bplus\b|(?<=\w) (?=(?:and )?by when\b)", said):
        by_part += _listed(part) or _told(part)
    found = exact if len(exact) > len(by_part) else by_part
    if not found:
        found = [_name(match[0]) for match in FIELD.finditer(simple) if match["strong"]] or _questioned(simple)
    return list(dict.fromkeys(found))


def _asked(simple: str) -> str | None:
    for pattern, name in ASKED:
        if match := re.search(pattern, simple):
            if name:
                return name
            if FIELD.fullmatch(field := match["field"].strip()) or (
                re.search(pattern, simple) and len(field.split()) == 1
            ):
                return _name(field)
    return None


def _questioned(simple: str) -> list[str]:
    return [_name(match[0]) for match in FIELD.finditer(simple)]


def _declared(said: str) -> list[str]:
    """After "fields:" or "extract 1) ... 2) ..." any short words are fields."""
    match = re.search(
        (
            r"\b(?:fields?|keys|columns|schema|values?|extract)\b\s*(?:are|named|called|with|"
            r"for)?\s*(?P<colon>[:=])?\s+(?P<list>.+)$"
        ),
        said,
        re.I,
    )
    if not match or not (match["colon"] or re.search(r"[,;/|+&]|\band\b|\d\)", match["list"])):
        return []
    names = [name for part in SEPARATOR.split(match["list"]) if (name := _clean(part))]
    return (
        names
        if all(len(name.split()) <= 4 for name in names) and not all(EVERYTHING.search(name) for name in names)
        else []
    )


def _listed(said: str) -> list[str]:
    """The parts of a list, or of a whole sentence, that end in a field word."""
    said = re.sub(r"^[^:,>]{1,50}?\s*(?:->|=>|:)\s*(?=\w)", "", said)
    match = LISTED.search(said)
    names = [name for part in SEPARATOR.split(match["list"] if match else said) for name in _apart(_clean(part))]
    right = [name for name in names if FIELD.fullmatch(name) or OWN.fullmatch(name)]
    names = [name for name in names if name and (" " not in name or FIELD.fullmatch(name) or not PAPER.search(name))]
    short = [name for name in names if len(name.split()) <= 4 and not VERBAL.search(name)]
    # one sure field in a list of short things makes fields of them all: "venue, date and start time"
    listed = len(short) > 1 and len(short) == len([name for name in names if name])
    return short if listed and (right or any(HEADED.fullmatch(name) for name in short)) else right


def _told(part: str) -> list[str]:
    """The field a phrase asks for in other words, or ends in: "my accountant wants the invoice number"."""
    if asked := _asked(plain(part)):
        return [asked]
    match = END.search(_clean(part)) or END.search(part.strip())
    return [_name(match[0])] if match else []


def _apart(name: str) -> list[str]:
    """ "vendor total date" is three fields, "order date" is one."""
    one = FIELD.fullmatch(name) or re.fullmatch(
        r"(?:departure|arrival|boarding|delivery) \S+|\S+ (?:number|no|id|code|name|date|amount|rate|type)", name, re.I
    )
    if one or FIELD.sub("", name).strip():
        return [name]
    return [_name(match[0]) for match in FIELD.finditer(name)]


HEADS = (
    r"(?:numbers?|nos?\.?|nr|name|date|price|amount|code|ids?|reading|type|weight|size|holder|value|"
    r"time|address|total|rate|balance|"
    r"strength|dose|dosage|venue|insured|grade|artist|donor|medium|dimensions?|allergies|manufacturer|"
    r"net|gross|vat|qty|quantity|"
    r"year|sku|model|make|mileage|odometer|surname|nationality|deposit|shipping|seat|row|gate|"
    r"platform|sort code|gstin|capacity|"
    r"pressure|voltage|power|packages|rooms|bedrooms|insurer|premium|excess|signature|initials|"
    r"subject|teacher|school|class|"
    r"ingredients|calories|allergens|expiry|period|term|salary|rent|fee|charge|fare|duration|distance|"
    r"location|colour|color|form|material)"
)
HEADED = re.compile(rf"(?:[\w'.-]+ ){{0,3}}{HEADS}(?: of [\w ]+)?", re.I)
"""What a field of any paper may end in: "odometer reading", "claim number"."""
OFF = re.compile(
    r"\b(?:from|off|on|in) (?:the|this|that|these|my|each|every|both)\b.*\b(?:card|form|receipt|"
    r"invoice|bill|slip|statement|label|tag|ticket|"
    r"waybill|flyer|invitation|plate|wristband|certificate|passport|licen[cs]e|letter|contract|policy|"
    r"sheet|document|page|menu|box|bottle|package|note)s?\b",
    re.I,
)
PAPER = re.compile(
    (
        r"\b(?:labels?|cards?|receipts?|notes?|forms?|slips?|tickets?|invoices?|letters?|papers?|"
        r"certificate|sheet)$"
    ),
    re.I,
)
NEGATED = re.compile(
    (
        r"[\s,.!]*\b(?:but )?(?:not(?: the)?|nothing|without the|except(?: for)?(?: the)?|(?:i )?(?:do not|"
        r"don't) (?:need|want)|ignore|skip|never mind)\b[^,;.]*"
    ),
    re.I,
)
SPEAKER = re.compile(
    r"(?:^|\b(?:the|our|my|a) )(?:suppliers?|clients?|customers?|vendors?|buyer|seller|company|shop|restaurant) "
    r"(?=(?:says?|said|wants?|thinks?|reckons?|insists?|asked|has|have|needs?|is|are|claims?)\b)",
    re.I,
)
"""Somebody who says or wants something is no field."""
VERBAL = re.compile(
    (
        r"\b(?:is|are|was|were|do|does|did|has|have|had|tell|get|need|want|it|this|that|i|we|you|they|"
        r"them|me|to|what|who|when|where|how)\b"
    ),
    re.I,
)
END = re.compile(rf"(?<![\w-])(?:(?:{STRONG})s?|{WEAK})$", re.I)
OWN = re.compile(
    (
        rf"(?!(?:this|that|it|is|are|was|the|what|which|who|when|how|does|do|did|to|correct|check|no|any|"
        rf"image|page)\b)(?:[a-z-]+ ){{1,2}}(?:{STRONG}|{WEAK})"
    ),
    re.I,
)
"""A field with an adjective of the asker's own: "net weight"."""


def _clean(part: str) -> str:
    part = PREFIX.sub("", part.strip())
    # "number of packages" is one name, "total of the bill" says where to look
    part = re.sub(
        r"\s+of (?!the\b|this\b|that\b|it\b|my\b|our\b|these\b|those\b|each\b|image\b|both\b)(?=\w)", " \0", part
    )
    part = SUFFIX.sub("", part).replace("\0", "of ")
    # whatever the verb before it: "advise the invoice total"
    part = (
        re.sub(r"^(?:\w+ ){1,3}(?:the|an?|my|our|its|their)\s+(?=\w)", "", part)
        if not re.search(r" of |:", part)
        else part
    )
    part = re.sub(r"^(?:invoice|receipt|bill|card)(?:'s) ", "", part, flags=re.I)
    return _name(part)


def _name(word: str) -> str:
    """In the asker's words, in the singular where that is a field, too."""
    word = re.sub(r"^(?:the|an?|its|our|my|your|their)\s+", "", word.strip(" .,:;?!=<>\"'`()[]{}"), flags=re.I)
    word = re.sub(r"\s+", " ", re.sub(r"(?:^|\s)(?:on|of|in|for|from|at|to)$", "", word))
    single = re.sub(r"(?<=[^s])s$", "", word)
    return single if SINGULAR.fullmatch(single) else word
