/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logins, and acting as somebody else, on Linux. The name that a client sends stands in the middle
 * of most lines: it is always taken by T, so that nothing in it passes for an address.
 *
 * Source: OpenSSH auth.c, auth2.c, packet.c, sshd.c; sudo logging.c; shadow-utils; cron
 */
#include "decode/text/rows.h"

#define SSH "ssh_login"

static const struct pattern_row sshd[] = {
    {"Failed publickey for invalid user {user.name T} from {source.ip h} port {source.port n}"
     "{? ssh2?}{?: {- *}?}",
     LOGIN_FAILED(SSH)},
    {"Failed publickey for {user.name T} from {source.ip h} port "
     "{source.port n}{? ssh2?}{?: {- *}?}",
     SEEN("authentication", "ssh_key_refused")},
    {"Failed {- w} for invalid user {user.name T} from {source.ip h} port {source.port n}{? ssh2?}"
     "{? ssh1?}{?: {- *}?}",
     LOGIN_FAILED(SSH)},
    {"Failed {- w} for {user.name T} from {source.ip h} port {source.port n}{? ssh2?}{? ssh1?}"
     "{?: {- *}?}",
     LOGIN_FAILED(SSH)},
    {"Failed {- w} for {?invalid user ?}{user.name T} from {source.ip h}{? ssh2?}",
     LOGIN_FAILED(SSH)},
    {"Accepted {- w} for {user.name T} from {source.ip h} port {source.port n}{? ssh2?}{? ssh1?}"
     "{?: {- *}?}",
     LOGIN_WORKED(SSH)},
    {"Postponed {- w} for {?invalid user ?}{user.name T} from {source.ip h} port {source.port n}"
     "{? ssh2?}",
     SEEN("authentication", "ssh_postponed")},
    {"Partial {- w} for {?invalid user ?}{user.name T} from {source.ip h} port {source.port n}"
     "{? ssh2?}{?: {- *}?}",
     SEEN("authentication", "ssh_partial")},
    {"Invalid user {user.name T} from {source.ip h}{? port {source.port n}?}", LOGIN_FAILED(SSH)},
    {"Illegal user {user.name T} from {source.ip h}{? port {source.port n}?}", LOGIN_FAILED(SSH)},
    {"User {user.name T} from {source.ip h} not allowed because {- t} in AllowUsers",
     LOGIN_FAILED(SSH)},
    {"User {user.name T} from {source.ip h} not allowed because {- *}", LOGIN_FAILED(SSH)},
    {"User {user.name T} not allowed because {- *}", SEEN("authentication", "ssh_not_allowed")},
    {"ROOT LOGIN REFUSED FROM {source.ip h}{? port {source.port n}?}",
     "user.name=root;" LOGIN_FAILED(SSH)},
    {"maximum authentication attempts exceeded for {?invalid user ?}{user.name T} from "
     "{source.ip h} port {source.port n}{? ssh2?}",
     LOGIN_FAILED(SSH)},
    {"PAM: {- t} for {?illegal user ?}{?invalid user ?}{user.name T} from {source.ip h}"
     "{? via {destination.ip h}?}",
     LOGIN_FAILED(SSH)},
    {"PAM: {- t} from {source.ip h}", LOGIN_FAILED(SSH)},
    {"Authentication tried for {user.name T} with correct key but not from a permitted host "
     "(host={- w}, ip={source.ip a}{- *}",
     LOGIN_FAILED(SSH)},
    {"Disconnecting {?authenticating user ?}{?invalid user ?}{user.name T} {source.ip a} port "
     "{source.port n}: Too many authentication failures",
     SEEN("authentication", "ssh_disconnected")},
    {"Disconnecting {?authenticating user ?}{?invalid user ?}{user.name T} {source.ip a} port "
     "{source.port n}: Change of username or service not allowed: {- *}",
     LOGIN_FAILED(SSH)},
    {"Disconnecting {?authenticating user ?}{?invalid user ?}{user.name T} {source.ip a} port "
     "{source.port n}: {- *}",
     SEEN("network", "ssh_disconnected")},
    {"Connection closed by {?authenticating user ?}{?invalid user ?}{user.name T} {source.ip a} "
     "port {source.port n}",
     REFUSED("ssh_closed")},
    {"Connection reset by {?authenticating user ?}{?invalid user ?}{user.name T} {source.ip a} "
     "port {source.port n}",
     REFUSED("ssh_closed")},
    {"Connection {- w} by {source.ip a}{? port {source.port n}?}", SEEN("network", "ssh_closed")},
    {"Disconnected from {?authenticating user ?}{?invalid user ?}{?user ?}{user.name T} "
     "{source.ip a} port {source.port n}",
     SEEN("network", "ssh_closed")},
    {"Disconnected from {source.ip a}{? port {source.port n}?}", SEEN("network", "ssh_closed")},
    {"Received disconnect from {source.ip a}{? port {source.port n}?}:{? ?}3: {- t}: Auth fail",
     LOGIN_FAILED(SSH)},
    {"Received disconnect from {source.ip a}{? port {source.port n}?}:{? ?}14: No {- *}",
     LOGIN_FAILED(SSH)},
    {"Received disconnect from {source.ip a}{? port {source.port n}?}:{- *}",
     SEEN("network", "ssh_closed")},
    {"Connection from {source.ip h} port {source.port n}{? on {destination.ip h} port "
     "{destination.port n}?}{? rdomain {- *}?}",
     SEEN("network", "ssh_connection")},
    {"Connection from {source.ip h}", SEEN("network", "ssh_connection")},
    {"Did not receive identification string from {source.ip h}{? port {source.port n}?}",
     REFUSED("ssh_scan")},
    {"Bad protocol version identification {- T} from {source.ip h}{? port {source.port n}?}",
     REFUSED("ssh_scan")},
    {"banner exchange: Connection from {source.ip h} port {source.port n}: {- *}",
     REFUSED("ssh_scan")},
    {"ssh_dispatch_run_fatal: Connection from {?{- t} user ?}{source.ip h} port {source.port n}: "
     "{- *}",
     REFUSED("ssh_scan")},
    {"Unable to negotiate with {source.ip h} port {source.port n}: {- *}", REFUSED("ssh_scan")},
    {"Unable to negotiate with {source.ip h}: {- *}", REFUSED("ssh_scan")},
    {"Timeout before authentication for connection from {source.ip h} to {destination.ip h}{- *}",
     REFUSED("ssh_timeout")},
    {"Timeout before authentication for {source.ip h}{? port {source.port n}?}",
     REFUSED("ssh_timeout")},
    {"refused connect from {- T} ({source.ip a})", REFUSED("ssh_refused")},
    {"refused connect from {source.ip h}", REFUSED("ssh_refused")},
    {"drop connection #{- n} from [{source.ip t}]:{source.port n} on [{destination.ip t}]:"
     "{destination.port n} {- *}",
     REFUSED("ssh_penalty")},
    {"drop connection #{- n} from [{source.ip t}]:{source.port n} on [{destination.ip t}]:"
     "{destination.port n}",
     REFUSED("ssh_penalty")},
    {"reverse mapping checking getaddrinfo for {source.domain w} [{source.ip t}] failed{- *}",
     SEEN("network", "ssh_name_mismatch")},
    {"Address {source.ip h} maps to {source.domain w} but {- *}",
     SEEN("network", "ssh_name_mismatch")},
    {"Nasty PTR record \"{- t}\" is set up for {source.ip h}, ignoring",
     SEEN("network", "ssh_name_mismatch")},
    {"Server listening on {destination.ip h} port {destination.port n}.",
     SEEN("network", "ssh_started")},
    {"SSH: Server;Ltype: {- t};Remote: {source.ip t}-{source.port n};{- *}",
     SEEN("network", "ssh_connection")},
    {"Starting session: {- t} for {user.name T} from {source.ip h} port {source.port n}{- *}",
     SEEN("session", "ssh_session")},
    {"input_userauth_request: invalid user {user.name *}", NULL},
    {"Disconnecting: Too many authentication failures for {user.name *}", NULL},
};
const struct pattern_list rows_sshd = PATTERN_LIST(sshd);

static const struct pattern_row sudo[] = {
    {"{user.name w} : TTY={tty t} ; PWD={process.working_directory t} ; USER={user.target.name t} ;"
     "{? GROUP={group.name w} ;?}{? TSID={- w} ;?}{? ENV={- t} ;?} COMMAND={process.command_line "
     "*}",
     "event.category=process;event.action=sudo;event.outcome=success"},
    {"{user.name w} : {event.reason t} ; TTY={tty t} ; PWD={process.working_directory t} ; "
     "USER={user.target.name t} ; COMMAND={process.command_line *}",
     "event.category=process;event.action=sudo;event.outcome=failure"},
    {"{user.name w} : {event.reason *}", SEEN("process", "sudo")},
};
const struct pattern_list rows_sudo = PATTERN_LIST(sudo);

static const struct pattern_row su[] = {
    {"(to {user.target.name t}) {user.name w} on {tty *}",
     "event.category=authentication;event.action=su;event.outcome=success"},
    {"FAILED SU (to {user.target.name t}) {user.name w} on {tty *}", LOGIN_FAILED("su")},
    {"FAILED su for {user.target.name t} by {user.name *}", LOGIN_FAILED("su")},
    {"Successful su for {user.target.name t} by {user.name *}", LOGIN_WORKED("su")},
    {"'su {user.target.name t}' failed for {user.name w} on {tty *}", LOGIN_FAILED("su")},
    {"'su {user.target.name t}' succeeded for {user.name w} on {tty *}", LOGIN_WORKED("su")},
    {"BAD SU {user.name t} to {user.target.name w} on {tty *}", LOGIN_FAILED("su")},
    {"+ {tty w} {user.name t}:{user.target.name *}", LOGIN_WORKED("su")},
    {"- {tty w} {user.name t}:{user.target.name *}", LOGIN_FAILED("su")},
};
const struct pattern_list rows_su = PATTERN_LIST(su);

#define CRONTAB(action) "event.category=configuration;event.action=" action

static const struct pattern_row cron[] = {
    {"({user.name t}) CMD ({process.command_line T})", SEEN("process", "cron_command")},
    {"({user.name t}) CMDOUT ({- *}", SEEN("process", "cron_output")},
    {"({user.name t}) CMDEND ({- *}", SEEN("process", "cron_command_end")},
    {"({user.name t}) RELOAD ({file.path t})", SEEN("configuration", "crontab")},
    {"(CRON) {event.action w} ({- *}", "event.category=process"},
    {"({user.name t}) REPLACE ({user.target.name t})", CRONTAB("REPLACE")},
    {"({user.name t}) LIST ({user.target.name t})", CRONTAB("LIST")},
    {"({user.name t}) DELETE ({user.target.name t})", CRONTAB("DELETE")},
    {"({user.name t}) BEGIN EDIT ({user.target.name t})", CRONTAB("BEGIN EDIT")},
    {"({user.name t}) END EDIT ({user.target.name t})", CRONTAB("END EDIT")},
    {"({user.name t}) {event.action w} ({- *}", "event.category=process"},
};
const struct pattern_list rows_cron = PATTERN_LIST(cron);

static const struct pattern_row login[] = {
    {"FAILED LOGIN ({- n}) on '{tty w}' FOR '{user.name T}', {- *}", LOGIN_FAILED("login")},
    {"FAILED LOGIN ({- n}) on '{tty w}' from '{source.ip t}' FOR '{user.name T}', {- *}",
     LOGIN_FAILED("login")},
    {"FAILED LOGIN SESSION FROM {source.ip w} FOR {user.name T}, {- *}", LOGIN_FAILED("login")},
    {"FAILED LOGIN {- n} FROM {source.ip w} FOR {user.name T}, {- *}", LOGIN_FAILED("login")},
    {"TOO MANY LOGIN TRIES ({- n}) on '{tty t}' FOR '{user.name T}'", LOGIN_FAILED("login")},
    {"ROOT LOGIN {- *}", "user.name=root;" LOGIN_WORKED("login")},
    {"LOGIN ON {tty w} BY {user.name w}{? FROM {source.ip h}?}", LOGIN_WORKED("login")},
};
const struct pattern_list rows_login = PATTERN_LIST(login);

static const struct pattern_row account[] = {
    {"new user: name={user.target.name t}, UID={- n}, GID={- n}, home={- t}, shell={- *}",
     SEEN("iam", "user_added")},
    {"new group: name={group.name t}, GID={- n}", SEEN("iam", "group_added")},
    {"delete user '{user.target.name t}'{- *}", SEEN("iam", "user_deleted")},
    {"add '{user.target.name t}' to {?shadow ?}group '{group.name t}'{- *}",
     SEEN("iam", "group_member_added")},
    {"add member {user.target.name w} to group {group.name w}{- *}",
     SEEN("iam", "group_member_added")},
    {"user {user.target.name w} added by {user.name w} to group {group.name w}",
     SEEN("iam", "group_member_added")},
    {"change user '{user.target.name t}' password", SEEN("iam", "password_changed")},
    {"changed password for {user.target.name w}{- *}", SEEN("iam", "password_changed")},
    {"password for '{user.target.name t}' changed by '{user.name t}'{- *}",
     SEEN("iam", "password_changed")},
};
const struct pattern_list rows_account = PATTERN_LIST(account);

static const struct pattern_row logind[] = {
    {"New session {- w} of user {user.name T}.", SEEN("session", "session_opened")},
    {"Removed session {- w}.", SEEN("session", "session_closed")},
    {"Session {- w} logged out. {- *}", SEEN("session", "session_closed")},
};
const struct pattern_list rows_logind = PATTERN_LIST(logind);

static const struct pattern_row ftp[] = {
    {"repeated login failures from {source.ip h}{? ({source.domain t})?}",
     LOGIN_FAILED("ftp_login")},
    {"({- t}@{source.ip h}) [WARNING] Authentication failed for user [{user.name T}]",
     LOGIN_FAILED("ftp_login")},
    {"({- t}@{source.ip h}) [INFO] {user.name T} is now logged in", LOGIN_WORKED("ftp_login")},
    {"{- t} ({- w}[{source.ip t}]) - USER {user.name T}: no such user found from {- *}",
     LOGIN_FAILED("ftp_login")},
    {"{- t} ({- w}[{source.ip t}]) - USER {user.name T} (Login failed): {- *}",
     LOGIN_FAILED("ftp_login")},
    {"{- t} ({- w}[{source.ip t}]) - Maximum login attempts ({- n}) exceeded{- *}",
     LOGIN_FAILED("ftp_login")},
    {"[pid {- n}] [{user.name T}] FAIL LOGIN: Client \"{source.ip t}\"", LOGIN_FAILED("ftp_login")},
    {"[pid {- n}] [{user.name T}] OK LOGIN: Client \"{source.ip t}\"{- *}",
     LOGIN_WORKED("ftp_login")},
    {"[pid {- n}] CONNECT: Client \"{source.ip t}\"", SEEN("network", "ftp_connection")},
    {"[{user.name T}] FAIL LOGIN: Client \"{source.ip t}\"", LOGIN_FAILED("ftp_login")},
    {"[{user.name T}] OK LOGIN: Client \"{source.ip t}\"{- *}", LOGIN_WORKED("ftp_login")},
};
const struct pattern_list rows_ftp = PATTERN_LIST(ftp);

static const struct pattern_row dropbear[] = {
    {"{?[{- n}] {- w} {- w} {- w} ?}Bad password attempt for '{user.name T}' from {source.ip a}:"
     "{source.port n}",
     LOGIN_FAILED(SSH)},
    {"bad password attempt for '{user.name T}' from {source.ip a}:{source.port n}",
     LOGIN_FAILED(SSH)},
    {"Login attempt for nonexistent user {?'{user.name t}' ?}from {source.ip a}:{source.port n}",
     LOGIN_FAILED(SSH)},
    {"login attempt for nonexistent user from {source.ip a}:{source.port n}", LOGIN_FAILED(SSH)},
    {"Exit before auth ({- t}): Max auth tries reached - user '{user.name T}' from {source.ip a}:"
     "{source.port n}",
     LOGIN_FAILED(SSH)},
    {"{?[{- n}] {- w} {- w} {- w} ?}Exit before auth from <{source.ip a}:{source.port n}>: {?({- "
     "t}): "
     "?}Max auth tries reached - user '{user.name T}'",
     LOGIN_FAILED(SSH)},
    {"Password auth succeeded for '{user.name T}' from {source.ip a}:{source.port n}",
     LOGIN_WORKED(SSH)},
    {"Pubkey auth succeeded for '{user.name T}' with key {- w} {- w} from {source.ip a}:"
     "{source.port n}",
     LOGIN_WORKED(SSH)},
};
const struct pattern_list rows_dropbear = PATTERN_LIST(dropbear);

const struct pattern_list rows_nothing = {NULL, 0};
