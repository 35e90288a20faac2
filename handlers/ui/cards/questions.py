"""Questions that are repeated where they were asked, and what stands under their answers."""

from dataclasses import replace
from decimal import Decimal

from bot.controller.model import Message
from bot.pricing.answers import AT_BASE_PRICE
from bot.pricing.money import UNKNOWN, at_most, fine
from bot.profiles.registry import PROFILES
from bot.questions.cards import AnswerFooter, AnswerOffers, QuestionAloud
from bot.questions.sanitising import sanitised
from bot.wording import inert
from handlers.ui.blocks import Element, actions, button, confirm, context, feedback, option, section, select
from handlers.ui.cards import Cards
from handlers.ui.cards.models import serve_button
from handlers.ui.cards.pricing import BASE_PRICE
from handlers.ui.folding import folded
from handlers.ui.forms.answering import answer_settings
from handlers.ui.limits import SELECT_OPTIONS, clip
from handlers.ui.text import clean, code, count, day, escape_marked, person

AGAIN, COMPARE = "answer.again", "answer.compare"
"""The actions of the buttons under an answer; the value is the question's key."""
WHICH = "answer.which"
"""The action of choosing who answers a question that names nobody; the value is its key and a model."""
SHARE = "answer.share"
"""The action of the button under a private one."""
VOTE = "answer.vote"
"""The action of the thumbs under it; the value is ``good`` or ``bad`` and the question's key."""
NAME = 20
"""Characters of a model's name in the line under an answer, which is one line of a phone."""


def question_aloud(card: QuestionAloud) -> Message:
    """Draw a question under which its answer comes."""
    model = f" {code(card.model)}" if card.model else ""
    if card.of_base:
        model = f" the base of{model}" if model else " the base"
    words = inert(escape_marked(sanitised(clean(card.words))))
    lines = "\n".join(f">{line}" for line in words.splitlines())
    return Message(text=f"{person(card.user)} asked{model}:\n{lines}")


def answer_footer(card: AnswerFooter) -> Message:
    """Draw what stands under an answer: one line, and the rest behind *Details*."""
    who = _base(card.base, NAME) if card.of_base else code(card.model, NAME)
    line = " · ".join([who, _seconds(card.seconds), _cost_shortly(card)])
    share = button("Share", SHARE, card.question) if card.share else None
    buttons = [button("Ask again", AGAIN, card.question), _compare_button(card), share]
    drawn = folded(line, [context(line)], [section("\n".join(_facts(card)))], *buttons)
    thumbs = feedback(VOTE, f"good {card.question}", f"bad {card.question}")
    return replace(drawn, blocks=[*drawn.blocks, thumbs])


def _compare_button(card: AnswerFooter) -> Element | None:
    """Return the button that asks the other of the two, at a price that is said before."""
    if card.compares or card.closed:
        return None
    other = code(card.model) if card.of_base else f"{_base(card.base)}, the base of {code(card.model)},"
    free = ", and nothing more where it is paid for by the hour" if card.of_base else ""
    asked = f"{other} is asked the same, and answers in this thread. {bound(card.other_at_most)}{free}."
    return button(
        "Compare", COMPARE, card.question, confirm=confirm("Compare both answers?", asked, "Compare")
    )


def bound(usd: Decimal | None) -> str:
    """Return a sum that nothing exceeds."""
    return "No price of that is published" if usd is None else f"That costs {at_most(usd)}"


def _facts(card: AnswerFooter) -> list[str]:
    named = f", {code(card.version)} at Bedrock" if card.version not in ("", card.model) else ""
    made = f", made {day(card.made)}" if card.made else ""
    lines = [f"*Model:* {code(card.model)}{named}, tuned from {_base(card.base)}{made}"]
    if card.of_base:
        lines = [
            f"*Model:* {_base(card.base)}, the base of {code(card.model)}, with that one's system prompt"
        ]
    if card.alias:
        until = f", which stands for {code(card.awaits)} once that is in service" if card.awaits else ""
        lines.append(f"*Asked as:* {code(card.alias)}{until}")
    if card.dataset_id:
        lines.append(f"*Trained on:* {code(card.dataset)}, SHA-256 {code(card.dataset_id)}…")
    lines.append(f"*Tokens:* {_tokens(card)}")
    lines.append(f"*Time:* {_seconds(card.seconds)}, the first word after {_seconds(card.first)}")
    lines.append(f"*Cost:* {_cost(card)}")
    if settings := answer_settings(
        card.temperature, card.max_tokens, card.stop, other_prompt=card.other_prompt
    ):
        lines.append(f"*Set for this model:* {settings}")
    return lines


def _base(name: str, longest: int = 120) -> str:
    known = PROFILES.get(name)
    return clip(known.label, longest) if known else code(name, longest)


def _tokens(card: AnswerFooter) -> str:
    if card.tokens_in is None or card.tokens_out is None:
        return "the service did not say"
    return f"{count(card.tokens_in, 'token')} read, with the thread and the system prompt; {card.tokens_out:,} written"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s"


def _cost_shortly(card: AnswerFooter) -> str:
    if card.hourly:
        return "paid by the hour"
    return f"{_usd(card)}{BASE_PRICE}" if card.at_base_price else _usd(card)


def _cost(card: AnswerFooter) -> str:
    if card.hourly:
        return "nothing more: the model is paid for by the hour"
    return f"{_usd(card)}{BASE_PRICE}, {AT_BASE_PRICE}" if card.at_base_price else _usd(card)


def _usd(card: AnswerFooter) -> str:
    return UNKNOWN if card.usd is None else fine(card.usd)


def answer_offers(card: AnswerOffers) -> Message:
    """Draw what is offered where there is no answer."""
    wake = serve_button(card.wake, card.wake_base) if card.wake else None
    again = button("Ask again", AGAIN, card.question) if card.again else None
    choices = [option(f"Ask {each}"[:75], f"{card.question} {each}") for each in card.which[:SELECT_OPTIONS]]
    which = select(WHICH, choices, placeholder="Ask which?") if choices else None
    return Message(text="Ask again", blocks=actions(wake, again, _base_button(card), which))


def _base_button(card: AnswerOffers) -> Element | None:
    """Return the button that asks the base in place of a model that is asleep, at a price that is said before."""
    if not card.instead_of:
        return None
    asked = (
        f"{_base(card.base)} is asked, from which {code(card.instead_of)} was tuned. {bound(card.at_most)}."
    )
    return button("Ask its base", COMPARE, card.question, confirm=confirm("Ask the base?", asked, "Ask it"))


CARDS: Cards = {QuestionAloud: question_aloud, AnswerFooter: answer_footer, AnswerOffers: answer_offers}
