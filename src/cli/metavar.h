/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_CLI_METAVAR_H
#define CANH_CLI_METAVAR_H
/* What stands for a value in a help, in the reader's language: FILE|NAME… is TỆP|TÊN…. Words in
 * capitals that are not known stand as they are. */
#include "base/buf.h"
#include "lang/lang.h"

void metavar_write(struct buf *out, enum lang lang, const char *words);

#endif
