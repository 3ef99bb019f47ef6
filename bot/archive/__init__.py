"""The archive beyond a single search: filling, moving, re-encoding, verifying."""
