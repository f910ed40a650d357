/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_OWN_H
#define CANH_CLI_OWN_H
/*
 * Whose unit and which person "my" means, so that a day's work takes fewer keys: $CANH_UNIT and
 * $CANH_PERSON, else `unit = CODE` and `person = CODE` in $XDG_CONFIG_HOME/canh/settings (else
 * ~/.config/canh/settings). They choose what is shown and give no right.
 */
#include "base/arena.h"
#include "cli/app.h"

struct own {
    const char *unit, *person; /* NULL: not said */
};

/* In the arena. A line of the file that is not understood is said: an exit status. */
CANH_MUST_USE int own_read(struct app *app, struct arena *arena, struct own *ret);

#endif
