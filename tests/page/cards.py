"""People, channels and the kind of messages that the bot sends, as the page gets them."""

from typing import Any

Json = dict[str, Any]

BOT = "U0BOT"
TRAINER, APPROVER, ASKER = "U1", "U2", "U3"
CHANNEL, OTHER, BOT_DM = "C1", "C2", "D1"

COMMANDS: list[Json] = [
    {
        "command": "/tune",
        "description": "Fine-tune models on Amazon Bedrock",
        "usage_hint": "[help, start, status, stop]",
    },
    {"command": "/ask", "description": "Ask a model", "usage_hint": "[MODEL] QUESTION"},
]
SHORTCUTS: list[Json] = [
    {"callback_id": "validate_message", "name": "Validate training file", "type": "message"},
    {"callback_id": "add_to_set", "name": "Add to training set", "type": "message"},
]


def people() -> list[Json]:
    """Return one person of each role, and the bot."""
    rows = [
        (TRAINER, "tess", "Tess Okafor", "trainer", "2b6cb0", "TO"),
        (APPROVER, "amir", "Amir Haddad", "approver", "2f855a", "AH"),
        (ASKER, "ines", "Inês Duarte", "asker", "b7791f", "ID"),
        (BOT, "tunesmith", "Tunesmith", None, "4a154b", "T"),
    ]
    keys = ("id", "name", "real_name", "role", "color", "initials")
    return [{**dict(zip(keys, row, strict=True)), "is_bot": row[0] == BOT} for row in rows]


def channels() -> list[Json]:
    """Return two channels and a direct message with the bot and with a colleague."""
    common = {"private": False, "topic": "", "is_member": True, "bot_is_member": True, "unread": 0}
    return [
        common
        | {"id": CHANNEL, "name": "claims-ai", "kind": "channel", "topic": "Models that read claims letters"},
        common | {"id": OTHER, "name": "general", "kind": "channel", "bot_is_member": False},
        common | {"id": BOT_DM, "name": "", "kind": "im", "person": BOT},
        common | {"id": "D2", "name": "", "kind": "im", "person": APPROVER},
    ]


def bedrock() -> Json:
    """Return the Bedrock stand-in's panel."""
    return {
        "now": "2026-11-22T18:30:00Z",
        "speed": 1,
        "paused": True,
        "lifecycle": "open",
        "jobs": [
            {"name": "claims-router-1", "status": "InProgress", "stage": "Training", "base": "Claude 3 Haiku"}
        ],
        "throughputs": [
            {"name": "claims-router", "status": "InService", "model": "claims-router", "units": 1}
        ],
        "deployments": [],
        "faults": [],
        "fault_kinds": [
            {"kind": "throttle", "label": "Throttled (429)", "operations": ["*"]},
            {
                "kind": "fail_training",
                "label": "Next job fails",
                "operations": ["CreateModelCustomizationJob"],
            },
        ],
    }


def plain(text: str) -> Json:
    """Return a plain_text object."""
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> Json:
    """Return a mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str | None = None, description: str = "") -> Json:
    """Return an option of a menu."""
    extra = {"description": plain(description)} if description else {}
    return {"text": plain(text), "value": value or text, **extra}


def button(text: str, action: str, **extra: Any) -> Json:
    """Return a button."""
    return {"type": "button", "text": plain(text), "action_id": action, "value": f"{action}-value", **extra}


def confirm(title: str, text: str, yes: str) -> Json:
    """Return a confirm object."""
    return {"title": plain(title), "text": mrkdwn(text), "confirm": plain(yes), "deny": plain("Keep it")}


def verdict() -> list[Json]:
    """Return the card that answers an uploaded dataset."""
    causes = (
        ":x: *Assistant turn is empty* · 3 records\n"
        "      lines 14, 88, 201 · _Remove the records or fill in the answer._\n"
        ":warning: *Duplicate record* · 12 records\n      lines 7, 19, 33, 40 … · _Duplicates weigh more in training._"
    )
    fields = [
        "*Records*\n1,204",
        "*Tokens*\n412,900",
        "*Longest record*\n1,871 tokens",
        "*Format*\nMessages (Claude)",
    ]
    actions = [
        button("Repair 15 records", "repair", style="primary"),
        button("Full report", "report"),
        {
            "type": "overflow",
            "action_id": "more",
            "options": [
                option("Validate as validation set", "as_validation"),
                option("Forget this file", "forget"),
            ],
        },
    ]
    base = {
        "type": "static_select",
        "action_id": "base",
        "placeholder": plain("Check for another base"),
        "options": [
            option("Claude 3 Haiku", "haiku"),
            option("Nova Micro", "micro"),
            option("Llama 3.3 70B", "llama"),
        ],
    }
    return [
        {"type": "header", "block_id": "h", "text": plain("claims.jsonl can be repaired")},
        {"type": "section", "block_id": "causes", "text": mrkdwn(causes)},
        {"type": "section", "block_id": "facts", "fields": [mrkdwn(text) for text in fields]},
        {"type": "actions", "block_id": "do", "elements": [*actions, base]},
        {
            "type": "context",
            "block_id": "c",
            "elements": [mrkdwn("For *Claude 3 Haiku* in `us-west-2` · sha256 `9f2c…e1`")],
        },
    ]


def plan() -> list[Json]:
    """Return a plan card with a table."""
    rows = [
        ("What", "Value", "Price"),
        ("Training", "412,900 tokens, 4 epochs", "$6.61"),
        ("Storage", "one model, a month", "$1.95"),
        ("Serving", "1 model unit, no commitment", "$21.18 / h"),
    ]
    stop = confirm("Start the job?", "This spends *$6.61* on training.", "Start")
    cells = [[{"type": "raw_text", "text": text} for text in row] for row in rows]
    return [
        {"type": "header", "block_id": "h", "text": plain("Plan: claims-router")},
        {
            "type": "section",
            "block_id": "s",
            "text": mrkdwn("Fine-tune *Claude 3 Haiku* on `claims.jsonl` for <@U1>. Nothing has been spent."),
            "accessory": button("Change", "change"),
        },
        {"type": "table", "block_id": "t", "rows": cells, "column_settings": [{}, {}, {"align": "right"}]},
        {"type": "divider", "block_id": "d"},
        {
            "type": "actions",
            "block_id": "a",
            "elements": [
                button("Start", "start", style="primary", confirm=stop),
                button("Discard", "discard", style="danger"),
            ],
        },
        {
            "type": "context",
            "block_id": "c",
            "elements": [
                mrkdwn(":white_check_mark: Preflight passed"),
                mrkdwn("Plan `a41f09`, valid for 1 hour"),
            ],
        },
    ]


def live_job() -> list[Json]:
    """Return the live message of a job."""
    stages = (
        ":white_check_mark: Validation  ·  4 min\n:white_check_mark: Data processing  ·  6 min\n"
        ":hourglass_flowing_sand: *Training*  ·  38 min of about 1 h 20 min\n:white_circle: Model ready"
    )
    return [
        {"type": "header", "block_id": "h", "text": plain("claims-router is training")},
        {"type": "section", "block_id": "s", "text": mrkdwn(stages)},
        {
            "type": "section",
            "block_id": "f",
            "fields": [
                mrkdwn("*Epoch*\n2 of 4"),
                mrkdwn("*Training loss*\n0.412"),
                mrkdwn("*Cost so far*\n$3.31"),
            ],
        },
        {
            "type": "actions",
            "block_id": "a",
            "elements": [
                button(
                    "Stop job",
                    "stop",
                    style="danger",
                    confirm=confirm("Stop it?", "You pay for what ran.", "Stop"),
                ),
                button("Open in AWS", "aws", url="https://console.aws.amazon.com/bedrock"),
            ],
        },
        {
            "type": "context",
            "block_id": "c",
            "elements": [mrkdwn("Started by <@U1> · <!date^1764000000^{date_short} at {time}|then>")],
        },
    ]


def _input(block: str, label: str, element: Json, **extra: Any) -> Json:
    return {"type": "input", "block_id": block, "label": plain(label), "element": element, **extra}


def form() -> Json:
    """Return the modal of /tune start: one of each kind of input."""
    bases = [option(f"Base {number}", f"base-{number}", "us-west-2") for number in range(1, 9)]
    blocks = [
        {
            "type": "section",
            "block_id": "intro",
            "text": mrkdwn("Values come from *claims.jsonl*; change what you like."),
        },
        _input("name", "Model name", {"type": "plain_text_input", "action_id": "name", "max_length": 63}),
        _input("base", "Base model", {"type": "static_select", "action_id": "base", "options": bases}),
        _input(
            "epochs",
            "Epochs",
            {
                "type": "number_input",
                "action_id": "epochs",
                "is_decimal_allowed": False,
                "min_value": "1",
                "max_value": "10",
                "initial_value": "2",
            },
            hint=plain("1 to 10. More epochs cost more and may overfit."),
        ),
        _input(
            "tags",
            "Tags",
            {
                "type": "multi_static_select",
                "action_id": "tags",
                "options": [option("claims"), option("pilot")],
            },
            optional=True,
        ),
        _input("owner", "Approver", {"type": "users_select", "action_id": "owner"}, optional=True),
        _input(
            "split",
            "Validation set",
            {
                "type": "radio_buttons",
                "action_id": "split",
                "options": [option("Hold back 10 %", "split"), option("Upload one", "upload")],
                "initial_option": option("Hold back 10 %", "split"),
            },
            dispatch_action=True,
        ),
        _input(
            "file",
            "Validation file",
            {"type": "file_input", "action_id": "file", "filetypes": ["jsonl"], "max_files": 1},
            optional=True,
        ),
        _input(
            "flags",
            "Options",
            {"type": "checkboxes", "action_id": "flags", "options": [option("Stop early", "early")]},
            optional=True,
        ),
        _input("day", "Start on", {"type": "datepicker", "action_id": "day"}, optional=True),
        _input(
            "notes",
            "Notes",
            {"type": "plain_text_input", "action_id": "notes", "multiline": True},
            optional=True,
        ),
    ]
    titles = {"title": plain("Start a job"), "submit": plain("Make a plan"), "close": plain("Cancel")}
    return {"id": "V1", "type": "modal", "callback_id": "start", "blocks": blocks, **titles}


def app_home() -> Json:
    """Return an App Home."""
    return {
        "id": "VH",
        "type": "home",
        "blocks": [
            {"type": "header", "block_id": "h", "text": plain("My jobs")},
            {
                "type": "section",
                "block_id": "j",
                "text": mrkdwn("*claims-router* · training, epoch 2 of 4\n$3.31 so far"),
                "accessory": button("Open", "open_job"),
            },
            {"type": "divider", "block_id": "d"},
            {"type": "header", "block_id": "h2", "text": plain("Running leases")},
            {
                "type": "section",
                "block_id": "l",
                "text": mrkdwn(":large_green_circle: *triage-v2* until 20:30 · $21.18 an hour"),
            },
            {
                "type": "actions",
                "block_id": "a",
                "elements": [button("Extend", "extend"), button("I'm done", "release")],
            },
        ],
    }
