"""What datasets have to do with one another: compared, converted to another base."""
