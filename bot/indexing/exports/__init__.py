"""Exports of Slack workspaces as a source of images.

https://slack.com/help/articles/220556107-How-to-read-Slack-data-exports: a zip with ``users.json``, ``channels.json``
(and, by plan, ``groups.json``, ``dms.json``, ``mpims.json``) and a folder a channel with one file of messages a day.
Files are not in it, only their addresses; tools that save them put them beside it as ``files/ID-name``.
"""
