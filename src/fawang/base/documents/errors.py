"""What can be wrong with a file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import NotFound, RefusedByRule


class NoSuchDocument(NotFound):
    """Not there, or not yours to open."""

    code = "documents.no_such_document"
    message = _("没有找到这个文件。请从事项页面打开。")


class FileRefused(RefusedByRule):
    """The base of everything a file can be refused for."""

    code = "documents.file_refused"
    message = _("这个文件不能上传。请换成照片、PDF、Word 或 Excel 文件。")


class Empty(FileRefused):
    """Nothing in it."""

    code = "documents.empty"
    message = _("这个文件是空的。请重新选择。")


class TooLarge(FileRefused):
    """Larger than `settings.FAWANG_UPLOAD_MAX_BYTES`."""

    code = "documents.too_large"
    message = _("这个文件太大。每个文件不超过 %(megabytes)s MB，可以分开上传或拍小一点的照片。")


class KindUnknown(FileRefused):
    """The content is of no kind that we take."""

    code = "documents.kind_unknown"
    message = _("不能识别这个文件的内容。请上传照片、PDF、Word（docx）、Excel（xlsx）或文本文件。")


class Disguised(FileRefused):
    """The name says one kind, the content is another."""

    code = "documents.disguised"
    message = _("这个文件的名称写的是 %(named)s，内容却是 %(found)s。请用原来的文件重新上传。")


class Dangerous(FileRefused):
    """It carries something that runs."""

    code = "documents.dangerous"
    message = _("这个文件里有会自动运行的内容（脚本、宏或附件），为了安全不能接收。请打印成 PDF 或拍照后上传。")


class Bomb(FileRefused):
    """It unpacks to far more than it is."""

    code = "documents.bomb"
    message = _("这个文件展开后太大，不能接收。请拆成几个小文件，或转成 PDF。")


class Damaged(FileRefused):
    """It cannot be read to the end."""

    code = "documents.damaged"
    message = _("这个文件已损坏，打不开。请重新保存或拍照后再上传。")


class TooManyFiles(FileRefused):
    """An order has as many files as it may have."""

    code = "documents.too_many"
    message = _("一个事项最多上传 %(most)s 个文件。请把图片合成一个 PDF，或带到窗口。")
