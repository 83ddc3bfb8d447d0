"""What can be wrong with a file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import FawangError, NotFound, RefusedByRule, RefusedByState


class NoSuchDocument(NotFound):
    """Not there, or not yours to open."""

    code = "documents.no_such_document"
    message = _("没有找到这个文件。请从事项页面打开。")


class NoPicture(NotFound):
    """A kind without pages to look at, or a page that it does not have."""

    code = "documents.no_picture"
    message = _("这个文件不能在网页里预览。请下载后打开。")


class Replaced(RefusedByState):
    """A newer version has taken its place."""

    code = "documents.replaced"
    message = _("这个文件已经换过新的版本。请刷新页面再试。")


class FileRefused(RefusedByRule):
    """The base of everything a file can be refused for."""

    code = "documents.file_refused"
    message = _("这个文件不能上传。请换成照片、PDF、Word 或 Excel 文件。")


class Empty(FileRefused):
    """Nothing in it."""

    code = "documents.empty"
    message = _("这个文件是空的。请重新选择。")


class TooLarge(FileRefused):
    """Larger than `settings.FAWANG_UPLOAD_MAX_BYTES`, alone or all its pages together."""

    code = "documents.too_large"
    message = _("这个文件太大。每个文件不超过 %(megabytes)s MB，可以分开上传或拍小一点的照片。")


class KindUnknown(FileRefused):
    """The content is of no kind that we take."""

    code = "documents.kind_unknown"
    message = _("不能识别这个文件的内容。请上传照片、PDF、Word（docx）、Excel（xlsx）或文本文件。")


class Heic(FileRefused):
    """A photo in Apple's own format: no decoder of a free licence is at hand, and other people could not open it."""

    code = "documents.heic"
    message = _(
        "这是 HEIC 格式的照片，很多电脑打不开。请在手机“设置 > 相机 > 格式”里选“兼容性最佳”后重拍，或截屏后上传。"
    )


class Archive(FileRefused):
    """An archive: what is in it could be anything."""

    code = "documents.archive"
    message = _("压缩包不能上传。请解压后逐个上传里面的文件，或者合成一个 PDF。")


class OldOffice(FileRefused):
    """A .doc, .xls or .ppt, or an office file under a password: both look alike from outside."""

    code = "documents.old_office"
    message = _("这是旧版的 Office 文件，或者设了密码。请在 Word 或 WPS 里去掉密码，另存为 docx、xlsx 或 PDF 后上传。")


class Disguised(FileRefused):
    """The name says one kind, the content is another."""

    code = "documents.disguised"
    message = _("这个文件的名称写的是 %(named)s，内容却是 %(found)s。请用原来的文件重新上传。")


class TwoKinds(FileRefused):
    """Two files in one, so that one reader sees the first and another the second."""

    code = "documents.two_kinds"
    message = _("这个文件里藏着另一个文件，不能接收。请重新保存成 PDF 或拍照后上传。")


class Dangerous(FileRefused):
    """It carries something that runs or reaches out."""

    code = "documents.dangerous"
    message = _(
        "这个文件里有会自动运行的内容（脚本、宏、外部链接或附件），为了安全不能接收。请打印成 PDF 或拍照后上传。"
    )


class Attachments(FileRefused):
    """A PDF with other files inside, which nobody who reads the pages would see."""

    code = "documents.attachments"
    message = _("这个 PDF 里夹带了别的文件。请把夹带的文件单独上传，再把这个 PDF 重新打印成 PDF 后上传。")


class Media(FileRefused):
    """A PDF with sound, film or a model in its pages."""

    code = "documents.media"
    message = _("这个 PDF 里有声音、视频或三维模型，不能接收。请重新打印成 PDF 后上传。")


class FormOfXml(FileRefused):
    """An XFA form: its pages are made by a program when it is opened."""

    code = "documents.xfa"
    message = _("这个 PDF 是要用专门软件填写的表单（XFA）。请打开填好，打印成 PDF 后上传。")


class Encrypted(FileRefused):
    """Locked with a password, so that nobody here could read or check it."""

    code = "documents.encrypted"
    message = _("这个文件设了打开密码，工作人员看不到内容。请去掉密码后重新上传。")


class SignedAndActive(FileRefused):
    """Scripts under a signature: taking them out would break it, leaving them in is no choice."""

    code = "documents.signed_active"
    message = _(
        "这个 PDF 有电子签名，又带有脚本，去掉会使签名失效。请向出具单位要一份不带脚本的，或者打印成 PDF 后上传。"
    )


class Bomb(FileRefused):
    """It unpacks to far more than it is."""

    code = "documents.bomb"
    message = _("这个文件展开后太大，不能接收。请拆成几个小文件，或转成 PDF。")


class TooManyPixels(FileRefused):
    """A picture larger than `settings.FAWANG_PICTURE_MAX_PIXELS`."""

    code = "documents.too_many_pixels"
    message = _("这张图片太大（超过 %(megapixels)s 百万像素）。请把相机的分辨率调低后重拍，或截屏后上传。")


class TooManyPages(FileRefused):
    """A PDF, or a pile of photographed pages, of more pages than may be."""

    code = "documents.too_many_pages"
    message = _("这个文件页数太多，最多 %(most)s 页。请分成几个文件上传。")


class Animated(FileRefused):
    """A picture that moves: only one of its pictures could be kept."""

    code = "documents.animated"
    message = _("会动的图片不能上传。请把要用的画面截屏后上传。")


class NotAPhoto(FileRefused):
    """Among several pages handed in together, one that is no photo."""

    code = "documents.not_a_photo"
    message = _("一次选多个文件时，只能都是照片，会合成一个 PDF。第 %(number)s 个不是照片，请单独上传。")


class Damaged(FileRefused):
    """It cannot be read to the end."""

    code = "documents.damaged"
    message = _("这个文件已损坏或没有传完，打不开。请重新保存或拍照后再上传。")


class Infected(FileRefused):
    """A scanner found a virus in it."""

    code = "documents.infected"
    message = _("这个文件里查出了病毒，没有保存。请先给手机或电脑杀毒，再重新拍照上传；也可以带原件到窗口。")


class NotScanned(FileRefused):
    """The scanner cannot be reached, and this installation keeps nothing unscanned."""

    code = "documents.not_scanned"
    is_worth_a_retry = True
    message = _("现在不能做病毒检查，暂时收不了文件。请过一会儿再传，或带原件到窗口。")


class CannotRead(RefusedByState):
    """No reader of text is installed."""

    code = "documents.cannot_read"
    message = _("这里没有安装识别照片文字的功能。请自己填写。")


class TooManyFiles(FileRefused):
    """An order has as many files as it may have."""

    code = "documents.too_many"
    message = _("一个事项最多上传 %(most)s 个文件。请把图片合成一个 PDF，或带到窗口。")


# what the workshop calls them
REFUSALS: dict[str, type[FawangError]] = {
    "animated": Animated, "archive": Archive, "attachments": Attachments, "bomb": Bomb, "cannot_read": CannotRead,
    "damaged": Damaged, "dangerous": Dangerous, "encrypted": Encrypted, "heic": Heic, "kind_unknown": KindUnknown,
    "media": Media, "no_picture": NoPicture, "not_a_photo": NotAPhoto, "old_office": OldOffice,
    "signed_active": SignedAndActive, "too_large": TooLarge, "too_many_pages": TooManyPages,
    "too_many_pixels": TooManyPixels, "two_kinds": TwoKinds, "xfa": FormOfXml,
}  # fmt: skip
