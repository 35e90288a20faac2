"""Charts that a person asked to see, sent to them as pictures."""
