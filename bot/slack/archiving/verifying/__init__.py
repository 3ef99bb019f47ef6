"""What Slack has of a workspace now, for whoever verifies its archive."""
