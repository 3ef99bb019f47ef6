"""Key words of other languages, said in English: enough to route a short question, not a translation."""

from __future__ import annotations

import re

# Words that English does not have, so that seeing one means the sentence is in that language.
TELLTALE = {
    "german": r"\b(?:oder|und|ist|das|bild(?:er)?|ein(?:e[mnr]?)?|wie viele|lies|suche?|zeige?|finde|"
    r"beschreibe?|gib(?:t)?|steht|"
    r"vergleiche?|übersetze?|bitte|danke(?:schön)?|hallo|guten (?:tag|morgen|abend)|moin|servus|"
    r"rechnung|quittung|beleg|"
    r"welche[rsn]?|unterschiede?|löse|lese|vorlesen|auslesen|tschüss|stimmt|wer|wo|mir|nicht|wie|der|"
    r"den|dem|auf|zum|zur|vom|für|auch|noch)\b",
    "french": r"\b(?:qu'?est|quelle?s?|c'est|est-ce|lis|lisez|lire|trouve[rz]?|cherche[rz]?|montre[rz]?|"
    r"décri[st]|décrire|décrivez|combien|"
    r"facture|reçu|traduis|traduire|traduisez|merci|bonjour|salut|bonsoir|différences?|ou est|où|une?|"
    r"les|des|dans|cette|"
    r"qui est|y a-t-il|texte|s'il|extrais|extraire|en|sur|avec|est|sont|pour|ce|ces|mon|"
    r"compare[rz] les|que dit|semblables?|similaires)\b",
    "spanish": r"(?:¿|¡|\b(?:qué|dice|busca(?:r)?|encuentra|muéstrame|muestra|imagen|imágenes|cuánt[oa]s?|dónde|"
    r"comparar?|diferencias?|"
    r"factura|recibo|fecha|traduce|traducir|extrae|gracias|hola|por favor|similares|parecidas?|esto|"
    r"texto|léeme|leer|^lee|quién|cuál|hay|una|esta|este)\b)",
    "italian": r"\b(?:cos'è|cosa|leggi|trova|cerca|mostrami|immagin[ei]|quant[ei]|confronta|differenz[ae]|"
    r"fattura|ricevuta|scontrino|"
    r"descrivi|traduci|grazie|ciao|buongiorno|per favore|questo|questa|scritto|simili)\b",
    "portuguese": (
        r"\b(?:o que|isso|obrigad[oa]|olá|leia|descreva|quantas|quantos|procure|encontre|diferença|fatura|"
        r"recibo|não)\b"
    ),
    "dutch": (
        r"\b(?:wat|dit|lees|zoek|hoeveel|beschrijf|verschil(?:len)?|bedankt|dank je|vergelijk|vertaal|"
        r"foto's|een|het|hoi)\b"
    ),
}

WORDS = {
    "german": [
        (r"was ist (?:das|dies)(?: hier)?", "what is this"),
        (r"was (?:sieht man|siehst du|ist zu sehen|zeigt)", "what do you see"),
        (r"wie (?:hoch|groß) (?:ist|sind)", "what is"),
        (r"was steht|was ist geschrieben", "what is written"),
        (r"(?:bitte )?(?:die |alle )?daten (?:aus|von) (.*?) auslesen", r"extract the data from \1"),
        (r"lies|lese|vorlesen|ablesen", "read"),
        (r"such(?:e|t)?|finde|zeige? mir|zeig(?:e|t)?", "find"),
        (r"fotos|bilder|aufnahmen", "photos"),
        (r"foto|bild|aufnahme", "photo"),
        (r"gibt es", "are there any"),
        (r"haben wir", "do we have"),
        (r"ähnlich(?:e[nrs]?)?", "similar"),
        (r"archiv", "archive"),
        (r"beschreib(?:e|en|ung)?", "describe"),
        (r"bildunterschrift", "caption"),
        (r"stichw(?:ort|orte|örter)|schlagw(?:ort|orte|örter)", "keywords"),
        (r"wie viele", "how many"),
        (r"wie viel|wieviel|was kostet", "how much"),
        (r"wo ist", "where is"),
        (r"welche farbe", "what colour"),
        (r"was für ein(?:e[nrsm]?)?", "what kind of"),
        (r"vergleiche?n?", "compare"),
        (r"unterschiede?", "difference"),
        (r"unterscheiden sich", "differ"),
        (r"dasselbe|gleich(?:en)?|identisch", "same"),
        (r"rechnung(?:en)?", "invoice"),
        (r"rechnungsnummer", "invoice number"),
        (r"quittung(?:en)?|beleg|kassenbon|kassenzettel", "receipt"),
        (r"gesamtbetrag|gesamtsumme|summe|betrag", "total"),
        (r"datum", "date"),
        (r"mehrwertsteuer|mwst", "vat"),
        (r"übersetz(?:e|en|ung)?", "translate"),
        (r"auslesen|extrahiere?n?", "extract"),
        (r"stimmt", "is correct"),
        (r"dank(?:e|eschön)?(?: schön| sehr)?|vielen dank", "thanks"),
        (r"hallo|guten (?:tag|morgen|abend)|moin|servus", "hello"),
        (r"wer bist du", "who are you"),
        (r"wie geht(?:'s| es dir)?", "how are you"),
        (r"tschüss|auf wiedersehen", "bye"),
        (r"wer ist", "who is"),
        (r"hier", "here"),
        (r"wetter", "weather"),
        (r"lös(?:e|en)", "solve"),
        (r"gleichung", "equation"),
        (r"personen|leute|menschen", "people"),
        (r"(?:auf|ins?) englisch(?:e)?", "in english"),
        (r"(?:auf|ins?) deutsch(?:e)?", "in german"),
        (r"schild", "sign"),
        (r"oder", "or"),
        (r"und", "and"),
        (r"mit", "with"),
        (r"von|vom|aus", "of"),
        (r"kannst du", "can you"),
        (r"sind", "are"),
        (r"ist", "is"),
        (r"was", "what"),
        (r"auf|darauf|drauf", "on"),
        (r"im", "in the"),
        (r"bitte", "please"),
        (r"diese[mnrs]?|das", "this"),
        (r"dem|der|den|die", "the"),
        (r"ein(?:e[mnrs]?)?", "a"),
    ],
    "french": [
        (r"qu'?est[- ]ce que c'?est", "what is this"),
        (r"c'?est quoi", "what is this"),
        (r"qu'?est[- ]ce qui est écrit|qu'?est[- ]ce qu'il y a d'écrit|que dit|c'?est écrit quoi", "what does it say"),
        (r"qu'?est[- ]ce qu'on voit|que vois[- ]tu|que voyez[- ]vous|que montre", "what do you see"),
        (r"li(?:s|sez|re)", "read"),
        (r"(?:trouve|cherche|montre)(?:r|z)?(?:[- ]moi)?", "find"),
        (r"décri(?:s|t|re|vez)", "describe"),
        (r"légende", "caption"),
        (r"mots[- ]clés", "keywords"),
        (r"combien de", "how many"),
        (r"combien", "how much"),
        (r"(?:de )?quelle couleur", "what colour"),
        (r"où (?:est|se trouve)", "where is"),
        (r"compare[rz]?", "compare"),
        (r"différences?", "difference"),
        (r"quel(?:le)?s? (?:est|sont)", "what is"),
        (r"quel(?:le)?s?", "which"),
        (r"facture", "invoice"),
        (r"reçu|ticket de caisse", "receipt"),
        (r"montant(?: total)?", "total"),
        (r"tradui(?:s|re|sez)", "translate"),
        (r"extra(?:is|ire|yez)", "extract"),
        (r"merci(?: beaucoup| bien)?", "thanks"),
        (r"bonjour|salut|bonsoir|coucou", "hello"),
        (r"ça va|comment vas[- ]tu|comment allez[- ]vous", "how are you"),
        (r"au revoir", "bye"),
        (r"semblables?|similaires?", "similar"),
        (r"y a[- ]t[- ]il|il y a|avons[- ]nous", "are there any"),
        (r"qui est", "who is"),
        (r"texte", "text"),
        (r"personnes|gens", "people"),
        (r"identiques?|les mêmes|la même|le même", "same"),
        (r"s'il (?:vous|te) pla[iî]t|svp|stp", "please"),
        (r"est[- ]ce que c'?est|est[- ]ce|c'?est", "is this"),
        (r"ou", "or"),
        (r"et", "and"),
        (r"avec", "with"),
        (r"dans|sur", "in"),
        (r"en anglais", "in english"),
        (r"en français", "in french"),
        (r"en allemand", "in german"),
        (r"panneau", "sign"),
        (r"cette|cet|ce", "this"),
        (r"le|la|les", "the"),
        (r"une?", "a"),
        (r"de|du|des", "of"),
        (r"d'", "of "),
        (r"l'", "the "),
    ],
    "spanish": [
        (r"qué (?:dice|pone|está escrito)", "what does it say"),
        (r"qué es (?:esto|eso)", "what is this"),
        (r"qué (?:hay|se ve|ves|muestra)", "what do you see"),
        (r"léeme|leer|lee", "read"),
        (r"busca(?:r|me)?|encuentra|muéstrame|muestra", "find"),
        (r"imágenes|fotos|fotografías", "photos"),
        (r"imagen|foto|fotografía", "photo"),
        (r"describ(?:e|ir)", "describe"),
        (r"palabras clave", "keywords"),
        (r"cuánt[oa]s", "how many"),
        (r"cuánto", "how much"),
        (r"(?:de )?qué color", "what colour"),
        (r"dónde está", "where is"),
        (r"compara(?:r)?", "compare"),
        (r"diferencias?", "difference"),
        (r"factura", "invoice"),
        (r"recibo|ticket", "receipt"),
        (r"importe", "total"),
        (r"fecha", "date"),
        (r"traduc(?:e|ir)", "translate"),
        (r"extra(?:e|er)", "extract"),
        (r"(?:muchas )?gracias", "thanks"),
        (r"hola|buenos días|buenas", "hello"),
        (r"qué tal|cómo estás", "how are you"),
        (r"quién es", "who is"),
        (r"texto", "text"),
        (r"personas|gente", "people"),
        (r"similares|parecidas?", "similar"),
        (r"iguales|misma|mismo", "same"),
        (r"tenemos", "do we have"),
        (r"por favor", "please"),
        (r"es (?:esto|un|una)", "is this a"),
        (r"hay", "are there any"),
        (r"archivo", "archive"),
        (r"esto|esta|este", "this"),
        (r"cuál es|qué es", "what is"),
        (r"aquí", "here"),
        (r"o", "or"),
        (r"y", "and"),
        (r"con", "with"),
        (r"de", "of"),
        (r"en", "in"),
        (r"el|la|los|las", "the"),
        (r"una?", "a"),
    ],
    "italian": [
        (r"(?:che )?cos'è|che cosa è", "what is this"),
        (r"(?:che )?cosa (?:dice|c'è scritto)|c'è scritto", "what does it say"),
        (r"cosa (?:si vede|vedi)", "what do you see"),
        (r"leggi", "read"),
        (r"trova|cerca|mostrami", "find"),
        (r"immagini|foto", "photos"),
        (r"descrivi", "describe"),
        (r"quant[ei]", "how many"),
        (r"quanto", "how much"),
        (r"confronta", "compare"),
        (r"differenz[ae]", "difference"),
        (r"fattura", "invoice"),
        (r"ricevuta|scontrino", "receipt"),
        (r"traduci", "translate"),
        (r"grazie(?: mille)?", "thanks"),
        (r"ciao|buongiorno", "hello"),
        (r"persone", "people"),
        (r"simili", "similar"),
        (r"testo", "text"),
        (r"per favore", "please"),
        (r"di|con", "of"),
        (r"o", "or"),
        (r"è", "is"),
        (r"quest[aoie]", "this"),
    ],
    "portuguese": [
        (r"o que (?:é isso|é isto)", "what is this"),
        (r"o que (?:diz|está escrito)", "what does it say"),
        (r"obrigad[oa]", "thanks"),
        (r"olá", "hello"),
        (r"leia", "read"),
        (r"descreva", "describe"),
        (r"quant[ao]s", "how many"),
        (r"procure|encontre", "find"),
        (r"diferenças?", "difference"),
        (r"fatura", "invoice"),
        (r"recibo", "receipt"),
        (r"pessoas", "people"),
        (r"ou", "or"),
        (r"de", "of"),
    ],
    "dutch": [
        (r"wat is (?:dit|dat)", "what is this"),
        (r"wat staat (?:er|hier)", "what does it say"),
        (r"wat zie je", "what do you see"),
        (r"lees", "read"),
        (r"zoek", "find"),
        (r"hoeveel", "how many"),
        (r"beschrijf", "describe"),
        (r"verschil(?:len)?", "difference"),
        (r"vergelijk", "compare"),
        (r"vertaal", "translate"),
        (r"bedankt|dank je(?: wel)?", "thanks"),
        (r"hoi", "hello"),
        (r"foto's", "photos"),
        (r"mensen", "people"),
        (r"een", "a"),
        (r"het|de", "the"),
        (r"van", "of"),
        (r"dit|dat|deze", "this"),
        (r"of", "or"),
    ],
}
LEAST = 0.2
"""Share of the words that must be that language's: an English sentence may quote a word or two."""


def in_english(text: str) -> str:
    """The sentence with key words of one other language put into English; other words stay as they are."""
    language = _language(text)
    if not language:
        return text
    text = text.strip("¿¡ ").replace("¿", "").replace("¡", "")
    for pattern, english in WORDS[language]:
        text = re.sub(
            rf"(?<!\w)(?:{pattern})(?!\w)" if not pattern.endswith("'") else rf"\b{pattern}", english, text, flags=re.I
        )
    return text


def _language(text: str) -> str | None:
    words = len(re.findall(r"\w+", text)) or 1
    seen = {language: len(re.findall(pattern, text.lower())) for language, pattern in TELLTALE.items()}
    language = max(seen, key=lambda language: seen[language])
    return language if seen[language] / words >= LEAST or (seen[language] and "¿" in text) else None
