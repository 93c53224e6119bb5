"""Words of the pages that show an archive's figures and how it fares."""

from __future__ import annotations

from typing import Final

FIGURES: Final[dict[str, tuple[str, str]]] = {
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
    "scroll_back": (
        "← 最新的在右端，更早的在左边，可以滑动",
        "← The newest are at the right; scroll left for earlier ones",
    ),
    "scroll_on": ("向右滑，看其余的 →", "Scroll right for the rest →"),
    "share": ("份额", "Share"),
    "label": ("项目", "Label"),
    "count": ("数目", "Number"),
    "choose_forum": ("选择论坛", "Choose a forum"),
    "back_to_thread": ("回到主题", "Back to the thread"),
    # Datasette's own pages
    "columns": ("各列的含义", "What the columns mean"),
    "filter_column": ("筛选的列", "Column to filter by"),
    "filter_comparison": ("比较方式", "Comparison"),
    "filter_value": ("筛选的值", "Value to compare with"),
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
    "pages_read": ("页面", "Pages"),
    "lost_pages": (
        "没有存到的页面和文件（已放弃，或论坛拒绝）",
        "Pages and files that were not kept: given up, or refused by the forum",
    ),
    "tries": ("尝试", "Tries"),
    "why": ("原因", "Why"),
    "page": ("页", "Page"),
    "media": ("图片与附件", "Pictures and files"),
    "failed": ("最近未能读取的页面", "Pages that could not be read lately"),
    "set_aside": (
        "搁置的页面：读取时使程序中断或超出限度",
        "Pages set aside: they ended what read them",
    ),
    "set_aside_advice": (
        "升级后的 discuz-archive reparse，或 discuz-archive reparse --failed，会再试一次。",
        "discuz-archive reparse after an upgrade, or discuz-archive reparse --failed, "
        "tries them again.",
    ),
    "losses": ("从 WARC 文件中遗失的页面", "Kept pages that are lost from WARC files"),
    "loss_accepted": (
        "{n} 个，其中 {accepted} 个已接受（{at}）",
        "{n}, {accepted} of them accepted ({at})",
    ),
    "loss_advice": (
        "discuz-archive check 列出详情和找回的办法。",
        "discuz-archive check says more, and how they come back.",
    ),
    "stopped": ("停止的原因", "Why it stopped"),
    "forum": ("论坛", "Forum"),
    "requests": ("请求", "Requests"),
}

WORDS: Final[dict[str, tuple[str, str]]] = {
    # how runs end
    "done": ("完成", "done"),
    "stopped": ("停止", "stopped"),
    "interrupted": ("被中断", "interrupted"),
    "failed": ("失败", "failed"),
    # states of visits
    "due": ("待访问", "to be visited"),
    "given_up": ("已放弃", "given up"),
    "refused": ("论坛拒绝", "refused"),
    # kinds of pages
    "index": ("首页", "front page"),
    "category": ("分区", "category"),
    "board": ("版块", "board"),
    "thread": ("主题", "thread"),
    "all_parts": ("整个长帖", "all parts of a post"),
    "archiver": ("存档页", "archiver page"),
    "ratings": ("评分", "ratings"),
    "comments": ("点评", "comments"),
    "user": ("会员", "member"),
    "media": ("文件", "file"),
    # why crawls stop
    "challenge": ("验证页", "challenge page"),
    "closed": ("论坛关闭", "closed"),
    "forbidden": ("禁止访问", "forbidden"),
    "robots": ("robots.txt 不允许", "robots.txt"),
    "throttled": ("要求减速", "told to slow down"),
    "login_lost": ("登录失效", "login lost"),
    "no_forum": ("那里没有论坛", "no forum there"),
    "dns": ("找不到服务器", "no such server"),
}
"""What the program's own words in the tables mean."""
