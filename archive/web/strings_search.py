"""Words of the search page: how to ask, what was found, what to try instead."""

from __future__ import annotations

from typing import Final

SEARCH: Final[dict[str, tuple[str, str]]] = {
    # Search
    "query": ("搜索词", "Words"),
    "more_fields": ("更多条件", "More conditions"),
    "field_author": ("作者", "Author"),
    "field_board": ("版块", "Board"),
    "field_since": ("从", "From"),
    "field_until": ("到", "To"),
    "query_help_head": ("怎样写搜索词", "How to write a query"),
    "query_help": (
        '空格表示都要有；OR 表示任一；-词 表示不要；"…" 表示连续；词* 表示开头。'
        "没有帖子含有所有词时，列出含有其中最少见、最多的词的帖子；整句提问也可以。",
        'A blank means both; OR means either; -word without; "…" in a row; word* beginning so. '
        "Where no post has all words, those with the rarest and most are shown; "
        "whole questions will do, too.",
    ),
    "query_elsewhere": (
        "数据表 posts 的搜索框（?_search=）也用同样的写法。没有装本项目的 Datasette 和 "
        "sqlite-utils 的搜索找不全中文，请在那里用视图 search。",
        "The search box of the table posts (?_search=) reads the same. The search of a Datasette "
        "without this project, or of sqlite-utils, would miss most Chinese words: use the view "
        "search there.",
    ),
    "site_working": (
        "正在搜索……第一次要先下载搜索程序（约 15 MB），以后浏览器会记住。",
        "Searching … The first time the program is loaded (some 15 MB), which browsers keep.",
    ),
    "site_no_scripts": (
        "搜索需要浏览器运行本站的脚本；其余页面不需要。",
        "The search needs scripts of this site; all other pages do without.",
    ),
    "site_file": (
        "从文件夹直接打开的页面不能搜索：浏览器不让它读取旁边的文件。把整个文件夹放到任何网站空间上，"
        "或者在文件夹里运行 python3 -m http.server 再打开 http://localhost:8000/，就能搜索了。",
        "A page that is opened from a folder cannot search: browsers let it read no files beside "
        "it. Put the folder into any web space, or run python3 -m http.server in it and open "
        "http://localhost:8000/.",
    ),
    "site_ranges": (
        "这个网站服务器不肯只给出文件的一部分（HTTP Range），而存档太大，不能整个下载，"
        "所以这里不能搜索。",
        "This web server gives no parts of files (HTTP range requests), and the archive is too "
        "large to be loaded whole: it cannot be searched here.",
    ),
    "site_gone": (
        "存档在这个页面打开之后更新了：请重新载入本页。",
        "The archive has changed since this page was opened: load it again.",
    ),
    "site_missing": (
        "网站上缺少搜索要用的文件：",
        "A file that the search needs is not on this site:",
    ),
    "site_network": ("网络中断了，请再试一次。", "The network failed: try again."),
    "site_failed": ("这个浏览器不能搜索：", "This browser cannot search:"),
    "query_filters": (
        "作者:张三  版块:数码  日期:2024-05  之后:2023  楼层:1  "
        "日期:昨天  日期:近三个月  主题:480  回复:>10  查看:>100  "
        "标题:退货  引用:退货  来自:广东  有:图  是:主楼  是:删除",
        "author:NAME  board:NAME  date:2024-05  after:2023  floor:1  "
        "date:yesterday  date:last-3-months  thread:480  replies:>10  views:>100  "
        "title:WORD  quote:WORD  location:NAME  has:image  is:op",
    ),
    "order": ("排序", "Sort by"),
    "order_best": ("最相关", "best first"),
    "order_newest": ("最新", "newest first"),
    "order_oldest": ("最早", "oldest first"),
    "order_replies": ("主题回复最多", "threads with most replies"),
    "order_views": ("主题查看最多", "threads with most views"),
    "hits_n": ("找到 {n} 个帖子", "{n} posts found"),
    "hits_more": ("找到超过 {n} 个帖子", "More than {n} posts found"),
    "nothing": ("什么也没找到。", "Nothing was found."),
    "no_spelling": (
        "这里不会提出写法相近的中文词，也不会按读音提出词：单个存档的搜索才会。",
        "No Chinese words that are written nearly so are proposed here, nor any by their "
        "sound: the search of an archive does that.",
    ),
    "nothing_in": (
        "在 {n} 个帖子（{first} 至 {last}）中什么也没找到。",
        "Nothing was found in {n} posts of {first} to {last}.",
    ),
    "list": ("列出", "List"),
    "list_post": ("每个帖子", "every post"),
    "list_thread": ("每个主题一条", "a hit for each thread"),
    "more_n": ("此主题另有 {n} 个帖子", "{n} more of this thread"),
    "hits_threads": ("{n} 个主题", "{n} threads"),
    "hits_threads_more": ("至少 {n} 个主题", "{n} or more threads"),
    "feed": ("订阅此搜索（Atom）", "Feed of this search (Atom)"),
    "narrow": ("缩小范围", "Narrow down"),
    "facet_board": ("版块", "Boards"),
    "facet_author": ("作者", "Authors"),
    "facet_location": ("来自", "Places"),
    "facet_date": ("年份", "Years"),
    "left_out_n": ("另有 {n} 个未列出", "{n} more not listed"),
    "counted_newest": (
        "按其中最新的 {n} 个帖子统计。",
        "Counted on the newest {n} of these posts.",
    ),
    "counted_sample": (
        "按从整个存档中均匀抽取的 {n} 个帖子统计。",
        "Counted on a sample of {n} of these posts, taken from all of the archive.",
    ),
    "counted_best": (
        "按其中最合适的 {n} 个帖子统计。",
        "Counted on the best {n} of these posts.",
    ),
    "remove": ("取消", "remove"),
    "hint_some": (
        "有 {n} 个帖子含有“{word}”，但其中没有一个符合其余条件",
        "“{word}” is in {n} posts, but in none with all the rest",
    ),
    "hint_many": (
        "有 {n} 个以上的帖子含有“{word}”，但其中没有一个符合其余条件",
        "“{word}” is in {n} or more posts, but in none with all the rest",
    ),
    "hint_words": ("没有帖子含有“{word}”", "“{word}” is in no post"),
    "hint_author": ("没有叫“{word}”的作者", "“{word}” is no author"),
    "hint_board": ("没有名称含“{word}”的版块", "“{word}” is in no board's name"),
    "hint_thread": (
        "存档里没有编号为 {word} 的主题",
        "{word} is the number of no thread in the archive",
    ),
    "hint_filter": (
        "“{word}”被当作条件；要搜索这些字本身，请加引号",
        "“{word}” was read as a filter; to search for the words, quote them",
    ),
    "hint_location": ("没有来自“{word}”的帖子", "No post is from “{word}”"),
    "stopped_empty": (
        "搜索在找到帖子之前就停止了：可能有符合的帖子",
        "The search was stopped before it found anything: there may be posts",
    ),
    "hint_stopped": (
        "查找“{word}”太久，已停止：可能有帖子含有它",
        "Looking for “{word}” was stopped: it may be in some posts",
    ),
    "also_search": ("也搜：", "Also search for:"),
    "hint_meant": ("是不是想找：", "Did you mean:"),
    "bad_query": ("看不懂这个搜索", "This query cannot be read"),
}
