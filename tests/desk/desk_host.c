/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console over a state folder, without the rest of a node: for tests and screenshots.
 *
 *     desk_host make DIR      an invented unit with people, posts, shifts and alerts; prints a
 *                             line `login<TAB>invitation` for each account
 *     desk_host serve DIR [PREFIX]
 *                             prints `https://127.0.0.1:PORTPREFIX`, then serves; every line on
 *                             standard input adds an alert of that title, critical unless its level
 *                             and a tab stand before it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "account/account.h"
#include "alert/matter.h"
#include "alert/suppress.h"
#include "base/file.h"
#include "case/case.h"
#include "data/data.h"
#include "host_search.h"
#include "lang/error.h"
#include "net/http.h"
#include "node/desk/admin.h"
#include "node/wire/convert.h"
#include "os/bulk.h"
#include "os/process.h"
#include "plan/catalogue.h"
#include "proof/plan_store.h"
#include "state/alerts.h"
#include "state/assets.h"
#include "state/calls.h"
#include "state/checks.h"
#include "state/duty.h"
#include "state/notices.h"
#include "state/people.h"
#include "state/requests.h"
#include "state/units.h"
#include "web/web.h"

static struct state *state;
static struct state_actor local;
static struct err err;

static void must(int r)
{
    if (r < 0) {
        struct buf words = BUF_INIT(4096);

        error_write(&words, LANG_EN, &err);
        (void)fprintf(stderr, "desk_host: %s\n", buf_cstr(&words));
        _exit(70);
    }
}

static void open_state(const char *dir, enum state_mode mode)
{
    struct state_options opt = {.dir = dir, .mode = mode, .demo = mode == STATE_CREATE};

    must(state_open(&state, &opt, &err));
    local = state_actor_local();
}

static struct state_id add_unit(const char *code, const char *name, const char *kind,
                                struct state_id parent, int64_t now)
{
    struct state_unit u = {.parent = parent,
                           .code = slice_str(code),
                           .name = slice_str(name),
                           .kind = slice_str(kind),
                           .valid_from = now - 400 * TIME_DAY,
                           .invented = true};

    must(state_unit_put(state, &local, &u, &err));
    return u.id;
}

static struct state_id add_person(struct state_id unit, const char *code, const char *name,
                                  enum state_role role, const char *login)
{
    struct state_person p = {.unit = unit,
                             .code = slice_str(code),
                             .name = slice_str(name),
                             .invented = true};
    struct state_grant g = {.unit = unit, .role = (int32_t)role};
    struct account_request q = {.unit = unit, .login = slice_str(login)};
    struct buf secret = BUF_INIT(200);

    must(state_person_put(state, &local, &p, &err));
    g.person = q.person = p.id;
    must(state_grant_put(state, &local, &g, &err));
    must(account_add(state, &local, &q, &secret, &err));
    (void)printf("%s\t%s\n", login, buf_cstr(&secret));
    buf_done(&secret);
    return p.id;
}

static void add_phone(struct state_id unit, struct state_id person)
{
    struct state_contact c = {.unit = unit,
                              .person = person,
                              .kind = STATE_CONTACT_MOBILE,
                              .position = 1,
                              .value = SLICE("0901000001")};

    must(state_contact_put(state, &local, &c, &err));
}

/* Whoever tests the boundaries: a person with this role alone, whose password is set. */
static void add_role(struct state_id unit, enum state_role role, const char *after)
{
    struct state_person p = {.unit = unit, .invented = true};
    struct state_grant g = {.unit = unit, .role = (int32_t)role};
    struct account_request q = {.unit = unit};
    struct buf secret = BUF_INIT(200), login = BUF_INIT(100);

    buf_printf(&login, "%s%s", state_role_to_str(role), after);
    p.code = p.name = q.login = buf_slice(&login);
    must(state_person_put(state, &local, &p, &err));
    g.person = q.person = p.id;
    must(state_grant_put(state, &local, &g, &err));
    must(account_add(state, &local, &q, &secret, &err));
    must(account_accept(state, buf_slice(&secret), SLICE("bốn con ngựa trắng"), &err));
    buf_done(&login);
    buf_done(&secret);
}

static struct state_id add_post(struct state_id unit, int64_t now)
{
    struct state_post post = {.unit = unit,
                              .code = SLICE("ATTT"),
                              .name = SLICE("Trực an toàn thông tin"),
                              .kind = SLICE("security"),
                              .presence = STATE_ON_SITE,
                              .hours = SLICE("24/7"),
                              .people = 1,
                              .zone = SLICE("Asia/Ho_Chi_Minh"),
                              .valid_from = now - 30 * TIME_DAY,
                              .invented = true};

    must(state_post_put(state, &local, &post, &err));
    return post.id;
}

static struct state_id add_roster(struct state_id unit, const struct state_id *people,
                                  unsigned count, int64_t now)
{
    struct state_layer layer = {.unit = unit,
                                .code = SLICE("thang"),
                                .name = SLICE("Lịch trực tháng"),
                                .kind = STATE_LAYER_TABLE,
                                .position = 1,
                                .zone = SLICE("Asia/Ho_Chi_Minh"),
                                .valid_from = now - 30 * TIME_DAY};
    int64_t start = now - now % TIME_HOUR - 6 * TIME_HOUR;

    layer.post = add_post(unit, now);
    must(state_layer_put(state, &local, &layer, &err));
    for (unsigned i = 0; i < 16; i++) {
        struct state_roster cell = {.unit = unit,
                                    .layer = layer.id,
                                    .person = people[i % count],
                                    .start = start + i * 12 * TIME_HOUR,
                                    .stop = start + (i + 1) * 12 * TIME_HOUR,
                                    .shift = i % 2 ? SLICE("Đ") : SLICE("N"),
                                    .position = 1};

        must(state_roster_put(state, &local, &cell, &err));
    }
    return layer.post;
}

static struct state_id add_alert(struct state_id unit, const char *title, int32_t level,
                                 int64_t first, int64_t count, const char *about)
{
    static unsigned number;
    struct state_actor system = state_actor_system();
    struct state_alert x = {.unit = unit,
                            .rule = SLICE("sshd-failed-login"),
                            .title = slice_str(title),
                            .level = level,
                            .state = STATE_ALERT_NEW,
                            .about = slice_str(about),
                            .host = slice_str(about),
                            .start = first,
                            .first_seen = first,
                            .last_seen = first + (count - 1) * TIME_SECOND,
                            .count = count};
    char code[40];

    (void)snprintf(code, sizeof(code), "%016llx%016x", (unsigned long long)first, number++);
    x.code = slice_str(code);
    must(state_alert_put(state, &system, &x, &err));
    return x.id;
}

/* The calls of an alert: one that went out, one that could not, one that waits. */
static void add_calls(struct state_id unit, struct state_id alert, const struct state_id *people,
                      int64_t now)
{
    struct state_actor system = state_actor_system();
    static const int32_t states[] = {STATE_MESSAGE_SENT, STATE_MESSAGE_FAILED,
                                     STATE_MESSAGE_UNKNOWN};
    static const char *const reasons[] = {"", "HTTP 503", "unknown"};
    struct state_call call = {.unit = unit,
                              .matter = STATE_MATTER_ALERT,
                              .thing = alert,
                              .level = 5,
                              .title = SLICE("Tắt phần mềm chống mã độc"),
                              .state = STATE_CALL_CLIMBING,
                              .step = 2,
                              .began = now - 3 * TIME_MINUTE,
                              .due = now + 7 * TIME_MINUTE};

    must(state_call_put(state, &system, &call, &err));
    for (unsigned i = 0; i < 3; i++) {
        struct state_message m = {.unit = unit,
                                  .call = call.id,
                                  .person = people[i],
                                  .channel = i == 1 ? STATE_CHANNEL_MAIL : STATE_CHANNEL_SMS,
                                  .level = 5,
                                  .code = SLICE("K7QF2"),
                                  .text = SLICE("canh K7QF2: …"),
                                  .count = 1,
                                  .state = states[i],
                                  .tries = 1,
                                  .reason = slice_str(reasons[i])};

        must(state_message_put(state, &system, &m, &err));
    }
}

/* What people are called for, at two units. */
static void add_matters(const struct state_id units[2], int64_t now)
{
    const struct data_file *f = data_find(data_folder("plans"), SLICE("ladder.yaml"));
    struct call_matter m[2] = {{.since = now}, {.since = now}};
    struct ladder ladder;
    size_t n;

    must(ladder_parse(data_bytes(f), &ladder, &err));
    for (unsigned i = 0; i < 2; i++) {
        m[i].thing = matter_id(STATE_MATTER_OUTAGE, (struct slice){units[i].b, sizeof(units[i].b)});
        m[i].unit = units[i];
        m[i].title = SLICE("Cổng thông tin điện tử");
    }
    must(call_matters(state, &ladder, STATE_MATTER_OUTAGE, m, 2, &n, &err));
}

/* What waits for the head of a unit: a roster, leave, a swap that the other one agreed to. */
static void add_ask(struct state_id unit, struct state_id post, const struct state_id people[2],
                    int64_t at)
{
    const struct state_actor all = state_actor_system();
    struct state_leave leave = {.unit = unit,
                                .person = people[0],
                                .start = at + 10 * TIME_DAY,
                                .stop = at + 12 * TIME_DAY,
                                .kind = SLICE("leave")};
    struct state_swap swap = {.unit = unit,
                              .post = post,
                              .person = people[0],
                              .other = people[1],
                              .start = at + 3 * TIME_DAY,
                              .stop = at + 3 * TIME_DAY + 12 * TIME_HOUR,
                              .state = STATE_SWAP_ASKED,
                              .reason = SLICE("Họp <thôn>")};
    struct state_layer layer = {.unit = unit,
                                .post = post,
                                .name = SLICE("Lịch trực tháng sau"),
                                .kind = STATE_LAYER_TABLE,
                                .position = 1,
                                .zone = SLICE("Asia/Ho_Chi_Minh"),
                                .source = SLICE("lich-thang-sau.xlsx"),
                                .valid_from = at + 20 * TIME_DAY,
                                .valid_to = at + 50 * TIME_DAY};
    struct buf code = BUF_INIT(40);

    buf_printf(&code, "sau-%lld", (long long)(at / TIME_DAY));
    layer.code = buf_slice(&code);
    must(state_layer_put(state, &local, &layer, &err));
    must(state_leave_put(state, &local, &leave, &err));
    must(state_swap_put(state, &local, &swap, &err));
    swap.state = STATE_SWAP_AGREED;
    must(state_swap_put(state, &all, &swap, &err));
    buf_done(&code);
}

static void add_asks(struct state_id unit, struct state_id post, const struct state_id people[2],
                     int64_t now)
{
    for (unsigned i = 0; i < 3; i++)
        add_ask(unit, post, people, now + i * 30 * TIME_DAY);
}

/* A request of a unit to the one above, and a notice that wants a promise of it. */
static void add_letters(struct state_id root, struct state_id unit, int64_t now)
{
    static unsigned number;
    struct state_notice notice = {.unit = root,
                                  .title =
                                      SLICE("Không dùng hòm thư công vụ đăng ký mạng <xã hội>"),
                                  .text = SLICE("Đề nghị đọc và cam kết.\nHết ngày <hôm nay>."),
                                  .clause = SLICE("I.3.c"),
                                  .issued = now - TIME_HOUR,
                                  .due = now + 2 * TIME_DAY,
                                  .attest = true,
                                  .invented = true};
    struct state_delivery d = {.unit = unit, .sent_at = now - TIME_HOUR};
    struct state_request q = {.unit = unit,
                              .other = root,
                              .kind = STATE_HELP,
                              .title = SLICE("Xin cử người <hỗ trợ> khôi phục máy kế toán"),
                              .text = SLICE("Máy bị mã hóa từ sáng nay."),
                              .opened = now - 26 * TIME_HOUR,
                              .due = now - TIME_HOUR};
    char code[20];

    (void)snprintf(code, sizeof(code), "TB-%02u", ++number % 100);
    notice.code = slice_str(code);
    must(state_notice_put(state, &local, &notice, &err));
    d.notice = notice.id;
    must(state_delivery_put(state, &local, &d, &err));
    must(state_request_put(state, &local, &q, &err));
}

/* A check of a service, which is down. */
static void add_check(struct state_id unit, struct state_id asset, int64_t now)
{
    const struct state_actor system = state_actor_system();
    struct state_check check = {.unit = unit,
                                .asset = asset,
                                .code = SLICE("WEB-1"),
                                .name = SLICE("Cổng <một cửa>"),
                                .kind = SLICE("http"),
                                .target = SLICE("https://motcua.example/"),
                                .every = TIME_MINUTE * 5,
                                .timeout = TIME_SECOND * 10,
                                .valid_from = now - 30 * TIME_DAY,
                                .enabled = true,
                                .invented = true};
    struct state_result seen = {.unit = unit,
                                .at = now - TIME_MINUTE,
                                .outcome = STATE_CRITICAL,
                                .seen_from = SLICE("nút")};
    struct state_outage out = {.unit = unit,
                               .asset = asset,
                               .start = now - 20 * TIME_MINUTE,
                               .stop = STATE_FOREVER,
                               .seen_from = SLICE("nút")};

    must(state_check_put(state, &local, &check, &err));
    seen.check = out.check = check.id;
    must(state_result_put(state, &system, &seen, &err));
    must(state_outage_put(state, &system, &out, &err));
}

/* What a unit looks after. */
static void add_things(struct state_id unit, int64_t now)
{
    struct state_asset asset = {.unit = unit,
                                .code = SLICE("MC-1"),
                                .name = SLICE("Máy chủ <một cửa>"),
                                .kind = SLICE("server"),
                                .roles = SLICE("one-stop server"),
                                .level = 2,
                                .exposure = SLICE("intranet"),
                                .valid_from = now - 90 * TIME_DAY,
                                .invented = true};

    must(state_asset_put(state, &local, &asset, &err));
    add_check(unit, asset.id, now);
}

static void add_suppression(struct state_id unit, int64_t now)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct suppression_add_request q = {.unit = unit,
                                        .rule = SLICE("windows-defender-off"),
                                        .reason = SLICE("Đang thay phần mềm chống mã độc"),
                                        .stop = now + 7 * TIME_DAY};
    struct state_suppression x;

    must(suppression_add(state, &local, &q, &arena, &x, &err));
    arena_done(&arena);
}

static void add_case(struct state_id unit, const char *title, int64_t now)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct act_ctx ctx = {.s = state, .arena = &arena, .how = SLICE("web")};
    struct case_draft d = {.unit = unit,
                           .title = slice_str(title),
                           .class = SLICE("malware"),
                           .level = 5,
                           .t0 = now - 40 * TIME_MINUTE,
                           .system = SLICE("Máy kế toán"),
                           .what = SLICE("Tệp đổi đuôi hàng loạt, có thư đòi tiền.")};
    struct case_entry e = {.kind = STATE_LINE_ACTION,
                           .text = SLICE("Ngắt máy khỏi mạng, giữ nguyên nguồn.")};
    struct case_entry o = {.kind = STATE_LINE_OBSERVABLE,
                           .what = SLICE("domain"),
                           .value = SLICE("xau.example")};
    struct state_case x;
    struct state_case_line line;

    must(case_open(&ctx, &local, &d, &x, &err));
    e.incident = o.incident = x.id;
    must(case_note(&ctx, &local, &e, &line, &err));
    must(case_note(&ctx, &local, &o, &line, &err));
    arena_done(&arena);
}

/* The plan that canh carries, given to every unit. */
static void add_plan(struct state_id issuer)
{
    struct arena arena = ARENA_INIT((size_t)256 << 20);
    struct plan_store_options o = {.unit = issuer, .activate = true, .unchecked = true};
    struct slice text = proof_data("today-2026.yaml");
    const struct catalogue *catalogue = NULL;
    const struct plan *plan = NULL;
    struct plan_store_result done;

    must(catalogue_parse(&arena, proof_data("catalogue.yaml"), &catalogue, &err));
    must(plan_store_parse(&arena, state, &local, catalogue, text, &plan, &err));
    must(plan_store_import(&arena, state, &local, plan, text, &o, &done, &err));
    arena_done(&arena);
}

/* The node's canh.conf, beside its state. */
static void add_config(const char *dir)
{
    int above = (int)(strrchr(dir, '/') - dir);
    struct buf path = BUF_INIT(4096), text = BUF_INIT(8192);

    buf_printf(&path, "%.*s/canh.conf", above, dir);
    buf_printf(
        &text,
        "[detect]\nrules = %.*s/rules\n\n[journal]\nkeep-events = 30 d\n\n[send]\n"
        "sms = https://canh:m@mat-khau@sms.example/api?key=bi-mat\nfrom = canh@tinh.example\n",
        above, dir);
    must(file_replace(buf_cstr(&path), buf_slice(&text), 0600, &err));
    buf_done(&path);
    buf_done(&text);
}

static void make(const char *dir)
{
    int64_t now;
    struct state_id root, other, commune, telecom, postal, people[3], others[2];

    open_state(dir, STATE_CREATE);
    now = state_now(state);
    root = add_unit("TINH", "Tỉnh Giả Định", "authority", STATE_ID_NONE, now);
    commune = add_unit("XA-A", "Ủy ban nhân dân xã Giả Định A", "commune", root, now);
    other = add_unit("XA-B", "Ủy ban nhân dân xã Giả Định B", "commune", root, now);
    people[0] = add_person(commune, "A1", "Nguyễn Thị Mẫu Ẫm", STATE_DUTY, "an");
    add_phone(commune, people[0]);
    people[1] = add_person(commune, "A2", "Trần Văn Thử Ỗi", STATE_DUTY, "binh");
    people[2] = add_person(commune, "A3", "Lê Hữu Ví Dụ", STATE_HEAD, "head");
    others[0] = add_person(other, "B1", "Phạm Người Khác", STATE_DUTY, "khac");
    others[1] = add_person(other, "B2", "Võ Người Nữa", STATE_DUTY, "nua");
    (void)add_person(root, "Q1", "Quan Sát Viên", STATE_OBSERVER, "quansat");
    telecom = add_unit("DN-VT", "Doanh nghiệp viễn thông Giả Định", "telecom", root, now);
    (void)add_person(root, "D1", "Đỗ Điều Phối", STATE_COORDINATOR, "dieuphoi");
    (void)add_person(telecom, "V1", "Vũ Ca Trực", STATE_DUTY, "vt");
    postal = add_unit("DN-BC", "Doanh nghiệp bưu chính Giả Định", "postal", root, now);
    (void)add_person(postal, "BC1", "Hồ Bưu Tá", STATE_DUTY, "bc");
    for (int role = STATE_OBSERVER; role < STATE_SYSTEM; role++) {
        add_role(commune, (enum state_role)role, "-a");
        add_role(other, (enum state_role)role, "-b");
    }
    add_role(root, STATE_ADMIN, "-t");
    add_role(root, STATE_COORDINATOR, "-t");
    add_plan(root);
    add_asks(commune, add_roster(commune, people, 2, now), people, now);
    add_asks(other, add_post(other, now), others, now); /* nobody stands there now */
    add_letters(root, commune, now);
    add_letters(root, other, now);
    add_things(commune, now);
    add_things(other, now);
    add_alert(commune, "Nhiều lần đăng nhập SSH sai từ một địa chỉ", 4, now - 9 * TIME_MINUTE, 214,
              "may-chu-1");
    add_calls(commune,
              add_alert(commune, "Tắt phần mềm chống mã độc", 5, now - 3 * TIME_MINUTE, 1,
                        "PC-KETOAN-07"),
              people, now);
    add_case(commune, "Máy kế toán bị mã hóa dữ liệu", now);
    add_case(other, "Sự cố của xã khác", now);
    add_matters((const struct state_id[]){commune, other}, now);
    add_suppression(commune, now);
    add_suppression(other, now);
    add_alert(commune, "Tạo tài khoản quản trị mới", 3, now - 42 * TIME_MINUTE, 1, "may-chu-2");
    add_alert(commune, "PowerShell tải tệp từ Internet", 2, now - 3 * TIME_HOUR, 6, "PC-VANTHU-02");
    add_alert(other, "Cảnh báo của xã khác", 5, now - TIME_MINUTE, 1, "may-chu-khac");
    state = state_free(state);
    add_config(dir);
}

static void add_typed(struct desk_web *w)
{
    struct arena arena = ARENA_INIT(1 << 20);
    struct state_unit u;
    char text[4000], *rest = text;
    ssize_t n = read(STDIN_FILENO, text, sizeof(text) - 1);

    if (n <= 0)
        _exit(0); /* whoever started this is gone */
    text[n] = '\0';
    must(state_unit_find(state, &local, STATE_ID_NONE, SLICE("XA-A"), &arena, &u, &err));
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        bool graded = line[0] >= '1' && line[0] <= '5' && line[1] == '\t';

        if (line[0])
            desk_web_changed(w, "alert", u.id,
                             add_alert(u.id, graded ? line + 2 : line, graded ? line[0] - '0' : 5,
                                       state_now(state), 1, "may-chu-1"));
    }
    arena_done(&arena);
}

/* As the parent does it, waited for: a canh-convert of its own beside the tests. */
static int convert(const char *kind, struct slice bytes, struct buf *answer, struct err *e)
{
    char self[4000] = "", path[4200], what[16], *argv[] = {path, (char[]){""}, what, NULL};
    int fds[2] = {-1, -1}, pipes[2], r = bulk_make(bytes, &fds[0], e);
    struct process p = {.path = path, .argv = argv, .fds = fds, .fd_count = 2};
    pid_t pid;

    if (r < 0 || readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || pipe(pipes) < 0)
        return r;
    *strrchr(self, '/') = '\0';
    (void)snprintf(path, sizeof(path), "%s/../../canh-convert", self);
    (void)snprintf(what, sizeof(what), "%s", kind);
    fds[1] = pipes[1];
    r = process_start(&p, &pid, e);
    (void)close(pipes[1]);
    (void)close(fds[0]);
    if (r == 0)
        r = file_read_fd(pipes[0], "answer", answer, e);
    (void)close(pipes[0]);
    return r;
}

static int read_file(void *u, enum desk_file_kind kind, struct slice bytes, desk_file_read *fn,
                     void *fn_u, struct err *e)
{
    static const char *const kinds[] = {"table", "picture", "sheet",  "report-vi", "report-en",
                                        "pdf",   "odt",     "letter", "rules"};
    struct buf answer = BUF_INIT(CONVERT_FILE_ANSWER_MAX);
    struct desk_file file = {.failed = true, .fd = -1};
    struct convert_file x;

    (void)u;
    if (convert(kinds[kind], bytes, &answer, e) == 0 &&
        convert_file_get(buf_slice(&answer), &x) == 0)
        file = (struct desk_file){!x.read, x.bytes, x.vi, x.en, -1};
    if (!file.failed && kind == DESK_PICTURE)
        must(bulk_make(file.bytes, &file.fd, &err));
    fn(fn_u, &file);
    fd_closep(&file.fd);
    buf_done(&answer);
    return 0;
}

static int scan(void *u, struct slice bytes, desk_scanned *fn, void *fn_u, struct err *e)
{
    struct arena arena = ARENA_INIT(8 << 20);
    struct buf answer = BUF_INIT(CONVERT_ANSWER_MAX);
    struct desk_scan_report report = {.failed = true};
    struct convert_answer a;
    struct desk_scan_row *rows;
    int r = convert("log", bytes, &answer, e);

    (void)u;
    if (r == 0 && convert_get(buf_slice(&answer), &arena, &a) == 0 &&
        (rows = arena_new_array(&arena, a.row_count + 1, struct desk_scan_row)) != NULL) {
        for (uint32_t i = 0; i < a.row_count; i++)
            rows[i] =
                (struct desk_scan_row){a.rows[i].level,  a.rows[i].title,     a.rows[i].title_vi,
                                       a.rows[i].advice, a.rows[i].advice_vi, a.rows[i].description,
                                       a.rows[i].rule,   a.rows[i].host,      a.rows[i].count,
                                       a.rows[i].first,  a.rows[i].last};
        report = (struct desk_scan_report){.events = a.events,
                                           .logs = a.logs,
                                           .alerts = a.alerts,
                                           .unreadable = a.unreadable,
                                           .rows = rows,
                                           .row_count = a.row_count};
    }
    fn(fn_u, &report);
    arena_done(&arena);
    buf_done(&answer);
    return 0;
}

/* The node of a folder whose state this is. */
struct node {
    struct place place;
    struct config config;
    struct admin_certificate certificates[1];
};

static int tell(void *u, unsigned part, struct control_job *job, struct err *e)
{
    struct node *n = u;
    const struct admin_ctx c = {.place = &n->place,
                                .config = &n->config,
                                .status_fd = -1,
                                .certificates = n->certificates,
                                .certificate_count = CANH_LEN(n->certificates)};

    return admin_tell(&c, part, job, e);
}

static int put_rules(void *u, const struct bundle *b, struct slice name, bool fewer, struct err *e)
{
    struct node *n = u;
    const struct admin_ctx c = {.place = &n->place, .config = &n->config};

    return admin_rules_put(&c, &(struct admin_rules){b, name, fewer}, e);
}

static void open_node(struct node *n, const char *state_folder, struct slice cert)
{
    char dir[4000];

    (void)snprintf(dir, sizeof(dir), "%.*s", (int)(strrchr(state_folder, '/') - state_folder),
                   state_folder);
    must(place_find(dir, &n->place, &err));
    must(config_load(&n->config, n->place.conf, true, &err));
    n->certificates[0] = (struct admin_certificate){.name = "console"};
    (void)snprintf(n->certificates[0].file, PLACE_PATH, "%.3000s/console.crt", n->place.keys);
    admin_certificate_read(&n->certificates[0], cert);
}

/* Under a prefix it is opened at that address alone, as behind a reverse proxy. */
static struct desk_web_site site_under(const char *url, const char *prefix)
{
    struct slice whole = slice_str(url);

    if (!prefix[0])
        return (struct desk_web_site){.url = SLICE_NULL};
    return (struct desk_web_site){whole, slice_head(whole, whole.n - strlen(prefix)),
                                  slice_str(prefix)};
}

static void serve(const char *dir, const char *prefix)
{
    static struct node node;
    static const char *const names[] = {"localhost", "127.0.0.1", NULL};
    struct buf cert = BUF_INIT(8192), key = BUF_INIT(8192);
    struct tls_files tls;
    struct desk_web_listener at = {.tls = &tls};
    struct desk_web_options opt = {.streams = 64,
                                   .scan = scan,
                                   .read = read_file,
                                   .node = tell,
                                   .rules_put = put_rules,
                                   .u = &node,
                                   .scratch = dir,
                                   .search = host_search()};
    struct desk_web *w = NULL;
    uint16_t port = 0;
    char url[200];

    open_state(dir, STATE_WRITE);
    must(tls_make_own(names, state_now(state), 30, &cert, &key, &err));
    tls = (struct tls_files){buf_cstr(&cert), buf_cstr(&key)};
    open_node(&node, dir, buf_slice(&cert));
    opt.state = state;
    must(http_listen("127.0.0.1", &port, &at.fd, &err));
    (void)snprintf(url, sizeof(url), "https://127.0.0.1:%u%s", (unsigned)port, prefix);
    opt.site = site_under(url, prefix);
    must(desk_web_new(&w, &opt, &err));
    must(desk_web_serve(w, &at, &err));
    (void)printf("%s\n", url);
    (void)fflush(stdout);
    for (;;) {
        struct pollfd p[2] = {{.fd = desk_web_fd(w), .events = POLLIN},
                              {.fd = STDIN_FILENO, .events = POLLIN}};

        (void)poll(p, 2, desk_web_wait(w));
        if (p[1].revents)
            add_typed(w);
        desk_web_run(w);
    }
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "make") == 0)
        make(argv[2]);
    else if ((argc == 3 || argc == 4) && strcmp(argv[1], "serve") == 0)
        serve(argv[2], argc == 4 ? argv[3] : "");
    else
        return 64;
    return 0;
}
