"""Questions that are repeated where they were asked, and what stands under their answers."""

from dataclasses import replace
from decimal import Decimal

from bot.questions.cards import AnswerFooter, AnswerOffers, QuestionAloud
from bot.questions.shown import message_of
from handlers.ui.cards.questions import answer_footer, answer_offers
from handlers.ui.example_values import LONG_NAME, NOW, PLAN, TRAINER
from handlers.ui.examples import Examples

FOOTER = AnswerFooter(
    question="9c9c9c9c9c9c",
    model="claims-router",
    base="nova-lite",
    version="claims-router",
    made=NOW,
    dataset=PLAN.dataset_name,
    dataset_id=PLAN.dataset_id,
    tokens_in=412,
    tokens_out=96,
    seconds=3.24,
    first=0.41,
    hourly=False,
    usd=Decimal("0.0000478"),
    at_base_price=True,
    other_at_most=Decimal("0.000298"),
)
ANSWER = "Route it to **appeals-oncology**, priority *high*: stage IV and a prior denial.\n\nAsk for the denial letter."

EXAMPLES: Examples = {
    "question": QuestionAloud(
        TRAINER,
        "claims-router",
        "Patient stage IV, denied prior authorization, plan United. Where does it go?",
    ),
    "under an answer": FOOTER,
    "under words in its place, several models": AnswerOffers(
        FOOTER.question, again=False, wake="", which=("claims-router", "notes-summary")
    ),
    "under words in its place": AnswerOffers(FOOTER.question, again=True, wake="claims-router"),
    "answer, by the token": message_of(ANSWER, answer_footer(FOOTER)),
    "answer, by the hour": message_of(
        ANSWER, answer_footer(replace(FOOTER, hourly=True, at_base_price=False))
    ),
    "answer of a model with a long name": message_of(ANSWER, answer_footer(replace(FOOTER, model=LONG_NAME))),
    "question to a model that is asleep": message_of(
        "`claims-router` is asleep. Wake it with `/tune serve claims-router for 1h`: at most $44.00.",
        answer_offers(
            AnswerOffers(
                FOOTER.question,
                again=True,
                wake="claims-router",
                wake_base="claude-3-haiku",
                instead_of="claims-router",
                base="claude-3-haiku",
                at_most=FOOTER.other_at_most,
            )
        ),
    ),
    "answer that broke off": message_of(
        f"{ANSWER}\n\n_The answer broke off. `claims-router` took too long to answer. Ask again, or for something "
        "shorter._",
        answer_offers(AnswerOffers(FOOTER.question, again=True, wake="")),
    ),
    "answer, private": message_of(ANSWER, answer_footer(replace(FOOTER, share="C1"))),
    "answer of the base, for comparison": message_of(
        f"_Amazon Nova Lite, the base of_ `claims-router`\n\n{ANSWER}",
        answer_footer(replace(FOOTER, of_base=True, at_base_price=False, compares=True)),
    ),
}
