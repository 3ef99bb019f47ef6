"""Google's generateContent: ai.google.dev/api/generate-content."""
