"""What a table may weigh. A school's largest list is about 3 000 rows of 40 columns (40 KB packed).

Everything beyond is refused before it is unpacked or built in memory (faults F10, F11).
"""

MAX_FILE_BYTES = 16 * 2**20
MAX_UNPACKED_BYTES = 64 * 2**20
MAX_ARCHIVE_ENTRIES = 2_000
MAX_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 2**20

MAX_ROWS = 20_000
MAX_COLUMNS = 256
MAX_CELLS = 500_000
MAX_MERGES = 5_000
# calamine builds the whole rectangle from A1 to the last value, empty places included
MAX_AREA = 2_000_000

# Empty but formatted rows and cells are elements too: the parser stops counting here.
MAX_ROW_ELEMENTS = 65_536
MAX_XML_ELEMENTS = 2_000_000

# expat (2.5, Python 3.11) scans an unfinished tag or comment anew with every chunk.
MAX_XML_TOKEN_BYTES = 512 * 1024

# 32 767 is what Excel itself allows in a cell. The sum guards against one long shared string
# that half a million cells refer to.
MAX_CELL_TEXT = 32_767
MAX_TEXT = 16_000_000
