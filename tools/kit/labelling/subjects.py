"""What pictures are of, in everyday words: each subject with the kind it belongs to.

When an encoder cannot tell a dog from a fox it may still tell that it is an animal: the chances of a kind are those of
its members together.
"""

from __future__ import annotations

KINDS: dict[str, tuple[str, ...]] = {
    "an animal": (
        *("a dog", "a cat", "a bird", "a horse", "a cow", "a sheep", "a fish", "a snake", "a lizard", "a frog"),
        *("a turtle", "an insect", "a butterfly", "a spider", "a monkey", "a bear", "an elephant", "a big cat"),
        *("a rodent", "a rabbit", "a fox", "a deer", "a duck", "an owl", "a crab", "a shell", "a whale", "a starfish"),
    ),
    "a person or people": ("a person", "people", "a child"),
    "a plant": ("a flower", "a tree", "a mushroom", "leaves", "a houseplant"),
    "food or drink": (
        *("fruit", "vegetables", "bread", "a cake", "a dessert", "a plate of food", "a pizza", "a sandwich"),
        *("a soup", "a drink"),
    ),
    "a vehicle": (
        *("a car", "a truck", "a bus", "a train", "a bicycle", "a motorcycle", "an airplane", "a boat", "a ship"),
        *("a tractor",),
    ),
    "a building": ("a house", "a church", "a tower", "a bridge", "a castle", "a monument", "a fence", "a city street"),
    "a landscape": ("a beach", "a mountain", "a forest", "a lake", "the sea", "a field", "snow", "a cliff", "the sky"),
    "a room": ("a kitchen", "a living room", "a bedroom", "a bathroom", "an office", "a shop", "a library"),
    "furniture": ("a chair", "a table", "a bed", "a sofa", "a cupboard", "a lamp"),
    "clothing": ("a dress", "a shirt", "a coat", "a shoe", "a hat", "a bag", "glasses", "a uniform"),
    "a musical instrument": ("a guitar", "a piano", "a violin", "a wind instrument", "a drum"),
    "an electronic device": ("a computer", "a laptop", "a phone", "a camera", "a television", "a loudspeaker"),
    "a household object": (
        *(
            "a cup or mug",
            "a bottle",
            "a bowl",
            "a pot",
            "a knife",
            "a clock",
            "a basket",
            "a box",
            "a bucket",
            "a machine",
        ),
    ),
    "a tool": ("a hammer", "a screwdriver", "a drill", "a shovel", "a weapon"),
    "sport": ("a ball", "a sports game", "a racket", "a skier", "a swimmer"),
    "a document": (
        "a receipt",
        "an invoice",
        "a letter",
        "a form",
        "a business card",
        "a page of a book",
        "handwriting",
    ),
    "a graphic": ("a screenshot", "a diagram", "a chart", "a map", "a drawing", "a logo", "a poster", "a sign"),
    "a toy": ("a toy", "a teddy bear", "a balloon"),
}

SUBJECTS: tuple[str, ...] = tuple(subject for subjects in KINDS.values() for subject in subjects)
KIND_OF: dict[str, str] = {subject: kind for kind, subjects in KINDS.items() for subject in subjects}


def bare(subject: str) -> str:
    """Without its article, as a label or keyword: "a big cat" -> "big cat"."""
    first, _, rest = subject.partition(" ")
    return rest if first in ("a", "an", "the") and rest else subject


UNCOUNTED = """
food clothing furniture bread fruit guacamole dough corn carbonara broccoli cauliflower espresso eggnog hay velvet wool
rapeseed people children men women snow grass water sand art music text handwriting red orange yellow green blue purple
pink brown black white grey gray beige dark bright open closed empty full broken damaged intact clean dirty new old big
small blurry wooden metal plastic indoor outdoor day night daytime nighttime outside inside
"""
NO_ARTICLE = frozenset(UNCOUNTED.split()) | frozenset(
    ("ice cream", "chocolate sauce", "mashed potato", "red wine", "toilet tissue", "chain mail", "spaghetti squash")
)
THINGS_ENDING_IN_ING = (
    "thing",
    "building",
    "painting",
    "drawing",
    "ring",
    "king",
    "wing",
    "swing",
    "string",
    "wedding",
)


def with_article(name: str) -> str:
    """As in "it shows ...": "an acorn", "sunglasses", "guacamole". Labels such as "red" or "swimming" take none."""
    last = name.split()[-1].casefold() if name.split() else ""
    plural = last.endswith("s") and not last.endswith(("ss", "us", "is", "ops", "lens"))
    doing = last.endswith("ing") and not last.endswith(THINGS_ENDING_IN_ING)
    if plural or doing or name.casefold() in NO_ARTICLE or bare(name) != name:
        return name
    low = name.casefold()
    vowel = low.startswith(("a", "e", "i", "o", "um", "hour")) or (low.startswith("un") and low[2:3] != "i")
    return f"{'an' if vowel else 'a'} {name}"
