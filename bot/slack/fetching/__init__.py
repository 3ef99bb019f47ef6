"""Files of messages, from Slack to the agent and into the archive."""
