"""Questions that are repeated where they were asked."""

from bot.questions.cards import QuestionAloud
from handlers.ui.example_values import TRAINER
from handlers.ui.examples import Examples

EXAMPLES: Examples = {
    "question": QuestionAloud(
        TRAINER,
        "claims-router",
        "Patient stage IV, denied prior authorization, plan United. Where does it go?",
    ),
}
