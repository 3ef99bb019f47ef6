"""Dates, and who posted it, in German, French and Spanish, said in English: "letzten Monat" is "last month"."""

from __future__ import annotations

import re
from collections.abc import Callable

MONTHS = {
    "januar jänner janvier enero": "january",
    "februar février febrero": "february",
    "märz mars marzo": "march",
    "avril abril": "april",
    "mai mayo": "may",
    "juni juin junio": "june",
    "juli juillet julio": "july",
    "août agosto": "august",
    "septembre septiembre": "september",
    "oktober octobre octubre": "october",
    "novembre noviembre": "november",
    "dezember décembre diciembre": "december",
}
DAYS = {
    "montag lundi lunes": "monday",
    "dienstag mardi martes": "tuesday",
    "mittwoch mercredi miércoles": "wednesday",
    "donnerstag jeudi jueves": "thursday",
    "freitag vendredi viernes": "friday",
    "samstag samedi sábado": "saturday",
    "sonntag dimanche domingo": "sunday",
}
UNITS = {
    "tag tage tagen jour jours día días": "day",
    "woche wochen semaine semaines semana semanas": "week",
    "monat monate monaten monats mois mes meses": "month",
    "jahr jahre jahren jahres an ans année années año años": "year",
}
NUMBERS = {
    "einem einer un une una": "1",
    "zwei deux dos": "2",
    "drei trois tres": "3",
    "vier quatre cuatro": "4",
    "fünf cinq cinco": "5",
    "sechs six seis": "6",
    "zehn dix diez": "10",
}


def _words(table: dict[str, str]) -> dict[str, str]:
    return {word: english for words, english in table.items() for word in words.split()}


MONTH, DAY, UNIT, NUMBER = map(_words, (MONTHS, DAYS, UNITS, NUMBERS))
ANY_UNIT, ANY_NUMBER = "|".join(UNIT), rf"\d+|{'|'.join(NUMBER)}"
BEFORE_ONE = (
    r"seit|ab|im|am|vom|von|bis|und|zwischen|anfang|mitte|ende|letzten|depuis|en|au|du|de|début|fin|et|entre|jusqu'en|"
    r"desde|del|el|le|y|hasta|\d\d?\.?"
)
"""Before what may be an English word as well ("mars"), one of these says that it is a month."""
ENGLISH = (
    rf"(?:(?:the day before )?yesterday|today|last|this|in the last|\d+|{'|'.join({*MONTH.values(), *DAY.values()})})"
)


def _ago(match: re.Match[str]) -> str:
    return f"{_number(match['n'])} {UNIT[match['unit'].lower()]}s ago"


def _lately(match: re.Match[str]) -> str:
    return f"in the last {_number(match['n'])} {UNIT[match['unit'].lower()]}s"


def _number(said: str) -> str:
    return NUMBER.get(said.lower(), said)


def _last(match: re.Match[str]) -> str:
    return f"last {UNIT[match['unit'].lower()]}"


def _this(match: re.Match[str]) -> str:
    return f"this {UNIT[match['unit'].lower()]}"


SAID: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"vorgestern|avant-hier|anteayer|antes de ayer", "the day before yesterday"),
    (r"gestern abend|hier soir|anoche", "last night"),
    (r"gestern nachmittag|hier après-midi|ayer por la tarde", "yesterday afternoon"),
    (r"gestern|hier(?= (?:soir|matin)|\W*$| (?:dans|sur|par|de)\b)|d'hier|ayer", "yesterday"),
    (r"heute|aujourd'hui|hoy", "today"),
    (rf"(?:in|aus|von) den (?:letzten|vergangenen) (?P<n>{ANY_NUMBER}) (?P<unit>{ANY_UNIT})", _lately),
    (rf"(?:(?:dans|de|sur) )?les (?P<n>{ANY_NUMBER}) (?:derniers|dernières) (?P<unit>{ANY_UNIT})", _lately),
    (rf"(?:(?:en|de) )?l[ao]s últim[ao]s (?P<n>{ANY_NUMBER}) (?P<unit>{ANY_UNIT})", _lately),
    (rf"(?:vor|il y a|hace) (?P<n>{ANY_NUMBER}) (?P<unit>{ANY_UNIT})", _ago),
    (rf"(?:der |des |dem )?(?:letzte|vergangene|vorige)[nrsm]? (?P<unit>{ANY_UNIT})", _last),
    (
        rf"(?P<of>du |de la |de l')?(?:(?:(?<=du )|(?<=de la )|(?<=de l'))|la |le |l')(?P<unit>{ANY_UNIT}) "
        r"(?:derni(?:er|ère)|passée?)",
        lambda match: ("from " if match["of"] else "") + _last(match),
    ),
    (rf"(?:la |el )?(?P<unit>{ANY_UNIT}) pasad[ao]", _last),
    (rf"(?:diese[nrsm]?|cette|ce|esta|este) (?P<unit>{ANY_UNIT})(?:-ci)?", _this),
)
JOINED = (
    (r"(?:von|vom|aus|de|del|du|des|d')", "from "),
    (r"(?:seit|ab|depuis|desde)", "since "),
    (r"(?:bis|jusqu'(?:en|au)|hasta)", "until "),
    (r"(?:zwischen|entre)", "between "),
    (r"(?:im|en|au)", "in "),
    (r"(?:am)", "on "),
)
"""What stands before a date."""
NAMED = r"(?P<who>@?[^\W\d_][\w.-]*|<@\w+>)"
BY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf",?\s*\b(?:das|den|die|der|welche[sn]?) {NAMED}\b(?P<more>[^,.?!]*?)\s+"
        r"(?:gepostet|geteilt|hochgeladen|geschickt|gesendet) (?:hat|hatte)\b",
        rf",?\s*\b(?:que|qu') ?{NAMED} (?:a|avait) (?:posté|partagé|publié|envoyé|mis)e?s?\b(?P<more>)",
        rf",?\s*\bque (?:subió|publicó|compartió|mandó|envió) {NAMED}(?P<more>)",
        rf",?\s*\bque {NAMED} (?:subió|publicó|compartió|mandó|envió)\b(?P<more>)",
        rf"\b(?:postée?s?|partagée?s?|publiée?s?) par {NAMED}(?P<more>)",
        rf"\b(?:subid|publicad|compartid)[ao]s? por {NAMED}(?P<more>)",
        rf"\b(?:gepostet|geteilt|hochgeladen) von {NAMED}(?P<more>)",
        rf"^(?:nur|bitte nur|solo|sólo|seulement|uniquement) (?:von|de|par) {NAMED}(?P<more>)(?=\W*$)",
    )
)
GOING_ON = {
    r"(?:bitte )?(?:noch )?mehr(?: bitte)?|weitere(?: bitte)?|encore|plus|más|muéstrame más": "more",
    r"mehr davon|mehr (?:wie das|solche)|plus comme ça|más como est[ao]s?": "more like this",
    r"(?:die )?neuere[nrs]?|plus récente?s?|más recientes|más nuev[ao]s": "newer",
    r"(?:die )?ältere[nrs]?|plus ancien(?:ne)?s?|más antigu[ao]s": "older",
    r"nur (?:die|solche) mit menschen|seulement avec des gens|solo con (?:gente|personas)": "only the ones with people",
}


def dates_in_english(text: str) -> str:
    """The request with what is sure to be a date, or a poster, of these languages in English; all else as it is."""
    for phrase, english in GOING_ON.items():
        if re.fullmatch(rf"(?:{phrase})[\s!.?]*", text.strip(), re.IGNORECASE):
            return english
    for pattern in BY:
        text = pattern.sub(lambda match: f" posted by {match['who']}{match['more']}", text)
    said = text
    for words, put in SAID:
        said = re.sub(rf"(?<!\w)(?:{words})(?!\w)", put, said, flags=re.IGNORECASE)
    for table in (MONTH, DAY):
        said = re.sub(
            rf"(?<!\w)(?P<lead>(?:{BEFORE_ONE}) )(?P<name>{'|'.join(table)})(?!\w)",
            lambda match, table=table: match["lead"] + table[match["name"].lower()],  # type: ignore[misc]
            said,
            flags=re.IGNORECASE,
        )
    if said == text:
        return text
    said = re.sub(rf"\bletzte[nrs]? (?={'|'.join(DAY.values())})", "last ", said, flags=re.IGNORECASE)
    for words, english in JOINED:
        said = re.sub(rf"(?<!\w){words}\s*(?={ENGLISH}\b)", english, said, flags=re.IGNORECASE)
    said = re.sub(rf"\b(between .*?{ENGLISH}\w*) (?:und|et|y) ", r"\1 and ", said)
    return re.sub(r"\s+", " ", said).strip()
