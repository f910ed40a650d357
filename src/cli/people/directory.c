/* SPDX-License-Identifier: Apache-2.0 */
/* What to do when numbers are needed and canh cannot show them. */
#include "cli/people/people.h"
#include "lang/msg_contact.h"

int directory_or_paper(struct app *app, int status)
{
    bool asked_wrongly = status == EX_USAGE || status == EX_NOPERM || status == EX_NOINPUT;

    if (status > EXIT_FOUND && !asked_wrongly)
        app_print(app, MSG_CONTACT_ON_PAPER);
    return status;
}
