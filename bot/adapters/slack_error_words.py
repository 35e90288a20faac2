"""What each of Slack's error names means for us: who can act, and the words for it.

The names are those that docs.slack.dev documents for the methods used here, those that all methods share, and a few
that are seen live but documented nowhere. ``tests/adapters/test_slack_errors.py`` checks that none is forgotten.
"""

from enum import Enum, auto
from typing import NamedTuple


class ErrorKind(Enum):
    """Who can act."""

    SLOW_DOWN = auto()
    """Nothing was done; come back later."""
    PASSES = auto()
    """Slack said that it did nothing, for a reason that passes by itself."""
    UNCLEAR = auto()
    """Slack failed in the middle: a write may have taken effect, or been taken before."""
    OPERATOR = auto()
    """A token, a scope or a setting of the app."""
    GONE = auto()
    """The message, thread or file is not there (any more)."""
    REFUSED = auto()
    """Slack will say the same again; the person or a workspace admin can change that."""
    OURS = auto()
    """The request was malformed: a defect, which the person cannot mend."""
    STREAM_EXPIRED = auto()
    """The message no longer grows: its time is over."""
    STREAM_STOPPED = auto()
    """The message no longer grows: the person pressed stop."""


class Meaning(NamedTuple):
    """What an error name means: ``message`` is what happened, ``hint`` what to do."""

    kind: ErrorKind
    message: str
    hint: str = ""


_INVITE = "Invite me with `/invite @Tunesmith`, then try again."
_ADMIN = "A workspace admin can change that; or use another channel."
_REINSTALL = "Reinstall the app to the workspace and set its new bot token as SLACK_BOT_TOKEN."
_SLACK_CONNECT = "A workspace admin has switched this off for channels shared with other organisations."
_RESEND = "Upload the file again, and then ask again."
_MALFORMED = (
    "bad_timestamp", "block_mismatch", "cannot_provide_both_markdown_text_and_chunks",
    "cant_broadcast_message", "channels_limit_exceeded", "draft_already_deleted", "draft_already_sent",
    "draft_has_conflict", "draft_not_found", "insecure_request", "invalid_arg_name", "invalid_arguments",
    "invalid_array_arg", "invalid_attachments", "invalid_blocks", "invalid_blocks_format",
    "invalid_charset", "invalid_chunks", "invalid_cursor", "invalid_form_data", "invalid_limit",
    "invalid_metadata_filter_keys", "invalid_metadata_format", "invalid_metadata_schema",
    "invalid_post_type", "invalid_status", "invalid_team", "invalid_ts_latest", "invalid_ts_oldest",
    "invalid_types", "limit_required", "markdown_text_conflict", "metadata_must_be_sent_from_app",
    "missing_args", "missing_argument", "missing_file_data", "missing_post_type",
    "missing_recipient_team_id", "missing_recipient_user_id", "no_dual_broadcast_content_update",
    "no_item_specified", "no_text", "not_enough_users", "reserved_username", "team_not_found",
    "thread_ts_not_allowed", "thread_ts_required", "too_many_attachments", "too_many_contact_cards",
    "too_many_users", "unknown_snippet_type", "unknown_subtype", "users_list_not_supplied",
    "users_not_found",
)  # fmt: skip
"""What is said of a request that is not as it should be."""


def _all(kind: ErrorKind, message: str, hint: str, *names: str) -> dict[str, Meaning]:
    return {name: Meaning(kind, message, hint) for name in names}


MEANINGS: dict[str, Meaning] = {
    # Nobody needs to act
    **_all(
        ErrorKind.SLOW_DOWN,
        "Slack asked me to slow down.",
        "",
        "ratelimited",
        "rate_limited",
        "message_limit_exceeded",
    ),
    **_all(
        ErrorKind.PASSES,
        "Slack is moving this workspace and cannot do this right now.",
        "",
        "team_added_to_org",
        "org_login_required",
        "external_channel_migrating",
    ),
    **_all(
        ErrorKind.PASSES,
        "An answer is still being written into that message.",
        "",
        "streaming_state_conflict",
    ),
    **_all(
        ErrorKind.UNCLEAR,
        "Slack failed in the middle of this.",
        "",
        "fatal_error",
        "internal_error",
        "service_unavailable",
        "request_timeout",
        # These are about our `client_msg_id`, by their names: the message may be there already.
        "duplicate_channel_not_found",
        "duplicate_message_not_found",
        "duplicate_client_msg_id",
        "messaging_processing_failed",
        "update_failed",
        "file_update_failed",
        "fetch_members_failed",
        "list_record_comment_fetch_failed",
        "error_processing_metadata",
    ),
    # The operator
    **_all(
        ErrorKind.OPERATOR,
        "Slack does not accept my token.",
        _REINSTALL,
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_allowed_token_type",
        "is_bot",
        "no_permission",
    ),
    "missing_scope": Meaning(
        ErrorKind.OPERATOR, "My Slack app lacks a permission.", "Add the scope and reinstall the app."
    ),
    "no_such_subteam": Meaning(
        ErrorKind.GONE,
        "There is no such user group, or it is disabled.",
        "Enable it in Slack, or name another.",
    ),
    "plan_upgrade_required": Meaning(
        ErrorKind.OPERATOR,
        "Slack's plan of this workspace has no user groups.",
        "Name people or channels instead.",
    ),
    "accesslimited": Meaning(
        ErrorKind.OPERATOR,
        "Slack does not accept my token from this network.",
        "Add this machine's address to the app's allowed IP ranges.",
    ),
    **_all(
        ErrorKind.OPERATOR,
        "This workspace's kind does not let my app do this.",
        "Ask a workspace admin to approve the app.",
        "enterprise_is_restricted",
        "two_factor_setup_required",
        "app_access_restricted",
        "forbidden_team",
        "send_on_behalf_not_allowed",
        "as_user_not_supported",
    ),
    "messages_tab_disabled": Meaning(
        ErrorKind.OPERATOR,
        "My app's Messages tab is switched off, so I cannot write to people directly.",
        "Set `features.app_home.messages_tab_enabled` in the app's manifest (`tunesmith manifest` prints it).",
    ),
    "not_agent_app": Meaning(
        ErrorKind.OPERATOR,
        "My app is not set up as an agent.",
        "Add `features.agent_view` to the app's manifest (`tunesmith manifest` prints it).",
    ),
    "not_subscribed_to_message_stream_stopped": Meaning(
        ErrorKind.OPERATOR,
        "My app is not told when somebody stops an answer.",
        "Subscribe to `agent_session_stopped` in the app's manifest (`tunesmith manifest` prints it).",
    ),
    **_all(
        ErrorKind.OPERATOR,
        "Slack no longer has a method that I use.",
        "Update Tunesmith.",
        "unknown_method",
        "method_deprecated",
        "deprecated_endpoint",
    ),
    "storage_limit_reached": Meaning(
        ErrorKind.OPERATOR,
        "The workspace's file storage is full.",
        "Delete old files or upgrade the Slack plan.",
    ),
    # Gone
    **_all(
        ErrorKind.GONE,
        "Slack no longer has that message.",
        "",
        "message_not_found",
        "thread_not_found",
        "invalid_thread_ts",
    ),
    "file_not_found": Meaning(
        ErrorKind.GONE, "Slack has no such file, or I may not see it.", "Upload it in a channel that I am in."
    ),
    "canvas_not_found": Meaning(ErrorKind.GONE, "Slack has no such canvas."),
    **_all(ErrorKind.GONE, "That file was deleted.", _RESEND, "file_deleted", "file_is_deleted"),
    **_all(
        ErrorKind.GONE,
        "I may not see that file.",
        "Share it in a channel that I am in, or send it to me directly.",
        "not_visible",
        "template_not_visible",
    ),
    # The person or an admin
    "channel_not_found": Meaning(
        ErrorKind.REFUSED,
        "I cannot see that channel: it is gone, or it is private and I am not in it.",
        _INVITE,
    ),
    **_all(
        ErrorKind.REFUSED,
        "I cannot see that channel.",
        _INVITE,
        "invalid_channel",
        "channel_is_limited_access",
    ),
    "not_in_channel": Meaning(ErrorKind.REFUSED, "I am not in that channel.", _INVITE),
    "user_not_in_channel": Meaning(
        ErrorKind.REFUSED, "That person is not in the channel.", "Ask from the channel itself."
    ),
    **_all(
        ErrorKind.REFUSED,
        "Slack does not show me that person.",
        "Ask again from an account of this workspace.",
        "user_not_found",
        "user_not_visible",
    ),
    **_all(
        ErrorKind.REFUSED,
        "Slack does not let me write to that person: their account is deactivated, or is no person's.",
        "Somebody else has to be asked.",
        "user_disabled",
        "cannot_dm_bot",
        "invalid_user_combination",
    ),
    **_all(
        ErrorKind.REFUSED,
        "That channel is archived.",
        "Unarchive it, or use another one.",
        "is_archived",
        "is_inactive",
    ),
    **_all(
        ErrorKind.REFUSED,
        "The workspace does not let me post there.",
        _ADMIN,
        "restricted_action",
        "restricted_action_read_only_channel",
        "posting_to_channel_denied",
        "ekm_access_denied",
    ),
    **_all(
        ErrorKind.REFUSED,
        "I cannot answer in that thread.",
        "Ask outside of the thread.",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "cannot_reply_to_message",
    ),
    "restricted_action_thread_only_channel": Meaning(
        ErrorKind.REFUSED, "That channel takes replies in threads only.", "Ask in a thread."
    ),
    **_all(
        ErrorKind.REFUSED,
        "This does not work in that kind of conversation.",
        "Use a channel, or write to me directly.",
        "channel_type_not_supported",
        "method_not_supported_for_channel_type",
    ),
    **_all(
        ErrorKind.REFUSED,
        "There are no agent sessions in this workspace, or in that conversation.",
        "Everything but Slack's *Stop* works without them.",
        "feature_disabled",
        "not_authorized",
    ),
    **_all(
        ErrorKind.REFUSED,
        "Slack does not let me change that message.",
        "",
        "cant_update_message",
        "cant_delete_message",
        "message_not_owned_by_app",
    ),
    "too_many_pins": Meaning(
        ErrorKind.REFUSED, "That channel has as many pins as Slack takes.", "Remove a pin that nobody needs."
    ),
    **_all(
        ErrorKind.REFUSED,
        "Slack does not let me pin that message.",
        "Pin it yourself, from its menu.",
        "not_pinnable",
        "already_pinned",
        "file_not_shared",
    ),
    "edit_window_closed": Meaning(
        ErrorKind.REFUSED,
        "This workspace does not let messages be changed after a while.",
        "A workspace admin can lengthen the time for editing.",
    ),
    **_all(
        ErrorKind.REFUSED,
        "This workspace does not take such a file from me.",
        "A workspace admin can change the file upload settings.",
        "file_uploads_disabled",
        "file_uploads_except_images_disabled",
        "file_upload_size_restricted",
        "file_type_not_allowed",
        "blocked_file_type",
        "unable_to_share_files",
        "file_share_limit_reached",
        "max_file_sharing_exceeded",
    ),
    "access_denied": Meaning(
        ErrorKind.REFUSED,
        "Slack does not let me read that file: it belongs to another organisation.",
        "Upload a copy in a channel of this workspace.",
    ),
    **_all(
        ErrorKind.REFUSED,
        "Slack does not let me use a canvas here.",
        "Upload the data as a file.",
        "canvas_globally_disabled",
        "canvas_disabled_user_team",
        "canvas_disabled_file_team",
        "canvas_creation_failed",
        "free_teams_cannot_create_non_tabbed_canvases",
        "canvas_tab_creation_failed",
        "failed_to_update_user_ids",
        "invalid_parameters",
    ),
    **_all(
        ErrorKind.REFUSED,
        "Slack does not let me do this in a channel shared with another organisation.",
        _SLACK_CONNECT,
        "slack_connect_blocked_file_type",
        "slack_connect_canvas_sharing_blocked",
        "slack_connect_clip_sharing_blocked",
        "slack_connect_file_link_sharing_blocked",
        "slack_connect_file_upload_sharing_blocked",
        "slack_connect_lists_sharing_blocked",
    ),
    # Streams
    "message_not_in_streaming_state": Meaning(ErrorKind.STREAM_EXPIRED, "That answer is closed already."),
    "streaming_mode_mismatch": Meaning(ErrorKind.STREAM_EXPIRED, "That answer cannot go on as a stream."),
    "stopped_by_user": Meaning(ErrorKind.STREAM_STOPPED, "The answer was stopped."),
    # Ours: too long, or malformed
    **_all(
        ErrorKind.OURS,
        "Slack says that my message is too long.",
        "This is a defect of mine: please tell the operator.",
        "msg_too_long",
        "msg_too_large",
        "markdown_text_too_long",
        "msg_blocks_too_long",
        "msg_blocks_too_many",
        "metadata_too_large",
        "attachment_payload_limit_exceeded",
        "alt_txt_too_large",
        "snippet_too_large",
    ),
    **_all(
        ErrorKind.OURS,
        "Slack could not read what I sent it.",
        "This is a defect of mine: please tell the operator.",
        *_MALFORMED,
    ),
}
"""Every error name we know. One that is not here counts as a refusal that names it."""

FULL_WHILE_GROWING = frozenset(
    {"msg_too_long", "msg_too_large", "markdown_text_too_long", "msg_blocks_too_long", "msg_blocks_too_many"}
)
"""Said of an append, these mean that the message is full, which is no defect: start another one."""
