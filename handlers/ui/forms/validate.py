"""The form that takes a file to be judged."""

from bot.datasets.model import Role
from handlers.ui.blocks import Block, Element, field_input, modal, option, section, select
from handlers.ui.forms.start import base_select

VALIDATE = "validate"
FILE_TYPES = ("jsonl", "ndjson", "json", "txt")


def validate_form(profile: str, metadata: str) -> Block:
    """Draw the form."""
    roles = [option("Training data", Role.TRAINING.value), option("Validation data", Role.VALIDATION.value)]
    upload: Element = {
        "type": "file_input",
        "action_id": "file",
        "filetypes": list(FILE_TYPES),
        "max_files": 1,
    }
    return modal(
        VALIDATE,
        "Validate a file",
        [
            section(
                "The verdict comes as a message. Files over 10 MB have to be dropped into a channel instead."
            ),
            field_input("file", "Dataset", upload),
            field_input("profile", "Base model", base_select("profile", profile)),
            field_input("role", "Check it as", select("role", roles, chosen=Role.TRAINING.value)),
        ],
        submit="Validate",
        metadata=metadata,
    )
