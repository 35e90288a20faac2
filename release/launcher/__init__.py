"""An installed Tunesmith. Its folders lie under this name, so that it takes no other one in site-packages."""
