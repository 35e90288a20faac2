"""What has a name, looked up and listed as one viewer may see it; what was shared with whom."""
