/* SPDX-License-Identifier: Apache-2.0 */
/* Which program's wordings stand where; the rows of a family are in its own file. */
#include "decode/text/program.h"
#include "decode/text/rows.h"

const struct program program_table[] = {
    {"sshd,sshd-session,sshd-auth,dropbear-sshd", "error: |fatal: |warning: |debug1: ", " [preauth]| [postauth]",
     &rows_sshd, NULL},
    {"dropbear", NULL, NULL, &rows_dropbear, NULL},
    {"sudo", NULL, NULL, &rows_sudo, NULL},
    {"su", NULL, NULL, &rows_su, NULL},
    {"CRON,cron,crond,CROND,crontab,anacron", NULL, NULL, &rows_cron, NULL},
    {"login", NULL, NULL, &rows_login, NULL},
    {"useradd,userdel,usermod,groupadd,groupmod,gpasswd,passwd,chpasswd,adduser", NULL, NULL,
     &rows_account, NULL},
    {"systemd-logind", NULL, NULL, &rows_logind, NULL},
    {"vsftpd,proftpd,pure-ftpd,ftpd", NULL, NULL, &rows_ftp, NULL},
};
const size_t program_count = CANH_LEN(program_table);
