/* SPDX-License-Identifier: Apache-2.0 */
/* Writes one of every paper into a folder: make_papers FOLDER. For tests/system/papers.py and eyes.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/time.h"
#include "err_words.h"
#include "office/odt.h"
#include "office/pdf.h"
#include "picture_sample.h"
#include "report/official.h"
#include "report/print.h"
#include "report/wording.h"
#include "tap.h"

enum { FILE_MAX_BYTES = 64 << 20 };

static const char *folder;
static int failed;

static void say(const char *what, const struct err *err)
{
    (void)fprintf(stderr, "%s: %s (%u:%u)\n", what, err_words(err), err->line, err->col);
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
    struct overview pic = sample_picture();
    struct err err = ERR_INIT;
    struct paper p;

    paper_init(&p, &arena);
    if (picture_build(&p, &pic, LANG_VI, &err) < 0)
        say("picture", &err);
    finish("tong-quan", &p);
}

static struct print_head sheet_head(const struct letterhead *h)
{
    return (struct print_head){
        .layout = h,
        .parent = SLICE("UBND tỉnh Mẫu"),
        .unit = SLICE("Sở Mẫu"),
        .place = SLICE("Tỉnh Mẫu"),
        .day = days_from_date(2026, 11, 22),
        .banner = SLICE("DỮ LIỆU MẪU – KHÔNG CÓ THẬT"),
        .footer = SLICE("canh · số liệu lúc 16:30 22/11/2026"),
        .left_title = SLICE("NGƯỜI LẬP"),
        .right_title = SLICE("THỦ TRƯỞNG ĐƠN VỊ"),
        .right_name = SLICE("Nguyễn Văn Mẫu"),
        .created = 1795339800,
        .lang = LANG_VI,
    };
}

static void make_roster(void)
{
    static const char *const people[] = {"Trần Thị An\nLê Văn Bình", "Phạm Văn Cường",
                                         "Đỗ Thị Dung", "Hồ Văn Ánh"};
    struct arena arena = ARENA_INIT(64 << 20);
    struct print_shift shifts[42];
    struct print_roster r = {.head = sheet_head(layout(&arena, "government")),
                             .from = days_from_date(2026, 11, 23),
                             .to = days_from_date(2026, 12, 6),
                             .shifts = shifts,
                             .count = CANH_LEN(shifts)};
    struct paper p;

    for (int i = 0; i < 42; i++) {
        int64_t day = r.from + i / 3;
        static const struct slice names[3] = {SLICE("Ca 1\n07:00–15:00"),
                                              SLICE("Ca 2\n15:00–22:00"),
                                              SLICE("Ca 3\n22:00–07:00")};

        shifts[i] = (struct print_shift){.day = day,
                                         .shift = names[i % 3],
                                         .post = SLICE("Trực an toàn thông tin"),
                                         .people = slice_str(people[i % 4]),
                                         .phones = i % 4 == 0 ? SLICE("0900 000 001\n0900 000 002")
                                                              : SLICE("0900 000 003"),
                                         .note = i % 3 == 2 ? SLICE("tại nhà") : SLICE(""),
                                         .day_off = weekday_of_days(day) >= 6,
                                         .gap = i == 16};
    }
    paper_init(&p, &arena);
    print_roster(&p, &r);
    finish("lich-truc", &p);
}

static void make_log(void)
{
    struct arena arena = ARENA_INIT(64 << 20);
    int64_t now = days_from_date(2026, 11, 22) * 1440 + 7 * 60;
    const struct print_entry entries[] = {
        {.at = now + 5,
         .what = SLICE("Nhận ca, kiểm tra thiết bị, danh bạ"),
         .source = SLICE("Người trực"),
         .result = SLICE("Bình thường")},
        {.at = now + 65,
         .what = SLICE("Cổng thông tin phản hồi chậm, 3 lần đo liên tiếp trên 5 giây"),
         .source = SLICE("Máy đo"),
         .action = SLICE("Báo quản trị hệ thống, mở SC-2026-0012"),
         .result = SLICE("Đang theo dõi")},
        {.at = now + 70,
         .what = SLICE("Giờ phát hiện ở dòng trên là 08:03"),
         .source = SLICE("Người trực"),
         .corrects = true},
        {.at = now + 200,
         .what = SLICE("Mất điện lưới 12 phút, máy phát đã chạy"),
         .source = SLICE("Bảo vệ"),
         .action = SLICE("Ghi sổ giấy"),
         .backfilled = true}};
    struct print_log l = {.head = sheet_head(layout(&arena, "government")),
                          .post = SLICE("Trực an toàn thông tin"),
                          .shift = SLICE("Ca 1, 22/11/2026"),
                          .person = SLICE("Trần Thị An"),
                          .checked_in = now,
                          .checked_out = PRINT_NEVER,
                          .entries = entries,
                          .count = CANH_LEN(entries),
                          .empty_rows = 8};
    struct paper p;

    paper_init(&p, &arena);
    print_log(&p, &l);
    finish("so-truc", &p);
}

static void make_handover(bool blank)
{
    static const struct slice cases[] = {
        SLICE("SC-2026-0012 cổng thông tin chậm: chờ nhà cung cấp trả lời trước 17:00"),
        SLICE("SC-2026-0007 mã độc tại UBND xã Mẫu: còn 1 máy chưa cài lại")};
    static const struct slice kit[] = {SLICE("01 chìa khóa phòng máy chủ, 01 điện thoại trực")};
    struct arena arena = ARENA_INIT(64 << 20);
    struct print_handover h = {.head = sheet_head(layout(&arena, "government")),
                               .post = SLICE("Trực an toàn thông tin"),
                               .shift = SLICE("Ca 1 → Ca 2, 22/11/2026"),
                               .at =
                                   blank ? PRINT_NEVER : days_from_date(2026, 11, 22) * 1440 + 900,
                               .cases = cases,
                               .case_count = blank ? 0 : CANH_LEN(cases),
                               .kit = kit,
                               .kit_count = blank ? 0 : 1,
                               .weather = blank ? SLICE("") : SLICE("Mưa to, điện lưới ổn định"),
                               .blank = blank};
    struct paper p;

    h.head.left_title = SLICE("BÊN GIAO");
    h.head.right_title = SLICE("BÊN NHẬN");
    h.head.right_name = SLICE("");
    paper_init(&p, &arena);
    print_handover(&p, &h);
    finish(blank ? "ban-giao-trang" : "ban-giao", &p);
}

static void make_directory(void)
{
    static const struct print_contact contacts[] = {{.group = SLICE("Trong đơn vị"),
                                                     .name = SLICE("Trần Thị An"),
                                                     .role = SLICE("Quản trị hệ thống"),
                                                     .phones = SLICE("0900 000 001"),
                                                     .mail = SLICE("an@mau.example"),
                                                     .proven = 20770},
                                                    {.group = SLICE("Trong đơn vị"),
                                                     .name = SLICE("Nguyễn Văn Mẫu"),
                                                     .role = SLICE("Thủ trưởng đơn vị"),
                                                     .phones = SLICE("0900 000 009\n0255 0000 000"),
                                                     .proven = 20760},
                                                    {.group = SLICE("Cơ quan chủ trì"),
                                                     .name = SLICE("Trực điều phối tỉnh"),
                                                     .phones = SLICE(""),
                                                     .proven = PRINT_NEVER},
                                                    {.group = SLICE("Cơ quan chủ trì"),
                                                     .name = SLICE("Trung tâm Giám sát quốc gia"),
                                                     .proven = PRINT_NEVER}};
    struct arena arena = ARENA_INIT(64 << 20);
    struct print_directory d = {.head = sheet_head(layout(&arena, "government")),
                                .contacts = contacts,
                                .count = CANH_LEN(contacts)};
    struct paper p;

    paper_init(&p, &arena);
    print_directory(&p, &d);
    finish("danh-ba", &p);
}

static const struct form *load_form(struct arena *arena, const char *name)
{
    struct buf text = BUF_INIT(1 << 20);
    const struct form *f = NULL;
    struct err err = ERR_INIT;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/forms/%s.yaml", tap_source_dir(), name);
    if (file_read(path, &text, &err) < 0 || form_parse(arena, buf_slice(&text), &f, &err) < 0) {
        say(path, &err);
        exit(1);
    }
    buf_done(&text);
    return f;
}

static void make_form(const char *form_name, const char *name, bool blank)
{
    struct arena arena = ARENA_INIT(64 << 20);
    const struct form *f = load_form(&arena, form_name);
    struct answers answers = {.day = days_from_date(2026, 11, 22)};
    struct print_form sheet = {.head = sheet_head(layout(&arena, "enterprise")), .form = f};
    struct form_problem *problems = NULL;
    struct err err = ERR_INIT;
    struct paper p;

    answers.v = arena_new_array(&arena, 500, struct answer);
    for (uint32_t i = 0; answers.v && i < f->field_count; i++) {
        const struct form_field *x = &f->fields[i];

        if (x->kind != FIELD_COUNT && x->kind != FIELD_NUMBER)
            continue;
        answers.v[answers.count++] =
            (struct answer){.field = i,
                            .kind = x->nothing && i % 3 == 0 ? ANSWER_NOTHING : ANSWER_NUMBER,
                            .number = x->at_most ? 2 : 40};
    }
    sheet.head.unit = SLICE("Viễn thông Mẫu");
    sheet.head.parent = SLICE("Tập đoàn Mẫu");
    sheet.entered = PRINT_NEVER;
    if (!blank) {
        if (form_check(f, &answers, &arena, &problems, &sheet.problem_count, &err) < 0 ||
            form_problems_word(f, problems, sheet.problem_count, LANG_VI, &arena, &err) < 0)
            say(name, &err);
        sheet.answers = &answers;
        sheet.problems = problems;
        sheet.entered = answers.day * 1440 + 990;
        sheet.entered_by = SLICE("trực ca 1");
    }
    paper_init(&p, &arena);
    print_form(&p, &sheet);
    finish(name, &p);
}

static struct wording *load_wording(struct arena *arena, const char *name)
{
    struct buf text = BUF_INIT(1 << 20);
    struct wording *w = NULL;
    struct err err = ERR_INIT;
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/templates/%s.yml", tap_source_dir(), name);
    if (file_read(path, &text, &err) < 0 || wording_parse(arena, buf_slice(&text), &w, &err) < 0) {
        say(path, &err);
        exit(1);
    }
    buf_done(&text);
    return w;
}

static const struct slice unit = SLICE("Sở Mẫu"), plan = SLICE("Phương án mẫu"), some = SLICE("…");

static void make_commitment(void)
{
    static const struct template_value values[] = {{"unit", &unit, 1}, {"plan", &plan, 1}};
    static const struct print_signer people[] = {
        {.name = SLICE("Trần Thị An"), .position = SLICE("Chuyên viên"), .signed_on = PRINT_NEVER},
        {.name = SLICE("Lê Văn Bình"), .position = SLICE("Phó phòng"), .signed_on = 20779}};
    struct arena arena = ARENA_INIT(64 << 20);
    struct wording *w = load_wording(&arena, "cam-ket");
    struct print_commitment c = {.head = sheet_head(layout(&arena, "government")),
                                 .title = SLICE("BẢN CAM KẾT BẢO ĐẢM AN TOÀN THÔNG TIN"),
                                 .people = people,
                                 .count = CANH_LEN(people),
                                 .empty_rows = 12};
    struct paper p;

    paper_init(&p, &arena);
    c.text = wording_paragraphs(&p, w, values, CANH_LEN(values), &c.text_count);
    print_commitment(&p, &c);
    finish("cam-ket", &p);
}

static void draw_late(struct paper *p, void *user)
{
    static const struct para_style text = {.size = 13};
    struct paper_table *t = paper_table(&p->body, 2, NULL, true);

    (void)user;
    (void)paper_row(t, 0);
    (void)paper_cell_text(t, &text, SLICE("UBND xã Mẫu"));
    (void)paper_cell_text(t, &text, SLICE("I.1.i Sao lưu dữ liệu: quá hạn 2 ngày"));
}

static void make_wording(const char *name)
{
    const struct template_value values[] = {{"to", to, CANH_LEN(to)}, {"plan", &plan, 1},
                                            {"issuer", &unit, 1},     {"basis", &plan, 1},
                                            {"now", &some, 1},        {"late_count", &some, 1},
                                            {"deadline", &some, 1},   {"cc", &some, 1},
                                            {"department", &some, 1}, {"span", &some, 1},
                                            {"standing", &some, 1},   {"units_reporting", &some, 1},
                                            {"units", &some, 1},      {"events", &some, 1},
                                            {"proposals", &some, 1},  {"contact", &some, 1}};
    const struct wording_table tables[] = {{"late", draw_late, NULL}, {"clauses", draw_late, NULL}};
    struct arena arena = ARENA_INIT(64 << 20);
    struct official o = letter(layout(&arena, "government"));
    struct wording *w = load_wording(&arena, name);
    struct paper p;

    o.subject = SLICE("");
    o.to_count = o.cc_count = 0;
    paper_init(&p, &arena);
    p.created = 1795339800;
    wording_write(&p, w, &o, values, CANH_LEN(values), tables, CANH_LEN(tables));
    finish(name, &p);
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
    make_roster();
    make_log();
    make_handover(false);
    make_handover(true);
    make_directory();
    make_form("telecom-daily", "phieu-trang-thai", false);
    make_form("postal-daily", "phieu-trang", true);
    make_form("routes", "phieu-huong", false);
    make_commitment();
    make_wording("cong-van-don-doc");
    make_wording("bao-cao-ke-hoach");
    make_wording("thong-bao");
    return failed;
}
