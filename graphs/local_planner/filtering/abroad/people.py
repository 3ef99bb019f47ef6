"""Who posted it, in German, French and Spanish, said in English: "die Lena gepostet hat" is "posted by Lena"."""

from __future__ import annotations

import re
from functools import cache

from graphs.local_planner.filtering.names import AT, known

NOBODY = r"(?:fotos?|bilder|bild|screenshots?|photos?|images?|ich|wir|man|je|on|nous)"
NAMED = rf"(?P<who>(?!{NOBODY}\b)@?[^\W\d_][\w.-]*|<@\w+>)"
POSTED = (
    r"(?:gepostet|geteilt|hochgeladen|geschickt|gesendet|reingestellt|eingestellt|gemacht|aufgenommen|fotografiert|"
    r"geknipst)"
)
POSTE = r"(?:posté|partagé|publié|envoyé|mis|déposé|pris|fait|téléchargé)e?s?(?: en ligne)?"
SUBIO = r"(?:subió|publicó|compartió|mandó|envió|hizo|sacó|puso)"
SUBIDO = r"(?:subid|publicad|compartid|enviad|mandad|hech)[ao]s?"
BY = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:\bdie (?=(?:fotos|bilder)\b))?,?\s*\b(?:das|den|die|der|was|welche[sn]?) {NAMED}\b(?P<more>[^,.?!]*?)\s+"
        rf"{POSTED} (?:hat|hatte)\b",
        rf",?\s*\bvon {NAMED} {POSTED}(?:e[nrs]?)?\b(?P<more>)",
        rf"\b{POSTED} von {NAMED}(?P<more>)",
        rf",?\s*\b(?:que|qu') ?{NAMED} (?:a|avait) {POSTE}\b(?P<more>)",
        rf"\b{POSTE} par {NAMED}(?P<more>)",
        rf",?\s*\bque (?:ha |había )?(?:{SUBIO}|{SUBIDO}) {NAMED}(?P<more>)",
        rf",?\s*\bque {NAMED} (?:{SUBIO}|ha {SUBIDO})\b(?P<more>)",
        rf"\b{SUBIDO} por {NAMED}(?P<more>)",
    )
)
MINE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf",?\s*\b(?:das|den|die|der|was) ich\b(?:[^,.?!]*?)\s+{POSTED} hab(?:e)?\b",
        rf",?\s*\bque j'ai {POSTE}",
        r",?\s*\bque (?:yo )?(?:subí|publiqué|compartí|mandé|envié)\b(?: yo)?",
    )
)
ONLY = r"(?:nur|bloß|lediglich|ausschließlich|seulement|uniquement|juste|que|solo|sólo|solamente|únicamente)"
ONLY_MINE = re.compile(
    rf"^(?:bitte )?{ONLY} (?:(?:die |bilder |fotos )?von mir|(?:celles )?de moi|meine|les mien(?:ne)?s|"
    r"(?:l[ao]s )?mí[ao]s)(?: bitte)?\W*$",
    re.IGNORECASE,
)
ONES = (
    r"(?:die(?:jenigen)?|das|den|welche|celles?|ceux|celui|(?:les )?(?:photos|images)|(?:las |los )?(?:fotos|imágenes)|"
    r"bilder|las|los|la|el)"
)
OF = r"(?:von|vom|de|d'|del)"
NOUNS = (
    r"(?:screenshots?|bildschirmfotos?|scans?|uploads?|dateien|datei|pdfs?|entwürfe|skizzen|zeichnungen|beiträge|posts?|"
    r"fotos?|bilder|photos?|images|imágenes|captures?(?: d'écran)?|fichiers|dessins|croquis|capturas?(?: de pantalla)?|"
    r"pantallazos?|archivos|dibujos|bocetos|aufnahmen|schnappschüsse|"
    r"mockups?|designs?|icons?|slides?|folien|grafiken|diagramme?|renderings?|logos?|plakate|affiches|planos?|pläne)"
)
MY = re.compile(rf"\b(?:meine[nr]?|mes|mis) (?:(?:fotos|bilder|imágenes|aufnahmen)\b|(?={NOUNS}\b))", re.IGNORECASE)
NOT = (
    r"(?:nicht(?: die)?|außer(?: die| denen)?|ohne die|sauf(?: celles?| ceux)?|pas(?: celles?| ceux)|"
    r"excepto(?: l[ao]s)?|que no sean|(?:no|menos) l[ao]s)"
)
FROM_ME = re.compile(rf"\b(?P<what>{NOUNS}) (?:von mir|de moi|mí[ao]s)\b", re.IGNORECASE)
WHO = (
    re.compile(rf"^qui a {POSTE} (?:le |la |les |l'|cette |ce |ces )", re.IGNORECASE),
    re.compile(rf"^¿?quién (?:ha )?(?:{SUBIO}|{SUBIDO}) (?:el|la|los|las|ese|esa|esos|esas) ", re.IGNORECASE),
    re.compile(rf"^wer hat (?:den|die|das|dieses|diese) (?P<what>[^,.?!]+?) {POSTED}\b", re.IGNORECASE),
)
""" "Qui a posté le plan?" asks for the plan, as "who posted the plan?" does."""
AGAIN = r"(?:(?:und|et|y|ahora|jetzt|maintenant|auch|aussi|también) )*"
NO_NAMES = (
    r"(?:rosa|rose|claire|pierre|marina|iris|olive|alba|flor|luz|sol|mar|paz|perla|violeta|violette|jade|ernst|reine)"
)
""" "Photos de pierre" show stone."""
ASKED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:und )?(?:was|welche (?:fotos|bilder|screenshots)) hat {NAMED}(?P<more> [^,.?!]*?)? {POSTED}\b",
        rf"^(?:et )?(?:qu'est-ce que|qu'a|que) {NAMED} (?:a |avait )?{POSTE}\b(?P<more>)",
        rf"^(?:¿|y )?qué (?:fotos )?(?:ha )?(?:{SUBIO}|{SUBIDO}) {NAMED}(?P<more>)",
    )
)
""" "Was hat Lena letzte Woche gepostet?"."""


@cache
def _from() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of people who are sure to be some: mentioned, or with a known given name."""
    one = rf"(?:{AT}|(?!{NO_NAMES}\b)(?:{known()})\b(?: (?-i:[A-ZÀ-Þ])[\w-]+)?)"
    who = rf"(?P<who>{one}(?:(?:,| und| oder| et| ou| y| o| e) {one}){{0,3}})(?![\w'])"
    return tuple(
        (re.compile(pattern, re.IGNORECASE), put)
        for pattern, put in (
            (rf",?\s*\b{NOT} {OF} ?{who}", r" not from \g<who>"),
            (rf"^(?P<lead>.*?)\b{ONLY} (?:{ONES} )?{OF} ?{who}(?: bitte)?(?=\W*$)", r"\g<lead>only from \g<who>"),
            (rf"^{AGAIN}{ONES} {OF} ?{who}(?=\W*$)", r"the ones from \g<who>"),
            (rf"\b(?P<what>{NOUNS}) {OF} ?{who}", r"\g<what> from \g<who>"),
        )
    )


def people(text: str) -> str:
    """The request with what is sure to be a poster in English."""
    if ONLY_MINE.match(text.strip()):
        return "only mine"
    for pattern in WHO:
        text = pattern.sub(lambda match: f"who posted the {match.groupdict().get('what') or ''}", text)
    for pattern in ASKED:
        text = pattern.sub(lambda match: f"what did {match['who']} post{match['more'] or ''}", text)
    for pattern in BY:
        text = pattern.sub(lambda match: f" posted by {match['who']}{match['more']}", text)
    for pattern in MINE:
        text = pattern.sub(" that I posted", text)
    text = FROM_ME.sub(r"\g<what> from me", text)
    text = MY.sub(_my, text)
    for pattern, put in _from():
        text = pattern.sub(put, text)
    return text


def _my(match: re.Match[str]) -> str:
    return "my " if match[0].endswith(" ") else "my photos"
