"""One file here is one ability of the agent; `kit` holds what they share, `backends` the vendors behind the ports."""
