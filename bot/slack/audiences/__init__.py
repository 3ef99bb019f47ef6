"""Who may see what: which channels' images are shown at a place in Slack, and which to the asker alone.

audiences                                    the rules
roster, directs, staying                     what they ask: who is where, whose direct messages, what stays here
changes                                      what is remembered of it and no longer holds, told to all processes
building                                     those of one workspace, put together
"""

from bot.slack.audiences.audiences import Audiences, Sight

__all__ = ["Audiences", "Sight"]
