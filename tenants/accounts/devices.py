"""What a browser says of itself, in a few words: «Хром, Андроид» beside a session."""

BROWSERS = (  # the first that is named wins: most name their relatives too
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
UNKNOWN = "Неизвестное устройство"


def describe_device(browser: str) -> str:
    """Return «Chrome, Android» for the header a browser sends, or that it is unknown."""
    found = [
        next((name for mark, name in marks if mark in browser), "") for marks in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or UNKNOWN
