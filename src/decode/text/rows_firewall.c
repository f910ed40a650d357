/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Network devices. Source: Cisco "ASA Series Syslog Messages" and "IOS System Message Guide";
 * MikroTik "Log", "Filter"; H3C and Huawei log references
 */
#include "decode/text/rows.h"

#define ASA_FROM "{- t}:{source.ip h}/{source.port n}"
#define ASA_TO   "{- t}:{destination.ip h}/{destination.port n}"
#define DENIED   REFUSED("denied")
#define LOGIN    "device_login"

static const struct pattern_row asa[] = {
    {"Deny {network.transport w} src " ASA_FROM "{?({- t})?} dst " ASA_TO "{?({- t})?} by "
     "access-group \"{rule.name t}\"{- *}",
     DENIED},
    {"Deny {network.transport w} src {- t}:{source.ip h} dst {- t}:{destination.ip h} {- *}",
     DENIED},
    {"Inbound TCP connection denied from {source.ip h}/{source.port n} to {destination.ip h}/"
     "{destination.port n} flags {- T} on interface {observer.ingress.interface.name w}",
     "network.transport=tcp;" DENIED},
    {"Deny inbound UDP from {source.ip h}/{source.port n} to {destination.ip h}/"
     "{destination.port n} on interface {observer.ingress.interface.name w}",
     "network.transport=udp;" DENIED},
    {"Deny inbound {network.transport w} src " ASA_FROM " dst " ASA_TO "{- *}", DENIED},
    {"Deny inbound {network.transport w} src {- t}:{source.ip h} dst {- t}:{destination.ip h}{- *}",
     DENIED},
    {"Deny {network.transport w} (no connection) from {source.ip h}/{source.port n} to "
     "{destination.ip h}/{destination.port n} flags {- *}",
     DENIED},
    {"{network.transport w} access denied by ACL from {source.ip h}/{source.port n} to " ASA_TO,
     DENIED},
    {"access-list {rule.name w} denied {network.transport w} {- t}/{source.ip h}({source.port n}) "
     "-> {- t}/{destination.ip h}({destination.port n}){- *}",
     DENIED},
    {"access-list {rule.name w} permitted {network.transport w} {- t}/{source.ip h}"
     "({source.port n}) -> {- t}/{destination.ip h}({destination.port n}){- *}",
     "event.category=network;event.action=allowed;event.outcome=success"},
    /* "outbound" names the side that was reached first */
    {"Built outbound {network.transport w} connection {- n} for {- t}:{destination.ip h}/"
     "{destination.port n} ({- t}) to {- t}:{source.ip h}/{source.port n}{- *}",
     "event.category=network;event.action=connection;event.outcome=success"},
    {"Built {- w} {network.transport w} connection {- n} for " ASA_FROM " ({- t}) to " ASA_TO
     "{- *}",
     "event.category=network;event.action=connection;event.outcome=success"},
    {"Teardown {network.transport w} connection {- n} for " ASA_FROM "{?({- t})?} to " ASA_TO
     "{- *}",
     SEEN("network", "connection_end")},
    {"Group <{- t}> User <{user.name T}> IP <{source.ip t}> Authentication: rejected{- *}",
     LOGIN_FAILED("vpn_login")},
    {"AAA user authentication Rejected : reason = {event.reason t} : server = {- t} : user = "
     "{user.name T} : user IP = {source.ip a}",
     LOGIN_FAILED(LOGIN)},
    {"AAA user authentication Rejected : reason = {event.reason t} : server = {- t} : user = "
     "{user.name *}",
     LOGIN_FAILED(LOGIN)},
    {"AAA user authentication Rejected : reason = {event.reason t} : local database : user = "
     "{user.name T} : user IP = {source.ip a}",
     LOGIN_FAILED(LOGIN)},
    {"AAA user authentication Rejected : reason = {event.reason t} : local database : user = "
     "{user.name *}",
     LOGIN_FAILED(LOGIN)},
    {"AAA user authentication Successful : local database : user = {user.name *}",
     LOGIN_WORKED(LOGIN)},
    {"AAA user authentication Successful : server = {- t} : user = {user.name *}",
     LOGIN_WORKED(LOGIN)},
    {"Login denied from {source.ip h}/{source.port n} to " ASA_TO "{? for user \"{user.name t}\"?}",
     LOGIN_FAILED(LOGIN)},
    {"Login denied from {source.ip h}/{source.port n} to {- t}:{destination.ip h}/{- w}"
     "{? for user \"{user.name t}\"?}",
     LOGIN_FAILED(LOGIN)},
    {"Login permitted from {source.ip h}/{source.port n} to " ASA_TO
     "{? for user \"{user.name t}\"?}",
     LOGIN_WORKED(LOGIN)},
    {"Login permitted from {source.ip h}/{source.port n} to {- t}:{destination.ip h}/{- w}"
     "{? for user \"{user.name t}\"?}",
     LOGIN_WORKED(LOGIN)},
    {"User '{user.name t}' executed the '{process.command_line T}' command.",
     SEEN("process", "device_command")},
    {"User '{user.name t}' executed cmd: {process.command_line *}",
     SEEN("process", "device_command")},
    {"User '{user.name t}', running '{- t}' from IP {source.ip a}, executed "
     "'{process.command_line T}'",
     SEEN("process", "device_command")},
};
const struct pattern_list rows_asa = PATTERN_LIST(asa);

static const struct pattern_row ios[] = {
    {"Login failed [user: {user.name T}] [Source: {source.ip t}] [localport: {destination.port n}] "
     "[Reason: {event.reason t}] at {- *}",
     LOGIN_FAILED(LOGIN)},
    {"Login Success [user: {user.name T}] [Source: {source.ip t}] [localport: {destination.port n}]"
     " at {- *}",
     LOGIN_WORKED(LOGIN)},
    {"Authentication failed from {source.ip h}{- *}", LOGIN_FAILED(LOGIN)},
    {"User '{user.name T}' authentication for SSH2 Session from {source.ip h} (tty = {- n}) using "
     "crypto cipher {- t} Failed",
     LOGIN_FAILED(LOGIN)},
    {"User '{user.name T}' authentication for SSH2 Session from {source.ip h} (tty = {- n}) using "
     "crypto cipher {- t} Succeeded",
     LOGIN_WORKED(LOGIN)},
    {"SSH2 Session request from {source.ip h} (tty = {- n}) {- *}",
     SEEN("network", "ssh_connection")},
    {"list {rule.name w} denied {network.transport w} {source.ip h}({source.port n}){? ({- t})?} "
     "-> "
     "{destination.ip h}({destination.port n}), {event.count n} packet{?s?}",
     DENIED},
    {"list {rule.name w} permitted {network.transport w} {source.ip h}({source.port n}){? ({- t})?}"
     " -> {destination.ip h}({destination.port n}), {event.count n} packet{?s?}",
     "event.category=network;event.action=allowed;event.outcome=success"},
    {"list {rule.name w} denied {network.transport w} {source.ip h}{? ({- t})?} -> "
     "{destination.ip h}{- *}",
     DENIED},
    {"Configured from {- t} by {user.name w} on {- w} ({source.ip t})",
     SEEN("configuration", "configured")},
    {"Configured from {- *}", SEEN("configuration", "configured")},
    {"User:{user.name w}  logged command:{process.command_line *}",
     SEEN("process", "device_command")},
    {"{user.name w} failed to log in from {source.ip h}{- *}", LOGIN_FAILED(LOGIN)},
    {"{user.name w} logged in from {source.ip h}{- *}", LOGIN_WORKED(LOGIN)},
};
const struct pattern_list rows_ios = PATTERN_LIST(ios);

static const struct pattern_row mikrotik[] = {
    {"login failure for user {user.name T} from {source.ip h} via {- w}", LOGIN_FAILED(LOGIN)},
    {"user {user.name T} logged in from {source.ip h} via {- w}", LOGIN_WORKED(LOGIN)},
    {"user {user.name T} logged out from {source.ip h} via {- w}", SEEN("session", "logout")},
    {"{rule.name t} in:{observer.ingress.interface.name t} out:{observer.egress.interface.name t}, "
     "{?connection-state:{- w} ?}{?src-mac {source.mac w}, ?}proto {network.transport w} ({- t}), "
     "{source.ip a}:{source.port n}->{destination.ip a}:{destination.port n}, {- *}",
     SEEN("network", "packet")},
    {"{rule.name t} in:{observer.ingress.interface.name t} out:{observer.egress.interface.name t}, "
     "{?connection-state:{- w} ?}{?src-mac {source.mac w}, ?}proto {network.transport w}, "
     "{source.ip a}:{source.port n}->{destination.ip a}:{destination.port n}, {- *}",
     SEEN("network", "packet")},
    {"{rule.name t} in:{observer.ingress.interface.name t} out:{observer.egress.interface.name t}, "
     "{?connection-state:{- w}, ?}{?src-mac {source.mac w}, ?}proto {network.transport w} ({- t}), "
     "{source.ip a}:{source.port n}->{destination.ip a}:{destination.port n}, {- *}",
     SEEN("network", "packet")},
    {"{rule.name t} in:{- t} out:{- t}, {- t}proto {network.transport w} {- t}, {source.ip a}->"
     "{destination.ip a}, {- *}",
     SEEN("network", "packet")},
};
const struct pattern_list rows_mikrotik = PATTERN_LIST(mikrotik);
