"""What tools that search the archive share: how what was found is told and shown."""
