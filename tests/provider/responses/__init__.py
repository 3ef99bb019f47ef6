"""OpenAI's Responses API: developers.openai.com/api/reference/resources/responses."""
