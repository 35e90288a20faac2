"""Questions to models, answered as they stream."""
