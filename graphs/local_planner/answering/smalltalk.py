"""What is said without a tool: greetings, help, and what lies outside the abilities."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graphs.local_planner.answering import files
from tools.kit import ImageRef

ABILITIES = (
    "I can classify images, read text, extract fields from receipts, invoices, cards and forms, "
    "compare images, describe them, "
    "check printed sums and diagrams step by step, and search the image archive"
)

CHAT = (
    (r"\b(?:thank|thanks|thx|ty|cheers|appreciat\w*|merci|danke|gracias|grazie)\b", "You're welcome."),
    (r"\b(?:bye|goodbye|see (?:you|ya)|good night|later)\b", "Goodbye! The thread and its images stay here."),
    (r"\bhow (?:are you|is it going)|what is up\b", "All is well here, thank you. Post an image and ask me about it."),
    (
        r"^(?:hi+|hello+|hey+|hiya|yo|good (?:morning|afternoon|evening)|greetings|morning)\b",
        "Hello! Post an image and ask me about it, or ask me to search the archive.",
    ),
    (
        r"\b(?:great|perfect|awesome|nice|cool|best|good (?:bot|job|work)|well done|love|amazing|wow|brilliant)\b",
        "Glad that helped.",
    ),
    (r"\b(?:sorry|my bad|oops)\b", "No harm done."),
    (
        r"\b(?:stupid|useless|wrong|bad|terrible)\b",
        "I am sorry that did not help. Tell me which image and what to look for, and I will try again.",
    ),
    (r"\b(?:test|testing|ping|there)\b", "I am here."),
)

OUTSIDE = (
    (
        r"\b(?:diagnos\w+|illness|cancer|rash|mole|x-?ray|legal|invest\w*)\b",
        "I cannot give medical, legal or financial advice.",
    ),
    (
        (
            r"\b(?:who|whose|faces?|celebrit\w+|recogni[sz]e|everyone|names?|colleague|boss|friend)\b|"
            r"^is (?:this|that|he|she)\b"
        ),
        "I do not identify people or recognise faces.",
    ),
    (
        r"\b(?:old|ethnicity|race|religion|nationality)\b.*\b(?:he|she|person|man|woman|they|his|her)\b",
        "I do not judge people's personal traits from pictures.",
    ),
    (r"\b(?:draw|paint|generate|create|design|sketch|animate)\b", "I cannot make new pictures."),
    (
        (
            r"\b(?:edit|crop|rotate|resize|remove|background|blur|sharpen|enhance|convert|photoshop|"
            r"make (?:it|this)|turn (?:it|this)|replace|add|merge|compress|upscale|restore|retouch|"
            r"colou?ri[sz]e|brighten)\b"
        ),
        "I cannot edit or convert images.",
    ),
    (r"\b(?:weather|rain|forecast|temperature)\b", "I cannot tell the weather."),
    (r"\b(?:e-?mail|send|post|share|upload|print|message|forward)\b", "I cannot send or post anything elsewhere."),
    (
        r"\b(?:remind|reminder|timer|alarm|calendar|schedule|meeting|book|order|buy|call|play)\b",
        "I cannot book, order or schedule anything.",
    ),
    (r"\b(?:code|function|script|python|javascript|bug)\b", "I cannot write or mend code."),
    (r"\b(?:joke|poem|story|essay|song|haiku)\b", "I cannot write pieces of my own."),
    (r"\b(?:web|google|internet|online|https?|link)\b", "I cannot reach the web."),
    (r"\b(?:delete|forget|erase)\b", "I cannot delete anything from here."),
)


PIC = r"(?:images?|photos?|pictures?|pics?|files?|uploads?)"
LEAD_IN = r"^(?:(?:and|so|ok|can you|please)\s+)*"
SENT = r"(?:sent|send|posted?|uploaded?|shared?)"
THREAD = re.compile(
    rf"{LEAD_IN}(?:list|name|enumerate|show)(?: me)?(?: all)?(?: of)? (?:(?:the|my|our|these|those) )?{PIC}"
    rf"(?: (?:so far|here|(?:you|we) have|in (?:this|the) thread|i (?:have )?{SENT}(?: you)?))*\W*$"
    rf"|{LEAD_IN}(?:list|name|show me) (?:what|everything|all) (?:i|we) (?:have )?{SENT}\b.*$"
    rf"|{LEAD_IN}how many (?:{PIC} )?(?:(?:have|did) (?:i|we) {SENT}\b.*"
    rf"|(?:are (?:there|here)|(?:do )?(?:you|we) (?:have|know|remember)|have you seen|are)"
    rf"(?: (?:so far|now|here|in (?:this|the|our) thread))*)\W*$"
    rf"|{LEAD_IN}(?:which|what) {PIC} (?:do (?:you|we) have|are (?:here|there|in (?:this|the) thread)"
    rf"|have (?:i|we) {SENT})\b.*$"
)
"""Asks which images the thread has."""


def of_the_thread(said: str, images: Sequence[ImageRef]) -> str:
    """Which images the thread has, when that is asked; empty otherwise, and for a thread without any."""
    if not images or not THREAD.match(said):
        return ""
    count = "1 image" if len(images) == 1 else f"{len(images)} images"
    return f"This thread has {count}: {'; '.join(map(files.line, images))}."


def units() -> str:
    return "I cannot convert currencies or units; I can only tell what is printed."


def chat(said: str) -> str:
    said = said.lower()
    return next(
        (answer for pattern, answer in CHAT if re.search(pattern, said)),
        "Alright. Post an image and ask me about it whenever you like.",
    )


def help_() -> str:
    return (
        f"I am Spyglass, a bot that answers questions about images. {ABILITIES}. Post one or more images "
        f"(or PDF pages) and ask."
    )


def outside(plain: str) -> str:
    why = next((answer for pattern, answer in OUTSIDE if re.search(pattern, plain)), "That is outside what I can do.")
    return f"{why} {ABILITIES}."


def unclear() -> str:
    return f"I am not sure what you would like me to do. {ABILITIES}. What shall it be?"
