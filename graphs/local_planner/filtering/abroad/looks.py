"""Shapes, kinds, types, text, order and number of hits in German, French and Spanish, said in English."""

from __future__ import annotations

import re

ONLY = (
    r"(?:nur|bloß|lediglich|ausschließlich|seulement|uniquement|juste|rien que|solo(?= (?:l[ao]s?|en|con|sin|de|fotos|"
    r"capturas|screenshots|dibujos|documentos|pdfs?)\b)|sólo|solamente|únicamente)"
)
ONLY_THE = rf"\b{ONLY} (?:les |die |l[ao]s )?"
PICTURE = r"(?:fotos?|bilder|photos?|images?|imágenes|aufnahmen|screenshots?|capturas?|captures?)"
FORMS = (
    ("portrait", r"(?:hochformat(?:ige?[nrs]?)?|hochkant|vertikale?[nrs]?|verticale?s?|verticaux)", "portrait|retrato"),
    ("landscape", r"(?:querformat(?:ige?[nrs]?)?|horizontale?[nrs]?|horizontaux|apaisad[ao]s?)", "paysage|apaisado"),
    ("square", r"(?:quadratische?[nrs]?|carrée?s?|cuadrad[ao]s?)", "quadrat|carré|cuadrado"),
)
"""What a shape is called, as a word that can stand beside a picture, and as the name of a format."""
FORMAT = r"(?:format|mode|orientation|formato|modo|orientación)"


def _shapes() -> tuple[tuple[str, str], ...]:
    return tuple(
        spelling
        for shape, word, name in FORMS
        for spelling in (
            (rf"^{ONLY_THE}(?:{PICTURE} )?(?:im |in |en )?{word}(?!\w)", f"only the {shape} ones"),
            (rf"(?:,\s*)?{ONLY_THE}(?:{PICTURE} )?(?:im |in |en )?{word}(?!\w)", f" in {shape} format"),
            (rf"\b(?P<what>{PICTURE}) (?:im |in |en )?{word}(?!\w)", rf"{shape} \g<what>"),
            (rf"\b(?:en |au |im |in )?{FORMAT} (?:{name}|{word})(?!\w)", f"in {shape} format"),
            (rf"\ben (?:{word}|{name})(?!\w)", f"in {shape} format"),
            (rf"\b{word}(?= {PICTURE}\b)", shape),
        )
    )


POLITE = (
    r"[,!.\s]+(?:bitte|danke(?:schön| dir| euch)?|vielen dank|merci(?: beaucoup| bien| d'avance)?|svp|stp|"
    r"s'il (?:te|vous) pla[iî]t|(?:muchas )?gracias|por favor|por ?fa(?:vor|s)?|porfis?)[\s!.]*$"
)
SCREENSHOTS = (
    r"\b(?:bildschirmfotos?|bildschirmaufnahmen?|captures? d'écrans?|capturas?(?: de pantallas?)?|pantallazos?)(?!\w)"
)
DRAWINGS = r"(?:zeichnungen|skizzen|dessins|croquis|dibujos|bocetos)"
TEXT = (
    r"\b(?:mit de[mr]|avec l[ea]|avec l'|con el|con la) ?(?:wort|text|texte|schriftzug|aufschrift|aufdruck|"
    r"beschriftung|mot|mention|inscription|texto|palabra|leyenda|rótulo)(?!\w)"
)
SAYING = (
    r"\b(?:où il est (?:écrit|marqué|inscrit)|qui disent|que digan?|que ponga|donde (?:pone|dice))(?=\s*:?\s*$|\s+\")"
)
EVERYTHING = (
    r"^(?:alles (?=(?:mit|von|aus|in|was|im|vom|with|from|posted|seit|as|that)\b)|"
    r"tout(?:es)?(?: ce)? (?=(?:de|avec|que|with|posted|from|dans|depuis|as)\b)|"
    r"todo(?: lo)? (?=(?:de|con|que|with|posted|from|en|desde|as)\b))"
)
NEWEST_FIRST = (
    r"\b(?:(?:die )?neue?sten? zuerst|(?:les )?plus récente?s? (?:d'abord|en premier)|"
    r"(?:l[ao]s )?más (?:recientes|nuev[ao]s) primero|primero l[ao]s más (?:recientes|nuev[ao]s))\b"
)
OLDEST_FIRST = (
    r"\b(?:(?:die )?ältesten? zuerst|(?:les )?plus ancien(?:ne)?s? (?:d'abord|en premier)|"
    r"(?:l[ao]s )?más antigu[ao]s primero|primero l[ao]s más antigu[ao]s)\b"
)
LATEST = (
    rf"\b(?:(?:die |das )?(?:neue?ste[ns]?|aktuellste[ns]?)|(?:les )?dernières|(?:las )?últimas) "
    rf"(?P<n>(?:\d+ )?){PICTURE}"
    rf"|\b{PICTURE} (?:les plus récente?s|más recientes|más nuev[ao]s)\b"
)
NOBODY = (
    r"\b(?:ohne (?:menschen|personen|leute)|sans (?:personne|les gens|gens|personnes)|sin (?:gente|personas|nadie))\b"
)

SPELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), english)
    for pattern, english in (
        (POLITE, ""),
        (rf"^(?:die|les|las) (?={PICTURE}\b)", "the "),
        (r"^(?:das|le|la|el) (?:bild|foto)\b", "the photo"),
        (r"^gibt'?s\b|^gibt es\b", "are there any"),
        (r"(?<=\w),? bitte(?= nur\b)", ""),
        (rf"(?:die )?letzten (?P<n>\d+) {PICTURE}\b", r"newest \g<n> photos"),
        *_shapes(),
        (r"\b(?:im )?(?:hochformat|hochkant)\b", "in portrait format"),
        (r"\b(?:im )?querformat\b", "in landscape format"),
        (SCREENSHOTS, "screenshots"),
        (
            r"(?:,\s*)?\b(?:keine|pas de|sin|sans|ohne|sauf(?: les| des)?|außer|excepto(?: l[ao]s)?|salvo|"
            r"menos l[ao]s) (?=(?:screenshots?|pdfs?|gifs?|pngs?)\b)",
            ", no ",
        ),
        (r"\bohne (?=\w)", "without "),
        (rf"{ONLY_THE}(?=(?:screenshots?|pdfs?|gifs?|jpe?gs?|pngs?)\b)", "only "),
        (rf"{ONLY_THE}{DRAWINGS}(?!\w)", "only drawings"),
        (rf"{ONLY_THE}(?:dokumente|documents|documentos)\b", "only documents"),
        (rf"{ONLY_THE}(?:fotos|photos)(?=\W*$)", "only photos"),
        (rf"{ONLY_THE}(?={PICTURE} (?:von|vom|mit|de|d'|du|des|del|avec|con)\b)", ""),
        (rf"^(?:alle|toutes les|tous les|todas las|todos los) (?=(?:{PICTURE}|pdfs?|scans?|dokumente)\b)", "all "),
        (r"\b(?:als|en|in|im|au format|en formato?|en archivo) (?=(?:pdf|png|jpe?g|gif|webp)s?\b)", "as "),
        (TEXT, "with the text"),
        (SAYING, "that say"),
        (EVERYTHING, "everything "),
        (NEWEST_FIRST, "newest first"),
        (OLDEST_FIRST, "oldest first"),
        (LATEST, r"newest \g<n>photos"),
        (rf"\b(?:die |das )?älteste[ns]? {PICTURE}\b", "oldest photos"),
        (r"\b(?:maximal|höchstens|au maximum|au plus|maximum|como máximo|máximo) (?=\d)", "at most "),
        (NOBODY, "without people"),
        (r"\b(?:nur )?(?:die |solche )?mit (?:menschen|personen|leuten) drauf\b", "with people"),
    )
)


def looks(text: str) -> str:
    """The request with what is sure to be a shape, a kind and the like in English."""
    said = text
    for pattern, english in SPELLINGS:
        said = pattern.sub(english, said)
    return re.sub(r"\s+", " ", said) if said != text else text


STANDS = re.compile(
    r"\b(?:wo|worauf|auf de(?:nen|m|r)) (?P<text>\"[^\"]+\") (?:(?:drauf|darauf) ?)?(?:steht|stehen)\b", re.IGNORECASE
)
WITH = re.compile(r"\b(?:mit|avec|con) (?=\")", re.IGNORECASE)


def quoting(text: str) -> str:
    """The request with "wo "Ausgang" draufsteht" in English."""
    return WITH.sub("with ", STANDS.sub(r"that say \g<text>", text))
