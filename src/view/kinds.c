/* SPDX-License-Identifier: Apache-2.0 */
#include "view/kinds.h"

#include "proof/plan_store.h"
#include "state/evidence.h"

int view_catalogue(const struct view_ctx *c, const struct catalogue **ret, struct err *err)
{
    return proof_catalogue(c->state, ret, err);
}

void view_write_evidence_kind(const struct view_ctx *c, struct table *t,
                              const struct catalogue *words, const char *from, struct slice key)
{
    enum word_list list = WORDS_EVIDENCE;
    struct buf id = BUF_INIT(1000);
    struct slice event;
    bool everywhere;
    uint32_t at;

    buf_printf(&id, "%s%s" SLICE_FMT, from ? from : "", from ? "." : "", SLICE_ARG(key));
    at = catalogue_find(words, list, buf_slice(&id));
    if (at == UINT32_MAX && evidence_event_read(buf_slice(&id), &event, &everywhere)) {
        list = WORDS_EVENTS;
        at = catalogue_find(words, list, event);
    }
    if (at == UINT32_MAX)
        table_word_text(t, key, key);
    else
        table_word_text(t, key, title_in(&words->words[list][at].title, c->lang));
    buf_done(&id);
}
