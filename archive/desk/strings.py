"""All words of these pages, in Simplified Chinese and English."""

from __future__ import annotations

from typing import Final

from archive.web.language import Language
from archive.web.strings import in_language

_STRINGS: Final[dict[str, tuple[str, str]]] = {
    "title": ("保存论坛", "Save forums"),
    "skip": ("跳到正文", "Skip to the content"),
    "only_here": (
        "本页只在这台电脑上，别人打不开。",
        "These pages are on this machine alone; nobody else can open them.",
    ),
    "folder": ("文件夹：{folder}", "Folder: {folder}"),
    "quit": ("结束程序", "End the program"),
    "ended": ("程序已结束", "The program has ended"),
    "ended_words": (
        "存下的都在。可以关闭本页；下次启动程序，就能接着存。",
        "All that was saved is kept. Close this page; start the program again to go on.",
    ),
    # Save
    "save": ("保存一个论坛", "Save a forum"),
    "address": ("网址", "Address"),
    "address_hint": (
        "论坛首页，或者一个版块、一个主题的网址",
        "Of the forum's front page, or of a board or a thread",
    ),
    "media": ("图片和附件也存", "Pictures and files, too"),
    "more": (
        "更多：需要登录、停顿、文件名",
        "More: login, pace, name of the file",
    ),
    "delay": ("每页之间停几秒", "Seconds between pages"),
    "delay_hint": (
        "两秒是客气的做法；再快，请先问过论坛的主人",
        "Two are polite; ask the forum's owner before you take fewer",
    ),
    "cookies_file": (
        "Cookie 文件（浏览器扩展导出的 cookies.txt 或 JSON）",
        "A file of cookies (cookies.txt or JSON, as browser extensions write them)",
    ),
    "cookies_text": ("或者把 Cookie 粘贴在这里", "Or paste the cookies here"),
    "cookies_hint": (
        "只有登录后才能看的版块需要；存在存档旁边，只有你能读，只发给这个论坛",
        "Only for boards that members alone can read. They are kept beside the archive for "
        "you alone, and sent to this forum alone",
    ),
    "contact": (
        "你的邮箱（可不填；让论坛的主人能找到你）",
        "Your mail address (if you like; the forum's owner can write to you)",
    ),
    "archive_name": ("文件名（可不填）", "Name of the file (if you like)"),
    "begin": ("开始保存", "Begin"),
    # What is there
    "archives": ("已经存下的", "What is saved"),
    "no_archives": (
        "这个文件夹里还没有存档。",
        "There is no archive in this folder yet.",
    ),
    "read": ("阅读", "Read"),
    "search": ("搜索", "Search"),
    "query": ("搜索什么", "What to search for"),
    "again": ("取新的内容", "Take what is new"),
    "export": ("导出", "Export"),
    "form": ("格式", "Form"),
    "form_epub": ("EPUB 电子书，每个主题一本", "EPUB, a book for each thread"),
    "form_html": ("HTML 网页", "HTML, a page"),
    "form_md": ("Markdown 文本", "Markdown"),
    "form_txt": ("纯文本", "Plain text"),
    "form_csv": ("CSV 表格", "CSV, a table"),
    "form_jsonl": ("JSON 数据", "JSON lines"),
    "form_warc": ("WARC 原始网页", "WARC, the pages as served"),
    "as_commands": ("在终端里", "In a terminal"),
    # A command
    "job": ("正在做的", "What is being done"),
    "job_last": ("上一次", "The last command"),
    "crawl_running": ("正在保存 {name}", "Saving {name}"),
    "crawl_stopping": (
        "正在停下：先把手上的一页存完",
        "Stopping, after the page under way",
    ),
    "crawl_done": ("已存完 {name}", "{name} is saved"),
    "crawl_stopped": ("已停下 {name}，可以接着存", "{name} was stopped, and can go on"),
    "crawl_failed": ("没有存完 {name}", "{name} is not all saved"),
    "export_running": ("正在导出 {name}", "Exporting {name}"),
    "export_stopping": ("正在停下", "Stopping"),
    "export_done": ("已导出 {name}", "{name} is exported"),
    "export_stopped": ("导出已停下", "The export was stopped"),
    "export_failed": ("没有导出 {name}", "{name} was not exported"),
    "the_same": (
        "在终端里是这一行（先进入页底写的文件夹）：",
        "The same in a terminal, in the folder named below:",
    ),
    "counts": (
        "{boards} 个版块，{threads} 个主题，{pages} 页；新帖 {posts}；图片和文件 {files}",
        "{boards} boards, {threads} threads, {pages} pages; {posts} new posts; {files} "
        "pictures and files",
    ),
    "left": (
        "还剩 {pages} 页、{files} 个文件；每页之间停 {delay} 秒",
        "{pages} pages and {files} files left; a pause of {delay} s",
    ),
    "minutes_left": ("，大约 {minutes} 分钟", "; about {minutes} min"),
    "begun": ("已经开始，等第一页……", "Begun; waiting for the first page…"),
    "said": ("程序说的", "What it says"),
    "stop": ("停下", "Stop"),
    "stop_now": ("立刻停下", "Stop at once"),
    "go_on": ("接着存", "Go on"),
    "repeat": ("再做一次", "Do it again"),
    "back": ("回到首页", "Back"),
    "refreshed": (
        "本页每两秒自己更新。",
        "This page is loaded again every two seconds.",
    ),
    "hold": ("不要更新", "Keep it as it is"),
    "refresh": ("重新自动更新", "Load it again by itself"),
    "exit_code": ("退出码 {code}", "Exit code {code}"),
    # What is wrong
    "busy": (
        "{name} 正在进行。一次只做一件事：等它做完，或者先停下它。",
        "{name} is being worked on. One thing at a time: wait until it is done, or stop it "
        "first.",
    ),
    "no_address": ("请填论坛的网址。", "Give the forum's address."),
    "odd_address": (
        "这不是论坛的网址。网址像 http://bbs.example.com/ 这样。",
        "That is no address of a forum. One is like http://bbs.example.com/.",
    ),
    "odd_name": (
        "“{name}”不能作文件名：只用文字、数字、点、横线和空格，不带文件夹。",
        "“{name}” cannot be a file's name: letters, digits, dots, dashes and blanks alone, "
        "and no folder.",
    ),
    "odd_delay": ("停顿是 0 到 3600 之间的秒数。", "The pace is 0 to 3600 seconds."),
    "odd_contact": (
        "邮箱只写地址，像 you@example.com 这样。",
        "Of the mail, give the address alone: you@example.com.",
    ),
    "no_archive": (
        "这个文件夹里没有存档“{name}”。",
        "No archive “{name}” is in this folder.",
    ),
    "no_form": ("没有“{name}”这种格式。", "There is no form “{name}”."),
    "cookies_too_long": (
        "Cookie 文件太大，或者不是文本。",
        "The file of cookies is too large, or no text.",
    ),
    "not_served": ("阅读页没有启动：{said}", "The reading pages did not start: {said}"),
    "not_written": (
        "不能写入文件夹：{said}",
        "The folder cannot be written to: {said}",
    ),
    "no_page": ("没有这一页", "No such page"),
}


def text(key: str, language: Language, **values: object) -> str:
    """A string of the interface, its {places} filled in."""
    found = in_language(_STRINGS[key], language)
    return found.format(**values) if values else found


def chinese_sentences() -> set[str]:
    """All that is said in Chinese, simplified."""
    return {chinese for chinese, _ in _STRINGS.values()}


def known() -> frozenset[str]:
    """All that can be said."""
    return frozenset(_STRINGS)
