"""What a look at the account has to tell."""

from bot.account.cards import AccountNews, ClocksApart
from bot.controller.model import Message
from handlers.ui.blocks import in_words, section
from handlers.ui.cards import Cards
from handlers.ui.limits import MESSAGE_TEXT, clip, first

SHOWN_LINES, TOGETHER = 30, 10
"""Lines in one message, of which the log has the rest; and in one paragraph, which takes 3,000 characters."""
LINE = 290

HEAD = "I compared the AWS account with what I know:"


def account_news(card: AccountNews) -> Message:
    """Draw all that one look found, a line each."""
    shown, left_out = first(card.lines, SHOWN_LINES)
    lines = [clip(each.text, LINE) for each in shown]
    if left_out:
        lines.append(f"… and {left_out} more; the log has them all.")
    said = [HEAD, *lines]
    paragraphs = ["\n".join(said[at : at + TOGETHER]) for at in range(0, len(said), TOGETHER)]
    return Message(clip("\n".join(paragraphs), MESSAGE_TEXT), [section(each) for each in paragraphs])


def clocks_apart(card: ClocksApart) -> Message:
    """Draw that two clocks differ, and what that means for leases."""
    return in_words(
        f"The clocks of Redis and of this machine are {card.seconds:.0f} s apart. Leases are released by the one "
        "that AWS's clock agrees with. Let both take their time from the same NTP servers."
    )


CARDS: Cards = {AccountNews: account_news, ClocksApart: clocks_apart}
