/* SPDX-License-Identifier: Apache-2.0 */
#include "hunt/report_html.h"

#include "base/markup.h"
#include "base/time.h"
#include "base/width.h"
#include "lang/msg_hunt.h"

enum { CHART_HEIGHT = 120, BAR_WIDTH = 10, BAR_LEAST = 2 };

/* One column that a phone and a sheet of A4 both hold; levels differ by word, not by colour alone.
 */
static const char style[] =
    "*{box-sizing:border-box}"
    "body{font:16px/1.45 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;color:#1b1b1b;"
    "background:#fff;max-width:60rem;margin:0 auto;padding:1rem}"
    "h1{font-size:1.7rem;margin:.2rem 0}h2{font-size:1.25rem;margin:1.8rem 0 .6rem;"
    "border-bottom:1px solid #ccc;break-after:avoid}h3{font-size:1.02rem;margin:.1rem 0;"
    "break-after:avoid}"
    "p{margin:.35rem 0}.facts{color:#555;font-size:.9rem}"
    ".counts{display:flex;flex-wrap:wrap;gap:.6rem;margin:.8rem 0}"
    ".counts div{border:1px solid #ccc;border-radius:4px;padding:.4rem .8rem;min-width:6.5rem}"
    ".counts b{display:block;font-size:1.25rem}.counts span{font-size:.85rem;color:#555}"
    "section{border-left:4px solid #ccc;padding:.2rem 0 .2rem .8rem;margin:.9rem 0}"
    "section.first{border-color:#a50e0e;background:#fbf4f3;padding:.6rem .8rem;"
    "break-inside:avoid}"
    ".level{display:inline-block;font-size:.75rem;font-weight:700;padding:.1rem .45rem;"
    "border-radius:3px;border:1px solid;vertical-align:.08rem}"
    ".critical{color:#fff;background:#7d0a0a;fill:#7d0a0a}.high{color:#a50e0e;background:#fff;"
    "fill:#c5372c}.medium{color:#7a4b00;background:#fff;fill:#d98e04}.low{color:#1f5b8f;"
    "background:#fff;fill:#5b93c5}.informational{color:#555;background:#fff;fill:#b0b0b0}"
    "table{border-collapse:collapse;width:100%;font-size:.92rem}th,td{text-align:left;"
    "padding:.25rem .5rem;border-bottom:1px solid #ddd;overflow-wrap:anywhere}"
    "th{overflow-wrap:normal;font-size:.8rem;vertical-align:bottom}tr{break-inside:avoid}"
    ".num{text-align:right;font-variant-numeric:tabular-nums}"
    "p,li{orphans:3;widows:3}ul{margin:.3rem 0;padding-left:1.2rem;font-size:.9rem}"
    "li{margin:.2rem 0;break-inside:avoid}"
    ".log{font-family:ui-monospace,Consolas,'DejaVu Sans Mono',monospace;font-size:.82rem;"
    "overflow-wrap:anywhere;unicode-bidi:isolate;direction:ltr}"
    "svg{width:100%;height:8rem;background:#f7f7f7;border-bottom:1px solid #999}"
    ".axis{display:flex;justify-content:space-between;font-size:.85rem;color:#555}"
    "@page{size:A4;margin:15mm}@media print{body{font-size:10.5pt;max-width:none;padding:0}"
    "section.first{background:#fff}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}";

void html_raw(struct html *h, const char *s)
{
    buf_puts(h->out, s);
}

void html_text(struct html *h, struct slice s)
{
    buf_clear(&h->text);
    text_write_safe(&h->text, s);
    markup_write(h->out, buf_slice(&h->text));
}

void html_begin(struct html *h, const char *title)
{
    html_raw(h, "<!DOCTYPE html>\n<html lang=\"");
    html_raw(h, lang_to_str(h->lang));
    html_raw(h, "\"><head><meta charset=\"utf-8\">"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                "style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'\">"
                "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    html_tag(h, "title", title);
    html_raw(h, "<style>");
    html_raw(h, style);
    html_raw(h, "</style></head>\n<body><main>\n");
}

void html_end(struct html *h)
{
    html_raw(h, "</main></body></html>\n");
}

void html_tag_class(struct html *h, const char *tag, const char *class, const char *text)
{
    buf_printf(h->out, class ? "<%s class=\"%s\">" : "<%s>", tag, class);
    html_text(h, slice_str(text));
    buf_printf(h->out, "</%s>\n", tag);
}

void html_tag(struct html *h, const char *tag, const char *text)
{
    html_tag_class(h, tag, NULL, text);
}

void html_number(struct html *h, uint64_t v)
{
    lang_write_number(h->out, h->lang, v);
}

void html_number_cell(struct html *h, uint64_t v)
{
    html_raw(h, "<td class=\"num\">");
    if (v)
        html_number(h, v);
    html_raw(h, "</td>");
}

void html_time(struct html *h, int64_t t, int32_t zone_s, bool local)
{
    struct civil c;

    time_to_civil(t, zone_s, &c);
    buf_printf(h->out, "%02u:%02u:%02u %02u/%02u/%04d%s", c.hour, c.minute, c.second, c.day,
               c.month, c.year, local ? "?" : "");
}

void html_more(struct html *h, uint64_t v)
{
    struct buf number = BUF_INIT(64), text = BUF_INIT(1024);

    lang_write_number(&number, h->lang, v);
    lang_write(&text, h->lang, MSG_HUNT_REPORT_MORE, buf_cstr(&number));
    html_raw(h, "<p>");
    html_text(h, buf_slice(&text));
    html_raw(h, "</p>\n");
    buf_done(&number);
    buf_done(&text);
}

void html_chart_begin(struct html *h, unsigned bars, const char *title)
{
    buf_printf(h->out, "<svg viewBox=\"0 0 %u %u\" preserveAspectRatio=\"none\" role=\"img\">",
               bars * BAR_WIDTH, (unsigned)CHART_HEIGHT);
    html_tag(h, "title", title);
}

double html_bar(struct html *h, unsigned i, double y, double share, const char *class)
{
    double height = share * (CHART_HEIGHT - 4);

    if (share <= 0)
        return 0;
    height = CANH_MAX(height, (double)BAR_LEAST);
    buf_printf(h->out, "<rect class=\"%s\" x=\"%u\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>",
               class, i * BAR_WIDTH + 1, CHART_HEIGHT - y - height, BAR_WIDTH - 2, height);
    return height;
}

void html_chart_end(struct html *h)
{
    html_raw(h, "</svg>\n");
}
