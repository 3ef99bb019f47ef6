"""What a workspace knows, how Slack writes it down, and where it is kept."""
