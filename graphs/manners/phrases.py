"""How people word a wish for a language or a style: patterns whose group `wish` is the wish, without the question.

Group `language` is a language's name, group `style` the style in the person's words. A wish stands where an answer is
asked for ("describe it in German") or set off by itself ("... in German please"); what only tells of a picture does not
("the German sign", "dressed as a pirate", "find more in the style of this").
"""

from __future__ import annotations

import re

from graphs.manners.languages import LANGUAGE


def _compiled(*forms: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


POLITE = (
    r"(?:please|pls|plz|bitte|por favor|per favore|s'il (?:te|vous) pla[iî]t|graag|alsjeblieft|thanks|thank you|danke|"
    r"merci|this time|instead|again|now|only|nochmal)"
)
END = rf"(?=(?:[\s,]*+\b{POLITE}\b)*+\s*+(?:[.,:;?!)]|$))"
ON = r"(?=\s*(?:[.,:;?!)]|$|(?:and|then|but|so|for|with|as|like|to|please|und|et|y|e|bitte)\b))"
"""What may follow a wish in mid-sentence."""
OFF = (
    rf"(?:^|[,;:.?!(–—]\s*|\s-\s+|\b(?:{POLITE}|but|same|again|and now|jetzt|ab jetzt)\s+)"
    r"(?:(?:now|and|then|but|please|bitte|again)\s+)*+"
)
"""Before a wish that is set off by itself."""

# --- verbs and what they take ---------------------------------------------------------------------

SPEAK = (
    r"(?:answer|reply|respond|speak|talk|write|continue|go on|say (?:it|that|this)|tell (?:me|us)|put (?:it|that|this)|"
    r"antworte\w*|schreib\w*|sag\w*(?: es| das)?|réponds|répondez|écris|écrivez|dis(?:-le)?|responde|contesta|escribe|"
    r"dilo|rispondi|scrivi|dillo|responda|escreva|antwoord|schrijf)"
)
"""Verbs that ask for nothing but the manner."""
TELL = (
    r"\b(?:describe|explain|summari[sz]e|caption|narrate|interpret|review|critique|rephrase|rewrite|reword|phrase|"
    r"analy[sz]e|simplify|beschreib\w*|erklär\w*|fass\w*|erzähl\w*|décris|décrivez|décrire|explique[rz]?|résume[rz]?|"
    r"explica|descreva|descrivi|spiega|riassumi|beschrijf|"
    rf"{SPEAK})\b"
)
THING = (
    r"(?:image|photo|picture|pic|painting|artwork|drawing|diagram|chart|document|receipt|invoice|page|scene|result|"
    r"answer|screenshot|sign|poster|map|one|bild|foto)s?"
)
OBJECT = (
    r"(?:\s+(?:it|this|that|these|those|them|everything|all|(?:to )?(?:me|us)|what (?:you see|(?:this|it|that) "
    rf"(?:is|shows))|(?:the|this|that|these|each|both|das|dieses|dies|es|mir|uns)(?: (?:\w+ )?{THING}\b)?|"
    rf"{THING} \d+|please|again|now|bitte)\b)*+"
)

# --- languages ------------------------------------------------------------------------------------

NAMED = rf"(?:in het|in|auf|ins|en|em|po|på)\s+(?:plain\s+|simple\s+)?(?P<language>{LANGUAGE})\b"
IN_LANGUAGE = _compiled(
    rf"(?P<wish>(?:^|[,;:.?!(–—]|\b(?:and|then|und|et|y)\b)\s*+(?:(?:please|can you|could you|just|bitte)\s+)*+{SPEAK}"
    rf"(?:\s+(?:to )?(?:me|us|it|this|that|everything|mir|uns|es|das|only|back|please|bitte)\b)*+\s+{NAMED}){END}",
    rf"{TELL}[^.?!;]{{0,60}}?(?P<wish>,?\s+{NAMED}){ON}",
    rf"\b(?:captions?|descriptions?|summary|summaries|alt[ -]?texts?|keywords|explanation)\b[^.?!;,]{{0,25}}?"
    rf"(?P<wish>\s+{NAMED}){END}",
    rf"\b(?:what(?:'s| is)|was ist|was sieht man|was siehst du) (?:this|that|it|here|das|hier|da|dies|auf \w+ \w+|"
    rf"(?:in|on) (?:this|that|the) \w+)(?: called)?(?P<wish>\s+{NAMED}){END}",
    rf"{OFF}(?P<wish>{NAMED}){END}",
    r"(?P<wish>\b(?:speak|talk|switch(?: back)? to|change to|back to|sprich|rede|parle[rz]?|habla|parla|spreek)\s+"
    rf"(?P<language>{LANGUAGE})\b){END}",
)
ANSWER_IN, SET_OFF = IN_LANGUAGE[:1], IN_LANGUAGE[4:5]
"""What asks for the manner alone; what is set off from a question."""
LANGUAGE_SAID = re.compile(NAMED, re.IGNORECASE)
"""Wherever it stands: enough where something is to hold from now on."""

# --- styles ---------------------------------------------------------------------------------------

AGE = r"(?:\d{1,2}|three|four|five|six|seven|eight|nine|ten|twelve)"
ROLE = (
    r"(?:(?!\b(?:would|might|and|or|in|for)\b)[\w'-]+\s+){0,3}?"
    r"(?:historian|critic|curator|expert|specialist|teacher|professor|scientist|\w+ologist|botanist|artist|doctor|"
    r"physician|nurse|lawyer|judge|detective|poet|pirate|child|kid|toddler|teenager|journalist|reporter|chef|designer|"
    r"architect|engineer|photographer|painter|comedian|butler|wizard|robot|cowboy|knight|king|queen|princess|vampire|"
    r"alien|grand(?:ma|pa|mother|father)|sailor|soldier|farmer|gardener|sales(?:man|woman|person)|marketer|copywriter|"
    r"novelist|writer|author|storyteller|narrator|bard|philosopher|monk|priest|coach|guide|presenter|commentator|"
    r"newsreader|politician|diplomat|banker|economist|accountant|auditor|investor|analyst|mathematician|physicist|"
    r"chemist|programmer|nerd|student|librarian|sommelier|astronaut|spy|ghost|caveman|viking|gentleman|lady|"
    rf"{AGE}[- ]years?[- ]old)"
)
WOULD = r"(?:\s+(?:would|might)(?:\s+(?:do|say|put|see|explain|describe)(?: it| this)?)?)?"
PERSONA = rf"(?:as|like)\s+(?:if you (?:were|are)\s+)?(?:an?|my|the)\s+{ROLE}\b{WOULD}"
FORMAT = (
    r"as an?\s+(?:\w+\s+)?(?:haiku|poem|limerick|sonnet|song|rap|tweet|headline|fairy tale|bedtime story|story|letter|"
    r"joke|press release|telegram|news report)\b"
)
AUDIENCE = (
    rf"(?:for|to)\s+(?:an? |my |the )?(?:{AGE}[- ]years?[- ]olds?|(?:young |small |little )?(?:child|children|kids?|"
    r"toddlers?)|beginners?|non-?experts?|lay ?(?:man|men|person|people)|experts?|dummies)\b"
)
TONES = (
    r"(?:formal|informal|casual|friendly|polite|funny|humorous|poetic|dramatic|professional|playful|sarcastic|"
    r"enthusiastic|serious|scientific|technical|academic|simple|plain|easy|everyday|lay(?:man'?s|men'?s)?|"
    r"business-?like|neutral|cheerful)"
)
MORE = r"(?:(?:a (?:bit|little) |much |even )?(?:more|less) |very |really )"
BETTER = r"(?:friendlier|funnier|simpler)"
LIKE_THAT = (
    r"(?:(?:formal|informal|casual|polite|humorous|poetical|dramatical|professional|playful|sarcastical|"
    r"enthusiastical|scientifical|technical|academical|serious)ly|simply|in (?:rhyme|verse))\b"
)
WAY = rf"in\s+(?:an? |the )?{MORE}?{TONES}\s+(?:tone|style|way|manner|voice|register|language|words|terms|english)\b"
VOICE = r"in the (?:style|voice|manner|tone|words) of [^.?!,;:]{2,60}"
TO_ME = (
    r"(?:\beli ?5\b|(?:like|as if|as though|because)\s+(?:i'?m|i am|i was|i were|we'?re|we are)\s+"
    rf"(?:an? (?:child|kid|toddler|beginner)|{AGE})\b(?:[- ]years?[- ]old)?)"
)
GERMAN = (
    r"(?:(?:als|wie)\s+(?:eine?\w?\s+)?[a-zäöüß]*(?:historiker|kritiker|pirat|kind|experte|lehrer|dichter|detektiv|"
    r"wissenschaftler)(?:in)?|für\s+(?:eine?\w?\s+)?(?:kind(?:er)?|fünfjährige[rsn]?|anfänger|laien|experten)"
    r"(?: kind)?|förmlich(?:er)?|formell(?:er)?|in einfachen worten)\b"
)
IN_STYLE = _compiled(
    rf"(?P<wish>(?:^|[,;:.?!(–—]|\b(?:and|then)\b)\s*+(?:(?:please|can you|could you|now|but)\s+)*+"
    rf"(?:{SPEAK}|act|sound|behave)(?: to me)?\s+"
    rf"(?P<style>{PERSONA}|{AUDIENCE}|{MORE}?{LIKE_THAT}|{WAY}|{VOICE})){END}",
    rf"(?P<wish>\b(?P<style>(?:pretend (?:to be|(?:that )?you(?:'re| are))|imagine (?:that )?you(?:'re| are)|you are|"
    rf"you're) (?:now )?an?\s+{ROLE}\b)){END}",
    rf"{TELL}{OBJECT}\s*,?(?P<wish>\s+(?P<style>{PERSONA}|{FORMAT}|{AUDIENCE}|{MORE}?{LIKE_THAT}|{VOICE}|{GERMAN}))",
    rf"{TELL}[^.?!;]{{0,60}}?(?P<wish>,?\s+(?P<style>{WAY}|{TO_ME}))",
    rf"^(?P<wish>(?P<style>(?:as|like) an?\s+{ROLE}))\s*,(?!\s*(?:i|i'm|we|my|our)\b)",
    rf"(?:^|[.?!;:–—]\s*)(?:(?:now|and|again|ok|but|please|this time|once more|(?:do|try|say) it|same)\W+)*+"
    rf"(?P<wish>(?P<style>{PERSONA}|{AUDIENCE}|{GERMAN})){END}",
    rf"{OFF}(?P<wish>(?P<style>{WAY}|{TO_ME}|{LIKE_THAT})){END}",
    rf"^(?:(?:now|and|ok|but|please|can you)\W+)*+(?P<wish>(?:(?:make|keep|put|say|write) (?:it|this|that) |be |sound )"
    rf"(?P<style>{MORE}?{TONES}|{BETTER})(?: tone| version)?){END}",
    rf"^(?:(?:now|and|ok|but|please)\W+)*+(?P<wish>(?P<style>{MORE}{TONES}|{BETTER})"
    rf"(?: tone| version)?){END}",
    rf"(?P<wish>(?P<style>{TO_ME}))",
)

# --- from now on ----------------------------------------------------------------------------------

FROM_NOW_ON = re.compile(
    r"\b(?:from (?:now|here) on(?:wards?)?|henceforth|for the rest of (?:this|the|our) (?:thread|conversation|chat)|"
    r"(?:ab|von) (?:jetzt|nun)(?: an)?|künftig|in zukunft|à partir de maintenant|désormais|(?:a partir )?de ahora"
    r"(?: en adelante)?|d'ora in poi|a partir de agora|vanaf nu)\b",
    re.IGNORECASE,
)
ALWAYS = re.compile(r"\b(?:always|immer|toujours|siempre|sempre|altijd)\b", re.IGNORECASE)
KEPT = re.compile(
    r"(?P<style>\b(?:be|sound|write|answer|reply|respond|talk|speak|keep (?:it|(?:all |your )?answers)|"
    r"make (?:it|(?:all |your )?answers))\b[^.?!\n]{3,120})",
    re.IGNORECASE,
)
"""What is to hold from now on, in the person's own words."""
