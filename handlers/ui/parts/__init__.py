"""What several cards, forms and pages have in common: each part is drawn in one place."""
