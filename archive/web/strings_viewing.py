"""Words of the pages that show what was kept itself: pictures, and pages as they were
captured."""

from __future__ import annotations

from typing import Final

VIEWING: Final[dict[str, tuple[str, str]]] = {
    # Pictures
    "picture_n": ("图片 {n} / {total}", "Picture {n} of {total}"),
    "pictures_of_thread": ("本主题的图片", "Pictures of this thread"),
    "previous_picture": ("上一张", "Previous picture"),
    "next_picture": ("下一张", "Next picture"),
    "picture_not_here": (
        "这张图片没有存档。",
        "This picture is not archived.",
    ),
    "picture_lost": (
        "这张图片存过，但保存它的 WARC 文件不在或已损坏。",
        "This picture was archived, but the WARC file that holds it is missing or damaged.",
    ),
    "picture_odd": (
        "这个地址给出的不是浏览器能显示的图片。",
        "What this address gave is no picture that browsers show.",
    ),
    "save_file": ("保存这个文件", "Save the file"),
    # The kept page
    "capture": ("原页", "Captured page"),
    "capture_of_post": ("存下的原页", "The page as it was captured"),
    "capture_how": (
        "这个帖子是从下面这一页读来的。脚本、样式表和表单不在其中，没有存下的图片也不显示，"
        "所以看起来和当时不同；其中的链接通向存档里的页面。",
        "The post was read from the page below. Scripts, style sheets and forms are left "
        "out, and so are pictures that were not kept: it does not look as it did. Its links "
        "lead to pages of the archive.",
    ),
    "capture_blanked": (
        "这一页的一部分已按要求删去。",
        "Parts of this page were removed on request.",
    ),
    "capture_none": (
        "存档里没有读到这个帖子的那一页：它已按要求删除，或者从未存下。",
        "The archive does not have the page that this post was read from: it was removed on "
        "request, or never kept.",
    ),
    "capture_lost": (
        "保存这一页的 WARC 文件不在、已损坏或读不出来。discuz-archive check 列出详情和找回的办法。",
        "The WARC file that holds this page is missing, damaged, or cannot be read. "
        "discuz-archive check lists what is wrong and how to get it back.",
    ),
    "capture_withheld": (
        "按要求的一项删除还没有做完，在此之前不显示存下的原页。discuz-archive forget 会接着做完。",
        "A removal on request is not finished; until then no captured page is shown. "
        "discuz-archive forget goes on with it.",
    ),
    "capture_alone": ("单独打开", "Open it by itself"),
    "capture_address": ("网址", "Address"),
    "capture_answer": ("答复", "Answer"),
    "capture_record": ("WARC 记录", "WARC record"),
    "capture_place": (
        "{file}，第 {offset} 字节起，长 {length} 字节（{record}）",
        "{file}, {length} bytes from byte {offset} on ({record})",
    ),
    "bytes_n": ("{n} 字节", "{n} bytes"),
    # Errors
    "no_capture": (
        "这个帖子的原页没有存下，或现在不能显示。",
        "The page of this post is not kept, or cannot be shown now.",
    ),
    "no_picture": (
        "这个帖子没有这张图片。",
        "The post has no such picture.",
    ),
}
