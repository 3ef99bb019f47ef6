"""The terminal edge: what a person types, and how answers look there."""
