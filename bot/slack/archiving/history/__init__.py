"""A channel's history: looked through for images from the latest message to the first, and gone on with."""
