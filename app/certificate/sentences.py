"""What a holder is told of a paper that cannot be had, by its kind."""

from app.certificate.rules import ATTENDED, PASSED
from app.errors import N_

REVOKED = {
    PASSED: N_("Sertifikat ini dicabut pada %(date)s, jadi tidak dapat diunduh lagi."),
    ATTENDED: N_("Surat keterangan ini dicabut pada %(date)s, jadi tidak dapat diunduh lagi."),
}
PREPARED = {
    PASSED: N_("PDF ini sedang disiapkan. Coba lagi sebentar lagi; sertifikat Anda sudah sah."),
    ATTENDED: N_("PDF ini sedang disiapkan. Coba lagi sebentar lagi; surat keterangan Anda sudah sah."),
}
# An official signs when there is time, which may take days.
UNSIGNED = {
    PASSED: N_("PDF ini menunggu tanda tangan pejabat. Coba lagi lain hari; sertifikat Anda sudah sah."),
    ATTENDED: N_("PDF ini menunggu tanda tangan pejabat. Coba lagi lain hari; surat keterangan Anda sudah sah."),
}
BADGE_REVOKED = {
    PASSED: N_("Sertifikat ini dicabut, jadi lencananya tidak dapat diunduh lagi."),
    ATTENDED: N_("Surat keterangan ini dicabut, jadi lencananya tidak dapat diunduh lagi."),
}
BADGE_PREPARED = {
    PASSED: N_("Lencana ini sedang disiapkan. Coba lagi sebentar lagi; sertifikat Anda sudah sah."),
    ATTENDED: N_("Lencana ini sedang disiapkan. Coba lagi sebentar lagi; surat keterangan Anda sudah sah."),
}
SHARED = {
    PASSED: N_("Sertifikat saya: %(title)s. Periksa di %(address)s"),
    ATTENDED: N_("Surat keterangan saya: %(title)s. Periksa di %(address)s"),
}
