/* SPDX-License-Identifier: Apache-2.0 */
/* Services that write to syslog, one or a few wordings each. */
#include "decode/text/rows.h"

static const struct pattern_row ldap[] = {
    {"conn={- n} fd={- n} ACCEPT from IP={source.ip h}:{source.port n} (IP={destination.ip h}:"
     "{destination.port n})",
     SEEN("network", "ldap_connection")},
    {"conn={- n} op={- n} RESULT tag=97 err=49 text={- *}", LOGIN_FAILED("ldap_bind")},
    {"conn={- n} op={- n} BIND dn=\"{user.name t}\" method={- *}",
     SEEN("authentication", "ldap_bind")},
};
const struct pattern_list rows_ldap = PATTERN_LIST(ldap);

static const struct pattern_row services[] = {
    /* dante */
    {"info: block({- n}): tcp/accept ]: {- t} {- t}: error after reading {- n} bytes in {- n} "
     "second{?s?}: {- *}",
     LOGIN_FAILED("socks_login")},
    /* SOGo */
    {"SOGoRootPage Login from '{source.ip h}{?, {- h}?}' for user '{user.name T}' might not have "
     "worked{- *}",
     LOGIN_FAILED("web_login")},
    /* nrpe */
    {"Host {source.ip h} is not allowed to talk to us!", REFUSED("nrpe_refused")},
    /* OpenVPN */
    {"{source.ip a}:{source.port n} TLS Auth Error: {- *}", LOGIN_FAILED("vpn_login")},
    {"{source.ip a}:{source.port n} TLS Error: {- *}", REFUSED("vpn_tls_error")},
    {"{source.ip a}:{source.port n} VERIFY ERROR: {- *}", REFUSED("vpn_tls_error")},
    {"{source.ip a}:{source.port n} WARNING: Bad encapsulated packet length {- *}",
     REFUSED("vpn_bad_packet")},
    {"{source.ip a}:{source.port n} SIGUSR1[soft,connection-reset] {- *}", REFUSED("vpn_reset")},
    {"{source.ip a}:{source.port n} Connection reset, restarting {- *}", REFUSED("vpn_reset")},
    {"TLS Error: {- t} from [AF_INET]{source.ip a}:{source.port n}", REFUSED("vpn_tls_error")},
    {"TCP connection established with [AF_INET]{source.ip a}:{source.port n}",
     SEEN("network", "vpn_connection")},
    /* perdition */
    {"Auth: {source.ip a}:{source.port n}->{destination.ip a}:{destination.port n} {- t}"
     "authentication_id=\"{user.name t}\" {- T} status=\"failed{- *}",
     LOGIN_FAILED("mail_login")},
    {"Fatal Error reading authentication information from client {source.ip a}:{source.port n}->"
     "{destination.ip a}:{destination.port n}: {- *}",
     LOGIN_FAILED("mail_login")},
    /* phpMyAdmin */
    {"user denied: {user.name T} ({- t}) from {source.ip h}", LOGIN_FAILED("web_login")},
    {"user ok: {user.name T} from {source.ip h}", LOGIN_WORKED("web_login")},
    /* Proxmox */
    {"authentication failure; rhost={source.ip h} user={user.name T} msg={event.reason *}",
     LOGIN_FAILED("web_login")},
    {"successful auth for user '{user.name t}'", LOGIN_WORKED("web_login")},
    /* Webmin */
    {"Invalid login as {user.name T} from {source.ip h}", LOGIN_FAILED("web_login")},
    {"Non-existent login as {user.name T} from {source.ip h}", LOGIN_FAILED("web_login")},
    {"Successful login as {user.name T} from {source.ip h}", LOGIN_WORKED("web_login")},
    /* xrdp */
    {"[{- t}] AUTHFAIL: user={user.name T} ip={source.ip a} time={- n}", LOGIN_FAILED("rdp_login")},
    /* monit */
    {"HttpRequest: access denied -- client {source.ip h}: unknown user ''",
     SEEN("web", "web_denied")},
    {"HttpRequest: access denied -- client {source.ip h}: unknown user '{user.name T}'",
     LOGIN_FAILED("web_login")},
    {"HttpRequest: access denied -- client {source.ip h}: wrong password for user '{user.name T}'",
     LOGIN_FAILED("web_login")},
    {"HttpRequest: access denied -- client {source.ip h}: empty password",
     LOGIN_FAILED("web_login")},
    /* nsd, unbound */
    {"info: ratelimit block {- t} query {source.ip h} {- w}", REFUSED("dns_ratelimit")},
    {"info: axfr for {?zone ?}{dns.question.name w} from {?client ?}{source.ip h} refused, {- *}",
     REFUSED("dns_transfer")},
    /* Murmur */
    {"<{- w}>{- w} {- w} {- n} => <{- n}:{user.name T}({- t})> Rejected connection from {source.ip "
     "a}"
     ":{source.port n}: {- t} password{- *}",
     LOGIN_FAILED("voice_login")},
    /* Drupal: host|time|kind|address|request|referrer|uid|link|text; all but the last are its own
     */
    {"{- t}|{- n}|user|{source.ip a}|{- T}|{- n}||Login attempt failed for {user.name w}.",
     LOGIN_FAILED("web_login")},
    /* bind */
    {"{?{- w} {- w} ?}client @{- w} {source.ip h}#{source.port n} ({dns.question.name t}): query"
     "{? (cache)?} '{- t}' denied",
     REFUSED("dns_denied")},
    {"{?{- w} {- w} ?}client @{- w} {source.ip h}#{source.port n} ({dns.question.name t}): zone "
     "transfer '{- t}' denied",
     REFUSED("dns_transfer")},
    {"{?{- w} {- w} ?}{?queries: ?}{?info: ?}client {?@{- w} ?}{source.ip h}#{source.port n}{? ("
     "{- t})?}: query: {dns.question.name w} {- w} {dns.question.type w} {- *}",
     SEEN("network", "dns_query")},
    {"{?{- w} {- w} ?}client {source.ip h}#{source.port n}{? ({- t})?}: query (cache) '{- t}' "
     "denied",
     REFUSED("dns_denied")},
    /* dnsmasq */
    {"{?{- n} {- w} ?}query[{dns.question.type t}] {dns.question.name w} from {source.ip h}",
     SEEN("network", "dns_query")},
    {"{?{- n} {- w} ?}reply {dns.question.name w} is {dns.answers.data *}",
     SEEN("network", "dns_answer")},
    {"{?{- n} {- w} ?}cached {dns.question.name w} is {dns.answers.data *}",
     SEEN("network", "dns_answer")},
    {"{?{- n} {- w} ?}forwarded {dns.question.name w} to {destination.ip h}",
     SEEN("network", "dns_forwarded")},
    {"DHCPACK({- t}) {source.ip a} {source.mac w}{? {source.domain w}?}",
     SEEN("network", "dhcp_lease")},
    /* OPNsense, pfSense */
    {"/index.php: Web GUI authentication error for '{user.name T}' from {source.ip h}",
     LOGIN_FAILED("device_login")},
    {"/index.php: Successful login for user '{user.name T}' from: {source.ip h}{- *}",
     LOGIN_WORKED("device_login")},
    {"/index.php: webConfigurator authentication error for user '{user.name T}' from: {source.ip "
     "h}",
     LOGIN_FAILED("device_login")},
    {"user {user.name t} could not authenticate.", LOGIN_FAILED("device_login")},
    {"{source.ip a}:{source.port n} [{user.name t}] Peer Connection Initiated with {- *}",
     LOGIN_WORKED("vpn_login")},
    /* WireGuard */
    {"{- t} wireguard: {- w}: Invalid handshake initiation from {source.ip a}:{source.port n}",
     REFUSED("vpn_bad_packet")},
    /* Guacamole */
    {"{- T}Authentication attempt from {source.ip h} for user \"{user.name t}\" failed.",
     LOGIN_FAILED("web_login")},
    /* strongSwan */
    {"{- t}[IKE] EAP authentication of '{user.name t}' failed{- *}", LOGIN_FAILED("vpn_login")},
};
const struct pattern_list rows_services = PATTERN_LIST(services);
