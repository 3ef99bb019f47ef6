"""What `spyglass doctor` finds out: what is configured, what is missing, and how to get it."""
