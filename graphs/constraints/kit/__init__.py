"""What the rules are built from; no rule lives here, so nothing here is discovered as one."""
