/* SPDX-License-Identifier: Apache-2.0 */
/* What options say of how logs are read: zones of times that name none, the format. */
#include "cli/scan/scan.h"
#include "cli/zone_text.h"
#include "decode/decoder.h"
#include "lang/msg_decode.h"
#include "lang/msg_scan.h"

/* "ZONE" or "PATH=ZONE": zones have no '='. */
static bool read_zone(struct scan_view *s, const char *text, struct path_zone *ret)
{
    const char *equals = strrchr(text, '=');
    size_t n = equals ? (size_t)(equals - text) : 0;
    char *path = arena_new_array(&s->zones, n + 1, char);

    if (path == NULL)
        return false;
    memcpy(path, text, n);
    path[n] = 0;
    ret->path = path;
    return !(equals && n == 0) && zone_text_read(equals ? equals + 1 : text, &s->zones, &ret->zone);
}

int scan_read_times(struct scan_view *s)
{
    const struct scan_options *o = s->options;
    const struct option_list *list = &o->input_zones;

    if (!zone_text_read(o->zone, &s->zones, &s->zone))
        return app_usage(s->app, MSG_SCAN_BAD_ZONE, o->zone);
    s->input_zones = arena_new_array(&s->zones, list->count + 1, struct path_zone);
    if (s->input_zones == NULL)
        return EX_OSERR;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_zone(s, list->items[i], &s->input_zones[i]))
            return app_usage(s->app, MSG_SCAN_BAD_ZONE, list->items[i]);
    }
    s->as = o->format ? format_by_name(slice_str(o->format)) : NULL;
    if (o->format && s->as == NULL)
        return app_usage(s->app, MSG_DECODE_NO_FORMAT, o->format);
    return 0;
}
