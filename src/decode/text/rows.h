/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_ROWS_H
#define CANH_DECODE_TEXT_ROWS_H
/* The wordings of programs, one file a family. */
#include "decode/text/pattern.h"

/* What a wording means. A login that failed or worked; a connection that was refused or broke. */
#define LOGIN_FAILED(action)                                                                       \
    "event.category=authentication;event.action=" action ";event.outcome=failure"
#define LOGIN_WORKED(action)                                                                       \
    "event.category=authentication;event.action=" action ";event.outcome=success"
#define REFUSED(action)        "event.category=network;event.action=" action ";event.outcome=failure"
#define SEEN(category, action) "event.category=" category ";event.action=" action

extern const struct pattern_list rows_sshd, rows_sudo, rows_su, rows_cron, rows_login, rows_account,
    rows_logind, rows_ftp, rows_dropbear, rows_postfix, rows_exim, rows_sendmail, rows_cyrus,
    rows_services, rows_ldap, rows_postgresql, rows_mariadb, rows_apache_error, rows_nginx_error,
    rows_mikrotik, rows_asa, rows_ios, rows_nothing;

#endif
