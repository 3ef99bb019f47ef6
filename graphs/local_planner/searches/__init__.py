"""Searches of the archive, what is said after them, and their hits."""
