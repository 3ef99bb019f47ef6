"""What a server or the network complains about, as a sentence with the way out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError

from tools.kit import CannotDo

LOST = "Nothing that it has confirmed is lost."
BAD_REQUEST, NOT_FOUND = 400, 404
NOTHING = "returned None"
NO_ROOM = ("no space left", "disk is full", "not enough disk", "out of disk")


@contextmanager
def failures_said(place: str) -> Iterator[None]:
    """Raises: CannotDo in place of what `qdrant-client` and httpx raise for a server that is not well."""
    import httpx
    from qdrant_client.common.client_exceptions import ResourceExhaustedResponse
    from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

    try:
        yield
    except ResponseHandlingException as error:
        raise CannotDo(_unanswered(place, error.source)) from error
    except (httpx.HTTPError, httpx.InvalidURL, JSONDecodeError) as error:
        raise CannotDo(_unanswered(place, error)) from error
    except AssertionError as error:  # the client's own, of an answer without a result
        if NOTHING not in str(error):
            raise
        raise CannotDo(_no_server(place)) from error
    except RecursionError as error:  # its reader's, of lists in lists without end
        raise CannotDo(_no_server(place)) from error
    except ResourceExhaustedResponse as error:
        raise CannotDo(refused(place, 429, b"")) from error
    except UnexpectedResponse as error:
        raise CannotDo(refused(place, error.status_code, error.content)) from error


def refused(place: str, status: int | None, content: bytes) -> str:
    """The sentence for an answer that is a refusal."""
    if status is not None and status < BAD_REQUEST:  # nothing that Qdrant answers with: a proxy's, or a login's
        return _no_server(place)
    why = _told(content)[:300]
    if status in (401, 403):
        return f"The Qdrant server at {place} refuses the key ({status}): set QDRANT_API_KEY."
    if any(words in why.lower() for words in NO_ROOM):
        return f"The disk of the Qdrant server at {place} is full: free some space there and try again. {LOST}"
    if status == NOT_FOUND:
        return f"{why.rstrip('!.')} at {place}: it was removed or replaced just now, so try again."
    if status in (429, 502, 503, 504):
        return f"The Qdrant server at {place} is busy or starting ({status}): try again in a minute. {LOST}"
    return f"The Qdrant server at {place} refused ({status}): {why}"


def _told(content: bytes) -> str:
    """What a server says in its answer, or the answer itself where it says nothing we know."""
    said = content.decode(errors="replace").strip()
    try:
        return str(json.loads(said)["status"]["error"])
    except (ValueError, KeyError, TypeError):
        return said


def _unanswered(place: str, why: Exception) -> str:
    import httpx
    from pydantic import ValidationError

    if isinstance(why, httpx.TimeoutException):
        return f"The Qdrant server at {place} did not answer in time: look after its load, and try again. {LOST}"
    if isinstance(why, ValidationError | ValueError):
        return _no_server(place)
    reason = str(why) or type(why).__name__
    return f"The Qdrant server at {place} does not answer ({reason}): start it, or check SPYGLASS_ARCHIVE. {LOST}"


def _no_server(place: str) -> str:
    return f"What answers at {place} is no Qdrant server: check SPYGLASS_ARCHIVE."
