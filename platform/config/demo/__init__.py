"""The demo district «Заречный городской округ»: five schools, all people and numbers invented.

Everything is drawn from seeds, so that each machine gets the same district. It uses the rooms as
an office would: files through the importer, the rest through operations, always by the door.
"""
