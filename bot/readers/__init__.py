"""Those who read what the bot writes: when they do not want to be pinged."""
