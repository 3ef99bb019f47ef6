"""What the app is told: events, commands and interactions, by websocket or over HTTP, until it acknowledges them."""
