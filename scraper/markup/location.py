"""Where a post was written, as forums print it beside the time: `IP归属地:广东`, `来自 北京`.

Stock Discuz! prints no such label. Plugins and skins do, each in words of its own, most
from the forum's IP database (`来自 中国四川眉山`, `IP:广东省深圳市 电信`). What stock X
prints is the place that a phone sent, without a label, in `div.mobile-location` below the
message: that text is the location as it stands and needs no function.

`来自` also stands before what is no place: a device (`来自手机`, which stock X prints, and
any words that an administrator sets instead), a client, a floor (`顶 来自 7#`). So `来自` is
believed only before a name that is surely one of a place; a label that speaks of the IP
address is believed before any name.
"""

from __future__ import annotations

import re

from scraper.markup.html import fold

_LABELS = ("属地", "屬地", "来自", "來自", "IP", "ip", "Ip")

_NOT_WITHIN_A_WORD = r"(?<![A-Za-z\u3400-\u9fff])"
_IP_LABEL = re.compile(
    _NOT_WITHIN_A_WORD
    + r"(?:IP ?(?:归属地|歸屬地|属地|屬地|所在地|位置|来自|來自) ?[:：]?"
    r"|(?:归属地|歸屬地|属地|屬地) ?[:：]"
    r"|IP ?[:：]) ?",
    re.I,
)
_FROM_LABEL = re.compile(_NOT_WITHIN_A_WORD + r"(?:来自|來自) ?[:：]? ?")

# What may stand between the label and the name: dashes (Discuz!'s own `- 广东省`), brackets,
# and the address itself, whole or masked (`1.2.3.*`), which is no place.
_LEAD_IN = re.compile(r"[-—–·\[(【（ ]{0,4}")
_ADDRESS = re.compile(
    r"(?:[0-9*xX]{1,3}\.){2,3}[0-9*xX]{1,3}|[0-9a-fA-F*]{0,4}:[0-9a-fA-F:*]+"
)
_NAME = re.compile(
    r"[\u3400-\u9fff]{2,20}(?![\u3400-\u9fff])"
    r"|[A-Za-z][A-Za-z.'-]{1,20}(?: [A-Z][A-Za-z.'-]{1,20}){0,3}"
)
_NEXT_NAME = re.compile(r"[ ·,，/–-] ?([\u3400-\u9fff]{2,12})")

# Provinces, prefectures and what is as large, by province; countries. Some in both scripts.
_NAMES = """
中国 中國 北京 天津 上海 重庆 重慶 香港 澳门 澳門 台湾 台灣 臺灣
河北 石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 雄安
山西 太原 大同 阳泉 长治 晋城 朔州 晋中 运城 忻州 临汾 吕梁
内蒙古 內蒙古 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布
辽宁 遼寧 沈阳 瀋陽 大连 大連 鞍山 抚顺 本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛
吉林 长春 長春 四平 辽源 通化 白山 松原 白城 延边
黑龙江 黑龍江 哈尔滨 哈爾濱 齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化
江苏 江蘇 南京 无锡 無錫 徐州 常州 苏州 蘇州 南通 连云港 淮安 盐城 扬州 镇江 泰州 宿迁
浙江 杭州 宁波 寧波 温州 溫州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 义乌
安徽 合肥 芜湖 蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城
福建 福州 厦门 廈門 莆田 三明 泉州 漳州 南平 龙岩 宁德
江西 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶
山东 山東 济南 濟南 青岛 青島 淄博 枣庄 东营 烟台 潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽
河南 郑州 鄭州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌 漯河 三门峡 南阳 商丘 信阳 周口 驻马店
湖北 武汉 武漢 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州 恩施
湖南 长沙 長沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 湘西
广东 廣東 广州 廣州 韶关 深圳 珠海 汕头 佛山 江门 湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞
東莞 中山 潮州 揭阳 云浮 广西 廣西 南宁 南寧 柳州 桂林 梧州 北海 防城港 钦州 贵港 玉林 百色 贺州
河池 来宾 崇左 海南 海口 三亚 三沙 儋州 四川 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁 内江 乐山
南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 阿坝 甘孜 凉山 贵州 貴州 贵阳 貴陽 六盘水 遵义 安顺 毕节
铜仁 黔西南 黔东南 黔南 云南 雲南 昆明 曲靖 玉溪 保山 昭通 丽江 普洱 临沧 楚雄 红河 文山 西双版纳
大理 德宏 怒江 迪庆 西藏 拉萨 拉薩 昌都 山南 日喀则 那曲 阿里 林芝
陕西 陝西 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛
甘肃 甘肅 兰州 蘭州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 临夏 甘南
青海 西宁 西寧 海东 海北 黄南 海西 玉树 果洛 宁夏 寧夏 银川 銀川 石嘴山 吴忠 固原 中卫
新疆 乌鲁木齐 烏魯木齊 克拉玛依 吐鲁番 哈密 昌吉 博尔塔拉 巴音郭楞 阿克苏 喀什 和田 伊犁 塔城 阿勒泰
台北 臺北 新北 桃园 桃園 台中 臺中 台南 臺南 高雄 基隆 新竹 嘉义 嘉義 九龙 九龍 新界
美国 美國 加拿大 墨西哥 巴西 阿根廷 智利 秘鲁 古巴 英国 英國 法国 法國 德国 德國 意大利 義大利
西班牙 葡萄牙 荷兰 荷蘭 比利时 比利時 瑞士 瑞典 挪威 丹麦 丹麥 芬兰 芬蘭 波兰 波蘭 奥地利 奧地利
捷克 匈牙利 希腊 希臘 爱尔兰 愛爾蘭 俄罗斯 俄羅斯 乌克兰 烏克蘭 土耳其 哈萨克斯坦 日本 韩国 韓國
朝鲜 朝鮮 蒙古 新加坡 马来西亚 馬來西亞 泰国 泰國 越南 菲律宾 菲律賓 印度 印尼 柬埔寨 缅甸 緬甸
老挝 老撾 巴基斯坦 孟加拉 斯里兰卡 阿联酋 阿聯酋 以色列 沙特 伊朗 伊拉克 埃及 南非 尼日利亚 肯尼亚
澳大利亚 澳大利亞 澳洲 新西兰 新西蘭 紐西蘭
"""
_KNOWN = frozenset(_NAMES.split())
_KNOWN_LENGTHS = sorted({len(name) for name in _KNOWN}, reverse=True)
_PLACE_ENDS = ("省", "市", "县", "縣", "区", "區", "州", "盟", "旗", "岛", "島")

# What makes a name that begins with a place one of something else: a newspaper, a club.
_NO_PLACE = re.compile(
    r"[的报報网網端机機吧频頻团團圈群组組]|版[块塊主]?$|社[区區团團]?$|[友协協员員]会|论坛|論壇"
    r"|大学|大學|[商门門网旗艦舰]店|触屏|觸屏|空间|空間|日志|日誌"
)
_NETWORKS = re.compile(
    r"(?:电信|電信|联通|聯通|移动|移動|铁通|鐵通|网通|網通|教育网|教育網|广电网?|长城宽带|鹏博士)"
    r"(?:ADSL|数据中心)?$"
)
_SOMEBODY = re.compile(r"的?(?:网友|網友|朋友|用户|用戶)$")
# The forum's own words, which may follow without a space.
_BUTTONS = re.compile(
    r"只看|查看|显示全|顯示全|发表|發表|楼主|樓主|沙发|沙發|板凳|地板|回复|回復|回覆|举报|舉報"
    r"|倒序|正序"
    r"|阅读模式|閱讀模式|电梯|電梯|收藏|分享|编辑|編輯|引用|点评|點評|评分|評分|使用道具"
)
_SAYS_NOTHING = re.compile(
    r"未知|保密|隐藏|隱藏|不详|不詳|可见|可見|查看|登录|登錄|登入|内网|內網|局域网|區域網"
    r"|本机|本機|保留"
    r"|^(?:unknown|none|null|lan|local|reserved|hidden|invalid)\b",
    re.I,
)


def location_of(text: str) -> str:
    """The place that a line about a post names as where it was written; empty where none.

    Give it the words beside the post's time, without the message and, if that can be
    helped, without the author's name (a member may be called `来自 北京`). The place is as
    printed, without what else the label tells: an IP address, whole or masked, and the
    network's operator are left out, and by themselves are no location.

        发表于 2023-5-1 12:00 来自 广东          广东
        IP归属地：中国 四川 眉山 | 只看该作者    中国 四川 眉山
        来自: 广东省深圳市 电信                  广东省深圳市
        IP:1.2.3.*(浙江)                         浙江
        来自手机 / 来自: iPhone客户端 / 来自 7#  nothing
        IP属地：未知 / IP:1.2.3.*                nothing
    """
    if not any(label in text for label in _LABELS):
        return ""
    line = fold(text)
    by_ip = _place_after(_IP_LABEL, line, is_sure=True)
    return by_ip or _place_after(_FROM_LABEL, line, is_sure=False)


def _place_after(label: re.Pattern[str], line: str, is_sure: bool) -> str:
    """The first place that begins right after a label. `is_sure`: any name there is a
    place."""
    for found in label.finditer(line):
        start = _skip_address(line, found.end())
        place = _place_at(line, start, is_sure)
        if place:
            return place
    return ""


def _place_at(line: str, start: int, is_sure: bool) -> str:
    found = _NAME.match(line, start)
    if found is None:
        return ""
    printed = found[0]
    name = _without_company(printed)
    if not name or _SAYS_NOTHING.search(printed):
        return ""
    if not is_sure and not _is_place(name):
        return ""
    if name != printed:
        return name

    end = _end_of_parts(line, name, found.end())
    return line[start:end]


def _skip_address(line: str, start: int) -> int:
    """Where a name may begin: after an address and the punctuation around it."""
    start = _match_end(_LEAD_IN, line, start)
    start = _match_end(_ADDRESS, line, start)
    return _match_end(_LEAD_IN, line, start)


def _match_end(pattern: re.Pattern[str], line: str, start: int) -> int:
    found = pattern.match(line, start)
    return found.end() if found else start


def _without_company(name: str) -> str:
    """A name without what may follow it at once: the forum's buttons, the network's
    operator, words for its user (`广东省深圳市电信`)."""
    button = _BUTTONS.search(name)
    if button:
        name = name[: button.start()]
    longer = ""
    while longer != name:
        # one may hide another: `广东网友电信`
        longer = name
        name = _NETWORKS.sub("", _SOMEBODY.sub("", name))
    # no place has a name of one character: `东广电` is an operator
    return name if len(name) > 1 else ""


def _end_of_parts(line: str, name: str, end: int) -> int:
    """Where a place ends that is printed in parts: `中国 四川 眉山`, `广东·深圳`."""
    while _is_place(name):
        part = _NEXT_NAME.match(line, end)
        if part is None:
            return end
        name = part[1]
        is_whole = _without_company(name) == name
        if not is_whole or not _is_place(name):
            return end
        end = part.end()
    return end


def _is_place(name: str) -> bool:
    """Whether a name is one of a place by itself: a known one, alone or with a smaller
    place behind it, or one that ends as places do."""
    if _NO_PLACE.search(name):
        return False
    if name.endswith(_PLACE_ENDS):
        return True
    return any(name[:length] in _KNOWN for length in _KNOWN_LENGTHS)
