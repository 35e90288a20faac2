"""Training and validation from one file, without anything that stands in both."""
