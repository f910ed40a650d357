/* SPDX-License-Identifier: Apache-2.0 */
#include "detect/path_zone.h"

#include "base/buf.h"
#include "tap.h"

int main(void)
{
    static const struct path_zone zones[] = {
        {"", {.offset_s = 1}},
        {"/var/log/", {.offset_s = 2}},
        {"/var/log/app", {.offset_s = 3}},
        {"*.utc.log", {.offset_s = 4}},
        {"relative/a.log", {.offset_s = 5}},
    };
    static const struct {
        const char *path;
        int zone;
    } rows[] = {
        {"/etc/x", 1},
        {"/var/log", 2},
        {"/var/log/auth.log", 2},
        {"/var/logs/auth.log", 1},
        {"/var/log/app", 3},
        {"/var/log/app/deep/x.log", 3},
        {"/var/log/app.log", 2},
        {"/var/log/app/x.utc.log", 4},
        {"relative/a.log", 5},
        {"relative/a.log!/entry", 5}, /* of an archive */
        {"relative/a.log!entry", 1},
        {"relative/a.log2", 1},
        {"-", 1},
    };
    const struct path_zone root[] = {{"/", {.offset_s = 9}}};

    for (size_t i = 0; i < CANH_LEN(rows); i++)
        is_int(path_zone_of(zones, CANH_LEN(zones), rows[i].path)->offset_s, rows[i].zone, "%s",
               rows[i].path);
    ok(path_zone_of(zones, 0, "/etc/x") == NULL, "no zone is known");
    ok(path_zone_of(zones + 1, 1, "/etc/x") == NULL, "none fits");
    ok(path_zone_of(root, 1, "") == NULL, "nothing is not below the root");
    is_int(path_zone_of(root, 1, "/etc/x")->offset_s, 9, "below the root");
    return tap_done();
}
