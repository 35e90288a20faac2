"""What several cards, forms and pages have in common: each is said in one place."""
