"""Which images and pages of the thread a sentence is about."""
