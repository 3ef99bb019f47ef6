"""The pages that somebody sees who adds the app to a workspace: one sentence each, and nothing from outside."""

from __future__ import annotations

from html import escape

from slack_bolt import BoltResponse

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
"""Where an installation begins, and where Slack sends the browser at its end."""

HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",  # the address of the page has the code in it
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Spyglass</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1.125rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.25rem }}
h1 {{ font-size: 1.75rem; line-height: 1.25 }}
</style></head>
<body><main><h1>{title}</h1>
<p>{said}</p>{more}</main></body></html>
"""
AGAIN = f'\n<p><a href="{INSTALL}">Start again</a></p>'

REFUSED = {
    "access_denied": ("Spyglass was not added", "The installation was cancelled. Nothing was kept of it."),
    "invalid_browser": (
        "This is not the browser it began in",
        "An installation ends in the browser that began it, and within ten minutes. Nothing was kept of this one.",
    ),
    "invalid_state": (
        "This installation is over",
        "It was ended before, or took longer than ten minutes. Nothing more was kept of it.",
    ),
    "missing_code": ("Something is missing", "Slack sent no code with this address. Nothing was kept."),
    "invalid_code": (
        "Slack did not accept this installation",
        "Its code was used before, or is too old. Nothing was kept of it.",
    ),
}
ENDED = ("Slack ended the installation", "Slack did not allow it. Nothing was kept of it.")
SILENT = ("Slack does not answer", "Nothing was kept of this installation. Try it again in a minute.")
NOT_KEPT = "Spyglass was not added"


def added(name: str) -> BoltResponse:
    """`name`: of the workspace, clean by the gate."""
    said = (
        f"Spyglass is in {escape(name)} now. Invite it into a channel with /invite @Spyglass, or write to it directly: "
        "post an image and ask about it."
    )
    return _page(200, "Spyglass was added", said, again=False)


def refused(reason: str) -> BoltResponse:
    """`reason`: Bolt's or Slack's word for it; anybody can have written it into the address, so it is not shown."""
    title, said = REFUSED.get(reason, ENDED)
    return _page(200 if reason == "access_denied" else 400, title, said)


def silent() -> BoltResponse:
    return _page(502, *SILENT)


def not_kept(why: str) -> BoltResponse:
    """`why`: a sentence of ours."""
    return _page(503, NOT_KEPT, escape(why))


def _page(status: int, title: str, said: str, *, again: bool = True) -> BoltResponse:
    body = PAGE.format(title=title, said=said, more=AGAIN if again else "")
    return BoltResponse(status=status, body=body, headers=dict(HEADERS))
