/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail servers. Source: Postfix smtpd.c, postscreen; Exim log files, chapter 52 of its manual;
 * sendmail srvrsmtp.c; Cyrus imapd.
 */
#include "decode/text/rows.h"

#define MAIL   "mail_login"
#define CLIENT "{source.domain t}[{source.ip t}]{?:{source.port n}?}"

static const struct pattern_row postfix[] = {
    {CLIENT ": SASL {- w} authentication failed: Connection lost to authentication server{- *}",
     SEEN("authentication", "mail_login_unavailable")},
    {CLIENT ": SASL {- w} authentication failed: Invalid authentication mechanism{- *}",
     SEEN("authentication", "mail_login_mechanism")},
    {CLIENT ": SASL {- w} authentication failed:{- t}, sasl_username={user.name *}",
     LOGIN_FAILED(MAIL)},
    {CLIENT ": SASL {- w} authentication failed:{- *}", LOGIN_FAILED(MAIL)},
    {"client=" CLIENT ", sasl_method={- w}, sasl_username={user.name t}, {- *}",
     LOGIN_WORKED(MAIL)},
    {"client=" CLIENT ", sasl_method={- w}, sasl_username={user.name *}", LOGIN_WORKED(MAIL)},
    {"client=" CLIENT "{- *}", SEEN("email", "mail_client")},
    {"from=<{mail.from T}>, size={email.size n}, nrcpt={email.recipients n}{- *}",
     SEEN("email", "mail_queued")},
    {"from=<{mail.from T}>, status={- *}", SEEN("email", "mail_queued")},
    {"to=<{mail.to t}>, {- T}, status=sent {- *}",
     "event.category=email;event.action=mail_delivered;event.outcome=success"},
    {"to=<{mail.to t}>, {- T}, status={email.status w} {- *}",
     "event.category=email;event.action=mail_delivered;event.outcome=failure"},
    {"message-id=<{email.message_id T}>", SEEN("email", "mail_message")},
    {"uid={user.id w} from=<{mail.from T}>", SEEN("email", "mail_pickup")},
    {"reject: {- w} from " CLIENT ": {event.reason t}; from=<{mail.from t}> to=<{mail.to t}> "
     "proto={- w} helo={- *}",
     REFUSED("mail_rejected")},
    {"reject: {- w} from [{source.ip t}]:{source.port n}: {event.reason t}; from=<{mail.from t}>, "
     "to=<{mail.to t}>, {- *}",
     REFUSED("mail_rejected")},
    {"reject: {- w} from " CLIENT ": {event.reason t}; from=<{mail.from t}> proto={- *}",
     REFUSED("mail_rejected")},
    {"reject: {- w} from " CLIENT ": {event.reason t}; proto={- *}", REFUSED("mail_rejected")},
    {"reject: {- w} from " CLIENT ": {event.reason *}", REFUSED("mail_rejected")},
    {"milter-reject: {- w} from " CLIENT ": {event.reason t}; from=<{mail.from t}> "
     "to=<{mail.to t}> {- *}",
     REFUSED("mail_rejected")},
    {"milter-reject: {- w} from " CLIENT ": {event.reason *}", REFUSED("mail_rejected")},
    {"reject_warning: {- w} from " CLIENT ": {event.reason *}", SEEN("email", "mail_warned")},
    {"connect from " CLIENT, SEEN("network", "mail_connection")},
    {"disconnect from " CLIENT "{- t} auth=0/{- *}", LOGIN_FAILED("mail_login_session")},
    {"disconnect from " CLIENT "{- *}", SEEN("network", "mail_closed")},
    {"lost connection after AUTH from " CLIENT, SEEN("network", "mail_lost")},
    {"lost connection after DATA from " CLIENT, SEEN("network", "mail_lost")},
    {"lost connection after {- t} from " CLIENT, REFUSED("mail_lost")},
    {"timeout after {- t} from " CLIENT, SEEN("network", "mail_lost")},
    {"SSL_accept error from " CLIENT "{- *}", SEEN("network", "mail_tls_error")},
    {"too many errors after {- t} from " CLIENT, REFUSED("mail_errors")},
    {"improper command pipelining after AUTH from " CLIENT "{- *}", SEEN("network", "mail_errors")},
    {"improper command pipelining after {- t} from " CLIENT "{- *}", REFUSED("mail_errors")},
    {"non-SMTP command from " CLIENT "{- *}", REFUSED("mail_errors")},
    {"hostname {source.domain w} does not resolve to address {source.ip a}{- *}",
     REFUSED("mail_name_mismatch")},
    {"Connection {- t} limit exceeded: {- n} from " CLIENT " for service {- w}",
     REFUSED("mail_limit")},
    {"Message delivery request rate limit exceeded: {- n} from " CLIENT " for service {- w}",
     REFUSED("mail_limit")},
    {"Illegal address syntax from " CLIENT " in {- *}", REFUSED("mail_errors")},
    {"CONNECT from [{source.ip t}]:{source.port n} to [{destination.ip t}]:{destination.port n}",
     SEEN("network", "mail_connection")},
    {"PREGREET {- n} after {- w} from [{source.ip t}]:{source.port n}: {- *}",
     REFUSED("mail_pregreet")},
    {"HANGUP after {- w} from [{source.ip t}]:{source.port n} {- *}", REFUSED("mail_hangup")},
    {"DNSBL rank {- n} for [{source.ip t}]:{source.port n}", REFUSED("mail_blocklisted")},
    {"COMMAND {- t} LIMIT from [{source.ip t}]:{source.port n} after {- *}", REFUSED("mail_limit")},
    {"PASS {- w} [{source.ip t}]:{source.port n}", SEEN("network", "mail_passed")},
    {"DISCONNECT [{source.ip t}]:{source.port n}", SEEN("network", "mail_closed")},
};
const struct pattern_list rows_postfix = PATTERN_LIST(postfix);

/* Behind a name: where the client stands. A HELO name holds no blanks. */
#define EXIM_TAIL                                                                                  \
    " [{source.ip t}]{?:{source.port n}?}{? I=[{destination.ip t}]:{destination.port n}?}"         \
    "{? Ci={- n}?}"

static const struct pattern_row exim[] = {
    {"{- w} authenticator failed for{- t}" EXIM_TAIL ": 535 Incorrect authentication data"
     "{? (set_id={user.name t})?}{?: {- *}?}",
     LOGIN_FAILED(MAIL)},
    {"SMTP protocol error in {- T} H={- t}" EXIM_TAIL " {- w} command used when not advertised",
     REFUSED("mail_errors")},
    {"SMTP protocol error in {- T} H={- t}" EXIM_TAIL " {- w} authentication mechanism not "
     "supported",
     REFUSED("mail_errors")},
    {"SMTP protocol synchronization error ({- t}): rejected connection from H={- t}[{source.ip t}]"
     "{- *}",
     REFUSED("mail_errors")},
    {"SMTP protocol synchronization error ({- t}): rejected {- t} H={- t}" EXIM_TAIL "{- *}",
     REFUSED("mail_errors")},
    {"SMTP call from{- t}" EXIM_TAIL " dropped: {- *}", REFUSED("mail_errors")},
    {"no MAIL in SMTP connection from{- t}" EXIM_TAIL " D={- *}", REFUSED("mail_lost")},
    {"SMTP connection from{- t}" EXIM_TAIL " closed by DROP in ACL", REFUSED("mail_rejected")},
    {"SMTP connection from{- t}" EXIM_TAIL "{- *}", SEEN("network", "mail_connection")},
    {"no host name found for IP address {source.ip a}", SEEN("network", "mail_name_mismatch")},
    {"no IP address found for host {source.domain w} (during SMTP connection from{- t}[{source.ip "
     "t}]"
     "{- *}",
     SEEN("network", "mail_name_mismatch")},
    {"H={- t} [{source.ip t}]{?:{source.port n}?}{- t}dropped by {- *}", REFUSED("mail_rejected")},
    {"H=[{source.ip t}]{?:{source.port n}?}{- t}dropped by {- *}", REFUSED("mail_rejected")},
    {"H={- t} [{source.ip t}]{?:{source.port n}?}{- t} sender verify fail for <{mail.from t}>{- *}",
     REFUSED("mail_rejected")},
    {"H={- t} [{source.ip t}]{?:{source.port n}?}{- t}F=<{mail.from t}> rejected RCPT "
     "{?<{mail.to t}>?}{- *}",
     REFUSED("mail_rejected")},
    {"H={- t} [{source.ip t}]{?:{source.port n}?}{- t}rejected {- *}", REFUSED("mail_rejected")},
    {"H={- t} [{source.ip t}]{?:{source.port n}?}{- t}temporarily rejected {- *}",
     REFUSED("mail_rejected")},
    {"<= {mail.from w} H={- t} [{source.ip t}]{- *}", SEEN("email", "mail_received")},
    {"<= {mail.from w} U={user.name w}{- *}", SEEN("email", "mail_received")},
    {"=> {mail.to w} {- *}",
     "event.category=email;event.action=mail_delivered;event.outcome=success"},
    {"** {mail.to w} {- *}",
     "event.category=email;event.action=mail_delivered;event.outcome=failure"},
};
const struct pattern_list rows_exim = PATTERN_LIST(exim);

static const struct pattern_row sendmail[] = {
    {"{mail.queue_id w}: {source.domain t} [{source.ip t}]{? (may be forged)?}: possible SMTP "
     "attack: command=AUTH, count={event.count n}",
     LOGIN_FAILED(MAIL)},
    {"{mail.queue_id w}: [{source.ip t}]: possible SMTP attack: command=AUTH, "
     "count={event.count n}",
     LOGIN_FAILED(MAIL)},
    {"{mail.queue_id w}: AUTH failure ({- t}): {- T}, relay={source.domain t} [{source.ip t}]"
     "{? (may be forged)?}",
     LOGIN_FAILED(MAIL)},
    {"{mail.queue_id w}: AUTH failure ({- t}): {- T}, relay=[{source.ip t}]{? (may be forged)?}",
     LOGIN_FAILED(MAIL)},
    {"{?{mail.queue_id w}: ?}ruleset={rule.name w}, arg1={- t}, relay={- t}[{source.ip t}]"
     "{? (may be forged)?}, reject={event.reason *}",
     REFUSED("mail_rejected")},
    {"{mail.queue_id w}: rejecting commands from {- t}[{source.ip t}]{? (may be forged)?} due to "
     "pre-greeting traffic after {- *}",
     REFUSED("mail_pregreet")},
    {"{mail.queue_id w}: [{source.ip t}]: {- t} [rejected]", REFUSED("mail_errors")},
    {"{mail.queue_id w}: {- t} [{source.ip t}]{? (may be forged)?}: {- t} [rejected]",
     REFUSED("mail_errors")},
    {"{mail.queue_id w}: {source.domain t} [{source.ip t}]{? (may be forged)?} did not issue {- *}",
     REFUSED("mail_lost")},
    {"{mail.queue_id w}: [{source.ip t}] did not issue {- *}", REFUSED("mail_lost")},
    {"{mail.queue_id w}: from=<{mail.from t}>, size={email.size n}, {- T}, relay={- t}"
     "[{source.ip t}]{- *}",
     SEEN("email", "mail_received")},
    {"{mail.queue_id w}: to=<{mail.to t}>, {- T}, stat=Sent {- *}",
     "event.category=email;event.action=mail_delivered;event.outcome=success"},
};
const struct pattern_list rows_sendmail = PATTERN_LIST(sendmail);

static const struct pattern_row cyrus[] = {
    {"badlogin: {- t}[{source.ip t}] {- w} {?SASL(-13): ?}authentication failure{- *}",
     LOGIN_FAILED(MAIL)},
    {"badlogin: {- t}[{source.ip t}] {- w} {user.name t} SASL(-13): {- *}", LOGIN_FAILED(MAIL)},
    {"badlogin: {- t}[{source.ip t}] {- *}", LOGIN_FAILED(MAIL)},
    {"login: {- t}[{source.ip t}] {user.name w} {- *}", LOGIN_WORKED(MAIL)},
};
const struct pattern_list rows_cyrus = PATTERN_LIST(cyrus);
