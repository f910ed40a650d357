/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_HUNT_TREE_FACE_H
#define CANH_HUNT_TREE_FACE_H
/* Process trees for people, and as lines of JSON (docs/hunt.md). */
#include "hunt/face.h"
#include "hunt/tree.h"

void tree_write_text(struct face_job *j, const struct tree_shown *tree);
/* A line a process; number: of the tree, from 1. */
void tree_write_json(struct face_job *j, const struct tree_shown *tree, uint64_t number);

#endif
