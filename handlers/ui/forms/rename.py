"""The form that takes another name, and the words for what was renamed."""

from bot.directory.renaming import DATASET, FIELD, LONGEST, Renamed
from handlers.metadata import Naming
from handlers.ui.blocks import Block, field_input, modal, text_input
from handlers.ui.text import code, count

RENAME = "rename"
"""The form. Buttons that lead to it are ``model.rename`` and ``dataset.rename``."""


def rename_form(name: str, state: Naming) -> Block:
    """Draw the form."""
    hint = (
        f"1 to {LONGEST} characters. Every version that you sent here under this name gets the new one."
        if state.what == DATASET
        else "Letters and digits, with single hyphens or underscores between. The old name finds it as well."
    )
    element = text_input(FIELD, initial=name)
    return modal(
        RENAME,
        f"Rename the {state.what}",
        [field_input(FIELD, "New name", element, hint=hint)],
        submit="Rename",
        metadata=state.dump(),
    )


def renamed_words(renamed: Renamed) -> str:
    """Return what was renamed, and what goes on under the old name."""
    said = f"{code(renamed.before)} is called {code(renamed.after)} from now on."
    if renamed.what == DATASET:
        versions = f" That is {count(renamed.versions, 'version')}." if renamed.versions > 1 else ""
        return f"{said}{versions} Plans and cards from before keep the old name."
    return (
        f"{said} {code(renamed.before)} finds it as well; what is shown already keeps that name, and Bedrock goes on "
        f"calling it {code(renamed.at_bedrock)}."
    )
