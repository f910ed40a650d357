/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one of every paper into a folder: make_papers FOLDER. For tests/system/papers.py and eyes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "picture_sample.h"
#include "report/odt.h"
#include "report/official.h"
#include "report/pdf.h"
#include "tap.h"

enum { FILE_MAX_BYTES = 64 << 20 };

static const char *folder;
static int failed;

static void say(const char *what, const struct err *err)
{
    (void)fprintf(stderr, "%s: %s (%u:%u)\n", what, err->msg, err->line, err->col);
    failed = 1;
}

static void save(const char *name, const char *ending, const struct buf *b)
{
    struct err err = ERR_INIT;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/%s.%s", folder, name, ending);
    if (file_replace(path, buf_slice(b), 0644, &err) < 0)
        say(path, &err);
}

static void finish(const char *name, struct paper *p)
{
    struct buf pdf = BUF_INIT(FILE_MAX_BYTES), odt = BUF_INIT(FILE_MAX_BYTES);
    struct err err = ERR_INIT;

    if (pdf_render(p, &pdf, NULL, &err) < 0)
        say(name, &err);
    else
        save(name, "pdf", &pdf);
    if (odt_render(p, &odt, &err) < 0)
        say(name, &err);
    else
        save(name, "odt", &odt);
    buf_done(&pdf);
    buf_done(&odt);
    arena_done(p->arena);
}

static struct letterhead *layout(struct arena *arena, const char *name)
{
    struct buf text = BUF_INIT(1 << 20);
    struct letterhead *h = NULL;
    struct err err = ERR_INIT;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/templates/layout-%s.yml", tap_source_dir(), name);
    if (file_read(path, &text, &err) < 0 || letterhead_parse(arena, buf_slice(&text), &h, &err) < 0)
        say(path, &err);
    buf_done(&text);
    if (h == NULL)
        exit(1);
    return h;
}

static const struct slice to[] = {SLICE("Văn phòng Tỉnh ủy"),
                                  SLICE("Văn phòng: Đoàn ĐBQH tỉnh, HĐND tỉnh, UBND tỉnh"),
                                  SLICE("Các sở, ban ngành; hội, đoàn thể tỉnh"),
                                  SLICE(
                                      "Các doanh nghiệp bưu chính, viễn thông trên địa bàn tỉnh")};
static const struct slice cc[] = {SLICE("Như trên"), SLICE("UBND tỉnh (b/c)"),
                                  SLICE("Công an tỉnh"), SLICE("Lưu: VT, CNTT")};

static void body(struct paper *p, const struct official *o, int paragraphs)
{
    official_body(p, o,
                  SLICE("Nhằm bảo đảm an ninh, an toàn thông tin trong thời gian diễn ra sự kiện, "
                        "Đơn vị mẫu đề nghị thủ trưởng các cơ quan, đơn vị khẩn trương thực hiện "
                        "một số nội dung sau:"));
    official_heading(p, o, SLICE("I. Đối với các cơ quan, đơn vị của tỉnh"));
    for (int i = 1; i <= paragraphs; i++) {
        char text[400];

        (void)
            snprintf(text, sizeof(text),
                     "%d. Tăng cường triển khai các biện pháp quản lý và kỹ thuật nhằm bảo đảm an "
                     "toàn thông tin cho hệ thống thông tin phục vụ hoạt động nội bộ của cơ quan; "
                     "chủ động rà soát các điểm yếu, lỗ hổng trên hệ thống.",
                     i);
        official_body(p, o, slice_str(text));
    }
    official_body(p, o, SLICE("Trân trọng./."));
}

static struct official letter(const struct letterhead *h)
{
    return (struct official){
        .head = h,
        .parent = SLICE("UBND tỉnh Mẫu"),
        .issuer = SLICE("Sở Mẫu"),
        .symbol = SLICE("SM-CNTT"),
        .place = SLICE("Tỉnh Mẫu"),
        .days = days_from_date(2020, 10, 5),
        .subject = SLICE("phương án quản lý, bảo đảm an ninh, an toàn thông tin"),
        .to = to,
        .to_count = CANH_LEN(to),
        .cc = cc,
        .cc_count = CANH_LEN(cc),
        .signer = {.behalf = BEHALF_DEPUTY,
                   .of = SLICE("Giám đốc"),
                   .position = SLICE("Phó Giám đốc"),
                   .name = SLICE("Nguyễn Văn Mẫu")},
    };
}

static void make_letter(const char *layout_name, const char *name, int paragraphs)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct paper p;
    struct official o = letter(layout(&arena, layout_name));

    paper_init(&p, &arena);
    p.created = 1601856000;
    if (slice_is(o.head->name, "party")) {
        o.parent = SLICE("Đảng bộ tỉnh Mẫu");
        o.issuer = SLICE("Văn phòng Tỉnh ủy");
        o.symbol = SLICE("CV/VPTU");
    }
    official_begin(&p, &o);
    body(&p, &o, paragraphs);
    official_end(&p, &o);
    finish(name, &p);
}

static void make_report(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct paper p;
    struct official o = letter(layout(&arena, "government"));

    paper_init(&p, &arena);
    p.created = 1601856000;
    o.type = SLICE("Báo cáo");
    o.number = 7;
    o.symbol = SLICE("BC-SM");
    o.days = days_from_date(2026, 2, 3);
    o.subject = SLICE("Tình hình bảo đảm an toàn thông tin dịp Tết");
    o.urgency = SLICE("Khẩn");
    o.to_count = 1;
    o.signer = (struct signer){.behalf = BEHALF_COLLECTIVE,
                               .of = SLICE("Ủy ban nhân dân"),
                               .position = SLICE("Chủ tịch")};
    official_begin(&p, &o);
    official_legal(&p, &o, SLICE("Căn cứ Luật An ninh mạng số 116/2025/QH15"), false);
    official_legal(&p, &o, SLICE("Căn cứ Nghị định số 331/2026/NĐ-CP"), true);
    body(&p, &o, 3);
    official_end(&p, &o);
    finish("bao-cao", &p);
}

static void make_picture(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    struct province_picture pic = sample_picture();
    struct err err = ERR_INIT;
    struct paper p;

    paper_init(&p, &arena);
    if (picture_build(&p, &pic, LANG_VI, &err) < 0)
        say("picture", &err);
    finish("tong-quan", &p);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 64;
    folder = argv[1];
    make_letter("government", "cong-van", 12);
    make_letter("party", "cong-van-dang", 12);
    make_letter("enterprise", "cong-van-doanh-nghiep", 4);
    make_report();
    make_picture();
    return failed;
}
