"""Taking fields off papers: what is wanted, how it is said, and what a vision model adds."""
