"""Languages by their tags and by the names people give them."""

from __future__ import annotations

import re

NAMES = {
    "en": "english englisch anglais inglés ingles inglese inglês engels",
    "de": "german deutsch allemand alemán aleman tedesco alemão duits",
    "fr": "french französisch franzoesisch français francais francés frances francese francês frans",
    "es": "spanish spanisch espagnol español espanol castellano spagnolo espanhol spaans",
    "it": "italian italienisch italien italiano italiaans",
    "pt": "portuguese portugiesisch portugais portugués portoghese português portugues portugees",
    "nl": "dutch niederländisch holländisch néerlandais holandés olandese holandês nederlands",
    "sv": "swedish schwedisch suédois sueco svenska",
    "da": "danish dänisch danois danés dansk",
    "nb": "norwegian norwegisch norvégien noruego norsk",
    "fi": "finnish finnisch finnois finlandés suomi suomeksi",
    "pl": "polish polnisch polonais polaco polacco polski polsku",
    "cs": "czech tschechisch tchèque checo čeština česky",
    "hu": "hungarian ungarisch hongrois húngaro magyar magyarul",
    "ro": "romanian rumänisch roumain rumano română",
    "el": "greek griechisch grec griego ελληνικά",
    "tr": "turkish türkisch turc turco türkçe",
    "ru": "russian russisch russe ruso russo русский русском",
    "uk": "ukrainian ukrainisch ukrainien ucraniano українська українською",
    "ar": "arabic arabisch arabe árabe arabo العربية",
    "he": "hebrew hebräisch hébreu hebreo עברית",
    "hi": "hindi हिन्दी",
    "ja": "japanese japanisch japonais japonés giapponese 日本語",
    "ko": "korean koreanisch coréen coreano 한국어",
    "zh": "chinese mandarin chinesisch chinois chino cinese 中文",
    "vi": "vietnamese vietnamesisch vietnamien vietnamita",
    "id": "indonesian indonesisch indonésien indonesio",
}
"""BCP 47 tag -> what the language is called, in English first."""
LANGUAGES: dict[str, str] = {tag: names.split()[0].capitalize() for tag, names in NAMES.items()}
"""BCP 47 tag -> English name, in the order in which they are offered."""
TAGS = {name: tag for tag, names in NAMES.items() for name in names.split()}
LANGUAGE = "|".join(sorted(map(re.escape, TAGS), key=len, reverse=True))
"""A pattern for any of the names, in lower case."""


def language_name(tag: str) -> str | None:
    """The English name of a BCP 47 tag's language ("de-AT": German); None for what is no tag of ours."""
    if not re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", tag):
        return None
    return LANGUAGES.get(tag.split("-")[0].lower())
