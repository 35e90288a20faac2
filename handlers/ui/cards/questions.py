"""Questions that are repeated where they were asked."""

from bot.controller.model import Message
from bot.questions.cards import QuestionAloud
from bot.questions.sanitising import sanitised
from bot.wording import inert
from handlers.ui.cards import Cards
from handlers.ui.text import clean, code, escape_marked, person


def question_aloud(card: QuestionAloud) -> Message:
    """Draw a question under which its answer comes."""
    model = f" {code(card.model)}" if card.model else ""
    words = inert(escape_marked(sanitised(clean(card.words))))
    lines = "\n".join(f">{line}" for line in words.splitlines())
    return Message(text=f"{person(card.user)} asked{model}:\n{lines}")


CARDS: Cards = {QuestionAloud: question_aloud}
