/* SPDX-License-Identifier: Apache-2.0 */
#include "lang/tone.h"

#include "base/fold.h"
#include "base/utf.h"

struct letter {
    uint16_t c;
    char base;
    uint16_t marks;
};

/* Every composed letter of the alphabet, in code-point order. */
static const struct letter letters[] = {
    {0x00c0, 'a', VIET_GRAVE},                   /* À */
    {0x00c1, 'a', VIET_ACUTE},                   /* Á */
    {0x00c2, 'a', VIET_CIRCUMFLEX},              /* Â */
    {0x00c3, 'a', VIET_TILDE},                   /* Ã */
    {0x00c8, 'e', VIET_GRAVE},                   /* È */
    {0x00c9, 'e', VIET_ACUTE},                   /* É */
    {0x00ca, 'e', VIET_CIRCUMFLEX},              /* Ê */
    {0x00cc, 'i', VIET_GRAVE},                   /* Ì */
    {0x00cd, 'i', VIET_ACUTE},                   /* Í */
    {0x00d2, 'o', VIET_GRAVE},                   /* Ò */
    {0x00d3, 'o', VIET_ACUTE},                   /* Ó */
    {0x00d4, 'o', VIET_CIRCUMFLEX},              /* Ô */
    {0x00d5, 'o', VIET_TILDE},                   /* Õ */
    {0x00d9, 'u', VIET_GRAVE},                   /* Ù */
    {0x00da, 'u', VIET_ACUTE},                   /* Ú */
    {0x00dd, 'y', VIET_ACUTE},                   /* Ý */
    {0x00e0, 'a', VIET_GRAVE},                   /* à */
    {0x00e1, 'a', VIET_ACUTE},                   /* á */
    {0x00e2, 'a', VIET_CIRCUMFLEX},              /* â */
    {0x00e3, 'a', VIET_TILDE},                   /* ã */
    {0x00e8, 'e', VIET_GRAVE},                   /* è */
    {0x00e9, 'e', VIET_ACUTE},                   /* é */
    {0x00ea, 'e', VIET_CIRCUMFLEX},              /* ê */
    {0x00ec, 'i', VIET_GRAVE},                   /* ì */
    {0x00ed, 'i', VIET_ACUTE},                   /* í */
    {0x00f2, 'o', VIET_GRAVE},                   /* ò */
    {0x00f3, 'o', VIET_ACUTE},                   /* ó */
    {0x00f4, 'o', VIET_CIRCUMFLEX},              /* ô */
    {0x00f5, 'o', VIET_TILDE},                   /* õ */
    {0x00f9, 'u', VIET_GRAVE},                   /* ù */
    {0x00fa, 'u', VIET_ACUTE},                   /* ú */
    {0x00fd, 'y', VIET_ACUTE},                   /* ý */
    {0x0102, 'a', VIET_BREVE},                   /* Ă */
    {0x0103, 'a', VIET_BREVE},                   /* ă */
    {0x0110, 'd', VIET_STROKE},                  /* Đ */
    {0x0111, 'd', VIET_STROKE},                  /* đ */
    {0x0128, 'i', VIET_TILDE},                   /* Ĩ */
    {0x0129, 'i', VIET_TILDE},                   /* ĩ */
    {0x0168, 'u', VIET_TILDE},                   /* Ũ */
    {0x0169, 'u', VIET_TILDE},                   /* ũ */
    {0x01a0, 'o', VIET_HORN},                    /* Ơ */
    {0x01a1, 'o', VIET_HORN},                    /* ơ */
    {0x01af, 'u', VIET_HORN},                    /* Ư */
    {0x01b0, 'u', VIET_HORN},                    /* ư */
    {0x1ea0, 'a', VIET_DOT},                     /* Ạ */
    {0x1ea1, 'a', VIET_DOT},                     /* ạ */
    {0x1ea2, 'a', VIET_HOOK},                    /* Ả */
    {0x1ea3, 'a', VIET_HOOK},                    /* ả */
    {0x1ea4, 'a', VIET_CIRCUMFLEX | VIET_ACUTE}, /* Ấ */
    {0x1ea5, 'a', VIET_CIRCUMFLEX | VIET_ACUTE}, /* ấ */
    {0x1ea6, 'a', VIET_CIRCUMFLEX | VIET_GRAVE}, /* Ầ */
    {0x1ea7, 'a', VIET_CIRCUMFLEX | VIET_GRAVE}, /* ầ */
    {0x1ea8, 'a', VIET_CIRCUMFLEX | VIET_HOOK},  /* Ẩ */
    {0x1ea9, 'a', VIET_CIRCUMFLEX | VIET_HOOK},  /* ẩ */
    {0x1eaa, 'a', VIET_CIRCUMFLEX | VIET_TILDE}, /* Ẫ */
    {0x1eab, 'a', VIET_CIRCUMFLEX | VIET_TILDE}, /* ẫ */
    {0x1eac, 'a', VIET_DOT | VIET_CIRCUMFLEX},   /* Ậ */
    {0x1ead, 'a', VIET_DOT | VIET_CIRCUMFLEX},   /* ậ */
    {0x1eae, 'a', VIET_BREVE | VIET_ACUTE},      /* Ắ */
    {0x1eaf, 'a', VIET_BREVE | VIET_ACUTE},      /* ắ */
    {0x1eb0, 'a', VIET_BREVE | VIET_GRAVE},      /* Ằ */
    {0x1eb1, 'a', VIET_BREVE | VIET_GRAVE},      /* ằ */
    {0x1eb2, 'a', VIET_BREVE | VIET_HOOK},       /* Ẳ */
    {0x1eb3, 'a', VIET_BREVE | VIET_HOOK},       /* ẳ */
    {0x1eb4, 'a', VIET_BREVE | VIET_TILDE},      /* Ẵ */
    {0x1eb5, 'a', VIET_BREVE | VIET_TILDE},      /* ẵ */
    {0x1eb6, 'a', VIET_DOT | VIET_BREVE},        /* Ặ */
    {0x1eb7, 'a', VIET_DOT | VIET_BREVE},        /* ặ */
    {0x1eb8, 'e', VIET_DOT},                     /* Ẹ */
    {0x1eb9, 'e', VIET_DOT},                     /* ẹ */
    {0x1eba, 'e', VIET_HOOK},                    /* Ẻ */
    {0x1ebb, 'e', VIET_HOOK},                    /* ẻ */
    {0x1ebc, 'e', VIET_TILDE},                   /* Ẽ */
    {0x1ebd, 'e', VIET_TILDE},                   /* ẽ */
    {0x1ebe, 'e', VIET_CIRCUMFLEX | VIET_ACUTE}, /* Ế */
    {0x1ebf, 'e', VIET_CIRCUMFLEX | VIET_ACUTE}, /* ế */
    {0x1ec0, 'e', VIET_CIRCUMFLEX | VIET_GRAVE}, /* Ề */
    {0x1ec1, 'e', VIET_CIRCUMFLEX | VIET_GRAVE}, /* ề */
    {0x1ec2, 'e', VIET_CIRCUMFLEX | VIET_HOOK},  /* Ể */
    {0x1ec3, 'e', VIET_CIRCUMFLEX | VIET_HOOK},  /* ể */
    {0x1ec4, 'e', VIET_CIRCUMFLEX | VIET_TILDE}, /* Ễ */
    {0x1ec5, 'e', VIET_CIRCUMFLEX | VIET_TILDE}, /* ễ */
    {0x1ec6, 'e', VIET_DOT | VIET_CIRCUMFLEX},   /* Ệ */
    {0x1ec7, 'e', VIET_DOT | VIET_CIRCUMFLEX},   /* ệ */
    {0x1ec8, 'i', VIET_HOOK},                    /* Ỉ */
    {0x1ec9, 'i', VIET_HOOK},                    /* ỉ */
    {0x1eca, 'i', VIET_DOT},                     /* Ị */
    {0x1ecb, 'i', VIET_DOT},                     /* ị */
    {0x1ecc, 'o', VIET_DOT},                     /* Ọ */
    {0x1ecd, 'o', VIET_DOT},                     /* ọ */
    {0x1ece, 'o', VIET_HOOK},                    /* Ỏ */
    {0x1ecf, 'o', VIET_HOOK},                    /* ỏ */
    {0x1ed0, 'o', VIET_CIRCUMFLEX | VIET_ACUTE}, /* Ố */
    {0x1ed1, 'o', VIET_CIRCUMFLEX | VIET_ACUTE}, /* ố */
    {0x1ed2, 'o', VIET_CIRCUMFLEX | VIET_GRAVE}, /* Ồ */
    {0x1ed3, 'o', VIET_CIRCUMFLEX | VIET_GRAVE}, /* ồ */
    {0x1ed4, 'o', VIET_CIRCUMFLEX | VIET_HOOK},  /* Ổ */
    {0x1ed5, 'o', VIET_CIRCUMFLEX | VIET_HOOK},  /* ổ */
    {0x1ed6, 'o', VIET_CIRCUMFLEX | VIET_TILDE}, /* Ỗ */
    {0x1ed7, 'o', VIET_CIRCUMFLEX | VIET_TILDE}, /* ỗ */
    {0x1ed8, 'o', VIET_DOT | VIET_CIRCUMFLEX},   /* Ộ */
    {0x1ed9, 'o', VIET_DOT | VIET_CIRCUMFLEX},   /* ộ */
    {0x1eda, 'o', VIET_HORN | VIET_ACUTE},       /* Ớ */
    {0x1edb, 'o', VIET_HORN | VIET_ACUTE},       /* ớ */
    {0x1edc, 'o', VIET_HORN | VIET_GRAVE},       /* Ờ */
    {0x1edd, 'o', VIET_HORN | VIET_GRAVE},       /* ờ */
    {0x1ede, 'o', VIET_HORN | VIET_HOOK},        /* Ở */
    {0x1edf, 'o', VIET_HORN | VIET_HOOK},        /* ở */
    {0x1ee0, 'o', VIET_HORN | VIET_TILDE},       /* Ỡ */
    {0x1ee1, 'o', VIET_HORN | VIET_TILDE},       /* ỡ */
    {0x1ee2, 'o', VIET_HORN | VIET_DOT},         /* Ợ */
    {0x1ee3, 'o', VIET_HORN | VIET_DOT},         /* ợ */
    {0x1ee4, 'u', VIET_DOT},                     /* Ụ */
    {0x1ee5, 'u', VIET_DOT},                     /* ụ */
    {0x1ee6, 'u', VIET_HOOK},                    /* Ủ */
    {0x1ee7, 'u', VIET_HOOK},                    /* ủ */
    {0x1ee8, 'u', VIET_HORN | VIET_ACUTE},       /* Ứ */
    {0x1ee9, 'u', VIET_HORN | VIET_ACUTE},       /* ứ */
    {0x1eea, 'u', VIET_HORN | VIET_GRAVE},       /* Ừ */
    {0x1eeb, 'u', VIET_HORN | VIET_GRAVE},       /* ừ */
    {0x1eec, 'u', VIET_HORN | VIET_HOOK},        /* Ử */
    {0x1eed, 'u', VIET_HORN | VIET_HOOK},        /* ử */
    {0x1eee, 'u', VIET_HORN | VIET_TILDE},       /* Ữ */
    {0x1eef, 'u', VIET_HORN | VIET_TILDE},       /* ữ */
    {0x1ef0, 'u', VIET_HORN | VIET_DOT},         /* Ự */
    {0x1ef1, 'u', VIET_HORN | VIET_DOT},         /* ự */
    {0x1ef2, 'y', VIET_GRAVE},                   /* Ỳ */
    {0x1ef3, 'y', VIET_GRAVE},                   /* ỳ */
    {0x1ef4, 'y', VIET_DOT},                     /* Ỵ */
    {0x1ef5, 'y', VIET_DOT},                     /* ỵ */
    {0x1ef6, 'y', VIET_HOOK},                    /* Ỷ */
    {0x1ef7, 'y', VIET_HOOK},                    /* ỷ */
    {0x1ef8, 'y', VIET_TILDE},                   /* Ỹ */
    {0x1ef9, 'y', VIET_TILDE},                   /* ỹ */
};

static const struct {
    uint16_t c;
    uint16_t mark;
} combining[] = {
    {0x0300, VIET_GRAVE}, {0x0301, VIET_ACUTE}, {0x0302, VIET_CIRCUMFLEX}, {0x0303, VIET_TILDE},
    {0x0306, VIET_BREVE}, {0x0309, VIET_HOOK},  {0x031b, VIET_HORN},       {0x0323, VIET_DOT},
    {0x0340, VIET_GRAVE}, {0x0341, VIET_ACUTE},
};

static const struct letter *letter_find(uint32_t c)
{
    size_t lo = 0, hi = CANH_LEN(letters);

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (letters[mid].c == c)
            return &letters[mid];
        if (letters[mid].c < c)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static unsigned mark_of(uint32_t c)
{
    for (size_t i = 0; i < CANH_LEN(combining); i++)
        if (combining[i].c == c)
            return combining[i].mark;
    return 0;
}

uint32_t viet_next(struct slice *s, unsigned *ret_marks)
{
    unsigned len, mark, marks = 0;
    uint32_t base = utf8_decode(s->p, s->n, &len);
    const struct letter *l = base < 0x80 ? NULL : letter_find(base);

    *s = slice_from(*s, len);
    if (l != NULL) {
        base = (uint8_t)l->base;
        marks = l->marks;
    } else if (base >= 'A' && base <= 'Z') {
        base |= 0x20;
    }
    while (s->n && s->p[0] >= 0x80 && (mark = mark_of(utf8_decode(s->p, s->n, &len))) != 0) {
        marks |= mark;
        *s = slice_from(*s, len);
    }
    *ret_marks = marks;
    return base;
}

/* Signs that texts are written with and ASCII has not. */
static const char *plain_sign(uint32_t c)
{
    switch (c) {
    case 0x2013: /* dashes */
    case 0x2014:
        return "-";
    case 0x2018: /* quotes */
    case 0x2019:
        return "'";
    case 0x201c:
    case 0x201d:
        return "\"";
    case 0x2026:
        return "...";
    case 0xa0:
        return " ";
    default:
        return "?";
    }
}

void viet_write_plain(struct buf *out, struct slice s)
{
    while (s.n > 0) {
        unsigned len, marks;
        uint32_t as_is = utf8_decode(s.p, s.n, &len);
        uint32_t base = viet_next(&s, &marks);

        if (base >= 0x80)
            buf_puts(out, plain_sign(base));
        else if (base >= 'a' && base <= 'z' && fold_char(as_is) != as_is)
            buf_putc(out, (char)(base - 'a' + 'A'));
        else
            buf_putc(out, (char)base);
    }
}
