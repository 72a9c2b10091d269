"""Documents for paper (печатные формы): PDF by typst, tagged, with fonts of its own, offline."""
