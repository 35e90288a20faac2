"""Direct messages to people, when they want them: what they follow, and their quiet hours."""
