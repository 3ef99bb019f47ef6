"""The Slack edge: events in, durable turns, replies out."""
