"""The agent: `agent.py` is its picture, `constraints/` what it may say."""
