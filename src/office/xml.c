/* SPDX-License-Identifier: Apache-2.0 */
#include "office/xml.h"

#include <expat.h>
#include <stdlib.h>

#include "lang/err_office.h"

/* expat begins an unfinished token anew with every piece, so that long ones cost their square. */
enum { XML_DEPTH_MAX = 256, XML_ATTRS_MAX = 256, XML_TOKEN_MAX = 1 << 20 };

struct xml {
    XML_Parser parser;
    const char *part;
    const struct xml_sink *sink;
    void *user;
    unsigned depth;
    int64_t fed; /* bytes */
    int failed;  /* what the sink or a handler here returned */
    bool doctype, deep;
};

static struct slice local_name(const char *name)
{
    const char *colon = strchr(name, ':');

    return slice_str(colon ? colon + 1 : name);
}

static void xml_stop(struct xml *x, int r)
{
    x->failed = r;
    (void)XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attrs)
{
    struct xml *x = user;
    int r;

    if (x->failed != 0)
        return;
    if (++x->depth > XML_DEPTH_MAX) {
        x->deep = true;
        xml_stop(x, -CE_DEPTH);
        return;
    }
    r = x->sink->start(x->user, local_name(name), attrs);
    if (r < 0)
        xml_stop(x, r);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct xml *x = user;
    int r;

    if (x->failed != 0)
        return;
    x->depth--;
    r = x->sink->end(x->user, local_name(name));
    if (r < 0)
        xml_stop(x, r);
}

static void XMLCALL on_text(void *user, const XML_Char *s, int n)
{
    struct xml *x = user;
    int r = x->failed != 0 ? 0 : x->sink->text(x->user, slice_of(s, (size_t)n));

    if (r < 0)
        xml_stop(x, r);
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *sysid,
                               const XML_Char *pubid, int has_internal)
{
    struct xml *x = user;

    (void)name;
    (void)sysid;
    (void)pubid;
    (void)has_internal;
    x->doctype = true;
    xml_stop(x, -CE_DENIED);
}

struct xml *xml_new(const char *part, const struct xml_sink *sink, void *user)
{
    struct xml *x = calloc(1, sizeof(*x));

    if (x == NULL)
        return NULL;
    *x = (struct xml){.part = part, .sink = sink, .user = user};
    x->parser = XML_ParserCreate(NULL);
    if (x->parser == NULL) {
        free(x);
        return NULL;
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    if (sink->text != NULL)
        XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    return x;
}

struct xml *xml_free(struct xml *x)
{
    if (x != NULL) {
        XML_ParserFree(x->parser);
        free(x);
    }
    return NULL;
}

static int xml_explain(struct xml *x, struct err *err)
{
    if (x->doctype)
        return err_fail(err, CE_DENIED, ERR_OFFICE_XML_DOCTYPE, x->part);
    if (x->deep)
        return err_fail(err, CE_DEPTH, ERR_OFFICE_XML_DEEP, x->part);
    if (x->failed != 0)
        return x->failed;
    if (XML_GetErrorCode(x->parser) == XML_ERROR_NO_MEMORY)
        return err_nomem(err);
    return err_fail(err, CE_SYNTAX, ERR_OFFICE_XML_SYNTAX, x->part,
                    XML_GetCurrentLineNumber(x->parser), XML_GetCurrentColumnNumber(x->parser) + 1,
                    XML_ErrorString(XML_GetErrorCode(x->parser)));
}

int xml_feed(struct xml *x, struct slice bytes, bool last, struct err *err)
{
    enum { PIECE = 256 << 10 };

    do {
        struct slice piece = slice_head(bytes, PIECE);

        bytes = slice_from(bytes, piece.n);
        if (XML_Parse(x->parser, (const char *)piece.p, (int)piece.n, last && bytes.n == 0) !=
                XML_STATUS_OK ||
            x->failed != 0)
            return xml_explain(x, err);
        x->fed += (int64_t)piece.n;
        if (x->fed - XML_GetCurrentByteIndex(x->parser) > XML_TOKEN_MAX + PIECE)
            return err_fail(err, CE_TOO_BIG, ERR_OFFICE_XML_TOKEN, x->part, XML_TOKEN_MAX >> 20);
    } while (bytes.n > 0);
    return 0;
}

struct slice xml_attr(const char **attrs, const char *name)
{
    for (unsigned i = 0; i < XML_ATTRS_MAX && attrs[2 * i] != NULL; i++) {
        if (slice_is(local_name(attrs[2 * i]), name))
            return slice_str(attrs[2 * i + 1]);
    }
    return SLICE_NULL;
}

bool xml_attr_true(const char **attrs, const char *name)
{
    struct slice v = xml_attr(attrs, name);

    return slice_is(v, "1") || slice_is(v, "true") || slice_is(v, "on");
}
