/* SPDX-License-Identifier: Apache-2.0 */
/* The screen of the duty room: what waits for anybody, large, and nothing else. */
#include "web/web_internal.h"

enum { ROOM_ALERTS = 30, ROOM_MATTERS = 200 };

int page_room(struct visit *v, struct err *err)
{
    int64_t now = state_now(v->s);
    int r = write_waiting_alerts(v, ROOM_ALERTS, err);

    if (r == 0)
        r = write_matters(v, ROOM_MATTERS, err);
    if (r < 0)
        return r;
    page_set_when(v->page, "now", now, now);
    return visit_page(v, "duty-room", err);
}
