"""Llama 3.3 70B Instruct. No source that was read has a price of it, so that an approver decides on each plan."""

from bot.distillations.teachers.model import EAST, WEST, Teacher

TEACHER = Teacher(
    name="llama-3.3-70b",
    label="Llama 3.3 70B Instruct",
    provider="Meta",
    foundation_id="meta.llama3-3-70b-instruct-v1:0",
    regions={
        EAST: "us.meta.llama3-3-70b-instruct-v1:0",
        WEST: "us.meta.llama3-3-70b-instruct-v1:0",
    },
)
