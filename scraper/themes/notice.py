"""The forum's own message in place of a page, in each generation's form (showmessage).

X: `#messagetext`; touch: `div.jump_c`; 7.x: `.alert_error`/`.alert_info` in a `.postbox`;
7.0: `div.showmessage`; 6.0: `div.box.message`; a window's answer: `.alert_error` in
`.altw`; a password board: a form to `action=pwverify`. A page with posts or threads is
none.
"""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.core.records import Notice, Reason
from scraper.markup.html import fold
from scraper.markup.snapshot import Snapshot
from scraper.markup.text import plain_text
from scraper.pages.handheld.site_name import site_of_handheld
from scraper.themes import NOTICE, Theme

_SIGNS = re.compile(
    r"""\bid=["']?messagetext\b|\bclass=["']?jump_c\b|pwverify|\bclass=["']box message"""
    r"""|\bclass=["']?(?:showmessage|msgfix)\b"""
    r"""|\balert_win["'](?![^<>]{0,500}?display:\s{0,9}none)"""
)
_WORDS = (
    "messagetext",
    "jump_c",
    "pwverify",
    "box message",
    "alert_win",
    "showmessage",
    "msgfix",
)
_X_WORDS = ("messagetext", "pwverify")
_ALERTS = ('class="alert_error"', 'class="alert_info"', 'class="alert_right"')
_LEAD_CHARS = 16  # as far as a sign begins before its word
_TOUCH_POST = 'class="plc cl"'
_THREAD = ("postmessage_", _TOUCH_POST)
_BOARD = ("normalthread_", "stickthread_", 'id="threadlist')
_CONTENT = (*_THREAD, *_BOARD)
_MESSAGE_CHARS = 2_000
_BOXES = (
    "#messagetext",
    "div.jump_c",
    "div.box.message",
    "div.showmessage",
    "div.msgfix",
    ".alert_win .alert_error",
    ".alert_win .alert_info",
    ".postbox .alert_error",
    ".postbox .alert_info",
    ".nfl .f_c h3",
    ".alert_error",
    ".alert_info",
    ".altw",
    "form[action*='pwverify']",
    "body",
)
_BOARD_PASSWORD = "form[action*='pwverify']"
_LOGIN = "#messagelogin, input[type='password'], form[action*='action=login']"
_OUTERMOST = ("body", "html")
_REASONS_OF_STATUS: dict[int, Reason] = {
    401: "login",
    403: "forbidden",
    404: "not_found",
    410: "not_found",
    429: "throttled",
    503: "closed",
}
LOGIN_WANTED = Notice(
    reason="login", message="the forum sends guests to its login form"
)
"""What a redirect to the login form says."""
_BUTTONS = re.compile(
    r"\[?\s{0,9}(?:点击这里返回|點擊這裡返回|如果[您你]的(?:浏览器没有|瀏覽器沒有)自).*$",
    re.S,
)
_REASONS: tuple[tuple[Reason, str], ...] = (
    (
        "password",
        r"需要密码|需要密碼|输入正确的密码|輸入正確的密碼|密码.{0,6}才能访问"
        r"|(?:correct|required) password",
    ),
    (
        "not_found",
        r"不存在|没有找到|沒有找到|已被删除|已被刪除|正在被审核|正在被審核|未找到"
        r"|(?:not|n't) exist|not found|deleted",
    ),
    (
        "closed",
        r"(?:站点|站點|论坛|論壇|社区|社區|本站|网站|網站).{0,6}"
        r"(?:关闭|關閉|维护|維護|升级|升級|搬家|搬迁|搬遷|迁移|遷移"
        r"|(?:暂停|暫停|停止)(?:访问|訪問|开放|開放|服务|服務|运行|運行))"
        r"|(?:机器|機器|机房|機房|服务器|伺服器|数据库|資料庫).{0,4}"
        r"(?:搬家|搬迁|搬遷|迁移|遷移|维护|維護|升级|升級|故障)"
        r"|维护中|維護中|升级中|升級中"
        r"|(?:site|forum|board) is (?:temporarily )?(?:closed|offline|down)|under maintenance",
    ),
    ("captcha", r"验证码|驗證碼|安全验证|安全驗證|captcha"),
    (
        "throttled",
        r"频繁|頻繁|过快|過快|间隔|間隔|负载过高|負載過高|稍后再|稍後再"
        r"|too (?:fast|often|many)|try again later",
    ),
    (
        "login",
        r"尚未(?:登录|登錄|登入)|需要先?(?:登录|登錄|登入)|[请請]先(?:登录|登錄|登入)"
        r"|(?:must|need to|please) log ?in|not logged in",
    ),
    (
        "forbidden",
        r"没有权限|沒有權限|无权|無權|阅读权限|閱讀權限|禁止|进行此操作|進行此操作|特定用[户戶]"
        r"|permission|privilege|not allowed|banned",
    ),
    ("error", r"无法读|無法讀|系统错误|系統錯誤|System Error|database error"),
)
_PATTERNS = tuple((reason, re.compile(pattern, re.I)) for reason, pattern in _REASONS)


def reason_of(message: str) -> Reason:
    """Why the forum shows a notice, by its words."""
    for reason, pattern in _PATTERNS:
        if pattern.search(message):
            return reason
    return "other"


def _recognise(page: Snapshot) -> int:
    """Each look for a word costs as much as a tenth of the page's tree: the likeliest
    first, and few of them."""
    text = page.text
    body = page.body_tag
    likeliest = _BOARD[0] if "forumdisplay" in body else _THREAD[0]
    if likeliest in text:
        return 0
    if body and _TOUCH_POST in text:
        return 0

    words: tuple[str, ...] = _X_WORDS if "nv_" in body else _WORDS
    if "message" not in text:
        words = tuple(word for word in words if "message" not in word)
    if _has_sign(text, words):
        has_content = any(sign in text for sign in _CONTENT)
        return NOTICE if not has_content else 0
    if body:
        return 0
    has_alert = any(sign in text for sign in _ALERTS)
    return NOTICE if has_alert else 0


def _has_sign(text: str, words: tuple[str, ...]) -> bool:
    """The pattern costs a thousand times the look for its words: it is tried from the first
    of them on."""
    places = [text.find(word) for word in words]
    places = [at for at in places if at >= 0]
    if not places:
        return False
    start = max(0, min(places) - _LEAD_CHARS)
    return _SIGNS.search(text, start) is not None


def _read(page: Snapshot) -> Notice:
    for selector in _BOXES:
        box = page.tree.css_first(selector)
        if box is None:
            continue
        message = _words(box, page)
        if not message:
            continue
        return Notice(
            message=message[:_MESSAGE_CHARS],
            reason=_reason(box, message, page),
        )
    return Notice(message="")


def _reason(box: LexborNode, message: str, page: Snapshot) -> Reason:
    """By the first paragraph, by all words, else by what stands around them: an owner may
    say anything, in any language."""
    paragraph = box.css_first("p") or box
    reason = reason_of(_words(paragraph, page))
    if reason == "other":
        reason = reason_of(message)
    if reason == "other":
        reason = _reason_of_form(box)
    if reason == "other":
        reason = _REASONS_OF_STATUS.get(page.capture.status, "other")
    return reason


def _reason_of_form(box: LexborNode) -> Reason:
    """Why, by the form that the forum offers below its words. A form in the page's own head
    says nothing, so only what stands beside the words is looked at."""
    around = box if box.tag in _OUTERMOST else box.parent or box
    if around.tag in _OUTERMOST:
        around = box
    if around.css_first(_BOARD_PASSWORD) is not None:
        return "password"
    if box.tag not in _OUTERMOST and around.css_first(_LOGIN) is not None:
        return "login"
    return "other"


def _words(node: LexborNode, page: Snapshot) -> str:
    text = plain_text(node, page.clock)
    text = _BUTTONS.sub("", text)
    return fold(text)


THEME = Theme("notice", _recognise, _read, site=site_of_handheld)
