/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
/*
 * A state as a large province has it after a year, for bench/desk: 1,000 units with people, posts,
 * rosters, assets, daily forms and requests, 100,000 alerts, 5,000 cases, and accounts to sign in.
 *
 *     bench_desk DIR [UNITS]      prints a line `login<TAB>password` for each account
 */
#include "account/account.h"
#include "base/file.h"
#include "base/num.h"
#include "base/time.h"
#include "data/data.h"
#include "fill.h"
#include "proof/plan_store.h"
#include "proof/proof.h"
#include "state/alerts.h"
#include "state/assets.h"
#include "state/cases.h"
#include "state/duty.h"
#include "state/forms.h"
#include "state/people.h"
#include "state/requests.h"

enum { ALERTS = 100000, CASES = 5000, DAYS = 14, ACCOUNTS = 50, BATCH = 500 };

#define PASSWORD "bốn con ngựa trắng"

static struct arena arena = ARENA_INIT((size_t)1 << 30);
static int64_t now;

struct bench_unit {
    struct state_id id, post, layer, people[3];
};
struct province {
    struct state_id root, form;
    struct bench_unit *units;
    uint32_t count;
};

/* Numbers that look like chance and are the same each time. */
static uint32_t chance(uint32_t below)
{
    static uint64_t x = 88172645463325252u;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return (uint32_t)(x % below);
}

static void add_person(struct bench_unit *u, unsigned k)
{
    static const enum state_role roles[] = {STATE_DUTY, STATE_DUTY, STATE_HEAD};
    static const char *const names[] = {"Nguyễn Thị Mẫu Ẫm", "Trần Văn Thử Ỗi", "Lê Hữu Ví Dụ"};
    char code[16];

    (void)snprintf(code, sizeof(code), "P%u", k);
    u->people[k] = PUT(person, .unit = u->id, .code = slice_str(code), .name = slice_str(names[k]),
                       .valid_from = now - 400 * TIME_DAY, .invented = true);
    (void)PUT(grant, .unit = u->id, .person = u->people[k], .role = (int32_t)roles[k]);
}

static void add_duty(struct bench_unit *u)
{
    int64_t start = now - now % TIME_DAY - TIME_DAY;

    u->post = PUT(post, .unit = u->id, .code = SLICE("ATTT"),
                  .name = SLICE("Trực an toàn thông tin"), .kind = SLICE("security"),
                  .hours = SLICE("24/7"), .people = 1, .zone = SLICE("Asia/Ho_Chi_Minh"),
                  .presence = STATE_ON_SITE, .valid_from = now - 400 * TIME_DAY, .invented = true);
    u->layer = PUT(layer, .unit = u->id, .post = u->post, .code = SLICE("thang"),
                   .name = SLICE("Lịch trực tháng"), .kind = STATE_LAYER_TABLE, .position = 1,
                   .zone = SLICE("Asia/Ho_Chi_Minh"), .valid_from = now - 30 * TIME_DAY);
    for (unsigned i = 0; i < 2 * DAYS; i++)
        (void)PUT(roster, .unit = u->id, .layer = u->layer, .person = u->people[i % 2],
                  .start = start + i * 12 * TIME_HOUR, .stop = start + (i + 1) * 12 * TIME_HOUR,
                  .shift = i % 2 ? SLICE("Đ") : SLICE("N"), .position = 1);
}

static void add_unit(struct province *p, uint32_t i)
{
    static const char *const kinds[] = {"commune", "commune", "agency", "commune",
                                        "telecom", "agency",  "postal", "commune"};
    struct bench_unit *u = &p->units[i];
    char code[16], name[80];

    (void)snprintf(code, sizeof(code), "U%04u", i);
    (void)snprintf(name, sizeof(name), "Đơn vị Giả Định số %u", i);
    u->id =
        PUT(unit, .parent = p->root, .code = slice_str(code), .name = slice_str(name),
            .kind = slice_str(kinds[i % 8]), .valid_from = now - 400 * TIME_DAY, .invented = true);
    for (unsigned k = 0; k < 3; k++)
        add_person(u, k);
    add_duty(u);
    for (unsigned k = 0; k < 3; k++) {
        (void)snprintf(code, sizeof(code), "S%u", k);
        (void)PUT(asset, .unit = u->id, .code = slice_str(code), .name = SLICE("Máy chủ một cửa"),
                  .kind = SLICE("server"), .roles = SLICE("one-stop server"), .level = 2,
                  .valid_from = now - 400 * TIME_DAY, .invented = true);
    }
    for (int day = 1; day <= DAYS; day++) {
        int64_t at = now - now % TIME_DAY - day * TIME_DAY;

        (void)PUT(submission, .unit = u->id, .form = p->form, .start = at, .stop = at + TIME_DAY,
                  .state = STATE_SUBMISSION_SENT, .sent_at = at + 7 * TIME_HOUR,
                  .how = SLICE("web"));
    }
    (void)PUT(request, .unit = u->id, .other = p->root, .kind = STATE_HELP,
              .title = SLICE("Xin cử người hỗ trợ khôi phục máy kế toán"),
              .text = SLICE("Máy bị mã hóa từ sáng nay."), .opened = now - 3 * TIME_DAY,
              .due = now - 2 * TIME_DAY);
}

static void add_plan(const struct province *p)
{
    struct plan_store_options opt = {.unit = p->root, .activate = true, .unchecked = true};
    struct plan_store_result res;
    const struct catalogue *catalogue;
    const struct plan *plan;
    struct err err = ERR_INIT;
    struct slice text = proof_data("today-2026.yaml");

    must(catalogue_parse(&arena, proof_data("catalogue.yaml"), &catalogue, &err), &err,
         "catalogue");
    must(plan_store_parse(&arena, s, &sys, catalogue, text, &plan, &err), &err, "plan");
    must(plan_store_import(&arena, s, &sys, plan, text, &opt, &res, &err), &err, "import");
}

/* Spread over 90 days; of ten, one waits, one is looked at, one is history, the rest is closed. */
static void add_alert(const struct province *p, uint32_t i)
{
    static const char *const titles[] = {"Nhiều lần đăng nhập SSH sai từ một địa chỉ",
                                         "Tắt phần mềm chống mã độc", "Tạo tài khoản quản trị mới",
                                         "PowerShell tải tệp từ Internet"};
    int64_t at = now - (int64_t)((double)(ALERTS - i) / ALERTS * 90 * (double)TIME_DAY);
    const struct bench_unit *u = &p->units[chance(p->count)];
    uint32_t of = chance(10);
    char code[40], host[40];

    (void)snprintf(code, sizeof(code), "%016x%016x", i, chance(1u << 31));
    (void)snprintf(host, sizeof(host), "may-%u", chance(50));
    (void)PUT(alert, .unit = u->id, .code = slice_str(code), .rule = SLICE("sshd-failed-login"),
              .title = slice_str(titles[i % 4]), .level = (int32_t)(1 + chance(5)),
              .state = of == 0   ? STATE_ALERT_NEW
                       : of == 1 ? STATE_ALERT_SEEN
                                 : STATE_ALERT_CLOSED,
              .about = slice_str(host), .host = slice_str(host), .start = at, .first_seen = at,
              .last_seen = at + TIME_MINUTE, .count = 1 + chance(100), .history = of == 2);
}

/* One of ten is open. */
static void add_case(const struct province *p, uint32_t i)
{
    const struct bench_unit *u = &p->units[chance(p->count)];
    int64_t at = now - (int64_t)((double)(CASES - i) / CASES * 360 * (double)TIME_DAY);
    struct state_id id;

    id = PUT(case, .unit = u->id, .title = SLICE("Máy kế toán bị mã hóa dữ liệu"),
             .class = SLICE("malware"), .level = (int32_t)(1 + chance(5)), .state = STATE_CASE_NEW,
             .tlp = STATE_TLP_AMBER, .t0 = at, .system = SLICE("Máy kế toán"),
             .what = SLICE("Tệp đổi đuôi hàng loạt."), .opened = at);
    for (unsigned k = 0; k < 4; k++)
        (void)PUT(case_line, .unit = u->id, .incident = id, .at = at + k * TIME_HOUR,
                  .kind = STATE_LINE_ACTION, .text = SLICE("Ngắt máy khỏi mạng."));
    if (i % 10 != 0 && at + TIME_DAY < now) {
        struct state_case x;
        struct err err = ERR_INIT;

        must(state_case_get(s, &sys, id, &arena, &x, &err), &err, "case");
        x.state = STATE_CASE_CLOSED;
        x.closed_at = at + TIME_DAY;
        x.cause = x.remedy = SLICE("Đã khôi phục từ bản sao.");
        must(state_case_put(s, &sys, &x, &err), &err, "case closed");
    }
}

/* Five coordinators, five observers, the others at units of their own. */
static void add_account(const struct province *p, uint32_t i)
{
    struct buf secret = BUF_INIT(200);
    struct err err = ERR_INIT;
    char login[16];
    struct account_request q = {.unit = p->units[i].id, .person = p->units[i].people[i % 3]};

    (void)snprintf(login, sizeof(login), "u%u", i);
    if (i < 10) {
        q.unit = p->root;
        q.person =
            PUT(person, .unit = p->root, .code = slice_str(login), .name = SLICE("Người Điều Phối"),
                .valid_from = now - TIME_DAY, .invented = true);
        (void)PUT(grant, .unit = p->root, .person = q.person,
                  .role = i < 5 ? STATE_COORDINATOR : STATE_OBSERVER);
    }
    q.login = slice_str(login);
    must(account_add(s, &sys, &q, &secret, &err), &err, "account");
    must(account_accept(s, buf_slice(&secret), SLICE(PASSWORD), &err), &err, "password");
    (void)printf("%s\t%s\n", login, PASSWORD);
    buf_done(&secret);
}

static void each(const struct province *p, uint32_t count,
                 void (*add)(const struct province *p, uint32_t i))
{
    for (uint32_t i = 0; i < count; i++) {
        if (i % BATCH == 0)
            begin();
        add(p, i);
        if (i % BATCH == BATCH - 1 || i + 1 == count)
            commit();
    }
}

int main(int argc, char **argv)
{
    struct state_options opt = {.mode = STATE_CREATE, .demo = true};
    const struct data_file *form = data_find(data_folder("forms"), SLICE("agency-daily.yaml"));
    struct province p = {.count = 1000};
    struct err err = ERR_INIT;
    int64_t units = 0;

    if (argc < 2 || (argc > 2 && num_range(slice_str(argv[2]), 60, 10000, &units) < 0)) {
        (void)fprintf(stderr, "bench_desk DIR [UNITS]\n");
        return 64;
    }
    opt.dir = argv[1];
    p.count = units ? (uint32_t)units : p.count;
    p.units = calloc(p.count, sizeof(*p.units));
    must(p.units ? state_open(&s, &opt, &err) : err_nomem(&err), &err, "open");
    sys = state_actor_system();
    now = state_now(s);
    p.root = PUT(unit, .code = SLICE("TINH"), .name = SLICE("Tỉnh Giả Định"),
                 .kind = SLICE("authority"), .valid_from = now - 400 * TIME_DAY, .invented = true);
    p.form = PUT(form, .unit = p.root, .name = SLICE("agency-daily"), .edition = 1,
                 .title = SLICE("Phiếu ngày"), .yaml = data_bytes(form),
                 .valid_from = now - 400 * TIME_DAY);
    for (uint32_t i = 0; i < p.count; i++) {
        if (i % BATCH == 0)
            begin();
        add_unit(&p, i);
        if (i % BATCH == BATCH - 1 || i + 1 == p.count)
            commit();
    }
    add_plan(&p);
    each(&p, ALERTS, add_alert);
    each(&p, CASES, add_case);
    for (uint32_t i = 0; i < ACCOUNTS; i++)
        add_account(&p, i);
    s = state_free(s);
    free(p.units);
    arena_done(&arena);
    return 0;
}
