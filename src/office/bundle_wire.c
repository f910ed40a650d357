/* SPDX-License-Identifier: Apache-2.0 */
#include "office/bundle_wire.h"

#include "base/ascii.h"
#include "base/utf.h"
#include "os/frame.h"

enum { MAGIC = 0x31424e43, LICENCES_MAX = 64 * 1024, NAME_MAX_CHARS = 100, PART_MAX = 255 };

void bundle_begin(struct buf *out)
{
    frame_put_u32(out, MAGIC);
}

void bundle_put(struct buf *out, struct slice name, struct slice text)
{
    frame_put_u8(out, 1);
    frame_put_text(out, name);
    frame_put_text(out, text);
}

void bundle_end(struct buf *out, const struct bundle_counts *c, struct slice licences)
{
    frame_put_u8(out, 0);
    frame_put_u64(out, c->rules);
    frame_put_u64(out, c->loaded);
    frame_put_u64(out, c->refused);
    frame_put_u64(out, c->left_out);
    frame_put_i64(out, c->newest_day);
    frame_put_text(out, slice_head_utf8(licences, LICENCES_MAX));
}

static bool is_part(struct slice part)
{
    bool good = part.n > 0 && part.n <= PART_MAX && part.p[0] != '.';

    for (size_t i = 0; good && i < part.n; i++)
        good = part.p[i] >= 0x20 && part.p[i] != 0x7F && part.p[i] != '\\';
    return good;
}

/* parts of a path that stays below its folder, none hidden. */
static bool is_path(struct slice path)
{
    struct slice part;
    bool good = path.n > 0 && path.p[0] != '/' && path.p[path.n - 1] != '/' && utf8_valid(path);

    while (good && path.n > 0) {
        (void)slice_cut(&path, '/', &part);
        good = is_part(part);
    }
    return good;
}

static struct bundle_file file_get(struct frame_reader *f)
{
    struct bundle_file x;

    x.name = frame_get_text(f, BUNDLE_NAME_MAX);
    x.text = frame_get_text(f, BUNDLE_FILE_MAX);
    f->bad = f->bad || !is_path(x.name);
    return x;
}

static void counts_get(struct frame_reader *f, struct bundle *ret)
{
    ret->counts.rules = frame_get_u64(f);
    ret->counts.loaded = frame_get_u64(f);
    ret->counts.refused = frame_get_u64(f);
    ret->counts.left_out = frame_get_u64(f);
    ret->counts.newest_day = frame_get_i64(f);
    ret->licences = frame_get_text(f, LICENCES_MAX);
    f->bad = f->bad || ret->counts.rules > ret->count || !utf8_valid(ret->licences);
}

/* How many files there are, so that the list is made once. */
static uint32_t count_files(struct frame_reader f)
{
    uint32_t n = 0;

    while (!f.bad && n <= BUNDLE_FILES_MAX && frame_get_u8(&f) == 1) {
        (void)file_get(&f);
        n++;
    }
    return n;
}

int bundle_decode(struct slice bytes, struct arena *arena, struct bundle *ret)
{
    struct frame_reader f = frame_reader(bytes);
    uint32_t magic = frame_get_u32(&f), n = count_files(f);

    *ret = (struct bundle){.count = 0};
    if (magic != MAGIC || n > BUNDLE_FILES_MAX)
        return -CE_PEER;
    ret->files = arena_new_array(arena, n + 1, struct bundle_file);
    if (ret->files == NULL)
        return -CE_NOMEM;
    while (ret->count < n && frame_get_u8(&f) == 1 && !f.bad)
        ret->files[ret->count++] = file_get(&f);
    if (frame_get_u8(&f) != 0)
        return -CE_PEER;
    counts_get(&f, ret);
    return frame_end(&f);
}

bool bundle_name_is_good(struct slice name)
{
    bool good = name.n > 0 && name.n <= NAME_MAX_CHARS && name.p[0] != '.';

    for (size_t i = 0; good && i < name.n; i++)
        good =
            ascii_is_alnum(name.p[i]) || name.p[i] == '.' || name.p[i] == '_' || name.p[i] == '-';
    return good;
}
