"""Dates in German, French and Spanish, said in English: "letzten Monat" is "last month"."""

from __future__ import annotations

import re
from collections.abc import Callable

from graphs.local_planner.filtering.abroad.calendars import DAY, MONTH, NUMBER, PERIOD, SEASON, UNIT

Put = str | Callable[[re.Match[str]], str]

ANY_UNIT, ANY_PERIOD, ANY_NUMBER = "|".join(UNIT), "|".join(PERIOD), rf"\d+|{'|'.join(NUMBER)}"
BEFORE_ONE = (
    r"seit|ab|im|am|vom|von|bis|und|vor|nach|zwischen|anfang|mitte|ende|letzte[nrms]?|dem|zum|jeden|depuis|en|au|du|de|début|"
    r"fin|mi|et|à|entre|avant|après|jusqu'en|jusqu'au|le|lundi|desde|del|el|a|al|y|hasta|antes de|después de|"
    r"despues de|principios de|mediados de|finales de|\d\d?(?:\.|er|º)?"
)
"""Before what may be an English word as well ("mars"), one of these says that it is a month."""
MONTHS, DAYS = "|".join(dict.fromkeys(MONTH.values())), "|".join(dict.fromkeys(DAY.values()))
NAMED = rf"(?:(?:\d\d? )?(?:{MONTHS}|april|august|september|november)(?: (?:19|20)\d\d)?)\b"
ENGLISH = (
    rf"(?:(?:the day before )?yesterday\b|today\b|last (?:week|month|year|quarter|weekend|night|spring|summer|autumn|"
    rf"winter|{DAYS})\b|this (?:week|month|year|quarter|weekend|morning|afternoon|evening|spring|summer|autumn|"
    rf"winter)\b|in the last|\d+ (?:day|week|month|year)s ago|week before last|(?:early|mid|late) (?:{MONTHS})|"
    rf"the start of the year\b|christmas\b|easter\b|new year\b|"
    rf"(?:spring|summer|autumn|winter) (?:19|20)\d\d|{NAMED}|(?:{DAYS})\b|"
    r"\d\d?[./-]\d\d?\b|(?:19|20)\d\d\b)"
)
"""A date that has been put into English."""
ARTICLE = r"(?:(?:dem|den|der|die|das|le|la|les|l'|el|los|las) ?(?=[\w']))?"


def _number(said: str) -> str:
    return NUMBER.get(said.lower(), said)


def _unit(match: re.Match[str]) -> str:
    return PERIOD[match["unit"].lower()]


def _ago(match: re.Match[str]) -> str:
    return f"{_number(match['n'])} {_unit(match)}s ago"


def _lately(match: re.Match[str]) -> str:
    return f"in the last {_number(match['n'])} {_unit(match)}s"


def _last(match: re.Match[str]) -> str:
    return f"last {_unit(match)}"


def _this(match: re.Match[str]) -> str:
    return f"this {_unit(match)}"


def _whole(patterns: tuple[tuple[str, Put], ...]) -> tuple[tuple[re.Pattern[str], Put], ...]:
    """Patterns of whole words."""
    return tuple((re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE), put) for words, put in patterns)


SAID = _whole(
    (
        (r"vorgestern|avant-hier|anteayer|antes de ayer", "the day before yesterday"),
        (r"gestern abend|gestern nacht|hier soir|anoche|ayer por la noche|letzte nacht|la nuit dernière", "last night"),
        (r"gestern nachmittag|hier après-midi|ayer por la tarde", "yesterday afternoon"),
        (r"gestern (?:morgen|früh|vormittag)|hier matin|ayer por la mañana", "yesterday morning"),
        (r"heute (?:morgen|früh|vormittag)|ce matin|esta mañana", "this morning"),
        (r"heute nachmittag|cet après-midi|esta tarde", "this afternoon"),
        (r"heute abend|ce soir|esta noche", "this evening"),
        (r"gestern|hier(?= (?:soir|matin)|\W*$| (?:dans|sur|par|de)\b)|d'hier|ayer", "yesterday"),
        (r"heute|aujourd'hui|hoy", "today"),
        (
            rf"(?:(?:in|aus|von|während) den|der) (?:letzten|vergangenen) (?P<n>{ANY_NUMBER}) (?P<unit>{ANY_UNIT})",
            _lately,
        ),
        (rf"die (?:letzten|vergangenen) (?P<n>{ANY_NUMBER}) (?P<unit>{ANY_UNIT})", _lately),
        (
            rf"(?:(?:dans|de|sur) )?(?:les|ces|des) (?P<n>{ANY_NUMBER}) (?:derniers|dernières) (?P<unit>{ANY_UNIT})",
            _lately,
        ),
        (rf"(?:(?:en|de) )?l[ao]s últim[ao]s (?P<n>{ANY_NUMBER}) (?P<unit>{ANY_UNIT})", _lately),
        (
            r"(?:in|aus|von) den letzten tagen|(?:(?:dans|de) )?(?:ces|les) derniers jours|"
            r"(?:(?:en|de) )?(?:estos|los) últimos días",
            "in the last 7 days",
        ),
        (rf"(?:vor|il y a|hace) (?P<n>{ANY_NUMBER}) (?P<unit>{ANY_UNIT})", _ago),
        (r"(?:der |die )?vorletzte[nr]? woche|la semaine d'avant-dernière|hace dos semanas", "week before last"),
        (rf"(?:der |des |dem |am )?(?:letzte|vergangene|vorige)[nrsm]? (?P<unit>{ANY_PERIOD})", _last),
        (
            rf"(?P<of>du |de la |de l')?(?:(?:(?<=du )|(?<=de la )|(?<=de l'))|la |le |l')(?P<unit>{ANY_PERIOD}) "
            r"(?:derni(?:er|ère)|passée?)",
            lambda match: ("from " if match["of"] else "") + _last(match),
        ),
        (rf"(?:(?:le |au )?dernier|(?:el )?último) (?P<unit>{ANY_UNIT})", _last),
        (r"(?:el )?fin de semana pasado|(?:el )?pasado fin de semana", "last weekend"),
        (r"vom wochenende|du week-?end(?! dernier)|del fin de semana(?! pasado)", "from the weekend"),
        (r"(?:este|el) fin de semana|ce week-?end|(?:am|dieses) wochenende", "this weekend"),
        (rf"(?:la |el )?(?P<unit>{ANY_PERIOD}) pasad[ao]", _last),
        (rf"(?:in |im |en )?(?:diese[nrsm]?|cette|cet|ce|esta|este) (?P<unit>{ANY_PERIOD})(?:-ci)?", _this),
        (
            r"(?:dem )?(?:anfang|beginn) des jahres|jahresanfang|jahresbeginn|(?:le )?début (?:de l'année|d'année)|"
            r"(?:principios|comienzos?|inicios?) (?:de|del) año",
            "the start of the year",
        ),
    )
)
WEEKDAY = (
    re.compile(rf"\b(?:letzte[nrms]?|vergangene[nrms]?) (?P<day>{'|'.join(DAY)})\b", re.IGNORECASE),
    re.compile(rf"\b(?:le |du |el |del )?(?P<day>{'|'.join(DAY)}) (?:derni(?:er|ère)|passé|pasado)\b", re.IGNORECASE),
)
THIRDS = tuple(
    (re.compile(rf"(?<!\w)(?:{words}) ?(?={NAMED})", re.IGNORECASE), english)
    for words, english in (
        (r"anfang|début|(?:a )?principios (?:de|del)", "early "),
        (r"mitte|mi-|(?:a )?mediados (?:de|del)", "mid "),
        (r"ende|fin|(?:a )?finales (?:de|del)", "late "),
    )
)
LED = tuple(
    (
        re.compile(
            rf"(?<!\w)(?:(?P<lead>(?:{BEFORE_ONE}) |mi-)(?P<name>{names})|"
            rf"(?P<alone>{names})(?= (?:de |del )?20\d\d))(?!\w)",
            re.IGNORECASE,
        ),
        table,
    )
    for table in (MONTH, DAY, SEASON)
    for names in ["|".join(table)]
)
WRITTEN = (
    (re.compile(rf"\b(\d\d?)(?:\.|er|º|ª)? ?(?:de )?(?={NAMED})", re.IGNORECASE), r"\1 "),
    (re.compile(rf"\b({MONTHS}|april|spring|summer|autumn|winter) (?:de |del )(?=20\d\d)", re.IGNORECASE), r"\1 "),
)
FIRST = rf"(?P<first>\d\d?[./-]\d\d?\.?|{ENGLISH}|\d\d?)(?:er|º|ª)?"
UP_TO = r"(?:bis(?: zum| zu| in den)?|au|à|al|a|hasta(?: el)?|jusqu'(?:au|en|à))"
RANGES = (
    (
        re.compile(
            rf"(?<!\w)(?:zwischen|entre) {ARTICLE}{FIRST}\.? (?:und|et|y) {ARTICLE}(?={ENGLISH})",
            re.IGNORECASE,
        ),
        r"between \g<first> and ",
    ),
    (
        re.compile(
            rf"(?<!\w)(?:(?:vom|von|du|de|del|desde|de la) )?{ARTICLE}{FIRST}\.? {UP_TO} {ARTICLE}"
            rf"(?={ENGLISH})",
            re.IGNORECASE,
        ),
        r"from \g<first> to ",
    ),
)
JOINED = tuple(
    (re.compile(rf"(?<!\w)(?:{words})\s*{ARTICLE}(?={ENGLISH})", re.IGNORECASE), english)
    for words, english in (
        (r"(?:noch )?vor|avant|antes (?:de|del)", "before "),
        (r"nach|après|apres|después (?:de|del)|despues (?:de|del)|tras", "after "),
        (r"seit|ab|depuis|desde|à partir (?:du|de|d')|a partir (?:del|de)", "since "),
        (r"bis(?: zum| zu| in den)?|jusqu'(?:en|au|à)|hasta", "until "),
        (r"von|vom|aus|de|del|du|des|d'", "from "),
        (r"im|in|en|au|à", "in "),
        (r"am|an", "on "),
    )
)
"""What stands before a date."""
FEASTS = tuple(
    (re.compile(rf"(?<!\w)(?P<lead>(?:{lead}) )(?:{names})(?!\w)", re.IGNORECASE), rf"\g<lead>{english}")
    for lead in [
        r"vor|nach|seit|bis|avant|après|depuis|jusqu'à|antes de|después de|desde|hasta|vor dem|nach dem|antes del|"
        r"avant le"
    ]
    for names, english in (
        (r"weihnachten|noël|navidad(?:es)?", "christmas"),
        (r"ostern|pâques|pascua|semana santa", "easter"),
        (r"neujahr|(?:le )?nouvel an|año nuevo", "new year"),
    )
)
ON = re.compile(r"(?<!\w)(?:le|el) (?=\d\d? |(?:" + DAYS + r")\b)", re.IGNORECASE)


ABROAD = re.compile(
    r"(?<!\w)(?:vor|nach|seit|ab|bis|zwischen|vom|im|zum|anfang|mitte|ende|avant|après|depuis|entre|jusqu'(?:en|au)|"
    r"début|fin|du|desde|hasta|del|antes de|después de|en) "
    rf"(?:(?:zum|zu|dem|de|del|le|el) )?(?:\d\d?(?:\.|er)? )?"
    rf"(?:(?:de )?{NAMED}|20\d\d\b|\d\d?\.\d\d?\b)",
    re.IGNORECASE,
)
"""A date in numbers, or a month that is called so in English too, where English has no such word: "seit August"."""


def dates(text: str) -> str:
    """The request with what is sure to be a date of these languages in English; all else as it is."""
    said = text
    for pattern in WEEKDAY:
        said = pattern.sub(lambda match: f"last {DAY[match['day'].lower()]}", said)
    for pattern, put in SAID:
        said = pattern.sub(put, said)
    for pattern, english in FEASTS:
        said = pattern.sub(english, said)
    for pattern, table in LED:
        said = pattern.sub(lambda match, table=table: _named(match, table), said)  # type: ignore[misc]
    if said == text and not ABROAD.search(text):
        return text
    for pattern, english in (*WRITTEN, *THIRDS, *RANGES, *JOINED):
        said = pattern.sub(english, said)
    return re.sub(r"\s+", " ", ON.sub("on ", said))


def _named(match: re.Match[str], table: dict[str, str]) -> str:
    return (match["lead"] or "") + table[(match["name"] or match["alone"]).lower()]
