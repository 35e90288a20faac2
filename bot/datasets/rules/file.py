"""What may be wrong with the bytes of a file and the JSON of a line, before any record is looked at."""

from bot.datasets.rule import JSON_LINES, error, warning
from bot.profiles import sources

BYTE_ORDER_MARK = error(
    "byte-order-mark",
    "The text begins with a byte-order mark, which breaks the JSON of its line.",
    "Save as UTF-8 without a mark.",
    source=JSON_LINES,
    repair="strip-byte-order-mark",
)
WIDE_ENCODING = error(
    "encoding",
    "The file is not UTF-8.",
    "Save as UTF-8.",
    source=JSON_LINES,
    repair="re-encode",
)
BROKEN_ENCODING = error(
    "broken-encoding",
    "Some characters of the file cannot be decoded.",
    "Export the file again as UTF-8.",
    source=JSON_LINES,
)
NOT_UTF8 = error(
    "not-utf-8",
    "The line is not UTF-8.",
    "Which encoding was meant is a guess that nobody should make for you: export the file again as UTF-8.",
    source=JSON_LINES,
)
GZIP, ZIP, COMPRESSED = (
    error(
        code,
        "The file is packed; Bedrock reads plain text.",
        "Unpack it, or let me do it.",
        source=sources.PREPARE,
        repair="unpack",
    )
    for code in ("gzip", "zip", "compressed")
)
PACKED = {"gzip": GZIP, "bzip2": COMPRESSED, "xz": COMPRESSED, "zip": ZIP}
BROKEN_PACKING = error(
    "broken-packing",
    "The packed file cannot be read.",
    "Send the JSONL file as it is, without packing it.",
)
TABLE = error(
    "csv",
    "This is a table (CSV), not JSON Lines.",
    "Each row becomes one record; columns of bookkeeping are dropped, and others that hold neither question nor"
    " answer nor system prompt are for a person to decide about.",
    source=sources.PREPARE,
    repair="table-to-lines",
)
OTHER_TABLE = error(
    "csv",
    "This is a table (CSV), not JSON Lines, and its columns do not tell what they are.",
    "Rename two columns in the header: `prompt` for the question and `completion` for the answer (`system` for a"
    " system prompt, if there is one), then send it again.",
    source=sources.PREPARE,
)
TABLE_ROW = error(
    "table-row",
    "A row of the table has not as many cells as the header.",
    "A cell with a comma, a quote or a line break in it stands in quotes, and quotes in it are doubled: export the"
    " table again with a program that does that.",
)
MIXED_ENDINGS = warning(
    "mixed-line-endings",
    "Some lines end in CR LF and others in LF: two sources seem to have been joined.",
    "Training takes both, so this harms nothing by itself; but look whether the two sources follow the same rules:"
    " the model learns the differences too. Any repair writes LF throughout.",
)
BLANK_LINE = error(
    "blank-line",
    "The line is blank; Bedrock takes no blank lines.",
    "Remove it.",
    source=sources.PREPARE,
    repair="drop-blank-lines",
)
ARRAY = error(
    "json-array",
    "The file is one JSON array, not one record a line.",
    "Write each element on a line of its own, without the brackets and the commas between.",
    source=sources.PREPARE,
    repair="array-to-lines",
)
DOCUMENT = error(
    "multi-line-json",
    "The records are pretty-printed over several lines.",
    "Write each record on one line.",
    source=sources.PREPARE,
    repair="array-to-lines",
)
OVER_LINES = error(
    "multi-line-json",
    "A record stands over several lines.",
    "Write it on one line; a line break within a text is written as \\n.",
    source=sources.PREPARE,
    repair="join-lines",
)
WRAPPED = error(
    "wrapped-record",
    "The record stands inside of something else.",
    "A line is the record itself: one object with its messages, and nothing around it.",
    source=sources.PREPARE,
    repair="unwrap-records",
)
QUOTED = error(
    "wrapped-record",
    "The line is a cell of a table: the record stands in quotes, and each of its own quotes is doubled.",
    "A program wrote the records as a table (CSV) does: write them as they are, one a line.",
    source=sources.PREPARE,
    repair="unwrap-records",
)
RECORD_SEPARATOR = error(
    "record-separator",
    "The line begins with a record separator (U+001E), as JSON text sequences have it.",
    "JSON Lines have a line feed after each record and nothing before it.",
    source=JSON_LINES,
    repair="unwrap-records",
)
LINE_TOO_LONG = error(
    "line-too-long",
    "The line is longer than any record may be.",
    "Line feeds may be missing between records, or a whole file stands in one field.",
)
CROWDED_LINE = error(
    "line-too-long",
    "The line holds more than a million values, far more than any record.",
    "Line feeds may be missing between records: write each record on a line of its own.",
)
TOO_MANY_ROWS = error(
    "too-many-rows",
    "The file has far more rows than any base takes.",
    "No base takes more than some ten thousand records: keep the best ones. If the file was packed, look whether it is"
    " what you meant to send.",
)
JOINED_OBJECTS = error(
    "joined-objects",
    "Several objects stand on one line.",
    "Give each object a line of its own.",
    source=sources.PREPARE,
    repair="split-joined-objects",
)
TRUNCATED = error(
    "truncated-json",
    "The JSON ends in the middle: the line was cut off.",
    "Write the record out again, or delete the line.",
    source=sources.CLAUDE_VALIDATOR,
)
TRAILING_COMMA = error(
    "trailing-comma",
    "A comma stands before a closing bracket or at the end of the line.",
    "Remove the comma.",
    source=JSON_LINES,
    repair="drop-trailing-commas",
)
PYTHON_REPR = error(
    "python-repr",
    "The line is a Python dictionary, not JSON (single quotes, None, True).",
    "Write with json.dumps(record) in place of str(record).",
    source=JSON_LINES,
    repair="python-to-json",
)
NOT_A_NUMBER = error(
    "nan",
    "NaN and Infinity are not JSON.",
    "Use null, or leave the field out.",
    source=JSON_LINES,
)
DUPLICATE_KEY = error(
    "duplicate-key",
    "A key stands twice in one object; readers keep only one of the two values.",
    "Keep the value that is meant and delete the other.",
    source=JSON_LINES,
)
LONE_SURROGATE = error(
    "lone-surrogate",
    "Half of a character (a lone surrogate such as \\ud83d) stands in the text; strict readers refuse the line.",
    "It comes from cutting a text in the middle of an emoji: restore or delete the character.",
    source=JSON_LINES,
)
NUL_BYTE = error(
    "nul-byte",
    "A zero byte stands in the line.",
    "The file may be damaged or be of another kind: export it again.",
    source=JSON_LINES,
)
CONTROL_CHARACTER = error(
    "control-character",
    "A raw control character (a tab, say) stands inside a string; JSON wants it escaped.",
    "Write it with a JSON library, which escapes it as \\t or \\u0009.",
    source=JSON_LINES,
    repair="escape-control-characters",
)
HUGE_NUMBER = error(
    "huge-number",
    "A number is larger than any reader takes.",
    "Write it as a string, or leave it out.",
    source=JSON_LINES,
)
TOO_DEEP = error(
    "nested-too-deep",
    "Brackets are nested deeper than any reader takes.",
    "A record is two levels deep: check what wrote this line.",
    source=JSON_LINES,
)
NOT_JSON = error(
    "not-json",
    "The line is not JSON.",
    "Write each line with a JSON library.",
    source=sources.CLAUDE_VALIDATOR,
)
NOT_AN_OBJECT = error(
    "not-an-object",
    "The line is valid JSON but no object.",
    'A record is an object: {"messages": [...]}.',
    source=sources.PREPARE,
)
