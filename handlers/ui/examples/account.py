"""What a look at the account has to tell."""

from bot.account.cards import AccountNews, ClocksApart
from handlers.ui.blocks import in_words
from handlers.ui.examples import Examples

EXAMPLES: Examples = {
    "account, clocks apart": ClocksApart(95.0),
    "account, news": AccountNews(
        tuple(in_words(f"`claims-router-{number}` is followed again.") for number in range(3))
    ),
}
