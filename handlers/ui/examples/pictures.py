"""A picture that could not be sent."""

from bot.pictures.cards import PictureNotSent
from handlers.ui.examples import Examples

EXAMPLES: Examples = {
    "picture, not sent": PictureNotSent(
        "Bar chart of spending in November: the workspace $170.56 of $500.00.",
        "Slack takes no files from me: the scope `files:write` is missing.",
    )
}
