"""The files and pictures of a post: those in its message, and those listed below it."""

from __future__ import annotations

from typing import NamedTuple

from selectolax.lexbor import LexborNode

from scraper.core.records import Attachment
from scraper.markup.attachments import image_address, joined, read_attachment
from scraper.markup.text import Message
from scraper.pages.desktop.nodes import outermost


class PostFiles(NamedTuple):
    """Attachments, each once, and the addresses of pictures."""

    attachments: tuple[Attachment, ...]
    images: tuple[str, ...]


def read_files(message: Message, boxes: list[LexborNode]) -> PostFiles:
    """The files of a message and of the boxes that list more of them below it.

    To a search engine's robot (as in the captures of some web archives) X shows listed
    pictures with their address only: no attachment, but an image.
    """
    if not boxes:
        return PostFiles(message.attachments, message.images)

    by_key: dict[int | str, Attachment] = {}
    nameless_images = []
    for file in message.attachments:
        by_key[file.aid or file.url] = file
    for box in outermost(boxes):
        listed = read_attachment(box)
        if listed is None:
            address = _picture_address(box)
            if address:
                nameless_images.append(address)
            continue
        key = listed.aid or listed.url
        if key in by_key:
            listed = joined(by_key[key], listed)
        by_key[key] = listed

    attachments = tuple(by_key.values())
    images = _images(message, attachments, nameless_images)
    return PostFiles(attachments, images)


def _picture_address(box: LexborNode) -> str:
    picture = box.css_first("dd img")
    return image_address(picture) if picture is not None else ""


def _images(
    message: Message,
    attachments: tuple[Attachment, ...],
    nameless_images: list[str],
) -> tuple[str, ...]:
    has_listed = len(attachments) != len(message.attachments)
    if not has_listed and not nameless_images:
        return message.images

    listed = [file.url for file in attachments if _is_picture(file)]
    images = [
        *message.images,
        *listed,
        *nameless_images,
    ]
    return tuple(dict.fromkeys(images))


def _is_picture(file: Attachment) -> bool:
    """Whether a file's address is a picture's: one with `aid=` downloads it."""
    if not file.image or not file.url:
        return False
    return "aid=" not in file.url
