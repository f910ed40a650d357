/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo.h"

#include "account/account.h"
#include "base/time.h"
#include "lang/err_state.h"
#include "lang/zone.h"
#include "plan/catalogue.h"
#include "proof/plan_store.h"
#include "register/unit.h"
#include "state/assets.h"
#include "state/duty.h"
#include "state/notices.h"
#include "state/people.h"
#include "state/requests.h"
#include "state/units.h"

enum demo_unit { DEMO_PROVINCE, DEMO_COMMUNE, DEMO_OTHER, DEMO_TELECOM, DEMO_UNITS };
enum { SHIFTS = 184, SHIFT_HOURS = 12 };

struct demo_job {
    const struct act_ctx *ctx;
    const struct state_actor *actor;
    struct slice password;
    int64_t now;
    struct state_id units[DEMO_UNITS], people[DEMO_PEOPLE];
    struct err *err;
};

static const struct {
    const char *code, *name, *kind;
} unit_rows[DEMO_UNITS] = {
    [DEMO_PROVINCE] = {"TINH", "Tỉnh Ví Dụ", "authority"},
    [DEMO_COMMUNE] = {"XA-A", "Ủy ban nhân dân xã Ví Dụ A", "commune"},
    [DEMO_OTHER] = {"XA-B", "Ủy ban nhân dân xã Ví Dụ B", "commune"},
    [DEMO_TELECOM] = {"VT-1", "Doanh nghiệp viễn thông Ví Dụ", "telecom"},
};

static const struct {
    const char *login, *name;
    enum demo_unit unit;
    enum state_role roles[2];
} person_rows[DEMO_PEOPLE] = {
    [DEMO_TECHNICIAN] = {"kythuat", "Nguyễn Thị Mẫu", DEMO_COMMUNE, {STATE_DUTY, STATE_SYSADMIN}},
    [DEMO_OFFICER] = {"truc", "Trần Văn Thử", DEMO_COMMUNE, {STATE_DUTY, STATE_ROLE_NONE}},
    [DEMO_HEAD] = {"thutruong", "Lê Hữu Ví Dụ", DEMO_COMMUNE, {STATE_HEAD, STATE_ROLE_NONE}},
    [DEMO_COORDINATOR] = {"dieuphoi",
                          "Phạm Thị Giả Định",
                          DEMO_PROVINCE,
                          {STATE_COORDINATOR, STATE_ROLE_NONE}},
    [DEMO_OPERATOR] = {"khaithac",
                       "Hoàng Văn Minh Họa",
                       DEMO_TELECOM,
                       {STATE_DUTY, STATE_ROLE_NONE}},
};

const char *demo_login(enum demo_who who)
{
    return person_rows[who].login;
}

static int make_units(struct demo_job *j)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < DEMO_UNITS; i++) {
        struct state_unit u = {.parent = i ? j->units[DEMO_PROVINCE] : STATE_ID_NONE,
                               .code = slice_str(unit_rows[i].code),
                               .name = slice_str(unit_rows[i].name),
                               .kind = slice_str(unit_rows[i].kind),
                               .valid_from = j->now - 365 * TIME_DAY,
                               .invented = true};

        r = state_unit_put(j->ctx->s, j->actor, &u, j->err);
        j->units[i] = u.id;
    }
    return r;
}

static int make_account(struct demo_job *j, enum demo_who who)
{
    struct account_request q = {.unit = j->units[person_rows[who].unit],
                                .person = j->people[who],
                                .login = slice_str(person_rows[who].login)};
    struct buf secret = BUF_INIT(200);
    int r = account_add(j->ctx->s, j->actor, &q, &secret, j->err);

    if (r == 0)
        r = account_accept(j->ctx->s, buf_slice(&secret), j->password, j->err);
    buf_done(&secret);
    return r;
}

/* Addresses of a domain that can never exist (RFC 6761): nobody real is written to. */
static int make_contact(struct demo_job *j, enum demo_who who)
{
    struct buf address = BUF_INIT(100);
    struct state_contact x = {.unit = j->units[person_rows[who].unit],
                              .person = j->people[who],
                              .kind = STATE_CONTACT_EMAIL,
                              .position = 1};
    int r;

    buf_printf(&address, "%s@vidu.invalid", person_rows[who].login);
    x.value = buf_slice(&address);
    r = state_contact_put(j->ctx->s, j->actor, &x, j->err);
    buf_done(&address);
    return r;
}

static int make_people(struct demo_job *j)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < DEMO_PEOPLE; i++) {
        struct state_id unit = j->units[person_rows[i].unit];
        struct state_person p = {.unit = unit,
                                 .code = slice_str(person_rows[i].login),
                                 .name = slice_str(person_rows[i].name),
                                 .invented = true};

        r = state_person_put(j->ctx->s, j->actor, &p, j->err);
        j->people[i] = p.id;
        for (size_t k = 0; r == 0 && k < 2 && person_rows[i].roles[k]; k++) {
            struct state_grant g = {.unit = unit,
                                    .person = p.id,
                                    .role = (int32_t)person_rows[i].roles[k]};

            r = state_grant_put(j->ctx->s, j->actor, &g, j->err);
        }
        if (r == 0)
            r = make_contact(j, (enum demo_who)i);
        if (r == 0)
            r = make_account(j, (enum demo_who)i);
    }
    return r;
}

/* Two people by turns at a post of a unit, from half a day ago for three months. */
static int make_roster(struct demo_job *j, enum demo_unit of, enum demo_who first,
                       enum demo_who second)
{
    struct state_id unit = j->units[of];
    const struct state_id people[] = {j->people[first], j->people[second]};
    struct state_post post = {.unit = unit,
                              .code = SLICE("ATTT"),
                              .name = SLICE("Trực an toàn thông tin"),
                              .kind = SLICE("security"),
                              .presence = STATE_ON_SITE,
                              .hours = SLICE("24/7"),
                              .people = 1,
                              .zone = ZONE_OWN_NAME,
                              .valid_from = j->now - TIME_DAY,
                              .invented = true};
    struct state_layer layer = {.unit = unit,
                                .code = SLICE("thang"),
                                .name = SLICE("Lịch trực tháng"),
                                .kind = STATE_LAYER_TABLE,
                                .position = 1,
                                .zone = ZONE_OWN_NAME,
                                .valid_from = j->now - TIME_DAY};
    int64_t start = j->now - j->now % TIME_HOUR - SHIFT_HOURS * TIME_HOUR / 2;
    int r = state_post_put(j->ctx->s, j->actor, &post, j->err);

    layer.post = post.id;
    if (r == 0)
        r = state_layer_put(j->ctx->s, j->actor, &layer, j->err);
    for (int i = 0; r == 0 && i < SHIFTS; i++) {
        struct state_roster cell = {.unit = unit,
                                    .layer = layer.id,
                                    .person = people[i % 2],
                                    .start = start + i * SHIFT_HOURS * TIME_HOUR,
                                    .stop = start + (i + 1) * SHIFT_HOURS * TIME_HOUR,
                                    .shift = i % 2 ? SLICE("Đ") : SLICE("N"),
                                    .position = 1};

        r = state_roster_put(j->ctx->s, j->actor, &cell, j->err);
    }
    return r;
}

/* What waits for somebody: leave for the head, a request for the coordinator, a notice for all. */
static int make_letters(struct demo_job *j)
{
    static const enum demo_unit readers[] = {DEMO_COMMUNE, DEMO_TELECOM};
    struct state_leave leave = {.unit = j->units[DEMO_COMMUNE],
                                .person = j->people[DEMO_TECHNICIAN],
                                .start = j->now + 9 * TIME_DAY,
                                .stop = j->now + 11 * TIME_DAY,
                                .kind = SLICE("leave")};
    struct state_request request = {.unit = j->units[DEMO_COMMUNE],
                                    .other = j->units[DEMO_PROVINCE],
                                    .kind = STATE_HELP,
                                    .title = SLICE("Xin hướng dẫn khôi phục thử bản sao lưu"),
                                    .text = SLICE("Đơn vị chưa có máy để khôi phục thử."),
                                    .opened = j->now - 3 * TIME_HOUR};
    struct state_notice notice = {.unit = j->units[DEMO_PROVINCE],
                                  .code = SLICE("TB-MAU-01"),
                                  .title =
                                      SLICE("Không dùng hòm thư công vụ đăng ký dịch vụ ngoài"),
                                  .text = SLICE("Đề nghị đơn vị phổ biến và cam kết thực hiện."),
                                  .clause = SLICE("I.3.c"),
                                  .issued = j->now - 2 * TIME_HOUR,
                                  .due = j->now + 3 * TIME_DAY,
                                  .attest = true,
                                  .invented = true};
    int r = state_leave_put(j->ctx->s, j->actor, &leave, j->err);

    if (r == 0)
        r = state_request_put(j->ctx->s, j->actor, &request, j->err);
    if (r == 0)
        r = state_notice_put(j->ctx->s, j->actor, &notice, j->err);
    for (size_t i = 0; r == 0 && i < CANH_LEN(readers); i++) {
        struct state_delivery d = {.unit = j->units[readers[i]],
                                   .notice = notice.id,
                                   .sent_at = notice.issued};

        r = state_delivery_put(j->ctx->s, j->actor, &d, j->err);
    }
    return r;
}

static int make_plan(struct demo_job *j)
{
    struct plan_store_options o = {.unit = j->units[DEMO_PROVINCE],
                                   .activate = true,
                                   .unchecked = true};
    struct slice text = proof_data("today-2026.yaml");
    const struct catalogue *catalogue = NULL;
    const struct plan *plan = NULL;
    struct plan_store_result done;
    struct arena *arena = j->ctx->arena;
    int r = catalogue_parse(arena, proof_data("catalogue.yaml"), &catalogue, j->err);

    if (r == 0)
        r = plan_store_parse(arena, j->ctx->s, j->actor, catalogue, text, &plan, j->err);
    if (r == 0)
        r = plan_store_import(arena, j->ctx->s, j->actor, plan, text, &o, &done, j->err);
    return r;
}

static int make_all(struct demo_job *j)
{
    struct state_asset machine = {.code = SLICE("may-nay"),
                                  .name = SLICE("Máy chạy bản trình diễn"),
                                  .kind = SLICE("server"),
                                  .invented = true};
    const struct unit_own_request own = {.code = slice_str(unit_rows[DEMO_COMMUNE].code)};
    struct unit_own_result owned;
    int r = make_units(j);

    if (r == 0)
        r = unit_own(j->ctx, j->actor, &own, &owned, j->err);
    if (r == 0)
        r = make_people(j);
    if (r == 0)
        r = make_roster(j, DEMO_COMMUNE, DEMO_OFFICER, DEMO_TECHNICIAN);
    if (r == 0)
        r = make_roster(j, DEMO_PROVINCE, DEMO_COORDINATOR, DEMO_COORDINATOR);
    if (r == 0)
        r = make_roster(j, DEMO_TELECOM, DEMO_OPERATOR, DEMO_OPERATOR);
    if (r == 0)
        r = make_letters(j);
    machine.unit = j->units[DEMO_COMMUNE];
    if (r == 0)
        r = state_asset_put(j->ctx->s, j->actor, &machine, j->err);
    return r == 0 ? make_plan(j) : r;
}

int demo_make(const struct act_ctx *ctx, const struct state_actor *actor, struct slice password,
              struct err *err)
{
    struct demo_job j = {
        .ctx = ctx, .actor = actor, .password = password, .now = state_now(ctx->s), .err = err};

    if (!state_is_demo(ctx->s))
        return err_fail(err, CE_DENIED, ERR_STATE_NO_DEMONSTRATION_SO_CLOCK_MACHINE,
                        state_dir(ctx->s));
    return make_all(&j);
}
