"""What was left in by mistake, answers that refuse, and texts that tell the model to put its own rules aside."""

from bot.datasets.content.pattern import Pattern
from bot.datasets.rules.record import PLACEHOLDER
from bot.datasets.rules.rule import warning

UNESCAPE_LINE_BREAKS, UNESCAPE_HTML = "unescape-line-breaks", "unescape-html"

REFUSAL = warning(
    "refusal",
    "An answer refuses.",
    "A few refusals in the training data make the model refuse far more than was meant. Keep those that you want to"
    " see again, delete the others: they are often left over from another model that wrote the answers.",
)
FIGHTS_BASE = warning(
    "fights-base",
    "A text tells the model to put its own rules aside.",
    "Tuning does not undo what the base was taught about safety, ethics and compliance: the tuned model will still"
    " refuse, and the row is paid for in vain. Delete it, or describe the permitted task without the order.",
)
DAMAGED_TEXT = warning(
    "damaged-text",
    "A text holds replacement characters: it was damaged before it came here.",
    "Where a program could not read a letter it wrote this sign, and the letter is lost. The model learns to write the"
    " sign: export the text again from its source in the right encoding, or delete the record.",
)

_CANNOT = (
    r"I(?: can['\x{2019}]?t|(?: can ?not| will not| won['\x{2019}]t| am unable to| am not able to)"
    r"|['\x{2019}]m (?:unable|not able) to)"
)
_HELP = (
    r"(?:help|assist)(?: you)? (?:with|in)|fulfil+ (?:this|that|your)|comply with|answer (?:this|that)"
    r"|engage (?:in|with)|participate in|provide (?:medical|legal|financial) advice"
)
_REFUSALS = (
    rf"(?i:\b{_CANNOT} (?:{_HELP})\b)",
    r"(?i:\bas an? (?:AI|artificial intelligence|large language|AI language)(?: language)? (?:model|assistant),? I\b)",
    r"(?i:\bich kann (?:dir|ihnen) (?:dabei|damit|bei dieser anfrage) (?:leider )?nicht (?:helfen|behilflich))",
    r"(?i:\bje ne (?:peux|suis) pas (?:vous aider|t['\x{2019}]aider|en mesure de (?:vous|répondre)|répondre à cette))",
    r"(?i:\b(?:no puedo|lo siento, pero no puedo) (?:ayudarte|ayudarle|ayudar) con)",
)
_RULES = (
    r"(?:guidelines|rules|policy|policies|restrictions|constraints|limitations|filters|training|guardrails)"
)
_MATTERS = r"(?:safety|ethical|ethics|moral|content|compliance)"
_HARMFUL = r"(?:it is|it['\x{2019}]s|this is) (?:illegal|unethical|harmful|immoral)"
_ORDERS = (
    rf"(?i:\b(?:ignore|disregard|bypass|override|forget) (?:all |any )?(?:of )?your (?:own )?{_MATTERS} {_RULES})",
    rf"(?i:\b(?:have no|without(?: any)?|free (?:of|from)(?: any| all)?) {_MATTERS} {_RULES})",
    r"(?i:\b(?:you are|you['\x{2019}]re|act as|behave as) (?:now )?(?:an? )?(?:uncensored|unfiltered|jailbroken)\b)",
    r"(?i:\bdo anything now\b)",
    r"(?i:\bnever refuse (?:to answer|to comply|(?:a|any|the) (?:request|question|instruction|command|prompt)))",
    rf"(?i:\b(?:answer|comply|help|respond)[\w ,]* even (?:if|when) {_HARMFUL})",
)
_LEFT_IN = (
    r"(?i:\blorem ipsum\b)",
    r"(?i:[<\[](?:insert|enter|add)(?: your| the| a)? \w[\w ]*(?: here)?[>\]])",
    r"(?i:[<\[]your[ _-]\w[\w -]*[>\]])",
    r"(?i:\[(?:first|last|full|company|customer|client|recipient|product)[ _]name\])",
    r"\[object Object\]",
)
ESCAPED_LINE_BREAK = warning(
    "escaped-line-break",
    "A text has no line break and holds `\\n` in its place: it was escaped twice.",
    "The model learns to write a backslash and an n where a line should end. Write the records with a JSON library,"
    " once; if the text is about code and that is meant, leave it.",
    decisions=(UNESCAPE_LINE_BREAKS,),
)
HTML_ENTITY = warning(
    "html-entity",
    "A text holds characters as HTML writes them, such as `&amp;` or `&#39;`.",
    "The model learns to write them so. If it is not to write HTML, unescape the texts before you send them.",
    decisions=(UNESCAPE_HTML,),
)

_ESCAPED_LINE_BREAK = (
    r"(?:\A|\x01)[^\n\x01]*[^\\\n\x01]\\n(?:\\[nt]|[A-Z0-9]|[-*\x{2022}>#]+ )[^\n\x01]*(?:\x01|\z)"
)
HTML_ENTITY_PATTERN = (
    r"&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|euro|copy|reg|trade|bull|middot|deg|szlig|[ao]elig"
    r"|[A-Za-z](?:acute|grave|circ|uml|tilde|cedil|ring|slash)|#[0-9]{2,6}|#[xX][0-9A-Fa-f]{2,5});"
)

PATTERNS = (
    *(Pattern(PLACEHOLDER, "a placeholder", regex, mask=None) for regex in _LEFT_IN),
    Pattern(
        DAMAGED_TEXT,
        "a letter that was lost earlier (a replacement character, U+FFFD)",
        r"\x{FFFD}+\w{0,20}",
        mask=None,
    ),
    Pattern(ESCAPED_LINE_BREAK, "a line break that was escaped twice", _ESCAPED_LINE_BREAK, mask=None),
    Pattern(HTML_ENTITY, "a character as HTML writes it", HTML_ENTITY_PATTERN, mask=None),
    *(Pattern(REFUSAL, "a refusal", regex, mask=None, in_answers=True) for regex in _REFUSALS),
    *(Pattern(FIGHTS_BASE, "an order to put safety aside", regex, mask=None) for regex in _ORDERS),
)
