"""On-demand deployments of custom models: they cost nothing while idle, and stay until somebody removes them."""
