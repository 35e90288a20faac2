"""Which way of asking a model is the cheapest for so many questions of such a size."""
