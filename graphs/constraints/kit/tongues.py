"""Languages in which claims are read: the words that hold their prose together, their numbers and their months."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from graphs.constraints.kit.vocabulary import GLUE, words
from tools.kit.months import MONTHS

LEAST = 8
"""A text is in a language when one word in so many, or more, is one that holds its prose together."""
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
UNSPACED_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})")
FEWEST = 3
"""Words that can tell a language."""
WORD = re.compile(r"[^\W\d_]+")


def _counted(text: str, start: int = 2, step: int = 1) -> dict[str, int]:
    return {word: start + step * place for place, word in enumerate(text.split())}


@dataclass(frozen=True)
class Tongue:
    """What is known of one language. All words are lower case."""

    name: str
    glue: frozenset[str]
    numbers: Mapping[str, int]
    """From two on: "one" is an article as well."""
    months: Mapping[str, int]
    """Long names, and short ones that are no words."""
    counted: frozenset[str]
    """Nouns after which a spoken number is a manner of speaking, or counts what is at hand."""
    capital_nouns: bool = False
    """Every noun has a capital, so a capital tells no name."""

    @cached_property
    def spoken(self) -> re.Pattern[str]:
        names = "|".join(sorted(self.numbers, key=len, reverse=True))
        return re.compile(rf"(?<![\w-])({names})(?![\w-])", re.IGNORECASE)


GERMAN = Tongue(
    "german",
    words("""
        aber als am an auch auf aus bei beim bin bis da das dass dem den der des die dies diese diesem diesen dieser
        dieses doch dort du durch ein eine einem einen einer eines er es für gegen gibt hat hier ich ihm ihr im in ins
        ist ja kann kein keine können laut man mehr mit nach nicht noch nur ob oder ohne sehr sein sich sie sind so über
        um und uns unter vom von vor war was weil wenn wer wie wir wird wo wurde zu zum zur zwischen
    """),
    _counted("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
    | _counted("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig", 20, 10),
    _counted("januar februar märz april mai juni juli august september oktober november dezember", 1)
    | {"jänner": 1, "mrz": 3, "mär": 3, "okt": 10, "dez": 12},
    words("bilder bildern fotos seiten dinge dingen arten möglichkeiten schritte schritten teile teilen sätze sätzen"),
    capital_nouns=True,
)
FRENCH = Tongue(
    "french",
    words("""
        à au aussi aux avec c'est ce cela ces cet cette comme d dans de des du elle elles en est et était été être il
        ils je l la le les leur lui mais même n ne nous on ont ou où par pas peut plus pour qu que qui sa sans se ses
        son sont sous sur un une vers voici voit vous y
    """),
    _counted("deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize")
    | {"vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60},
    _counted("janvier février mars avril mai juin juillet août septembre octobre novembre décembre", 1)
    | {"janv": 1, "févr": 2, "avr": 4, "juil": 7, "déc": 12},
    words("images photos pages choses façons étapes parties phrases"),
)
SPANISH = Tongue(
    "spanish",
    words("""
        a al algo aquí como con cual cuando de del donde el ella en entre era es esa ese esta está están este esto fue
        ha hay la las le les lo los más mi muy ni o para pero por porque puede que qué se según ser si sin sobre son su
        sus también tiene un una uno unos y ya
    """),
    _counted("dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince")
    | {"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60},
    _counted("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre", 1)
    | {"ene": 1, "abr": 4},
    words("imágenes fotos páginas cosas maneras pasos partes frases"),
)
ITALIAN = Tongue(
    "italian",
    words("""
        a al alla anche che chi ci come con da dal dalla dei del della delle di dove e è ed erano gli ha hanno i il in
        io la le lo loro ma mi nel nella nelle non o per più può qui se si sono su sul sulla tra un una uno vi
    """),
    _counted("due tre quattro cinque sei sette otto nove dieci undici dodici tredici")
    | {"venti": 20, "trenta": 30, "quaranta": 40, "cinquanta": 50},
    _counted("gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre", 1)
    | {"ott": 10, "dic": 12},
    words("immagini foto pagine cose modi passi parti frasi"),
)
PORTUGUESE = Tongue(
    "portuguese",
    words("""
        a ao aos as até com como da das de dela dele do dos e é ela ele em era essa esse esta está este eu foi há isso
        isto já mais mas mesmo na nas não no nos o os ou para pela pelo por pode que quem se sem ser seu sua são também
        tem um uma
    """),
    _counted("dois três quatro cinco seis sete oito nove dez onze doze")
    | {"duas": 2, "vinte": 20, "trinta": 30, "quarenta": 40},
    _counted("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro", 1)
    | {"fev": 2, "abr": 4, "dez": 12},
    words("imagens fotos páginas coisas maneiras passos partes frases"),
)
DUTCH = Tongue(
    "dutch",
    words("""
        aan als bij dan dat de deze die dit door een en er geen had heb heeft hem het hier hij ik in is je kan kunnen
        maar meer met na naar niet nog of om ook op over staat te tot uit u van voor waar was wat we werd wij zich zij
        zijn zo
    """),
    _counted("twee drie vier vijf zes zeven acht negen tien elf twaalf")
    | _counted("twintig dertig veertig vijftig zestig zeventig tachtig negentig", 20, 10),
    _counted("januari februari maart april mei juni juli augustus september oktober november december", 1)
    | {"mrt": 3, "okt": 10},
    words("afbeeldingen foto's pagina's dingen manieren stappen delen zinnen"),
)
ABROAD = (GERMAN, FRENCH, SPANISH, ITALIAN, PORTUGUESE, DUTCH)

MONTH_NAMES = {name: month for tongue in ABROAD for name, month in tongue.months.items()} | MONTHS
"""Month by any of its names, in lower case."""


def _alternatives(names: Iterable[str]) -> str:
    """A pattern for any of the names, longest first; names of one first letter together, because it is asked for
    everywhere in a text."""
    by_letter: dict[str, list[str]] = {}
    for name in sorted(names, key=len, reverse=True):
        by_letter.setdefault(name[0], []).append(name[1:])
    return "|".join(f"{letter}(?:{'|'.join(rests)})" for letter, rests in sorted(by_letter.items()))


NAMED_MONTH = _alternatives(MONTH_NAMES.keys() - MONTHS.keys())
"""A pattern for the names that English does not have."""
NUMBERED = re.compile(
    rf"\b(?:{_alternatives({name for tongue in ABROAD for name in tongue.numbers})})\b", re.IGNORECASE
)
"""Any of their numbers in words."""


def apart(text: str) -> str:
    """The text, as long as it was, with digits set apart from the letters of scripts that put no space between."""
    if text.isascii() or not UNSPACED.search(text):
        return text
    return UNSPACED.sub(" ", UNSPACED_DATE.sub(r"\1-\2-\3", text))


def tongue_of(text: str) -> Tongue | None:
    """The foreign language a text is in; None for English, and where too few of its words tell."""
    found = WORD.findall(text.lower())
    if len(found) < FEWEST:
        return None
    said = Counter(found)
    best = max(ABROAD, key=lambda tongue: _held(tongue.glue, said))
    held = _held(best.glue, said)
    return best if held > max(_held(GLUE, said), 1) and held * LEAST >= said.total() else None


def _held(glue: frozenset[str], said: Counter[str]) -> int:
    """How many of the words are among those that hold prose together."""
    return sum(said[word] for word in glue & said.keys())
