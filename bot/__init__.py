"""The edge: everything that knows the terminal, Slack and the environment."""
