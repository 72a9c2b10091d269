"""What stops a start, said to a person in one sentence."""

import errno
import re
import shutil


class CannotStart(Exception):
    """Something outside the code is in the way; `sentence` says in Russian what and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def sentence_of(trouble: OSError) -> str:
    """Return what a refusal of the system means to an administrator, and what to do."""
    number, where = trouble.errno, trouble.filename
    if isinstance(trouble, shutil.Error):  # of a folder copied: many troubles, the first will do
        _, where, reason = trouble.args[0][0]
        found = re.search(r"\[Errno (\d+)\]", str(reason))
        number = int(found[1]) if found else None
    where = where or "нужное"
    match number:
        case errno.ENOSPC | errno.EDQUOT:
            return f"Кончилось место на диске ({where}): освободите и повторите команду."
        case errno.EACCES | errno.EPERM:
            return f"Нет прав на {where}: запустите команду от root или верните папке владельца."
        case errno.EROFS:
            return f"Диск с {where} подключён только для чтения."
        case errno.ENOENT:
            return f"Нет файла или папки {where}."
        case errno.EBUSY:
            return f"{where} занята: это отдельный диск или её держит другая программа."
    return f"{where}: {trouble.strerror or trouble}"
