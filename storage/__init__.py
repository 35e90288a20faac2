"""What is kept: every Redis key (``keys``), the stores on Redis, the datasets on S3."""
