"""Pages that a forum answers in place of the page asked for: notices, the form of a password
board, security and challenge pages, a proxy's page."""

from __future__ import annotations

from .frame import page, trail
from .model import Board
from .skin import escape
from .view import View

NOT_FOUND = "抱歉，指定的主题不存在或已被删除或正在被审核"
NO_BOARD = "抱歉，指定的版块不存在"
FORBIDDEN = "抱歉，您没有权限访问该版块"
LOGIN = "抱歉，您尚未登录，没有权限访问该版块"
LOGIN_FIRST = "请先登录后才能继续浏览"
READ_LEVEL = "抱歉，本帖要求阅读权限高于 {} 才能浏览"
CLOSED = "论坛暂时关闭，正在搬家，请过几天再来"
NO_FILE = "抱歉，该附件无法读取"


def notice(view: View, words: str, login: bool = False) -> str:
    """`showmessage()`: the words in `#messagetext`, with a login form loaded below or a way
    back."""
    if login:
        text = f"""<div id="messagetext" class="alert_info">
<p>{words}</p>
</div>
<div id="messagelogin"></div>
<script type="text/javascript">ajaxget('member.php?mod=logging&action=login&infloat=yes&frommessage', 'messagelogin');\
</script>
</div>"""
    else:
        text = f"""<div id="messagetext" class="alert_error">
<p>{words}</p>
<script type="text/javascript">
if(history.length > (BROWSER.ie ? 0 : 1)) {{
document.write('<p class="alert_btnleft"><a href="javascript:history.back()">[ 点击这里返回上一页 ]</a></p>');
}} else {{
document.write('<p class="alert_btnleft"><a href="./">[ {view.forum.name} 首页 ]</a></p>');
}}
</script>
</div>
</div>"""
    return page(
        view,
        "pg_viewthread",
        "提示信息",
        f"""<div id="ct" class="wp cl w">
<div class="nfl"{' id="main_message"' if login else ""}>
<div class="f_c altw">
{text}
</div>
</div>
""",
    )


def password_form(view: View, board: Board) -> str:
    """The page of a board that asks for a password."""
    category = next(
        category for category in view.forum.categories if category.gid == board.gid
    )
    head = trail(
        view,
        f'<a href="forum.php?gid={board.gid}">{escape(category.name)}</a>',
        f'<a href="{view.skin.board(board.fid)}">{escape(board.name)}</a>',
    )
    return page(
        view,
        "pg_forumdisplay",
        board.name,
        f"""{head}
<div id="ct" class="wp cl">
<div class="mn">
<div class="nfl">
<div class="f_c">
<h3 class="xs2 xi2 mbm">本版块需要密码，您必须在下面输入正确的密码才能浏览这个版块</h3>
<div class="o">
<form method="post" autocomplete="off" action="forum.php?mod=forumdisplay&amp;fid={board.fid}&amp;action=pwverify">
<input type="hidden" name="formhash" value="0a1b2c3d" />
<input type="password" name="pw" class="px vm" size="25" />
&nbsp;<button class="pn pnc vm" type="submit" name="loginsubmit" value="true"><strong>提交</strong></button>
</form>
</div>
</div>
</div>
</div>
</div>
""",
    )


def security() -> str:
    """What `attackevasive` answers, status 200: no forum around it, all words as entities
    (source: misc_security.php)."""

    def entities(text: str) -> str:
        return "".join(f"&#x{ord(char):x};" for char in text)

    words = entities(
        "您访问本站速度过快或者刷新间隔时间小于两秒！请等待页面自动跳转 ..."
    )
    return f"""<html>
<head>
<title>{entities("频繁刷新限制")}</title>
</head>
<body bgcolor="#FFFFFF">
<script type="text/javascript">function reload() {{ document.location.reload(); }} setTimeout("reload()", 1001);</script>
<table cellpadding="0" cellspacing="0" border="0" width="700" align="center" height="85%">
<tr align="center" valign="middle"><td>
<b style="font-size: 16px">{entities("频繁刷新限制")}</b>
<br /><br />{words}
</td></tr>
</table>
</body>
</html>"""


def question() -> str:
    """The sum that `attackevasive` asks for at a first visit, plain English and no name of
    the forum's anywhere (misc_security.php)."""
    return """<html><head><title>7 + 12 + 3 = ?</title></head><body bgcolor="#FFFFFF">\
<form action="" method="post" autocomplete="off"><table width="700" align="center" height="85%">\
<tr align="center" valign="middle"><td><b style="font-size: 16px">7 + 12 + 3 = ?</b><br /><br />\
<input type="text" name="answer" size="8" maxlength="150" />\
<input type="submit" name="secqsubmit" class="button" value=" Submit " /><br /><br /></td></tr>\
</table></form></body></html>"""


CHALLENGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">
<meta name="robots" content="noindex,nofollow"><meta http-equiv="refresh" content="360"></head>
<body class="no-js"><div class="main-wrapper" role="main"><div class="main-content">
<noscript><span id="challenge-error-text">Enable JavaScript and cookies to continue</span></noscript></div></div>
<script>(function(){window._cf_chl_opt={cvId:'3',cZone:'bbs.example',cType:'managed'};
var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1?ray=0';
document.getElementsByTagName('head')[0].appendChild(a);}());</script></body></html>
"""

BUSY = "<html><h1>503 Service Temporarily Unavailable</h1></html>"

PROXY = """<html><head><title>Network Login</title></head>
<body><h1>Welcome to the guest network</h1><p>Please accept the terms to go on.</p></body></html>
"""
