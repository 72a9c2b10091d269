"""Why a file is refused as a whole, each with a stable code and a cure a secretary can follow."""

from typing import ClassVar

from kernel.errors import DomainError


class UnreadableFile(DomainError):
    """The file gives no table. `cure` tells what to do with it."""

    code = "file-is-unreadable"
    message = "Файл не удалось прочитать."
    cure: ClassVar[str] = "Откройте файл в табличном редакторе и сохраните заново в формате XLSX."


class FileIsEmpty(UnreadableFile):
    """Nothing inside, or a sheet without a single value."""

    code = "file-is-empty"
    message = "Файл пуст."
    cure = "Проверьте, тот ли файл выбран."


class FileIsTooLarge(UnreadableFile):
    """More bytes than any list of a school has."""

    code = "file-is-too-large"
    message = "Файл слишком большой."
    cure = "Уберите картинки и лишние листы или разделите список на несколько файлов."


class ArchiveIsBroken(UnreadableFile):
    """The archive inside XLSX or ODS is cut or damaged."""

    code = "archive-is-broken"
    message = "Файл повреждён или загружен не до конца."
    cure = "Загрузите файл ещё раз; если не поможет, сохраните его заново."


class ArchiveIsBomb(UnreadableFile):
    """A small archive that unpacks into something huge."""

    code = "archive-is-bomb"
    message = "Файл распаковывается в недопустимо большой объём."
    cure = "Такой файл не похож на список школы. Сохраните только нужный лист в новый файл."


class XmlIsForbidden(UnreadableFile):
    """A document type or entities inside: honest office files have none."""

    code = "xml-is-forbidden"
    message = "Внутри файла есть запрещённые описания XML (DOCTYPE)."
    cure = "Скопируйте таблицу в новый файл и сохраните его в формате XLSX."


class XmlIsBroken(UnreadableFile):
    """A part of XLSX or ODS is not well-formed."""

    code = "xml-is-broken"
    message = "Содержимое файла повреждено."


class SheetIsTooLarge(UnreadableFile):
    """More rows, columns or cells than a list of a school has."""

    code = "sheet-is-too-large"
    message = "На листе слишком много строк или столбцов."
    cure = "Оставьте на листе только список, удалите пустые оформленные строки и столбцы."


class TextIsTooLong(UnreadableFile):
    """A cell, or all cells together, hold more text than a list can."""

    code = "text-is-too-long"
    message = "В ячейках слишком много текста."
    cure = "Проверьте, тот ли файл выбран."


class FileIsEncrypted(UnreadableFile):
    """Closed with a password."""

    code = "file-is-encrypted"
    message = "Файл закрыт паролем."
    cure = "Снимите пароль и сохраните файл заново."


class FormatIsOld(UnreadableFile):
    """A workbook of Excel 97–2003."""

    code = "format-is-old"
    message = "Это файл старого формата Excel (XLS)."
    cure = "Откройте его и сохраните как «Книга Excel (XLSX)»."


class FormatIsUnknown(UnreadableFile):
    """Neither XLSX nor ODS nor delimited text."""

    code = "format-is-unknown"
    message = "Это не таблица."
    cure = "Подойдут файлы XLSX, ODS и CSV."


class ExtensionLies(UnreadableFile):
    """The name says one format, the content is another."""

    code = "extension-lies"
    message = "Расширение файла не совпадает с его содержимым."
    cure = "Откройте файл и сохраните его в том формате, который указан в имени."


class EncodingIsUnknown(UnreadableFile):
    """Text in neither UTF-8 nor Windows-1251."""

    code = "encoding-is-unknown"
    message = "Не удалось определить кодировку текста."
    cure = "Сохраните файл в кодировке UTF-8 или Windows-1251."


class QuoteIsNotClosed(UnreadableFile):
    """A quotation mark opens a field and nothing closes it."""

    code = "quote-is-not-closed"
    message = "В файле CSV не закрыты кавычки."
    cure = "Проверьте кавычки в указанной строке: внутри поля они удваиваются."


class UnableToWriteTable(DomainError):
    """A value does not fit the chosen format or encoding."""

    code = "unable-to-write-table"
    message = "Значение нельзя записать в выбранном формате."
