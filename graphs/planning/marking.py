"""What was found is data: it goes to a model between marks that nothing found can write.

The code in the marks is a keyed hash of what stands between them and of a secret of this process, so that whoever wrote
a text in an image, a file name or a display name cannot close the mark and go on as somebody else. The same data gets
the same code, so that providers' prompt caches still hit.
"""

from __future__ import annotations

import hashlib
import secrets

_SECRET = secrets.token_bytes(32)


def marked(data: str) -> str:
    """The data between its marks."""
    code = hashlib.blake2b(data.encode("utf-8", "surrogatepass"), key=_SECRET, digest_size=6).hexdigest()
    return f"<data-{code}>\n{data}\n</data-{code}>"
