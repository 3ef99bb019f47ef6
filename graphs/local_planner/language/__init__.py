"""The words of a message, whatever the language and politeness around them."""
