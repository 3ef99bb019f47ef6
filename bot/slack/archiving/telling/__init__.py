"""What people choose about the archive of a channel, and what they are told of it."""
