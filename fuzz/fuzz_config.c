/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as canh.conf: refused with its line, or read, and every value writes and reads again. */
#include <stdlib.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_and_read(const struct config *c)
{
    for (size_t i = 0; i < config_key_count; i++) {
        struct buf line = BUF_INIT(CONFIG_TEXT_MAX);
        struct config again;

        buf_printf(&line, "[%s]\n%s = ", config_keys[i].section, config_keys[i].name);
        config_write_value(&line, c, &config_keys[i]);
        if (config_init(&again, NULL) < 0 || config_parse(&again, buf_slice(&line), NULL) < 0)
            abort();
        config_done(&again);
        buf_done(&line);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct config c;
    struct err err = ERR_INIT;

    if (config_init(&c, NULL) < 0)
        return 0;
    if (config_parse(&c, slice_of(data, size), &err) == 0)
        write_and_read(&c);
    else if (err.line == 0 && size <= CONFIG_TEXT_MAX)
        abort();
    config_done(&c);
    return 0;
}
