"""QR codes, drawn here: an address in a code never leaves the building."""

import io

import segno


def qr_svg(text: str) -> str:
    """Return a QR code as an SVG without size: the page or the document says how big it is."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, nl=False, border=4, light="#fff", omitsize=True)
    return out.getvalue().decode()
