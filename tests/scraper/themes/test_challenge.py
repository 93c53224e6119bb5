"""What stands before a forum is named; pages of the forum that speak of it are not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from fake_forum import Site, Skin, notices, qingshi

from scraper.core.records import Capture, Notice
from scraper.markup.snapshot import take_snapshot
from scraper.parsing import parse_capture
from scraper.themes.challenge import find_challenge

AT = datetime(2026, 11, 24, tzinfo=UTC)
SCRIPT = "<html><head><script>{}</script></head><body></body></html>"


def capture(text: str | bytes, status: int = 200, **headers: str) -> Capture:
    body = text if isinstance(text, bytes) else text.encode()
    return Capture(
        "https://bbs.example/forum.php?mod=viewthread&tid=1",
        AT,
        body,
        status,
        tuple((name.replace("_", "-"), value) for name, value in headers.items()),
    )


CHALLENGES = {
    "Cloudflare": capture(notices.CHALLENGE, 403),
    "Cloudflare header": capture(
        "<html><title>一会儿</title></html>", 403, cf_mitigated="challenge"
    ),
    "EdgeOne": capture("<html><body>Restricted Access</body></html>", 567),
    "EdgeOne script": capture(SCRIPT.format("document.cookie='EO_Bot_Ssid=1'")),
    "Baidu": capture("<html><title>百度安全验证</title></html>", 405),
    "Aliyun (acw_sc__v2)": capture(SCRIPT.format("var arg1='00';reload('acw_sc__v2')")),
    "a shield (status 405": capture("<html><body>405</body></html>", 405),
    "testcookie (toNumbers)": capture(
        SCRIPT.format('var a=toNumbers("f655");document.cookie="__test="+a')
    ),
    "Jiasule": capture("<script>document.cookie=('__jsl_clearance=1')</script>", 521),
    "Yunsuo": capture(SCRIPT.format("location='/?security_session_verify=1'")),
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_shields_are_named(name: str) -> None:
    page = parse_capture(CHALLENGES[name])
    assert page.theme == "challenge"
    assert isinstance(page.content, Notice)
    assert page.content.reason == "captcha"
    assert name.removesuffix(" header").removesuffix(" script") in page.content.message


def test_the_anti_flood_page_is_read_through_its_entities() -> None:
    content = parse_capture(capture(notices.security())).content
    assert isinstance(content, Notice)
    assert content.reason == "throttled"
    assert "频繁刷新限制" in content.message
    gbk = "<html><title>页面重载开启</title></html>".encode("gbk")
    found = find_challenge(
        take_snapshot(capture(gbk, Content_Type="text/html; charset=gbk"))
    )
    assert found
    assert found.evasive


def test_an_empty_page_of_a_forum_is_a_notice() -> None:
    assert parse_capture(capture("\n")).content == Notice(
        reason="throttled", message="an empty page: many shields answer so"
    )
    assert find_challenge(take_snapshot(capture("", 302))) is None


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>acw_sc__v2 toNumbers( <em>Powered by Discuz! X3.4</em></body></html>",
        "<html><body><div id='postmessage_1'>_cf_chl_opt</div></body></html>",
        "<?xml version='1.0'?><rss><item>acw_sc__v2</item></rss>",
        '{"message": "toNumbers("}',
        "<html>hello</html>",
    ],
)
def test_pages_that_only_speak_of_shields_are_none(text: str) -> None:
    assert find_challenge(take_snapshot(capture(text))) is None


def test_a_forum_behind_cloudflare_keeps_its_pages() -> None:
    site = Site(qingshi(), Skin("https://bbs.example/"))
    body = site.respond("/forum.php?mod=viewthread&tid=150", {}).body
    script = b"<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script></body>"
    assert (
        find_challenge(take_snapshot(capture(body.replace(b"</body>", script)))) is None
    )


def test_no_fixture_is_a_challenge(fixtures: Path) -> None:
    for path in sorted(fixtures.glob("*/*.html")):
        found = find_challenge(take_snapshot(capture(path.read_bytes())))
        assert (found is not None) == (path.parent.name == "challenge"), path
