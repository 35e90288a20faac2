"""What people call hyperparameters. The service's own names stand beside them: commands and AWS's console use these."""

import re

LABELS = {
    "epochCount": "Epochs",
    "batchSize": "Batch size",
    "learningRate": "Learning rate",
    "learningRateMultiplier": "Learning rate multiplier",
    "learningRateWarmupSteps": "Warm-up steps",
    "earlyStoppingThreshold": "Early stopping: least gain",
    "earlyStoppingPatience": "Early stopping: patience",
}
"""By the service's name; every one of every base has its own."""

_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def label_of(name: str) -> str:
    """Return the hyperparameter as people call it; one that is not known, of a job made elsewhere, in words."""
    return LABELS.get(name) or _HUMP.sub(" ", name).capitalize()
