/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_STATE_ASSETS_H
#define CANH_STATE_ASSETS_H
/*
 * Assets: what a unit looks after. Roles are words from the table asset_role, which is data
 * (official-mail, portal, one-stop, data-centre, core-network, server, database, users, firewall,
 * ids, anti-malware, server-os, application, pc).
 */
#include "state/state.h"

/* find: owner = unit, by code. Time: valid_from..valid_to. */
struct state_asset {
    STATE_ROW;
    struct state_id unit;
    struct slice code, name;
    struct slice kind; /* endpoint, server, network, app, database, site, route, bts, post-office */
    struct slice roles;    /* words separated by spaces, each in asset_role */
    struct slice system;   /* the approved system it belongs to */
    int32_t level;         /* 1..5; 0 unknown */
    struct slice exposure; /* internet, intranet, none */
    struct state_id owner;
    struct slice provider, place, note;
    struct state_id node; /* the canh node on it, or none */
    int64_t valid_from, valid_to;
    bool invented;
};
STATE_THING(asset);

bool state_asset_has_role(const struct state_asset *x, const char *role);

/* find: owner none, by code. */
struct state_asset_role {
    STATE_ROW;
    struct slice code, name_vi, name_en, source;
};
STATE_THING(asset_role);

#endif
