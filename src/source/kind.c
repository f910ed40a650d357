/* SPDX-License-Identifier: Apache-2.0 */
#include "source/source.h"

const struct source_kind source_kinds[] = {
    {.name = "files", .transport = "files", .paths = true},
    {.name = "journal", .transport = "journal", .folders = "/var/log/journal\n/run/log/journal"},
    {.name = "evtx-folder", .transport = "evtx-folder", .folders = ""},
    {.name = "syslog", .transport = "syslog"},
    {.name = "rsyslog", .transport = "syslog"},
    {.name = "syslog-ng", .transport = "syslog"},
    {.name = "fortigate", .transport = "syslog"},
    {.name = "lumberjack", .transport = "lumberjack"},
    {.name = "http", .transport = "http", .key = true},
    {.name = "elasticsearch", .transport = "http", .key = true},
    {.name = "winlogbeat", .transport = "http", .key = true},
    {.name = "filebeat", .transport = "http", .key = true},
    {.name = "fluent-bit", .transport = "http", .key = true},
    {.name = "vector", .transport = "http", .key = true},
    {.name = "otel", .transport = "http", .key = true},
};
const size_t source_kind_count = CANH_LEN(source_kinds);

const struct source_kind *source_kind_find(struct slice name)
{
    for (size_t i = 0; i < source_kind_count; i++)
        if (slice_is(name, source_kinds[i].name))
            return &source_kinds[i];
    return NULL;
}
