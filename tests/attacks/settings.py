"""Settings of a bot that is put together and never started."""

from bot.config import Settings

SETTINGS = Settings.model_validate(
    {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "REDIS_URL": "redis://localhost:1",
        "TUNESMITH_BUCKETS": "us-west-2=west,us-east-1=east",
        "TUNESMITH_ROLE_ARN": "arn:aws:iam::123456789012:role/tunesmith-bedrock",
        "TUNESMITH_OPERATOR": "C0PERATOR1",
        "TUNESMITH_APPROVERS": "U0APPROVE1",
    }
)
