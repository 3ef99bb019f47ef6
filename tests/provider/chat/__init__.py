"""OpenAI's Chat Completions: developers.openai.com/api/reference/resources/chat."""
