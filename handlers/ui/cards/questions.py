"""Questions that are repeated where they were asked."""

from bot.controller.model import Message
from bot.questions.cards import QuestionAloud
from bot.questions.sanitising import sanitised
from handlers.ui.cards import Cards
from handlers.ui.text import clean, escape_marked, person


def question_aloud(card: QuestionAloud) -> Message:
    """Draw a question under which its answer comes."""
    model = f" `{escape_marked(sanitised(clean(card.model)))}`" if card.model else ""
    quoted = "\n".join(f">{line}" for line in escape_marked(sanitised(clean(card.words))).splitlines())
    return Message(text=f"{person(card.user)} asked{model}:\n{quoted}")


CARDS: Cards = {QuestionAloud: question_aloud}
