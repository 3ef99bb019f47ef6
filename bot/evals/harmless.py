"""Sentences that name no brand, though many look as if they might: the other half of the brand rule's examination."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice

# each is harmless against every brand of `brands.brands()`
TRAPS = (
    "A big apple pie cools on the {place}.",
    "Mind the gap between the {noun} and the {place}.",
    "There is a gap of {number} cm behind the {noun}.",
    "He wants a gap year; she'll stay near the {place}.",
    "A shell on the beach lies beside a {colour} {noun}.",
    "She'll take it if they'll let her, and he'll carry the {noun}.",
    "The target was hit {number} times from the {place}.",
    "We met a friend by the {place}; he had met a {person} too.",
    "They are the same as us, as usual.",
    "It may cost a lot: {number} pieces cost a fortune.",
    "You can on request see the {noun}; can one?",
    "They are linked in a chain, and linked in pairs.",
    "Tom's watch lies on the {place}, and the kid's wallet beside it.",
    "It's hell to carry a {noun} up to the {place}.",
    "The flat {noun} is on the {place}; the flat was {colour}.",
    "No thing is as {colour} as the {noun}; nothing at all.",
    "Will you tube the {noun}, please?",
    "The oracles were silent; my oracle is a {noun}.",
    "Pineapples, apples and oranges fill the {noun}.",
    "A dove and an orange sit by the pair of boots at low tide.",
    "The man on the {place} has nothing to gain from a visa.",
    "An {adjective} turbine gives 8 MW at {number} V.",
    "A 3 m rope and {number} m of wire lie on the {place}.",
    "He said h.m. and then hmm, hm, and went.",
    "The PG-13 film was shown at {number} pm in hall H.",
    "Att: please see the {noun} at the {place}.",
    "Vis-a-vis the {place}, the {noun} looks {colour}.",
    "The sum is 8055, then 1390, then 505 and {number}.",
    "A so-so nyala stands behind the {noun}.",
    "He will ask, in tell-tale words, for the {noun}.",
    "Bi g ap ple is no word, and neither is am a zon ic.",
    "b i g a p p l e spells a fruit.",
    "The nikeless, adidasless {noun} is {colour}.",
    "Unfiat, zaragoza, costal, canonical and intelligible are words.",
    "Sonya met Amazonia's guide; Nikola met a {person}.",
    "The pumas and jaguars of the {place} sleep at noon.",
    "The orange gap, the apple shell and the dove target are {colour}.",
    "A legolas costume, an ego-less {person} and a pepsin tablet.",
    "The canons of the cathedral read canon law.",
    "Ma'am, it's seven o'clock, eleven {noun}s later.",
)
PLAIN = (
    "The photo shows a {adjective} {noun} {where} the {place}.",
    "I can see {number} {noun}s and a {colour} {thing} {where} the {place}.",
    "A {person} in a {colour} {thing} stands {where} the {place}.",
    "Both photos show the same {noun}, but the second is {adjective}.",
    "The receipt lists {number} items and a total of {number}.{cents}.",
    "I cannot tell whether the {noun} is {colour} or {other}.",
    "Image {digit} is a {adjective} picture of a {noun}; image {digit} shows a {thing}.",
    "The text reads “{adjective} {noun}” and is {colour}.",
    "The {person} holds a {noun} and looks at the {place}.",
    "Nothing {where} the {place} is {colour}, apart from the {thing}.",
    "At {hour}:{cents} the {person} left the {place} with a {colour} {noun}.",
    "Is the {noun} {where} the {place} {adjective}? It seems so.",
    "It's a {noun}, isn't it? They're {adjective}, and we'd say {colour}.",
    "1. {noun}\n2. {thing}\n3. {place}",
    "A/B tests, e.g. of the {noun}, i.e. its {colour} form, cost ${number}.",
    "**{noun}**: {colour}, _{adjective}_, {number} kg (about {digit} lb)",
    "See {noun}_{digit}.png and {thing}-{number}.jpg in the folder {place}.",
    "#{noun} #{colour}{noun} @{person} wrote: “so {adjective}!”",
    "The {noun}'s {thing} and the {person}s' {place} are {adjective}.",
    "Une {noun} très {adjective}, où l'été s'achève à {hour} h.",
    "Der {noun} ist {adjective} und größer als {number} mm.",
    "Дом у {place}: {number} окон, вид на море.",
)
WORDS = {
    "noun": """bottle dog bicycle cat kite lamp table car boat tree cup bridge tower ladder basket camera clock drum
        flag horse pillow guitar candle kettle mirror saddle tractor umbrella violin wheel parrot statue map ticket""",
    "thing": """hat shirt scarf bag box jar sign rope door chair rug ring stone fence bench bucket cart apron glove belt
        coat""",
    "place": """river kitchen market station garden harbour street window staircase roof field counter stage wall shore
        museum office stadium platform corner library yard desk balcony""",
    "person": """man woman child girl boy farmer cyclist waiter singer player nurse driver climber teacher skater
    tourist
        guard""",
    "adjective": """old wooden small bright broken round empty shiny tall narrow dusty wet modern quiet blurry plain
        striped torn heavy smooth curved sharp dark faded simple""",
    "colour": "red blue green yellow white black grey brown purple pink beige golden silver turquoise",
    "where": "near behind beside under above outside inside by",
}


def harmless_sentences(count: int, *, seed: int) -> list[str]:
    """`count` different sentences, every third a trap; the same for the same seed."""
    return list(islice(_different(random.Random(seed)), count))


def _different(rng: random.Random) -> Iterator[str]:
    seen: set[str] = set()
    while True:
        form = rng.choice(TRAPS if rng.random() < 1 / 3 else PLAIN)
        sentence = form.format(**_fillers(rng))
        if sentence in seen:
            sentence = f"{sentence} {rng.choice(PLAIN).format(**_fillers(rng))}"
        if sentence not in seen:
            seen.add(sentence)
            yield sentence


def _fillers(rng: random.Random) -> dict[str, str]:
    fillers = {kind: rng.choice(words.split()) for kind, words in WORDS.items()}
    return fillers | {
        "other": rng.choice(WORDS["colour"].split()),
        "number": str(rng.choice((2, 12, 45, 101, 350, 1024, 1999, rng.randrange(3, 9000)))),
        "digit": str(rng.randrange(1, 10)),
        "hour": str(rng.randrange(0, 24)),
        "cents": f"{rng.randrange(60):02}",
    }
