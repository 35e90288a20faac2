"""What is made from stored datasets: split, converted, compared."""
