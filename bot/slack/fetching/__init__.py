"""Files of messages, from Slack to the agent."""
