/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_YAML_PACK_H
#define CANH_YAML_PACK_H
/*
 * Parsed documents as bytes, so that a text that was parsed once need not be parsed again. Who
 * keeps them (detect/rule_cache.h) gives two functions; the name of a text is a hash of all of it,
 * of the limits and of libfyaml's version, so what is found under a name was made of that very
 * text in that very way, if the keeper can be trusted and forgets when yaml.c changes.
 *
 * Reading is bounded and checks everything that memory depends on: of any bytes it makes a tree
 * that yaml.h's promises hold for, but that keys may stand twice, or none.
 */
#include "base/buf.h"
#include "yaml/yaml.h"

enum { YAML_NAME_BYTES = 32 };

struct yaml_keeper {
    void *ctx;
    /* What is kept under a name, alive until the keeper ends; p NULL: nothing. */
    struct slice (*find)(void *ctx, const uint8_t name[YAML_NAME_BYTES]);
    /* Keeps bytes (borrowed) under a name; that it could not is no error. */
    void (*keep)(void *ctx, const uint8_t name[YAML_NAME_BYTES], struct slice packed);
};

/*
 * yaml_parse(), from memory where the keeper has it; texts of nodes are then the keeper's. Only
 * what was parsed without error is kept. keeper NULL: always parsed.
 */
CANH_MUST_USE int yaml_parse_kept(const struct yaml_keeper *keeper, struct arena *arena,
                                  struct slice text, const struct yaml_limits *limits,
                                  struct yaml_docs *ret, struct err *err);

/* Appends the documents; out->err tells of failure. */
void yaml_pack(const struct yaml_docs *docs, struct buf *out);

/* 0; -CE_NOMEM; -CE_SYNTAX for bytes that are none of yaml_pack(), or beyond the limits. */
CANH_MUST_USE int yaml_unpack(struct arena *arena, struct slice packed,
                              const struct yaml_limits *limits, struct yaml_docs *ret);

#endif
