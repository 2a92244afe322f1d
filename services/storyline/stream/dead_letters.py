"""A record that can't be used, as it is kept: the same key, value and headers, and why in headers of ours."""

from dataclasses import dataclass

from ..errors import Invalid
from ..record import Output, Record

PREFIX = "storyline-dlq-"
REASON_CHARS_MAX = 1_000
FIELD_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a record is a dead letter."""

    error: str
    """The kind: `Invalid`, the name of an exception, `KilledProcess`."""
    field: str
    reason: str
    tries: int = 1

    @classmethod
    def of(cls, error: Exception, tries: int = 1, where: str = "handling") -> "Verdict":
        """`where` stands for the field if the error doesn't name one."""
        field = error.field if isinstance(error, Invalid) else where
        return cls(type(error).__name__, field, str(error) or type(error).__name__, tries)

    @classmethod
    def killed(cls, tries: int) -> "Verdict":
        reason = f"the process ended or hung each of the {tries} times it was handled"
        return cls("KilledProcess", "handling", reason, tries)


def dead_letter(record: Record, stage: str, verdict: Verdict) -> Output:
    """On `<topic>.dlq`: same partition, key, value and headers byte for byte; origin and reason added as headers."""
    said = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": str(record.timestamp_ms),
        "stage": stage,
        "error": verdict.error,
        "field": _line(verdict.field, FIELD_CHARS_MAX),
        "reason": _line(verdict.reason, REASON_CHARS_MAX),
        "tries": str(verdict.tries),
    }
    added = tuple((PREFIX + name, text.encode("utf-8", "replace")) for name, text in said.items())
    return Output(f"{record.topic}.dlq", record.partition, record.key, record.value, record.headers + added)


def _line(text: str, chars_max: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= chars_max else line[: chars_max - 1] + "…"
