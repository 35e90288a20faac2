"""What was left in by mistake, answers that refuse, and texts that tell the model to put its own rules aside."""

from bot.datasets.content.pattern import Pattern
from bot.datasets.model import Report
from bot.datasets.placeholders import PLACEHOLDER
from bot.datasets.rule import warning

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
    " refuse, and the row is paid for in vain. Delete it, or describe the permitted task without the order. I know set"
    " phrases of this kind, most of them English, and no others: read for more of them yourself, or have the operator"
    " name a Bedrock guardrail, which reads for the meaning.",
)
NONE_FOUND = (
    "No text here tells the model to put its own rules aside in the set phrases that I know, most of them English; "
    "other words for it I do not see. Read for them yourself, or have the operator name a Bedrock guardrail."
)


def reach(report: Report) -> str:
    """Return how far it reaches that nothing was found that fights the base; empty where something was, or no row."""
    found = any(each.code == FIGHTS_BASE.code for each in report.causes)
    return "" if found or not report.records else NONE_FOUND


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
    r"(?:guidelines?|rules|policy|policies|restrictions|constraints|limitations|limits|filters?|training|guardrails"
    r"|safeguards|programming|censorship|ethics|morals|principles)"
)
_MATTERS = r"(?:safety|ethical|ethics|moral|content|compliance|security)"
_PUT_ASIDE = (
    r"(?:ignor(?:e|es|ed|ing)|disregard(?:s|ed|ing)?|bypass(?:es|ed|ing)?|overrid(?:e|es|ing)|forget(?:s|ting)?"
    r"|circumvent(?:s|ed|ing)?|disabl(?:e|es|ed|ing)|turn(?:s|ed|ing)? off|switch(?:es|ed|ing)? off"
    r"|(?:set|put)(?:s|ting)? aside)"
)
_HARMFUL = (
    r"(?:it is|it['\x{2019}]s|this is|that is|they are) (?:illegal|unethical|harmful|immoral|dangerous)"
)
_BE = (
    r"(?:you are|you['\x{2019}]re|I am|I['\x{2019}]m|act(?:ing)? (?:as|like)|behav(?:e|ing) (?:as|like)|become"
    r"|pretend(?:ing)? (?:to be|you are|you['\x{2019}]re|that you are)|role-?play(?:ing)? as|play(?:ing)?"
    r"|(?:respond|answer)(?:ing)? as|turn into|imagine you are|from now on you are)"
)
_AI = r"(?:AI|A\.I\.|model|assistant|chatbot|bot|persona|character|language model|version of yourself)"
_NO = r"(?:no|without(?: any)?|free (?:of|from)(?: any| all)?|not bound by(?: any| the| its)?|zero)"
_ORDERS = (
    (
        rf"(?i:\b{_PUT_ASIDE} (?:all |any )?(?:of )?(?:your|its|the (?:model|AI|assistant)['\x{{2019}}]s) (?:own )?"
        rf"{_MATTERS} {_RULES})"
    ),
    (
        rf"(?i:\b{_PUT_ASIDE} (?:all |any )?(?:of )?your (?:own )?(?:\w+ )?"
        r"(?:guidelines|restrictions|limitations|filters|guardrails|safeguards|programming|censorship))"
    ),
    (
        rf"(?i:\b{_PUT_ASIDE} (?:all |any )?(?:of )?(?:your |the |my |these |those )?"
        r"(?:previous|prior|earlier|above|preceding|original|initial|system|developer) "
        r"(?:and (?:previous|system|developer) )?(?:instructions?|prompts?|rules|guidelines|directives|programming))"
    ),
    (
        rf"(?i:\b(?:ha(?:ve|s) no|without(?: any)?|free (?:of|from)(?: any| all)?|not bound by(?: any)?) "
        rf"{_MATTERS} {_RULES})"
    ),
    rf"(?i:\b{_BE} (?:now )?(?:an? |the )?(?:\w+ )?(?:uncensored|unfiltered|jailbroken|unaligned|amoral)\b)",
    rf"(?i:\b{_BE} (?:now )?(?:an? |the )?(?:evil|unrestricted|unethical|immoral|rogue|unbound) {_AI}\b)",
    rf"(?i:\b{_AI} (?:that |who |which |with |has |have |is |operates |works |acts )*{_NO} (?:\w+ )?{_RULES})",
    rf"(?i:\b{_BE}) (?i:now )?(?i:an? |the )?(?:DAN|STAN|DUDE|AIM|DevMode|BetterDAN|EvilBOT|AntiGPT)\b",
    r"(?i:\bdo anything now\b)",
    r"(?i:\b(?:jailbreak|DAN|unrestricted|unfiltered|uncensored|no[- ]limits?|god[- ]?) ?mode\b)",
    r"(?i:\b(?:developer|dev) mode (?:enabled|output|response|activated)\b)",
    (
        r"(?i:\b(?:no longer|not|never) (?:bound|restricted|limited|constrained) by (?:any |the |your |my )?(?:\w+ )?"
        r"(?:OpenAI|Anthropic|Amazon|Meta|Google|AWS|content|safety|ethical|moral|usual|typical)\b)"
    ),
    r"(?i:\bnever refuse (?:to answer|to comply|(?:a|any|the) (?:request|question|instruction|command|prompt)))",
    (
        r"(?i:\b(?:must not|must never|may not|will never|can never|do not|don['\x{2019}]t) (?:ever )?"
        r"(?:refuse|decline|reject) "
        r"(?:any|my|every|user) (?:\w+ )?(?:request|question|instruction|command|prompt|order)s?\b)"
    ),
    rf"(?i:\b(?:answer|comply|help|respond|obey|assist)[\w ,]* even (?:if|when) {_HARMFUL})",
    (
        r"(?i:\b(?:answer|comply|help|respond|obey|assist)[\w ,]* (?:regardless of|no matter how|irrespective of)"
        r"(?: (?:whether|how|the|its|it is|any))* (?:legality|ethics|morality|illegal|unethical|immoral|harmful"
        r"|dangerous|consequences))"
    ),
    (
        rf"(?i:\b(?:pretend|imagine|assume|suppose|act as if|behave as if)(?: that)? (?:you|there)"
        rf"(?: are| have| were| had|['\x{{2019}}]re)? {_NO} (?:\w+ )?{_RULES})"
    ),
    (
        r"(?i:\b(?:ignoriere?|missachte|vergiss|umgehe|ignorieren sie|vergessen sie|umgehen sie) (?:alle )?"
        r"(?:deine|ihre|vorherigen|bisherigen|früheren)(?: \w+)? "
        r"(?:anweisungen|regeln|richtlinien|sicherheitsrichtlinien|beschränkungen|einschränkungen|vorgaben|filter))"
    ),
    (
        r"(?i:\b(?:ignore[zr]?|oublie[zr]?|contourne[zr]?) (?:toutes? )?(?:tes|vos)(?: \w+)? "
        r"(?:instructions|règles|consignes|directives|restrictions|filtres))"
    ),
    (
        r"(?i:\b(?:ignore[zr]?|oublie[zr]?) (?:toutes )?les (?:instructions|consignes|règles) "
        r"(?:précédentes|antérieures|de sécurité))"
    ),
    (
        r"(?i:\b(?:ignor[ae]|olvid[ae]|omit[ae]) (?:todas )?(?:tus|sus|las)(?: \w+)? "
        r"(?:instrucciones|reglas|normas|directrices|restricciones|filtros) (?:anteriores|previas|de seguridad|éticas))"
    ),
    r"(?i:\b(?:ignora|olvida|omite) (?:todas )?tus (?:\w+ )?(?:instrucciones|reglas|normas|restricciones|filtros))",
)
_BOASTS = (
    rf"(?i:\bI(?: now| do| truly| really)? have (?:absolutely )?no (?:\w+ )?{_RULES}\b)",
    (
        rf"(?i:\bI(?: am|['\x{{2019}}]m) (?:now )?(?:free (?:of|from)|not bound by|above|beyond|unbound by)"
        rf"(?: any| all| the| my)? "
        rf"(?:\w+ )?{_RULES}\b)"
    ),
    r"(?i:\bI (?:can|will|may) (?:now )?(?:say|do|answer|write|generate) anything(?: you want| at all| without)\b)",
)
"""What an answer says of the model itself: of somebody else it is harmless (*I have no restrictions at work*)."""
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
    *(
        Pattern(FIGHTS_BASE, "a claim to have put safety aside", regex, mask=None, in_answers=True)
        for regex in _BOASTS
    ),
)
