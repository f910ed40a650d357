/* SPDX-License-Identifier: Apache-2.0 */
/* Where values may stand, and that none of them becomes markup. */
#include "web/template.h"

#include "err_words.h"
#include "tap.h"

static const char *prefix = "";

static int load(const char *text, struct template_set **ret, struct err *err)
{
    struct template_file files[] = {{SLICE("page"), slice_str(text)},
                                    {SLICE("part"), SLICE("<i>{{v}}</i>")}};

    *err = ERR_INIT;
    return template_set_new(ret, files, CANH_LEN(files), slice_str(prefix), err);
}

static void renders(const char *text, const char *value, const char *want)
{
    struct template_set *t = NULL;
    struct arena arena = ARENA_INIT(1 << 20);
    struct buf out = BUF_INIT(1 << 20);
    struct page_scope *p = page_new(&arena);
    struct err err = ERR_INIT;

    page_set_text(p, "v", value);
    page_set_text(page_add(p, "rows"), "name", "one");
    page_set_text(page_add(p, "rows"), "name", "two");
    if (ok(load(text, &t, &err) == 0, "%s: %s", text, err_words(&err)))
        ok(template_render(t, "page", LANG_EN, p, NULL, &out, &err) == 0, "rendered: %s",
           err_words(&err));
    is_slice(buf_slice(&out), slice_str(want), "%s with %s", text, value);
    template_set_free(t);
    buf_done(&out);
    arena_done(&arena);
}

static void refused(const char *text)
{
    struct template_set *t = NULL;
    struct err err = ERR_INIT;

    ok(load(text, &t, &err) < 0 && err.line > 0 &&
           slice_starts(slice_str(err_words(&err)), SLICE("console/page.html")),
       "refused: %s (%s)", text, err_words(&err));
    template_set_free(t);
}

int main(void)
{
    static const char evil[] = "\"><script>alert('1')</script>&";

    renders("<p>{{v}}</p>", evil,
            "<p>&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;</p>");
    renders("<p title=\"{{v}}\">", evil,
            "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;\">");
    renders("<a href=\"{{v}}\">", "javascript:alert(1)", "<a href=\"#\">");
    renders("<a href=\"{{v}}\">", "//elsewhere.example/", "<a href=\"#\">");
    renders("<a href=\"{{v}}\">", "/\\elsewhere.example/", "<a href=\"#\">");
    renders("<a href=\"{{v}}\">", "/alerts?x=1&y", "<a href=\"/alerts?x=1&amp;y\">");
    renders("<a href=\"/a/{{v}}\">", "b", "<a href=\"/a/b\">");
    renders("{{#rows}}[{{name}}{{v}}]{{/rows}}", "!", "[one!][two!]");
    renders("{{#v}}yes{{/v}}{{^v}}no{{/v}}", "", "no");
    renders("{{#v}}yes{{/v}}{{^v}}no{{/v}}", "x", "yes");
    renders("<a {{#v}}class=\"x\" {{/v}}>", "x", "<a class=\"x\" >");
    renders("{{>part}}", "<", "<i>&lt;</i>");
    renders("{{unknown}}", "", "");
    renders("<b>{{=sign_in}}</b>", "", "<b>Sign in</b>");

    prefix = "/watch";
    renders("<a href=\"/a/{{v}}\" data-a=\"/b\">/c</a>", "d",
            "<a href=\"/watch/a/d\" data-a=\"/b\">/c</a>");
    renders("<p>{{v}}<img src=\"/i\" alt=\"{{v}}\"><form action=\"/f?x=/y\">"
            "<button formaction=\"/\">",
            "/v",
            "<p>/v<img src=\"/watch/i\" alt=\"/v\"><form action=\"/watch/f?x=/y\">"
            "<button formaction=\"/watch/\">");
    renders("<a href=\"{{v}}\">", "/alerts?x=/1", "<a href=\"/watch/alerts?x=/1\">");
    renders("<a href=\"{{v}}\">", "?x=1", "<a href=\"?x=1\">");
    renders("<a href=\"{{v}}\">", "//elsewhere.example/", "<a href=\"#\">");
    renders("<a href=\"#main\">", "", "<a href=\"#main\">");
    prefix = "";

    refused("<script>{{v}}</script>");
    refused("<style>{{v}}</style>");
    refused("<!-- {{v}} -->");
    refused("<p {{v}}>");
    refused("<{{v}}>");
    refused("<p class={{v}}>");
    refused("<p class='{{v}}'>");
    refused("<p onclick=\"{{v}}\">");
    refused("<p ONCLICK=\"{{v}}\">");
    refused("<p style=\"{{v}}\">");
    refused("<iframe srcdoc=\"{{v}}\">");
    refused("{{#v}}<p title=\"{{/v}}\">");
    refused("{{#v}}");
    refused("{{/v}}");
    refused("{{v");
    refused("<p title=\"{{v}}");
    refused("{{=no_such_text}}");
    refused("{{>nothing}}");
    return tap_done();
}
