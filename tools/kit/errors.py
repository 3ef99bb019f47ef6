"""Errors, sorted by who must hear them."""


class Spoken(Exception):
    """An error whose text is one clear sentence for a person: it names the thing and the way out."""


class AskAgain(Spoken):
    """The model or the person can fix this: a wrong handle, too few labels, a file that is not an image."""


class CannotDo(Spoken):
    """This cannot be done here (nothing configured for it, a service is down): say so and go on without it."""


def first_line(error: Exception) -> str:
    """What an error says, short enough for a sentence."""
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
