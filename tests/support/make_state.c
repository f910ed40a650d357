/* SPDX-License-Identifier: Apache-2.0 */
/* make_state DIR: an invented province in an empty state, for tests of the command line. */
#include <stdio.h>

#include "base/time.h"
#include "err_words.h"
#include "state/assets.h"
#include "state/people.h"
#include "state/units.h"

static struct state *state;
static struct state_actor local;
static struct err err = ERR_INIT;

static void must(int r, const char *what)
{
    if (r < 0)
        (void)fprintf(stderr, "make_state: %s: %s\n", what, err_words(&err));
}

static struct state_id unit(const char *code, const char *name, const char *kind,
                            struct state_id parent)
{
    struct state_unit x = {.parent = parent,
                           .code = slice_str(code),
                           .name = slice_str(name),
                           .kind = slice_str(kind),
                           .valid_from = 1,
                           .invented = true};
    struct state_person head = {.code = SLICE("1"),
                                .name = SLICE("Người Thử Một"),
                                .title = SLICE("Thủ trưởng"),
                                .valid_from = 1,
                                .invented = true};

    must(state_unit_put(state, &local, &x, &err), code);
    head.unit = x.id;
    must(state_person_put(state, &local, &head, &err), code);
    return x.id;
}

/* Who may exempt: somebody coordinates from the top. */
static void coordinator(struct state_id at)
{
    struct arena arena = ARENA_INIT(1u << 20);
    struct state_grant x = {.unit = at, .role = STATE_COORDINATOR, .valid_from = 1};
    struct state_person p;

    must(state_person_find(state, &local, at, SLICE("1"), &arena, &p, &err), "coordinator");
    x.person = p.id;
    must(state_grant_put(state, &local, &x, &err), "coordinator");
    arena_done(&arena);
}

static void asset(struct state_id owner, const char *code, const char *roles, const char *provider)
{
    struct state_asset x = {.unit = owner,
                            .code = slice_str(code),
                            .name = slice_str(code),
                            .kind = SLICE("server"),
                            .roles = slice_str(roles),
                            .level = 2,
                            .provider = slice_str(provider),
                            .valid_from = 1,
                            .invented = true};

    must(state_asset_put(state, &local, &x, &err), code);
}

int main(int argc, char **argv)
{
    struct state_options opt = {.mode = STATE_CREATE};
    struct state_id root, centre;

    if (argc != 2)
        return 64;
    opt.dir = argv[1];
    local = state_actor_local();
    must(state_open(&state, &opt, &err), argv[1]);
    if (state == NULL)
        return 1;
    root = unit("TINH", "Tỉnh Giả Định", "authority", STATE_ID_NONE);
    coordinator(root);
    (void)unit("SO", "Sở Giả Định", "authority", root);
    centre = unit("TT", "Trung tâm Giả Định", "centre", root);
    asset(centre, "DC", "data-centre portal", "");
    (void)unit("CQ", "Cơ quan Giả Định", "agency", root);
    asset(unit("XA-A", "Xã Giả Định A", "commune", root), "MAY-AO", "server", "TT");
    (void)unit("XA-B", "Xã Giả Định B", "commune", root);
    (void)unit("VT", "Viễn thông Giả Định", "telecom", root);
    (void)unit("BC", "Bưu chính Giả Định", "postal", root);
    state = state_free(state);
    return err.code ? 1 : 0;
}
