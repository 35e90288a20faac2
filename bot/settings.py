"""Everything that an operator can set, each with its name, its limits and what it is for."""

from decimal import Decimal
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.profiles import registry
from bot.profiles.service_patterns import TAG_VALUE
from bot.setting_money import Budgets, CommitmentTerms, Prices
from bot.setting_values import (
    AppToken,
    AuditKey,
    BaseName,
    BotToken,
    Buckets,
    ChannelIds,
    EventQueues,
    Guardrails,
    IpAddress,
    ModelKeys,
    OptionalRoleArn,
    RecipientId,
    RedisUrl,
    RoleArn,
    RoleIds,
    SigningSecret,
    UserIds,
    WebAddress,
)

MIB = 1024 * 1024


class Settings(BaseSettings):
    """Everything that an operator can set. docs/reference/settings.md is made from these fields."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=False,
        env_ignore_empty=True,
        hide_input_in_errors=True,
        allow_inf_nan=False,
    )

    slack_bot_token: BotToken = Field(
        validation_alias="SLACK_BOT_TOKEN",
        description="the bot token, `xoxb-…`: your app's page at api.slack.com/apps, *OAuth & Permissions*",
    )
    slack_app_token: AppToken | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="the app-level token, `xapp-…`, with `connections:write`, for Socket Mode: *Basic Information*",
    )
    slack_signing_secret: SigningSecret | None = Field(
        default=None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="the signing secret, for `tunesmith run --http`: *Basic Information*",
    )
    slack_api_url: WebAddress = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="where Slack's Web API is",
    )
    redis_url: RedisUrl = Field(
        validation_alias="REDIS_URL",
        description="Redis 6.2 or Valkey 7.2 and later, `redis://…` or `rediss://…`, with persistence and `noeviction`",
    )
    buckets: Buckets = Field(
        validation_alias="TUNESMITH_BUCKETS",
        description="an S3 bucket for each region that you tune in, `us-west-2=my-bucket,us-east-1=other`",
    )
    role_arn: RoleArn = Field(
        validation_alias="TUNESMITH_ROLE_ARN",
        description="the role that Bedrock takes to read and write these buckets: IAM, *Roles*",
    )
    assume_role: OptionalRoleArn = Field(
        default="",
        validation_alias="TUNESMITH_ASSUME_ROLE",
        description="a role that the bot takes for all it does at AWS, as in another account; empty: none",
    )
    assume_role_external_id: str = Field(
        default="",
        max_length=1_224,  # botocore's model of STS, externalIdType, which has two characters at least
        pattern=r"^([A-Za-z0-9_+=,.@:/-]{2,})?$",
        validation_alias="TUNESMITH_ASSUME_ROLE_EXTERNAL_ID",
        description="the external ID that this role's trust policy asks for; empty: it asks for none",
    )
    bucket_owner: str = Field(
        default="",
        pattern=r"^([0-9]{12})?$",
        validation_alias="TUNESMITH_BUCKET_OWNER",
        description="the AWS account that the buckets belong to, twelve digits; empty: the bot's own, which AWS tells",
    )
    model_keys: ModelKeys = Field(
        default_factory=dict,
        validation_alias="TUNESMITH_MODEL_KEYS",
        description="your key of KMS for each region, `us-west-2=arn:aws:kms:…:key/…`, that encrypts tuned models",
    )
    event_queues: EventQueues = Field(
        default_factory=dict,
        validation_alias="TUNESMITH_EVENT_QUEUES",
        description="a queue of Bedrock's events for each region, `us-west-2=https://sqs.…`, so that a job's end is "
        "told sooner; empty: jobs are polled alone",
    )
    base_model: BaseName = Field(
        default=registry.DEFAULT,
        validation_alias="TUNESMITH_BASE_MODEL",
        description="the base model when nobody names one",
    )
    allowed_channels: ChannelIds = Field(
        default=frozenset(),
        validation_alias="TUNESMITH_ALLOWED_CHANNELS",
        description="channel IDs the bot works in, and alone may spend for; empty: wherever it is invited",
    )
    trainers: RoleIds = Field(
        default=frozenset(),
        validation_alias="TUNESMITH_TRAINERS",
        description="who may spend: start jobs and leases, extend them, end those of others; people, user groups, and "
        "channels, whose members may for what they ask for there: `@tess,@ml-team,#claims-ai`; empty: nobody",
    )
    askers: RoleIds = Field(
        default=frozenset(),
        validation_alias="TUNESMITH_ASKERS",
        description="who may ask models beside trainers, named in the same way; empty: whoever sees the channel",
    )
    guests: UserIds = Field(
        default=frozenset(),
        validation_alias="TUNESMITH_GUESTS",
        description="user IDs of guests and partners to whom the other lists apply, too; empty: to none of them",
    )
    approvers: RoleIds = Field(
        default=frozenset(),
        validation_alias="TUNESMITH_APPROVERS",
        description="who may approve spending over the limit or at an unknown price: people, user groups, and private "
        "channels for what is asked for there; nobody by a channel that anybody may join",
    )
    break_glass: bool = Field(
        default=False,
        validation_alias="TUNESMITH_BREAK_GLASS",
        description="whether an operator may start in an emergency, with a reason that everyone is told, what an "
        "approver would have to agree to; never over a budget",
    )
    approval_limit_usd: Decimal = Field(
        default=Decimal(25),
        ge=0,
        validation_alias="TUNESMITH_APPROVAL_LIMIT_USD",
        description="what a trainer may spend at once without an approver, in US dollars",
    )
    self_approval_limit_usd: Decimal = Field(
        default=Decimal(0),
        ge=0,
        validation_alias="TUNESMITH_SELF_APPROVAL_LIMIT_USD",
        description="up to what an approver may approve what they asked for themselves, in US dollars; 0: never",
    )
    budgets: Budgets = Field(
        default_factory=dict,
        validation_alias="TUNESMITH_BUDGETS",
        description="US dollars a month that nothing goes over: `all=500,C0CLAIMSAI=200,U0TRAINER1=100`; empty: no cap",
    )
    prices: Prices = Field(
        default_factory=dict,
        validation_alias="TUNESMITH_PRICES",
        description="prices that AWS told you, `claude-3-haiku.model_unit_hour=…`; they win over published ones. An "
        "hour of a term has its own: `model_unit_hour_1_month`, `model_unit_hour_6_months`",
    )
    max_file_bytes: int = Field(
        default=1024 * MIB,
        gt=0,
        validation_alias="TUNESMITH_MAX_FILE_BYTES",
        description="the largest file that is downloaded from Slack, in bytes",
    )
    guardrails: Guardrails = Field(
        default_factory=dict,
        validation_alias="TUNESMITH_GUARDRAILS",
        description="a Bedrock guardrail for each region, `us-west-2=abc123:1`, that reads a sample of a file's rows",
    )
    files_at_once: int = Field(
        default=2,
        ge=1,
        le=64,
        validation_alias="TUNESMITH_FILES_AT_ONCE",
        description="files that one process of the bot works on at once, each in a process of its own; others wait",
    )
    max_lease_minutes: int = Field(
        default=8 * 60,
        gt=0,
        le=31 * 24 * 60,
        validation_alias="TUNESMITH_MAX_LEASE_MINUTES",
        description="the longest lease on throughput, extensions included",
    )
    idle_minutes: int = Field(
        default=30,
        ge=0,
        le=31 * 24 * 60,
        validation_alias="TUNESMITH_IDLE_MINUTES",
        description="minutes without a question after which a lease is released early, where nobody says otherwise; "
        "0: none is",
    )
    commitment_terms: CommitmentTerms = Field(
        default=frozenset(),
        validation_alias="TUNESMITH_COMMITMENT_TERMS",
        description="for which terms throughput may be bought, `1-month,6-months`, always with an approver: it is "
        "billed to its end, which nothing brings forward, and AWS renews it by itself; empty: for none",
    )
    max_answer_tokens: int = Field(
        default=4_096,
        gt=0,
        le=1_000_000,
        validation_alias="TUNESMITH_MAX_ANSWER_TOKENS",
        description="the longest answer to a question, in tokens; no base model gives longer ones than its own limit",
    )
    base_meanwhile: bool = Field(
        default=True,
        validation_alias="TUNESMITH_BASE_MEANWHILE",
        description="whether its base answers for a model that sleeps, where money may be spent; channels may refuse",
    )
    questions_per_person: int = Field(
        default=6,
        gt=0,
        le=10_000,
        validation_alias="TUNESMITH_QUESTIONS_PER_PERSON",
        description="questions of one person that are begun in a minute; as many again wait in line",
    )
    questions_per_channel: int = Field(
        default=40,
        gt=0,
        le=10_000,
        validation_alias="TUNESMITH_QUESTIONS_PER_CHANNEL",
        description="questions in one channel that are begun in a minute; as many again wait in line",
    )
    answers_at_once: int = Field(
        default=80,
        ge=1,
        le=512,
        validation_alias="TUNESMITH_ANSWERS_AT_ONCE",
        description="answers that one process streams at once, four fifths of them at most in one channel",
    )
    steps_at_once: int = Field(
        default=16,
        ge=2,
        le=128,
        validation_alias="TUNESMITH_STEPS_AT_ONCE",
        description="other steps that one process has in hand at once; releases have threads of their own",
    )
    poll_seconds: float = Field(
        default=60,
        gt=0,
        le=3600,
        validation_alias="TUNESMITH_POLL_SECONDS",
        description="how often Bedrock is asked about what is running",
    )
    operator: RecipientId = Field(
        default="",
        validation_alias="TUNESMITH_OPERATOR",
        description="who hears of defects, of money and of what nobody else can be told, by ID; empty: the approvers",
    )
    operators: RoleIds = Field(
        default=frozenset(),
        validation_alias="TUNESMITH_OPERATORS",
        description="who else may do what the operator may: people, user groups, private channels",
    )
    preflight_seconds: float = Field(
        default=20,
        gt=0,
        le=25,
        validation_alias="TUNESMITH_PREFLIGHT_SECONDS",
        description="how long all checks of a plan may take together; what has not answered then is told as unchecked",
    )
    # Whole jobs were seen to take 80 minutes to some hours, and stalls 25 to 74 hours.
    stall_hours: float = Field(
        default=6,
        gt=0,
        le=24 * 30,
        validation_alias="TUNESMITH_STALL_HOURS",
        description="how long a stage of a job may stand still before it is told, until twenty jobs say what is usual",
    )
    audit_key: AuditKey | None = Field(
        default=None,
        validation_alias="TUNESMITH_AUDIT_KEY",
        description="a secret of 32 characters and more that seals the audit; Redis must not hold it. Empty: no seal",
    )
    health_port: int | None = Field(
        default=None,
        gt=0,
        lt=65536,
        validation_alias="TUNESMITH_HEALTH_PORT",
        description="where `/healthz`, `/readyz` and `/metrics` answer, on a port of their own; empty: nowhere",
    )
    health_address: IpAddress = Field(
        default="127.0.0.1",
        validation_alias="TUNESMITH_HEALTH_ADDRESS",
        description="the address of this machine at which they answer; `0.0.0.0`: all (the image sets that)",
    )
    http_address: IpAddress = Field(
        default="0.0.0.0",  # noqa: S104 -- a door is there to be reached; in a container there is no other address
        validation_alias="TUNESMITH_HTTP_ADDRESS",
        description="the address of this machine at which `run --http` listens; `0.0.0.0`: all",
    )
    redis_prefix: str = Field(
        default="tunesmith",
        pattern=r"^[a-zA-Z0-9_-]+$",
        max_length=TAG_VALUE.maximum,  # cut off in a tag, it is another bot's, and what is leased would be left to it
        validation_alias="TUNESMITH_REDIS_PREFIX",
        description="begins every key in Redis and is in the tags in AWS: each bot in an account needs its own",
    )
    redis_durability: Literal["checked", "external"] = Field(
        default="checked",
        validation_alias="TUNESMITH_REDIS_DURABILITY",
        description="`external` when a managed Redis keeps its data in a way that it does not tell clients",
    )
    redis_form: Literal["server", "cluster"] = Field(
        default="server",
        validation_alias="TUNESMITH_REDIS_FORM",
        description="`cluster` for a Redis Cluster, ElastiCache in cluster mode, or MemoryDB",
    )
    redis_tls: Literal["required", "optional"] = Field(
        default="required",
        validation_alias="TUNESMITH_REDIS_TLS",
        description="`optional` when the way to a Redis on another machine is private without TLS and certificates",
    )
    https: Literal["required", "optional"] = Field(
        default="required",
        validation_alias="TUNESMITH_HTTPS",
        description="`optional` when the way to an `http://` address of Slack's API, AWS or a collector on another "
        "machine is private",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO",
        validation_alias="TUNESMITH_LOG_LEVEL",
        description="`DEBUG`, `INFO`, `WARNING` or `ERROR`",
    )
    log_format: Literal["text", "json"] = Field(
        default="text",
        validation_alias="TUNESMITH_LOG_FORMAT",
        description="`text`, or `json`: a line an entry, with resource, person, channel and trace",
    )
