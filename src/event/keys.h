/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_EVENT_KEYS_H
#define CANH_EVENT_KEYS_H
/*
 * The field names that rules, mappings or the program itself mention, each with a small number.
 * Filled while rules load, then frozen and shared between threads: an event never adds a name.
 * Names are case-sensitive bytes; nested names are joined with dots.
 */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

#define KEY_NONE 0u     /* a name that nothing mentions */
#define KEYS_MAX 65535u /* most names one ruleset may mention */

/*
 * Names that the program itself asks for; keys_new() interns them in this order from 1. Up to
 * KEY_SINGLE_LAST an event has one value of each: a route looks at the first (event.h).
 */
enum well_known_key {
    KEY_CHANNEL = 1,  /* Channel */
    KEY_EVENT_ID,     /* EventID */
    KEY_PROVIDER,     /* Provider_Name */
    KEY_COMPUTER,     /* Computer */
    KEY_RECORD_ID,    /* EventRecordID */
    KEY_DATA_CHANNEL, /* Channel of the event's data: its name can be written by nobody */
    KEY_EVENT_TYPE,   /* EventType */
    KEY_SYSTEM_TIME,  /* TimeCreated_SystemTime */
    KEY_UTC_TIME,     /* UtcTime */
    KEY_TIMESTAMP,    /* @timestamp */
    KEY_EVENT_TIME,   /* EventTime */
    KEY_HOST,         /* host.hostname */
    KEY_MODULE,       /* event.module */
    KEY_PROGRAM,      /* process.name */
    KEY_WELL_KNOWN_END,
    KEY_SINGLE_LAST = KEY_RECORD_ID,
};

struct keys;

CANH_MUST_USE struct keys *keys_new(void); /* NULL without memory */
struct keys *keys_free(struct keys *k);    /* returns NULL */

/* The name's number, adding it; 0 (KEY_NONE) when the table is full or memory is out. Copies. */
CANH_MUST_USE uint32_t keys_intern(struct keys *k, struct slice name);
/* The name's number, or KEY_NONE. */
uint32_t keys_find(const struct keys *k, struct slice name);
/*
 * The number of a name that stands in a Windows event's data (EventData, UserData). What a program
 * writes there must not pass for what Windows says in System: a name of System's has KEY_NONE
 * there, Channel KEY_DATA_CHANNEL.
 */
uint32_t keys_find_data(const struct keys *k, struct slice name);
/* The name of a number in 1..keys_count(). */
struct slice keys_name(const struct keys *k, uint32_t key);
/* Names interned; numbers run from 1 to this. */
uint32_t keys_count(const struct keys *k);

#endif
