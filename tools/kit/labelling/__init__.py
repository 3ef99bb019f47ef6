"""Names for what is on a picture: which fit, how surely, and which can be told at all."""
