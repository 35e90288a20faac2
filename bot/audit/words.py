"""What an operator is told of an audit without a key, at the start and by ``doctor``."""

UNSEALED = "What is decided is written down, and not sealed: whoever can write to Redis can change it unseen."
UNSEALED_MEND = "Set TUNESMITH_AUDIT_KEY to 32 random characters or more, as `openssl rand -hex 32` prints."
