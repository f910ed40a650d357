/* SPDX-License-Identifier: Apache-2.0 */
/* Which program's wordings stand where; the rows of a family are in its own file. */
#include "decode/text/firewall.h"
#include "decode/text/mail.h"
#include "decode/text/program.h"
#include "decode/text/rows.h"

#define SSH_BEFORE "error: |fatal: |warning: |debug1: "
#define SSH_BEHIND " [preauth]| [postauth]"

/* Names with % are not programs: messages known by their own beginning, or logs of their own. */
const struct program program_table[] = {
    {"sshd,sshd-session,sshd-auth", SSH_BEFORE, SSH_BEHIND, &rows_sshd, NULL, NULL},
    {"dropbear", NULL, NULL, &rows_dropbear, NULL, NULL},
    {"sudo", NULL, NULL, &rows_sudo, NULL, NULL},
    {"su", NULL, NULL, &rows_su, NULL, NULL},
    {"CRON,cron,crond,CROND,crontab,anacron", NULL, NULL, &rows_cron, NULL, NULL},
    {"login", NULL, NULL, &rows_login, NULL, NULL},
    {"useradd,userdel,usermod,groupadd,groupmod,gpasswd,passwd,chpasswd,adduser", NULL, NULL,
     &rows_account, NULL, NULL},
    {"systemd-logind", NULL, NULL, &rows_logind, NULL, NULL},
    {"vsftpd,proftpd,pure-ftpd,ftpd", NULL, NULL, &rows_ftp, NULL, NULL},
    {"postfix/smtpd,postfix/smtp,postfix/qmgr,postfix/cleanup,postfix/pickup,postfix/local,"
     "postfix/lmtp,postfix/virtual,postfix/pipe,postfix/bounce,postfix/error,postfix/postscreen,"
     "postfix/submission,postfix/anvil,postfix/discard,postfix/trivial-rewrite",
     "warning: ", NULL, &rows_postfix, postfix_prepare, NULL},
    {"dovecot,imap-login,pop3-login,managesieve-login,submission-login,auth,auth-worker,"
     "dovecot-auth",
     NULL, NULL, &rows_nothing, NULL, dovecot_parse},
    {"exim,exim4", NULL, NULL, &rows_exim, exim_prepare, NULL},
    {"sendmail,sm-mta,sm-acceptingconnections", NULL, NULL, &rows_sendmail, NULL, NULL},
    {"cyrus/imap,cyrus/imaps,cyrus/pop3,cyrus/pop3s,imap,imaps,imapd,pop3,pop3d,timsieved,sieve,"
     "cyrus/timsieved",
     NULL, NULL, &rows_cyrus, NULL, NULL},
    {"kernel,ulogd,firewalld,iptables", NULL, NULL, &rows_nothing, NULL, netfilter_parse},
    {"filterlog,pf", NULL, NULL, &rows_nothing, NULL, filterlog_parse},
    {"%asa", NULL, NULL, &rows_asa, cisco_prepare, NULL},
    {"%ios", NULL, NULL, &rows_ios, cisco_prepare, NULL},
    {"%mikrotik", NULL, NULL, &rows_mikrotik, mikrotik_prepare, NULL},
    {"%apache", NULL, NULL, &rows_apache_error, NULL, NULL},
    {"%nginx", NULL, NULL, &rows_nginx_error, NULL, NULL},
    {"%postgresql", NULL, NULL, &rows_postgresql, NULL, NULL},
    {"%mariadb", NULL, NULL, &rows_mariadb, NULL, NULL},
    {"slapd", NULL, NULL, &rows_ldap, NULL, NULL},
    {"danted,sogod,nrpe,openvpn,ovpn-server,perdition.imaps,perdition,phpMyAdmin,pvedaemon,"
     "pveproxy,webmin,xrdp-sesman,monit,nsd,murmurd,drupal_site,drupal-site,unbound,named,dnsmasq,"
     "dnsmasq-dhcp,dhcpd,charon,guacd,php-fpm,php,opnsense,audit",
     NULL, NULL, &rows_services, NULL, NULL},
};
const size_t program_count = CANH_LEN(program_table);
