"""What is asked of documents: their fields, and what several of them come to."""
