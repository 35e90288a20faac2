"""One module for each kind of thing that is followed: its spec, and the ``reconcile`` that brings it about."""
