"""Questions in steps: what they ask for, and what can be worked out of text and drawings without a model."""
