"""Words for the fields of papers, and what surrounds them in a request."""

from __future__ import annotations

import re

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
    (r"\bhow much (?:the|this|that|it|our|my)(?: \w+)? (?:is|was|were|costs?)\b", "total"),
    (r"\b(?:what|which) day\b", "date"),
    (
        r"^(?:and )?(?:(?:from|on|at|in|for|by|to) )?(?:which|what) (?!kind|type|sort|one|image|photo|picture|"
        r"colou?r|time|else)"
        r"(?P<field>[a-z]+) (?:does|is|was|did|do|are|were|has)\b",
        None,
    ),
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
EVERYTHING = re.compile(
    (
        r"\b(?:everything|all (?:the |of the )?(?:fields|data|details|info\w*|values)|key (?:fields|"
        r"info\w*|data|details|values|facts)|(?:the )?(?:data|details|information|info|values|fields|"
        r"contents?))\b(?! (?:vendor|total|date|name))"
    ),
    re.I,
)
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
