/* SPDX-License-Identifier: Apache-2.0 */
#include "report/template.h"

#include "tap.h"

int main(void)
{
    static const struct slice one = SLICE("Sở Mẫu"), list[] = {SLICE("a"), SLICE("{{unit}}")};
    const struct template_value values[] = {{"unit", &one, 1},
                                            {"list", list, 2},
                                            {"none", list, 0}};
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"{{unit}} báo cáo", "Sở Mẫu báo cáo"},
        {"({{ unit }})", "(Sở Mẫu)"},
        {"{{list}}.", "a, {{unit}}."},
        {"[{{none}}]", "[]"},
        {"{{missing}} ở lại", "{{missing}} ở lại"},
        {"{{unit", "{{unit"},
        {"}}{{unit}}{{", "}}Sở Mẫu{{"},
        {"{{}}", "{{}}"},
        {"", ""},
    };

    for (size_t i = 0; i < CANH_LEN(cases); i++) {
        struct buf b = BUF_INIT(1000);

        template_fill(&b, slice_str(cases[i].text), values, CANH_LEN(values));
        is_slice(buf_slice(&b), slice_str(cases[i].want), "'%s'", cases[i].text);
        buf_done(&b);
    }
    ok(template_whole(SLICE(" {{list}} "), values, CANH_LEN(values)) == &values[1],
       "a whole value");
    ok(template_whole(SLICE("{{list}}{{list}}"), values, CANH_LEN(values)) == NULL, "two are none");
    ok(template_whole(SLICE("{{"), values, CANH_LEN(values)) == NULL, "half of one is none");
    return tap_done();
}
