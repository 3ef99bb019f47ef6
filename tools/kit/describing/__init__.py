"""Describing an image: what is measured of it, how that is said, and what a vision model adds."""
