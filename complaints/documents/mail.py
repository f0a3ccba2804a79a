"""E-mail: the headers a reader sees, the body, and the attachments as files of their own."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import cast

from complaints.documents.cleaning import clean_text, count_letters
from complaints.documents.errors import UnreadableFileError
from complaints.documents.names import number_repeats, safe_name
from complaints.documents.plain import decode_text, html_to_text

HEADERS = ("From", "To", "Cc", "Subject", "Date")
_SIGNATURES = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}
_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "text/html": "html"}
_DEEPEST_PART = 30


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached file; `inline` is True for a picture shown inside the message."""

    name: str
    data: bytes
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """An e-mail as read: headers in the fixed order, text, hidden words and attachments in order."""

    headers: tuple[tuple[str, str], ...]
    text: str
    hidden: tuple[str, ...]
    attachments: tuple[Attachment, ...]


def read_message(data: bytes) -> Message:
    """Parse an RFC 5322 message; raises `UnreadableFileError` where it is encrypted or cannot be parsed."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        leaves = list(_leaves(message, 0))
        headers = tuple(_headers(message))
    except (RecursionError, MemoryError) as error:
        raise UnreadableFileError("hostile", "The message is nested deeper than any mail program writes.") from error
    if message.get_content_type() in _ENCRYPTED and "signed" not in str(message.get_param("smime-type", "")):
        raise UnreadableFileError(
            "encrypted", "The message is encrypted. Save the decrypted message as PDF and add it."
        )
    body, hidden = _body(leaves)
    lines = [f"{name}: {value}" for name, value in headers]
    text = clean_text("\n".join([*lines, "", body]))
    return Message(headers, text, hidden, _attachments(leaves))


def _headers(message: EmailMessage) -> Iterator[tuple[str, str]]:
    for name in HEADERS:
        value = _header(message, name)
        if value:
            yield name, value


def _header(message: EmailMessage, name: str) -> str:
    try:
        value = str(message.get(name, ""))
    except Exception:
        value = next((raw for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(clean_text(str(value)).split())


def _leaves(part: EmailMessage, depth: int) -> Iterator[EmailMessage]:
    """Yield the parts that are not containers, in order; an attached message is one part."""
    if depth > _DEEPEST_PART:
        raise RecursionError
    if part.get_content_maintype() != "multipart" or not part.is_multipart():
        yield part
        return
    for child in part.iter_parts():
        yield from _leaves(cast(EmailMessage, child), depth + 1)


def _is_body(part: EmailMessage) -> bool:
    return (
        part.get_content_type() in {"text/plain", "text/html"}
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _body(leaves: list[EmailMessage]) -> tuple[str, tuple[str, ...]]:
    """Return the plain text, or the HTML where there is none worth reading, and the words HTML hides."""
    bodies = [part for part in leaves if _is_body(part)]
    plain = "\n\n".join(_text(part) for part in bodies if part.get_content_type() == "text/plain")
    pages = [html_to_text(_text(part)) for part in bodies if part.get_content_type() == "text/html"]
    hidden = tuple(words for _, found in pages for words in found)
    shown = "\n\n".join(text for text, _ in pages)
    use_plain = count_letters(plain) > 0 and not (_is_placeholder(plain) and count_letters(shown) > 0)
    return plain if use_plain else shown, hidden


def _is_placeholder(plain: str) -> bool:
    return len(plain) < 300 and re.search(r"\bHTML\b", plain) is not None


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset()
    try:
        return data.decode(charset) if charset else decode_text(data)
    except (LookupError, UnicodeDecodeError):
        return decode_text(data)


def _attachments(leaves: list[EmailMessage]) -> tuple[Attachment, ...]:
    parts = [part for part in leaves if not _is_body(part) and part.get_content_type() not in _SIGNATURES]
    names = number_repeats([_attachment_name(part, number) for number, part in enumerate(parts, start=1)])
    return tuple(Attachment(name, _content(part), _is_inline(part)) for name, part in zip(names, parts, strict=True))


def _attachment_name(part: EmailMessage, number: int) -> str:
    given = _file_name(part)
    if given:
        return safe_name(given, fallback=f"attachment {number}")
    kind = part.get_content_type()
    if kind == "message/rfc822":
        subject = _header(_enclosed(part), "Subject") if part.is_multipart() else ""
        return f"{safe_name(subject.replace('/', '-'), fallback=f'message {number}')}.eml"
    extension = _EXTENSIONS.get(kind)
    return f"attachment {number}.{extension}" if extension else f"attachment {number}"


def _file_name(part: EmailMessage) -> str:
    try:
        return part.get_filename() or ""
    except Exception:
        return ""


def _enclosed(part: EmailMessage) -> EmailMessage:
    payload = part.get_payload()
    return cast(EmailMessage, payload[0]) if isinstance(payload, list) and payload else EmailMessage()


def _content(part: EmailMessage) -> bytes:
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        return _enclosed(part).as_bytes(policy=email.policy.compat32)
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_inline(part: EmailMessage) -> bool:
    return part.get_content_maintype() == "image" and (
        part.get_content_disposition() == "inline" or "Content-ID" in part
    )
