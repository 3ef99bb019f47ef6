"""One file here is one vendor behind a port of `tools.kit`. Only `bot.wiring` imports from this package."""
