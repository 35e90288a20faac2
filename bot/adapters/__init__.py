"""One exit per vendor: each module implements a port and translates its vendor's errors into ``bot.errors``."""
