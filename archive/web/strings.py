"""All words of the interface, in Simplified Chinese and English."""

from __future__ import annotations

from typing import Final

from archive.store.post_columns import COLUMN_OF
from archive.web.language import Language

_STRINGS: Final[dict[str, tuple[str, str]]] = {
    # Frame
    "skip": ("跳到正文", "Skip to content"),
    "forums": ("论坛", "Forums"),
    "boards": ("版块", "Boards"),
    "search": ("搜索", "Search"),
    "pictures": ("统计图", "Pictures"),
    "health": ("运行状况", "Health"),
    "not_read": ("页面上有、却没有读到的内容", "Printed on pages and not read"),
    "not_read_advice": (
        "用 discuz-archive doctor 网址 查看某一页读到了什么；程序升级后用 "
        "discuz-archive reparse 重新读取已存的网页。",
        "discuz-archive doctor ADDRESS shows what is read of a page; discuz-archive "
        "reparse reads the kept pages again after an upgrade.",
    ),
    "data": ("数据", "Data"),
    "archive": ("论坛存档", "Forum archive"),
    "path": ("位置", "Where you are"),
    "read_only": (
        "本页由存档生成，只读；不从外部加载任何内容。",
        "This page is made from an archive, read-only; nothing is loaded from outside.",
    ),
    "colon": ("：", ": "),
    "gap": ("", " "),
    "because": ("（{why}）", " ({why})"),
    "main_menu": ("主菜单", "Main menu"),
    # Counts
    "threads_n": ("{n} 个主题", "{n} threads"),
    "posts_n": ("{n} 个帖子", "{n} posts"),
    "nothing_here": ("没有存档的主题", "no threads archived"),
    "here": ("已存档", "Archived"),
    "stated": ("论坛所示", "As the forum states"),
    "seen": ("存档时间", "Captured"),
    "threads": ("主题", "Threads"),
    "posts": ("帖子", "Posts"),
    "zone": ("时间均为 {zone}", "Times are in {zone}"),
    # Boards
    "last_post": ("最后发表", "Last post"),
    "sub_boards": ("子版块", "Sub-boards"),
    "moderators": ("版主", "Moderators"),
    "on_this_day": ("那年今日", "On this day"),
    "no_category": ("其他版块", "Other boards"),
    "board": ("版块", "Board"),
    "author": ("作者", "Author"),
    "replies": ("回复", "Replies"),
    "views": ("查看", "Views"),
    "title": ("标题", "Title"),
    "sort": ("排序", "Sort by"),
    "show": ("筛选", "Show"),
    "apply": ("应用", "Apply"),
    "sort_reply": ("最后回复", "last reply"),
    "sort_start": ("发帖时间", "newest thread"),
    "sort_replies": ("回复最多", "most replies"),
    "sort_views": ("查看最多", "most views"),
    "show_all": ("全部主题", "all threads"),
    "show_digest": ("精华", "digests"),
    "show_poll": ("投票", "polls"),
    "show_reward": ("悬赏", "rewards"),
    "show_activity": ("活动", "activities"),
    "show_trade": ("商品", "trades"),
    "show_debate": ("辩论", "debates"),
    "show_gone": ("已消失", "disappeared"),
    "sticky": ("置顶", "on top"),
    "digest": ("精华", "digest"),
    "closed": ("已关闭", "closed"),
    "moved": ("已移动", "moved"),
    "gone": ("已消失", "disappeared"),
    "no_threads": ("这里没有主题。", "No threads here."),
    "poll": ("投票", "poll"),
    "reward": ("悬赏", "reward"),
    "activity": ("活动", "activity"),
    "trade": ("商品", "trade"),
    "debate": ("辩论", "debate"),
    "next": ("下一页", "Next page"),
    "previous": ("上一页", "Previous page"),
    "pages": ("分页", "Pages"),
    "page_n": ("第 {n} 页", "Page {n}"),
    # Threads
    "anonymous": ("匿名", "Anonymous"),
    "floor_n": ("{n} 楼", "#{n}"),
    "floor_1": ("1 楼 · 楼主", "#1"),
    "floor_2": ("2 楼 · 沙发", "#2"),
    "floor_3": ("3 楼 · 板凳", "#3"),
    "floor_4": ("4 楼 · 地板", "#4"),
    "opener": ("楼主", "Opener"),
    "no_floor": ("楼层不详", "floor unknown"),
    "only_opener": ("只看楼主", "Only the opener"),
    "only_author": ("只看该作者", "Only this author"),
    "all_authors": ("显示全部帖子", "Show all posts"),
    "edited": ("最后由 {who} 于 {when} 编辑", "Last edited by {who} on {when}"),
    "edited_when": ("最后于 {when} 编辑", "Last edited on {when}"),
    "versions_n": ("较早的版本（{n}）", "Older versions ({n})"),
    "gone_since": (
        "此帖已从论坛消失；最后一次见到是 {seen}，发现消失是 {gone}。",
        "This post is no longer on the forum; last seen {seen}, found missing {gone}.",
    ),
    "thread_gone": (
        "此主题已从论坛消失；最后一次见到是 {seen}。",
        "This thread is no longer on the forum; last seen {seen}.",
    ),
    "withheld": ("论坛隐藏了此帖", "The forum withholds this post"),
    "withheld_text": (
        "下面是隐藏之前或对其他读者显示的内容。",
        "Below is what was seen before, or by other readers.",
    ),
    "why_blocked": ("被管理员或版主屏蔽", "blocked by a moderator"),
    "why_banned": ("作者被禁言", "author banned"),
    "why_deleted": ("作者被删除", "author deleted"),
    "why_password": ("需要密码", "asks for a password"),
    "why_paid": ("需要购买", "asks for payment"),
    "why_reply": ("回复后可见", "readers must reply"),
    "why_login": ("登录后可见", "readers must log in"),
    "why_author": ("仅作者可见", "for the author only"),
    "why_other": ("其他原因", "other reason"),
    "picture_away": ("图片未存档：", "Picture not archived: "),
    "files": ("附件", "Attachments"),
    "file_unnamed": ("论坛未显示其名", "not named by the forum"),
    "file_away": ("未存档", "not archived"),
    "downloads_n": ("下载 {n} 次", "{n} downloads"),
    "ratings_n": ("评分（{n}）", "Ratings ({n})"),
    "ratings_of": (
        "评分（{total} 人中的 {n} 人）",
        "Ratings (by {n} of {total} people)",
    ),
    "comments_n": ("点评（{n}）", "Comments ({n})"),
    "comments_of": (
        "点评（{n}，至少有 {total}）",
        "Comments ({n} of at least {total})",
    ),
    "rated_by": ("评分者", "By"),
    "score": ("分数", "Score"),
    "reason": ("理由", "Reason"),
    "votes_n": ("{n} 票", "{n} votes"),
    "votes_hidden": ("票数未公开", "votes not shown"),
    "poll_head": ("投票", "Poll"),
    "multiple": ("多选", "several answers"),
    "single": ("单选", "one answer"),
    "ended": ("已结束", "ended"),
    "voters_n": ("共 {n} 人参与", "{n} voters"),
    "signature": ("签名", "Signature"),
    "best_answer": ("最佳答案", "Best answer"),
    "tags": ("标签", "Tags"),
    "growth": ("主题的增长", "Growth of the thread"),
    "edges": ("回复关系", "Who quotes whom"),
    "no_posts": ("这个主题的帖子没有存档。", "No posts of this thread are archived."),
    "empty": ("（空）", "(empty)"),
    "price_n": ("售价 {n}", "price {n}"),
    "level_n": ("阅读权限 {n}", "reading permission {n}"),
    # Versions
    "versions": ("版本对照", "Versions"),
    "before": ("之前", "Before"),
    "after": ("之后", "After"),
    "seen_then": (
        "下面的时间是存档时见到这些文字的时间。",
        "The times below are when captures showed these words.",
    ),
    "back_to_post": ("回到帖子", "Back to the post"),
    "of_post": ("{who} 的帖子", "A post by {who}"),
    "similar": ("相似的帖子", "Similar posts"),
    "copy": ("同一篇文字", "the same text"),
    "alike_n": ("{n}% 相同", "{n}% alike"),
    "similar_how": (
        "先列转载的副本（个别字词可能换过），再列谈同一件事的帖子。",
        "Copies first, some words perhaps swapped; then posts on the same matter.",
    ),
    # Members
    "uid": ("UID", "UID"),
    "profile": ("资料", "Profile"),
    "member_gone": ("论坛上已没有这位会员。", "The forum no longer has this member."),
    "search_author": ("在其帖子中搜索", "Search these posts"),
    "none": ("没有。", "None."),
    # Search
    "query": ("搜索词", "Words"),
    "query_help_head": ("怎样写搜索词", "How to write a query"),
    "query_help": (
        '空格表示都要有；OR 表示任一；-词 表示不要；"…" 表示连续；词* 表示开头。',
        'A blank means both; OR means either; -word without; "…" in a row; word* beginning so.',
    ),
    "query_elsewhere": (
        "数据表 posts 的搜索框（?_search=）也用同样的写法。没有装本项目的 Datasette 和 sqlite-utils "
        "的搜索找不全中文，请在那里用视图 search。",
        "The search box of the table posts (?_search=) reads the same. The search of a Datasette "
        "without this project, or of sqlite-utils, would miss most Chinese words: use the view "
        "search there.",
    ),
    "query_filters": (
        "作者:张三  版块:数码  日期:2024-05  之后:2023  楼层:1  "
        "标题:退货  引用:退货  来自:广东  有:图  是:主楼  是:删除",
        "author:NAME  board:NAME  date:2024-05  after:2023  floor:1  "
        "title:WORD  quote:WORD  location:NAME  has:image  is:op",
    ),
    "order": ("次序", "Order"),
    "order_best": ("最相关", "best first"),
    "order_newest": ("最新", "newest first"),
    "order_oldest": ("最早", "oldest first"),
    "hits_n": ("找到 {n} 个帖子", "{n} posts found"),
    "hits_more": ("找到超过 {n} 个帖子", "More than {n} posts found"),
    "nothing": ("什么也没找到。", "Nothing was found."),
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
    "hint_meant": ("是不是想找：", "Did you mean:"),
    "bad_query": ("看不懂这个搜索", "This query cannot be read"),
    # Pictures
    "picture_months": ("每月发帖", "Posts a month"),
    "picture_boards": ("各版块的份额", "Boards by share"),
    "picture_hours": ("一天中最忙的时刻", "Busiest hours"),
    "picture_authors": ("发帖最多的作者", "Most active authors"),
    "picture_growth": ("主题的增长", "Growth of a thread"),
    "numbers": ("数字", "Numbers"),
    "statement": ("查询语句", "The statement"),
    "run_it": ("在数据页中运行", "Run it in the data pages"),
    "picture_times": (
        "从 {first} 到 {last}，共 {n} 项；最多的是 {label}：{most}。数字见图下的表格。",
        "{n} values from {first} to {last}; the largest is {most}, {label}. "
        "The table below has all numbers.",
    ),
    "picture_ranks": (
        "共 {n} 项；最多的是 {label}：{most}。数字见图下的表格。",
        "{n} values; the largest is {most}, {label}. The table below has all numbers.",
    ),
    "counting": (
        "正在统计，稍后刷新本页。",
        "Still being counted: load this page again in a while.",
    ),
    "share": ("份额", "Share"),
    "label": ("项目", "Label"),
    "count": ("数目", "Number"),
    "choose_forum": ("选择论坛", "Choose a forum"),
    "back_to_thread": ("回到主题", "Back to the thread"),
    # Health
    "runs": ("最近的运行", "Last runs"),
    "command": ("命令", "Command"),
    "began": ("开始", "Began"),
    "finished": ("结束", "Ended"),
    "new": ("新帖", "New"),
    "changed": ("有变化", "Changed"),
    "lost": ("消失", "Gone"),
    "problems": ("问题", "Problems"),
    "outcome": ("结果", "Outcome"),
    "running": ("运行中或被中断", "running, or killed"),
    "due": ("待访问的页面", "Pages to visit"),
    "state": ("状态", "State"),
    "kind": ("种类", "Kind"),
    "earliest": ("最早到期", "Earliest due"),
    "given_up": ("已放弃的页面", "Pages given up"),
    "tries": ("尝试", "Tries"),
    "why": ("原因", "Why"),
    "page": ("页", "Page"),
    "media": ("图片与附件", "Pictures and files"),
    "failed": ("最近未能读取的页面", "Pages that could not be read lately"),
    "time": ("时间", "Time"),
    "stopped": ("停止的原因", "Why it stopped"),
    "forum": ("论坛", "Forum"),
    "requests": ("请求", "Requests"),
    "state_due": ("待访问", "to be visited"),
    "state_done": ("已访问", "visited"),
    "state_given_up": ("已放弃", "given up"),
    "utc": ("本页时间为 UTC。", "Times on this page are in UTC."),
    # Errors
    "error": ("找不到", "Not here"),
    "no_page": ("存档里没有这个页面。", "The archive has no such page."),
    "no_forum": ("存档里没有这个论坛。", "The archive has no such forum."),
    "no_board": ("存档里没有这个版块。", "The archive has no such board."),
    "no_thread": ("存档里没有这个主题。", "The archive has no such thread."),
    "no_post": ("存档里没有这个帖子。", "The archive has no such post."),
    "no_user": ("存档里没有这位会员。", "The archive has no such member."),
    "no_file": ("存档里没有这个文件。", "The archive has no such file."),
    "no_versions": (
        "这个帖子没有较早的版本。",
        "There are no older versions of this post.",
    ),
    "took_too_long": ("查询超过了时限。", "That took longer than is allowed."),
    "try_original": ("论坛上的原址：", "Its address on the forum: "),
}


def text(key: str, language: Language, **values: object) -> str:
    """A string of the interface, its {places} filled in."""
    chinese, english = _STRINGS[key]
    found = chinese if language == "zh" else english
    if not values:
        return found
    return found.format(**values)


def column_label(column: str, language: Language) -> str:
    """What a column of `posts` is called."""
    described = COLUMN_OF[column]
    return described.label_zh if language == "zh" else described.label_en


def known() -> frozenset[str]:
    """All that can be said."""
    return frozenset(_STRINGS)
