/* SPDX-License-Identifier: Apache-2.0 */
/* canh duty: who is on duty, taking and handing over shifts, arranging who stands when. */
#include "cli/duty/duty.h"
#include "cli/duty/todo.h"
#include "lang/msg_duty.h"

static const struct verb *const subs[] = {&duty_mine,
                                          &duty_now,
                                          &duty_next,
                                          &duty_gaps,
                                          &duty_missed,
                                          &duty_told_verb,
                                          &duty_turns_verb,
                                          &duty_export,
                                          &duty_in,
                                          &duty_out,
                                          &duty_alive_verb,
                                          &duty_log,
                                          &duty_handover,
                                          &duty_leave,
                                          &duty_swap,
                                          &duty_replace,
                                          &duty_cover,
                                          &duty_post_verb,
                                          &duty_roster_verb,
                                          &duty_terms_verb,
                                          &duty_print,
                                          &duty_ready,
                                          NULL};

const struct verb verb_duty = {.name = "duty",
                               .summary = MSG_DUTY_SUMMARY,
                               .about = MSG_DUTY_ABOUT,
                               .subs = subs,
                               .alone = &duty_mine};
