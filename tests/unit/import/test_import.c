/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/* Lists from spreadsheets: columns by many names, rows checked, all or nothing, again = update. */
#include "import/import.h"

#include "../state/world.h"
#include "err_words.h"
#include "state/audit.h"

static const struct import_word kinds[] = {
    {SLICE("commune"), SLICE("Xã, phường, đặc khu"), SLICE("Commune"), SLICE("UBND xã; Cấp xã")},
    {SLICE("agency"), SLICE("Sở, ban, ngành, văn phòng của tỉnh"), SLICE("Provincial agency")},
    {SLICE("centre"), SLICE("Trung tâm công nghệ thông tin của tỉnh"), SLICE("IT centre")},
};

static struct world w;
static struct import_options opt;
static struct import_report rep;
static struct err err;

static void begin(enum import_kind kind)
{
    world_open(&w);
    opt = (struct import_options){.kind = kind,
                                  .lang = LANG_VI,
                                  .apply = true,
                                  .source = SLICE("thu.csv"),
                                  .kinds = kinds,
                                  .kind_count = CANH_LEN(kinds)};
}

static int run(const struct state_actor *a, const char *csv)
{
    struct workbook *t = NULL;
    const struct sheet *sheet;
    int r;

    err = ERR_INIT;
    r = workbook_read(&w.arena, slice_str(csv), NULL, &t, &err);
    if (r < 0)
        return r;
    sheet = workbook_first(t);
    return sheet ? import_sheet(w.s, a, sheet, &opt, &w.arena, &rep, &err) : -CE_MISSING;
}

static void counts(size_t added, size_t changed, size_t same, size_t failed, const char *what)
{
    bool good = rep.counts[IMPORT_ADDED] == added && rep.counts[IMPORT_CHANGED] == changed &&
                rep.counts[IMPORT_SAME] == same && rep.counts[IMPORT_FAILED] == failed;

    if (!ok(good, "%s: %zu added, %zu changed, %zu the same, %zu failed", what, added, changed,
            same, failed)) {
        tap_note("got %zu %zu %zu %zu", rep.counts[IMPORT_ADDED], rep.counts[IMPORT_CHANGED],
                 rep.counts[IMPORT_SAME], rep.counts[IMPORT_FAILED]);
        for (size_t i = 0; i < rep.note_count; i++)
            tap_note("%u:%u " SLICE_FMT, rep.notes[i].row, rep.notes[i].col,
                     SLICE_ARG(rep.notes[i].text));
    }
}

static bool noted(uint32_t row, uint32_t col, const char *part)
{
    for (size_t i = 0; i < rep.note_count; i++)
        if (rep.notes[i].row == row && rep.notes[i].col == col &&
            slice_find(rep.notes[i].text, slice_str(part)) != SIZE_MAX)
            return true;
    for (size_t i = 0; i < rep.note_count; i++)
        tap_note("%u:%u " SLICE_FMT, rep.notes[i].row, rep.notes[i].col,
                 SLICE_ARG(rep.notes[i].text));
    return false;
}

static void test_units(void)
{
    static const char list[] = "DANH SÁCH ĐƠN VỊ (dữ liệu thử);;;;\n"
                               "STT;Mã đơn vị;Tên đơn vị;Loại đơn vị;Đơn vị cấp trên\n"
                               "1;S1;Sở Thử Nghiệm;Sở;TINH\n"
                               "2;S1-A;Phòng Thử Nghiệm;agency;Sở Thử Nghiệm\n"
                               "3;X1;Xã Thử Nghiệm;xã;\n"
                               ";;;;\n";
    struct state_unit x;

    begin(IMPORT_UNITS);
    opt.unit = w.root;
    opt.apply = false;
    is_int(run(&w.local, list), 0, "a preview");
    counts(3, 0, 0, 0, "of three units");
    ok(!rep.applied, "writes nothing");
    is_int(state_unit_find(w.s, &w.local, STATE_ID_NONE, SLICE("S1"), &w.arena, &x, &err),
           -CE_NOT_FOUND, "nothing is there");
    opt.apply = true;
    opt.invented = true;
    is_int(run(&w.local, list), 0, "the import");
    counts(3, 0, 0, 0, "does the same");
    is_int(state_unit_find(w.s, &w.local, STATE_ID_NONE, SLICE("S1-A"), &w.arena, &x, &err), 0,
           "and they are there");
    ok(slice_is(x.kind, "agency") && x.invented && state_unit_below(w.s, x.id, w.root, 0),
       "with kind, mark and place in the tree");
    is_int(state_unit_find(w.s, &w.local, STATE_ID_NONE, SLICE("X1"), &w.arena, &x, &err), 0,
           "the one without a parent");
    ok(id_eq(x.parent, w.root) && slice_is(x.kind, "commune"), "is below the unit given");
    is_int(run(&w.local, list), 0, "again");
    counts(0, 0, 3, 0, "changes nothing");
    is_int(run(&w.local, "Ma;Ten;Loai;Dia chi\nX1;Xã Thử Nghiệm 2;phường;Thôn Thử\n"), 0,
           "headings without tones");
    counts(0, 1, 0, 0, "and an update");
    world_close(&w);
}

/* Kinds in the words that people write. */
static void test_kinds(void)
{
    begin(IMPORT_UNITS);
    is_int(run(&w.local, "Mã đơn vị;Tên đơn vị;Loại đơn vị\nK1;Một;UBND xã\nK2;Hai;cấp xã\n"
                         "K3;Ba;Xã, phường\nK4;Bốn;Ban, sở\n"),
           0, "names that people have for kinds");
    counts(4, 0, 0, 0, "are known, also several of one kind");
    is_int(run(&w.local, "Mã đơn vị;Tên đơn vị;Loại đơn vị\nK5;Năm;Xã, sở\n"), 0,
           "words of two kinds");
    counts(0, 0, 0, 1, "are none");
    world_close(&w);
}

static void test_leads(void)
{
    static const char quoted[] = "Mã;Tên;Loại;Cơ quan chủ trì\nX1;Xã Thử;xã;\"SO; TT\"\n";
    struct state_actor officer;
    struct state_unit x;

    begin(IMPORT_UNITS);
    opt.unit = w.root;
    is_int(run(&w.local, quoted), 0, "two lead authorities");
    counts(1, 0, 0, 0, "of one unit");
    is_int(state_unit_find(w.s, &w.local, STATE_ID_NONE, SLICE("X1"), &w.arena, &x, &err), 0,
           "which is there");
    officer = actor(w.person_c, w.dept, STATE_COORDINATOR);
    ok(state_may_read(w.s, &officer, x.id), "a coordinator of the lead sees it");
    ok(!state_may_read(w.s, &officer, w.commune_a), "and no others");
    is_int(run(&w.local, quoted), 0, "again");
    counts(0, 0, 1, 0, "changes nothing");
    is_int(run(&w.local, "Mã;Tên;Loại;Chủ trì\nX2;Xã B;xã;X2\nX3;Xã C;xã;KHONG-CO\n"), 0,
           "itself, and nobody");
    counts(0, 0, 0, 2, "are refused");
    ok(noted(2, 4, "không tự chủ trì"), "a unit does not lead itself");
    ok(noted(3, 4, "không có đơn vị “KHONG-CO”"), "an unknown lead");
    world_close(&w);
}

static void test_units_wrong(void)
{
    static const char list[] = "Mã;Tên;Loại;Cấp trên;Từ ngày\n"
                               "A;Đơn vị A;lạ;TINH;\n"
                               "B;;xã;TINH;\n"
                               "C;Đơn vị C;xã;KHONG-CO;\n"
                               "D;Đơn vị D;xã;TINH;31/02/2026\n"
                               "E;Đơn vị E;xã;TINH;01/02/2026\n"
                               "E2;Đơn vị E2;TỐI MẬT;TINH;\n";
    struct state_unit x;

    begin(IMPORT_UNITS);
    is_int(run(&w.local, list), 0, "a list with faults");
    counts(1, 0, 0, 5, "is read to its end");
    ok(!rep.applied, "and not applied");
    ok(noted(2, 3, "không có loại đơn vị “lạ”"), "an unknown kind");
    ok(noted(3, 2, "còn để trống"), "an empty name");
    ok(noted(4, 4, "không có đơn vị cấp trên “KHONG-CO”"), "an unknown parent");
    ok(noted(5, 5, "không phải ngày"), "30 February and the like");
    is_int(state_unit_find(w.s, &w.local, STATE_ID_NONE, SLICE("E"), &w.arena, &x, &err),
           -CE_NOT_FOUND, "not even the good row is there");
    ok(run(&w.local, "Tên;Loại\nX;xã\n") == -CE_MISSING &&
           strstr(err_words(&err), "Mã đơn vị") != NULL,
       "a heading that lacks the code: %s", err_words(&err));
    opt.lang = LANG_EN;
    is_int(run(&w.local, "Mã;Tên;Loại\nX;Y;strange\n"), 0, "in English");
    ok(noted(2, 3, "there is no kind of unit “strange”"), "messages too");
    world_close(&w);
}

static void test_people(void)
{
    static const char list[] =
        "Họ và tên;Đơn vị;Chức vụ;Số điện thoại;Email;Vai trò\n"
        "Trần Văn Thử;XA-A;Chuyên viên;900000001;tvt@don-vi.example;Cán bộ trực\n"
        "Lê Thị Nghiệm;Xã Giả Định B;;09.0000.0002;;Quản trị hệ thống; \n"
        "Tổng đài;XA-A;;113;;\n";
    struct state_query q = {.limit = 0};
    struct state_person x;
    struct state_contact *contacts = NULL;
    struct state_grant *grants = NULL;
    struct state_actor who = {.person = STATE_ID_NONE};
    struct buf value = BUF_INIT(100);
    size_t n = 0;

    begin(IMPORT_PEOPLE);
    is_int(run(&w.local, list), 0, "a list of people");
    counts(3, 0, 0, 0, "without codes");
    is_int(state_person_find(w.s, &w.local, w.commune_a, SLICE("tran-van-thu"), &w.arena, &x, &err),
           0, "each gets one");
    q.ref = x.id;
    is_int(state_contact_list(w.s, &w.local, &q, &w.arena, &contacts, &n, &err), 0, "contacts");
    is_int(n, 2, "phone and mail");
    w.local.purpose = SLICE("thử");
    is_int(state_contact_reveal(w.s, &w.local, contacts[0].id, &value, &err), 0, "the phone");
    is_slice(buf_slice(&value), SLICE("+84900000001"), "has its 0 back");
    is_int(state_grant_list(w.s, &w.local, &q, &w.arena, &grants, &n, &err), 0, "roles");
    ok(n == 1 && grants[0].role == STATE_DUTY, "from the words of the sheet");
    is_int(state_actor_of(w.s, x.id, w.commune_a, STATE_DUTY, &who, &err), 0, "and they hold");
    is_int(state_contact_prove(w.s, &w.local, contacts[0].id, 0, SLICE("gọi thử"), &err), 0,
           "the phone is proven");
    is_int(run(&w.local, list), 0, "again");
    counts(0, 0, 3, 0, "changes nothing");
    is_int(state_contact_list(w.s, &w.local, &q, &w.arena, &contacts, &n, &err), 0, "contacts");
    ok(n == 2 && contacts[0].proven_at == T0, "and keeps the proof");
    is_int(run(&w.local, "Họ tên;Đơn vị;ĐT\nTrần Văn Thử;XA-A;0900000003\n"), 0, "a new number");
    counts(0, 1, 0, 0, "is a change");
    is_int(state_contact_list(w.s, &w.local, &q, &w.arena, &contacts, &n, &err), 0, "contacts");
    ok(n == 2 && contacts[0].proven_at == 0, "and unproven");
    buf_done(&value);
    world_close(&w);
}

static void test_people_wrong(void)
{
    begin(IMPORT_PEOPLE);
    is_int(run(&w.local, "Họ và tên;Đơn vị;Điện thoại;Email;Vai trò\n"
                         "Một;XA-A;0123456789012;;\n"
                         "Hai;XA-A;01234567890;;\n"
                         "Ba;XA-A;không nhớ;;\n"
                         "Bốn;XA-A;;sai địa chỉ;\n"
                         "Năm;KHÔNG CÓ;;;\n"
                         "Sáu;;;;\n"
                         "Bảy;XA-A;;;vua\n"),
           0, "a list with faults");
    counts(0, 0, 0, 7, "all of it wrong");
    ok(noted(2, 3, "không phải số điện thoại"), "a number too long");
    ok(noted(3, 3, "đổi đầu số"), "an old mobile number");
    ok(noted(4, 3, "không phải số điện thoại"), "no number");
    ok(noted(5, 4, "thư điện tử"), "no address");
    ok(noted(6, 2, "không có đơn vị"), "no such unit");
    ok(noted(7, 2, "không rõ đơn vị"), "no unit at all");
    ok(noted(8, 5, "không có vai trò"), "no such role");
    world_person(&w, w.commune_a, "T1", "Trùng Tên");
    world_person(&w, w.commune_a, "T2", "Trùng Tên");
    is_int(run(&w.local, "Họ và tên;Đơn vị\nTrùng Tên;XA-A\n"), 0, "two people of one name");
    ok(noted(2, 1, "nhiều người"), "are not guessed apart");
    is_int(run(&w.local, "Mã;Họ và tên;Đơn vị;Chức vụ\nT2;Trùng Tên;XA-A;Trưởng phòng\n"), 0,
           "with a code");
    counts(0, 1, 0, 0, "it is clear who");
    is_int(run(&w.local, "Họ và tên;Đơn vị\nTên Một;XA-A\nTên Một;XA-A\n"), 0,
           "one name twice in one list");
    counts(1, 0, 1, 0, "is one person");
    is_int(run(&w.local, "Họ và tên;Đơn vị;Di động\nTên Hai;XA-A;0900000011\n"
                         "Tên Hai;XA-A;0900000012\n"),
           0, "with two numbers");
    ok(noted(3, 1, "đã có ở dòng 2"), "they may be two, who need codes");
    world_close(&w);
}

static void test_scope(void)
{
    struct state_actor head;

    begin(IMPORT_PEOPLE);
    head = actor(w.person_a, w.commune_a, STATE_HEAD);
    opt.unit = w.commune_a;
    is_int(run(&head, "Họ và tên\nNgười Mới\n"), 0, "a head imports");
    counts(1, 0, 0, 0, "the own people");
    is_int(run(&head, "Họ và tên;Đơn vị\nNgười Lạ;XA-B\nNgười Nhà;XA-A\n"), 0, "others");
    counts(1, 0, 0, 1, "are refused");
    ok(!rep.applied && noted(2, 0, "không nhận dòng này"), "with the row");
    world_close(&w);
}

/* Several numbers in one cell, and remarks in brackets. */
static void test_contacts(void)
{
    begin(IMPORT_PEOPLE);
    is_int(run(&w.local,
               "Mã cán bộ;Họ và tên;Đơn vị;SĐT/Zalo;Email công vụ\n"
               "n1;Đỗ An;TT;0987 654 321 (Zalo);an@mau.example\n"
               "n2;Lê Bình;TT;0912345678 - 0987654322;\"binh@mau.example; b@example.org\"\n"),
           0, "people with several numbers");
    counts(2, 0, 0, 0, "are read");
    ok(noted(3, 4, "chỉ lấy cái đầu tiên") && noted(3, 5, "chỉ lấy cái đầu tiên") &&
           !noted(2, 4, "chỉ lấy cái đầu tiên"),
       "what is left out is told, a remark is not");
    is_int(run(&w.local, "Mã cán bộ;Họ và tên;Đơn vị;Chức vụ\nn3;Đỗ Chi;TT;Chuyên viên\n"
                         "NT;Ngô Tú;nt;NT\n"),
           0, "a code that looks like a ditto mark");
    counts(2, 0, 0, 0, "is a code, and no mark");
    ok(noted(3, 3, "ô ngay phía trên"), "but in the other columns it is one");
    opt.kind = IMPORT_UNITS;
    is_int(run(&w.local, "Mã đơn vị;Tên đơn vị;Loại đơn vị\nNT;Sở Nông Trại;agency\n"), 0,
           "a unit whose code looks like one");
    opt.kind = IMPORT_PEOPLE;
    is_int(run(&w.local,
               "Mã cán bộ;Họ và tên;Đơn vị\nn4;Đỗ Dung;TT\nn5;Ngô Em;NT\nn6;Lê Ân;-nt-\n"),
           0, "and its people");
    counts(3, 0, 0, 0, "are read");
    ok(!noted(3, 3, "ô ngay phía trên") && noted(4, 3, "ô ngay phía trên"),
       "of the unit of that code; a mark between dashes is still one");
    world_close(&w);
}

static void test_assets(void)
{
    static const struct import_word asset_kinds[] = {
        {SLICE("server"), SLICE("Máy chủ"), SLICE("Server"), SLICE("Máy chủ ảo; VPS")},
        {SLICE("route"), SLICE("Tuyến cáp, tuyến truyền dẫn"), SLICE("Route"), SLICE("Cáp quang")},
    };
    struct state_asset x;

    begin(IMPORT_ASSETS);
    opt.kinds = asset_kinds;
    opt.kind_count = CANH_LEN(asset_kinds);
    is_int(run(&w.local, "Mã;Tên;Đơn vị;Loại\nT1;Tuyến (thử);TT;cáp quang\nT2;Ghế (thử);TT;Ghế\n"),
           0, "kinds in words");
    counts(1, 0, 0, 1, "one is known");
    ok(noted(3, 4, "không có loại tài sản “Ghế”; các loại: Máy chủ; Tuyến cáp"),
       "the known ones are listed");
    is_int(run(&w.local, "Mã tài sản;Tên;Đơn vị;Loại;Vai trò;Cấp độ;Kết nối\n"
                         "MC1;Máy chủ thư (thử);TT;server;Thư điện tử công vụ, server;3;Internet\n"
                         "PC1;Máy tính (thử);XA-A;;pc;;nội bộ\n"),
           0, "a list of assets");
    counts(2, 0, 0, 0, "is read");
    is_int(state_asset_find(w.s, &w.local, w.centre, SLICE("MC1"), &w.arena, &x, &err), 0, "found");
    ok(slice_is(x.roles, "official-mail server") && x.level == 3 &&
           slice_is(x.exposure, "internet"),
       "with its roles, level and reach");
    is_int(run(&w.local, "Mã;Tên;Đơn vị;Vai trò;Cấp độ;Kết nối\n"
                         "MC1;Máy chủ thư (thử);TT;tàu vũ trụ;3;\n"
                         "MC2;Máy chủ (thử);TT;;6;\n"
                         "MC3;Máy chủ (thử);TT;;;mặt trăng\n"),
           0, "faults");
    ok(noted(2, 4, "không có vai trò tài sản") && noted(3, 5, "từ 1 đến 5") &&
           noted(4, 6, "không có trong danh mục"),
       "have their place");
    counts(0, 0, 0, 3, "and stop it");
    is_int(run(&w.local, "Mã;Tên;Đơn vị;Cấp độ\nMC1;Máy chủ thư (thử);TT;\n"), 0, "an empty cell");
    counts(0, 0, 1, 0, "clears nothing");
    world_close(&w);
}

static int count_import(void *u, const struct state_audit_entry *x)
{
    *(int *)u += slice_is(x->action, "import");
    return 0;
}

static void test_audit(void)
{
    struct state_audit_report audit;
    int n = 0;

    begin(IMPORT_PEOPLE);
    is_int(run(&w.local, "Họ và tên;Đơn vị\nMột;XA-A\nHai;XA-A\n"), 0, "an import");
    is_int(state_audit_each(w.s, &w.local, 0, count_import, &n, &err), 0, "the audit");
    is_int(n, 1, "names it once, beside its rows");
    is_int(state_audit_verify(w.s, NULL, &audit, &err), 0, "and holds");
    world_close(&w);
}

static bool person_is(const char *code, const char *name, const char *title)
{
    struct state_person x = {.version = 0};

    if (state_person_find(w.s, &w.local, w.commune_a, slice_str(code), &w.arena, &x, &err) < 0)
        return false;
    tap_note(SLICE_FMT ", " SLICE_FMT, SLICE_ARG(x.name), SLICE_ARG(x.title));
    return slice_is(x.name, name) && slice_is(x.title, title);
}

static void test_unread(void)
{
    begin(IMPORT_PEOPLE);
    opt.unit = w.commune_a;
    is_int(run(&w.local, "STT;Họ tên CB;SĐT/Zalo;Ngày sinh;Email công vụ;Ghi chú\n"
                         "1;Hồ Giả An;0900000029;01/01/1990;an@xa.example;x\n"),
           0, "columns that nobody asked for");
    counts(1, 0, 0, 0, "do not disturb");
    ok(noted(0, 0, "D “Ngày sinh”, F “Ghi chú”"), "and are named in one note");
    is_int((int)rep.ignored_count, 2, "and as data");
    is_int((int)rep.ignored[1].col, 6, "by their place");
    is_int(run(&w.local, "Họ tên;Di động\nHồ Giả An;0900000029\n"), 0, "nothing unknown");
    ok(rep.note_count == 0 && rep.ignored_count == 0, "no note");
    world_close(&w);
}

static void test_below(void)
{
    begin(IMPORT_PEOPLE);
    opt.unit = w.commune_a;
    is_int(run(&w.local, "STT;Họ tên;Chức vụ\n1;Hồ Giả An;KTV\nTổng cộng: 1 người;;\n"
                         "2;Cộng Giả;KTV\n;;Mẫu, ngày 28 tháng 11 năm 2026\n"
                         "Người lập;Thủ trưởng;\nLê Giả;Lê Thử;\n"),
           0, "a list with a sum and signatures");
    counts(2, 0, 0, 0, "has two people");
    ok(noted(3, 0, "Tổng cộng: 1 người") && noted(5, 0, "kết thúc"), "the rest is told");
    world_close(&w);
}

static bool fits(enum import_kind kind, const char *csv)
{
    struct workbook *t = NULL;

    return workbook_read(&w.arena, slice_str(csv), NULL, &t, &err) == 0 &&
           import_fits(kind, workbook_first(t));
}

static void test_fits(void)
{
    begin(IMPORT_PEOPLE);
    ok(fits(IMPORT_PEOPLE, "Danh sách\nHọ tên;Di động\n"), "a list of people");
    ok(!fits(IMPORT_PEOPLE, "Công văn;\nKính gửi;Các đơn vị\n"), "a cover");
    ok(fits(IMPORT_ROSTER, "Ngày;Họ tên\n01/12/2026;An\n"), "a duty sheet");
    ok(!fits(IMPORT_ROSTER, "Công văn;\nKính gửi;Các đơn vị\n"), "no duty sheet");
    world_close(&w);
}

static void test_likeness(void)
{
    begin(IMPORT_PEOPLE);
    opt.unit = w.commune_a;
    is_int(run(&w.local, "Họ và tên;Chức vụ\nLê Giả Ba;KTV\n"), 0, "a person");
    is_int(run(&w.local, "Họ và tên;Chức vụ\nLê Giả Bá;Trưởng ca\n"), 0, "one of other tones");
    counts(0, 0, 0, 1, "is not the same");
    ok(noted(2, 1, "Lê Giả Ba"), "says whom it is not");
    ok(person_is("le-gia-ba", "Lê Giả Ba", "KTV"), "who stays as they are");
    is_int(run(&w.local, "Họ và tên;Mã CB\nLê Giả Bá;B2\n"), 0, "with a code");
    counts(1, 0, 0, 0, "it is another person");
    is_int(run(&w.local, "Họ và tên\nĐ/c LÊ GIẢ BA - Trưởng ca\n"), 0,
           "capitals, what stands around");
    counts(0, 1, 0, 0, "are the person, at another position");
    ok(person_is("le-gia-ba", "Lê Giả Ba", "Trưởng ca"), "whose name stays as it was written");
    is_int(run(&w.local, "Họ;Tên\nHồ Giả;Chi\n"), 0, "two columns");
    ok(person_is("ho-gia-chi", "Hồ Giả Chi", ""), "are one name");
    is_int(run(&w.local, "Họ và tên;Vai trò\nHồ Giả Chi;Trực ca, Quản trị mạng\n"), 0, "two roles");
    counts(0, 1, 0, 0, "apart by a comma");
    is_int(run(&w.local, "Họ và tên;Nhiệm vụ\nHồ Giả Chi;Thủ lĩnh\n"), 0, "an unknown role");
    ok(noted(2, 2, "Quản trị hệ thống"), "names the known ones");
    world_close(&w);
}

static bool unit_of(const char *code, struct state_id unit)
{
    struct state_person x;

    return state_person_find(w.s, &w.local, unit, slice_str(code), &w.arena, &x, &err) == 0;
}

/* Headings once more, titles of groups and remarks among the rows are nobody. */
static void test_rows(void)
{
    begin(IMPORT_PEOPLE);
    opt.unit = w.dept;
    is_int(run(&w.local, "TT;Họ và tên;Chức vụ\n(1);(2);(3)\nI;Khối sở, ngành;\n1;Đỗ An;KTV\n"
                         "TT;Họ và tên;Chức vụ\n2;Lê Bình;KTV\n;Ghi chú: hai người;\n"),
           0, "a printed list");
    counts(2, 0, 0, 0, "has two people");
    ok(noted(3, 0, "Khối sở, ngành") && noted(5, 0, "tiêu đề lặp lại") &&
           noted(7, 0, "Ghi chú: hai người"),
       "the other rows are told");
    is_int(run(&w.local, "Họ và tên;Chức vụ\nĐỗ Giang;KTV\nGhi chú: một người;\n"), 0,
           "a list without numbers");
    counts(1, 0, 0, 0, "has one");
    ok(noted(3, 0, "Ghi chú: một người"), "and a remark that is told");
    is_int(run(&w.local, "TT;Họ và tên;Chức vụ\nI;XÃ GIẢ ĐỊNH A;\n1;Đỗ Chi;KTV\n"
                         "II. Xã Giả Định B;;\n1;Ngô Dung;KTV\n;Tổ kỹ thuật;\n2;Ngô Em;KTV\n"),
           0, "groups that are units");
    counts(3, 0, 0, 0, "have people");
    ok(unit_of("do-chi", w.commune_a) && unit_of("ngo-dung", w.commune_b) &&
           unit_of("ngo-em", w.commune_b),
       "of their own, not of the unit that was given; a group below it is of it");
    is_int(run(&w.local, "TT;Họ và tên;Chức vụ\nI;Xã Giả Định A;\n1;Đỗ Giang;KTV\n"
                         "II;Xã Không Có;\n1;Ngô Hà;KTV\n"),
           0, "and one that nobody knows");
    counts(1, 0, 0, 1, "ends the one before");
    ok(noted(5, 0, "không rõ đơn vị"), "its people are of no unit");
    is_int(run(&w.local, "Họ và tên;Đơn vị;Vai trò\nLê Mười;xa-a;Trực / Quản trị\n"
                         "Lê Tám;Xa-B;Trực + Quản trị mạng\n"),
           0, "codes in small letters, roles apart by other signs");
    counts(2, 0, 0, 0, "are known");
    ok(unit_of("le-muoi", w.commune_a) && unit_of("le-tam", w.commune_b), "as those units");
    is_int(run(&w.local, "Khối;Họ và tên;Chức vụ\nA;Đỗ Khải;\nB;Lê Lam;\n"), 0,
           "letters in a column of something else");
    counts(2, 0, 0, 0, "number no groups");
    is_int(run(&w.local, "Họ và tên\nĐỗ Ích\nLê Khoa\n"), 0, "names alone");
    counts(2, 0, 0, 0, "are people");
    world_close(&w);
}

static void test_names(void)
{
    begin(IMPORT_PEOPLE);
    opt.unit = w.commune_a;
    is_int(run(&w.local, "Họ và tên;SĐT\n\"Đỗ An, Lê Bình\";\n\"Đỗ Chi\nLê Dung\";\n123;\n"), 0,
           "two in a cell");
    counts(0, 0, 0, 3, "are nobody");
    ok(noted(2, 1, "mỗi người một dòng") && noted(3, 1, "mỗi người một dòng") &&
           noted(4, 1, "không phải tên người"),
       "which is told");
    is_int(run(&w.local, "Họ và tên;SĐT\nĐ/c Đỗ An (Trưởng ban);\nBS.CKII Lê Bình;\n"
                         "Đỗ Chi (nghỉ đến tháng 6);\nLê Dung - 0912345678;\n"),
           0, "what stands around names");
    counts(4, 0, 0, 0, "is no part of them");
    ok(person_is("do-an", "Đỗ An", "Trưởng ban") && person_is("le-binh", "Lê Bình", ""),
       "a position in brackets is one");
    ok(noted(4, 1, "phần ghi sau họ tên"), "another remark is told");
    is_int(run(&w.local, "Họ và tên;SĐT;Email\nHồ An;DĐ: 0912345678;-\n"
                         "Hồ Bình;'0912345679;chưa có\nHồ Chi;không có;\n"
                         "Hồ Dung;0912345670 hoặc 0912345671;\nHồ Em;02993821123 máy lẻ 102;\n"),
           0, "numbers as people write them");
    counts(5, 0, 0, 0, "are read");
    ok(noted(5, 2, "chỉ lấy cái đầu tiên"), "the rest is told");
    world_close(&w);
}

int main(void)
{
    test_units();
    test_kinds();
    test_leads();
    test_units_wrong();
    test_people();
    test_people_wrong();
    test_scope();
    test_contacts();
    test_assets();
    test_audit();
    test_unread();
    test_below();
    test_fits();
    test_likeness();
    test_rows();
    test_names();
    return tap_done();
}
