"""What several backends share; nothing here is a backend."""
