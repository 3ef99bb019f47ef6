"""Who may see what: which channels' images are shown at a place in Slack, and which to the asker alone."""

from bot.slack.audiences.audiences import Audiences, Sight

__all__ = ["Audiences", "Sight"]
