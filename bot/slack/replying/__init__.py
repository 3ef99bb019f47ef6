"""Answers as Slack shows them: blocks, steps while the work goes on, pictures, files."""
