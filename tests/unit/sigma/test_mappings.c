/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shipped mappings against SigmaHQ's: whatever its check of rules (tests/thor.yml) routes, they
 * route to the same channels and events; and every rule for Windows that they leave unreached is
 * listed here.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "err_words.h"
#include "expr_text.h"
#include "rules.h"
#include "sigma/pipeline.h"
#include "tap.h"
#include "yaml/yaml.h"

enum { MAPPINGS_MAX = 20 };

static struct pipeline *mappings[MAPPINGS_MAX];
static uint32_t mapping_count;
static struct arena arena = ARENA_INIT((size_t)1 << 30);

static bool read_text(struct buf *to, const char *folder, const char *name, struct err *err)
{
    char path[8192];

    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return file_read(path, to, err) >= 0;
}

static void load_mapping(const char *folder, const char *name)
{
    struct buf text = BUF_INIT(1 << 20);
    struct err err = ERR_INIT;
    bool loaded = read_text(&text, folder, name, &err) &&
                  pipeline_parse(buf_slice(&text), name, &mappings[mapping_count], &err) >= 0;

    ok(loaded, "%s loads (%u:%u: %s)", name, err.line, err.col, err_words(&err));
    ok(slice_find(buf_slice(&text), SLICE("\n# Source: ")) != SIZE_MAX &&
           slice_find(buf_slice(&text), SLICE("\n# Checked: 20")) != SIZE_MAX,
       "%s says where it comes from and when that was checked", name);
    mapping_count += loaded;
    buf_done(&text);
}

static void load_mappings(void)
{
    struct dirent **names;
    char folder[4096];
    int n;

    (void)snprintf(folder, sizeof(folder), "%s/mappings", tap_source_dir());
    n = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (slice_ends(slice_str(names[i]->d_name), SLICE(".yml")) && mapping_count < MAPPINGS_MAX)
            load_mapping(folder, names[i]->d_name);
        free(names[i]);
    }
    if (n >= 0)
        free(names);
    ok(mapping_count >= 6, "%u mappings", mapping_count);
}

struct route_event {
    struct slice channel, type;
    int64_t id;
};

static bool pattern_is(const struct pattern *p, struct slice text)
{
    if (p->count == 1 && p->parts[0].kind == PART_ANY)
        return true;
    return p->count == 1 && p->parts[0].kind == PART_TEXT &&
           slice_eq_nocase(p->parts[0].text, text);
}

static bool atom_holds(const struct atom *a, const struct route_event *e)
{
    if (slice_is(a->field, "EventID"))
        return a->op == ATOM_NUMBER && a->number == (double)e->id;
    if (slice_is(a->field, "Channel"))
        return a->op == ATOM_PATTERN && pattern_is(&a->pattern, e->channel);
    return slice_is(a->field, "EventType") && a->op == ATOM_PATTERN &&
           pattern_is(&a->pattern, e->type);
}

static bool route_holds(const struct expr *e, const struct route_event *event)
{
    bool and = e->op == EXPR_AND;

    if (e->op == EXPR_ATOM)
        return atom_holds(e->atom, event);
    for (uint32_t i = 0; i < e->count; i++)
        if (route_holds(e->kids[i], event) != and)
            return !and;
    return and;
}

/* A rule that asks for fields that every source has. */
static const struct sigma_rule *make_rule(struct slice category, struct slice product,
                                          struct slice service)
{
    struct buf text = BUF_INIT(4096);
    struct rule_options options = {NULL, 0};
    struct rule_file file = {.rule_count = 0};
    const struct {
        const char *key;
        struct slice value;
    } parts[] = {{"category", category}, {"product", product}, {"service", service}};

    buf_puts(&text, "title: t\nlogsource:\n");
    for (size_t i = 0; i < CANH_LEN(parts); i++)
        if (parts[i].value.n > 0)
            buf_printf(&text, "  %s: " SLICE_FMT "\n", parts[i].key, SLICE_ARG(parts[i].value));
    buf_puts(&text, "detection: {s: {Computer: x}, condition: s}\n");
    if (rule_read(&arena, SLICE("t.yml"), buf_slice(&text), &options, &file) < 0)
        file.rule_count = 0;
    buf_done(&text);
    return file.rule_count == 1 ? file.rules[0] : NULL;
}

static bool reached(const struct sigma_rule *rule, const struct route_event *event)
{
    for (uint32_t i = 0; i < mapping_count; i++) {
        struct rule_variant v;
        struct err err = ERR_INIT;
        int r = pipeline_apply(mappings[i], rule, &arena, &v, &err);

        if (r < 0)
            ok(false, SLICE_FMT ": %s", SLICE_ARG(rule->path), err_words(&err));
        if (r > 0 && (event == NULL || route_holds(v.route, event)))
            return true;
    }
    return false;
}

static const struct {
    const char *mapping, *logsource, *detection, *want; /* want NULL: not claimed */
} shipped[] = {
    {"windows-sysmon", "category: process_creation, product: windows",
     "s: {Image: x, OriginalFileName: y}", "(Image=\"x\" and OriginalFileName=\"y\")"},
    {"windows-sysmon", "category: process_creation, product: windows, service: security",
     "s: {Image: x}", NULL},
    {"windows-sysmon", "category: process_creation, product: linux", "s: {Image: x}", NULL},
    {"windows-security", "category: process_creation, product: windows",
     "s: {Image|endswith: '\\x.exe', ParentImage: y, IntegrityLevel: [System, S-1-16-12288]}",
     "(NewProcessName=\"*\\x.exe\" and ParentProcessName=\"y\" and "
     "(MandatoryLabel=\"S-1-16-16384\" or MandatoryLabel=\"S-1-16-12288\"))"},
    /* of two ways to hold, one is left */
    {"windows-security", "category: process_creation, product: windows",
     "s: [{Image: x}, {OriginalFileName: y}]", "(NewProcessName=\"x\" or OriginalFileName=\"y\")"},
    /* it can never hold, or always would */
    {"windows-security", "category: process_creation, product: windows",
     "s: {Image: x, OriginalFileName: y}", NULL},
    {"windows-security", "category: process_creation, product: windows", "s: {Company: null}",
     NULL},
    {"windows-security", "category: registry_set, product: windows",
     "s: {TargetObject|endswith: '\\Control\\Lsa\\RunAsPPL', Details: DWORD (0x00000000)}",
     "((ObjectName=\"*\\Control\\Lsa\\RunAsPPL\" or (ObjectName=\"*\\Control\\Lsa\" and "
     "ObjectValueName=\"RunAsPPL\") or (ObjectName=\"*\" and "
     "ObjectValueName=\"*\\Control\\Lsa\\RunAsPPL\")) and NewValue=\"0\")"},
    {"windows-security", "category: registry_set, product: windows",
     "s: {TargetObject: 'HKLM\\System\\CurrentControlSet\\x\\y'}",
     "(ObjectName=\"\\REGISTRY\\MACHINE\\System\\ControlSet00?\\x\\y\" or "
     "(ObjectName=\"\\REGISTRY\\MACHINE\\System\\ControlSet00?\\x\" and ObjectValueName=\"y\"))"},
    {"windows-security", "category: network_connection, product: windows",
     "s: {Image|startswith: 'C:\\Users\\', Initiated: 'true', Protocol: tcp, DestinationPort: 443}",
     "(Application=\"\\device\\harddiskvolume*\\Users\\\\*\" and (Direction=\"%%14593\" or "
     "Direction=\"Outbound\") and Protocol=\"6\" and DestPort=#443)"},
    {"windows-security", "category: network_connection, product: windows",
     "s: {DestinationHostname: x}", NULL},
    {"windows-defender", "category: antivirus", "s: {Signature: x, Filename: y}",
     "(ThreatName=\"x\" and Path=\"y\")"},
    {"windows-any", "product: windows", "k: [x]", "any=\"*x*\""},
    {"windows-any", "product: windows, service: system", "k: [x]", NULL},
    {"windows-services", "product: windows, service: system", "s: {EventID: 1}", "EventID=#1"},
    {"windows-services", "product: windows, service: system, category: x", "s: {EventID: 1}", NULL},
};

static const struct sigma_rule *read_rule(const char *logsource, const char *detection)
{
    struct buf text = BUF_INIT(1 << 16);
    struct rule_options options = {NULL, 0};
    struct rule_file file = {.rule_count = 0};

    buf_printf(&text, "title: t\nlogsource: {%s}\ndetection:\n  %s\n  condition: 1 of them\n",
               logsource, detection);
    if (rule_read(&arena, SLICE("t.yml"), buf_slice(&text), &options, &file) < 0 ||
        file.rule_count != 1)
        ok(false, "%s reads", detection);
    buf_done(&text);
    return file.rule_count == 1 ? file.rules[0] : NULL;
}

static void test_shipped(void)
{
    for (size_t i = 0; i < CANH_LEN(shipped); i++) {
        const struct sigma_rule *rule = read_rule(shipped[i].logsource, shipped[i].detection);
        struct buf out = BUF_INIT(1 << 16);
        struct rule_variant v;
        struct err err = ERR_INIT;
        int r = -1;

        for (uint32_t j = 0; rule != NULL && j < mapping_count; j++)
            if (slice_is(pipeline_name(mappings[j]), shipped[i].mapping))
                r = pipeline_apply(mappings[j], rule, &arena, &v, &err);
        if (r > 0)
            expr_text(v.condition, &out);
        is_str(r == 0 ? "unclaimed" : buf_cstr(&out),
               shipped[i].want != NULL ? shipped[i].want : "unclaimed", "%s: %s",
               shipped[i].mapping, shipped[i].detection);
        buf_done(&out);
    }
}

static const struct yaml_node *thor;

static void load_thor(void)
{
    struct buf text = BUF_INIT(1 << 20);
    struct yaml_docs docs = {NULL, 0};
    struct err err = ERR_INIT;
    char folder[4096];

    if (tap_data_dir() == NULL)
        return;
    (void)snprintf(folder, sizeof(folder), "%s/sigma-rules/mapping", tap_data_dir());
    if (read_text(&text, folder, "thor.yml", &err) &&
        yaml_parse(&arena, buf_slice(&text), &yaml_default_limits, &docs, &err) >= 0)
        thor = yaml_get(docs.roots[0], "logsources");
    ok(thor != NULL && thor->kind == YAML_MAP, "thor.yml is read %s", err_words(&err));
    buf_done(&text);
}

/* Calls fn for each channel of a service of Windows. */
static void each_channel(struct slice service, void (*fn)(void *ctx, struct slice channel),
                         void *ctx)
{
    static const struct slice prefix = {(const uint8_t *)"WinEventLog:", 12};

    for (uint32_t i = 0; i < thor->count; i++) {
        const struct yaml_node *entry = thor->kids[2 * i + 1], *list = yaml_get(entry, "sources");

        if (list == NULL || !slice_eq(yaml_get_text(entry, "service"), service))
            continue;
        for (uint32_t j = 0; j < list->count; j++)
            if (slice_starts(list->kids[j]->text, prefix))
                fn(ctx, slice_from(list->kids[j]->text, prefix.n));
    }
}

struct route_check {
    const struct sigma_rule *rule;
    const struct yaml_node *ids; /* NULL: any event of the channel */
    struct slice name, type;
    uint32_t routes;
};

static void check_id(struct route_check *check, struct slice channel, const struct yaml_node *id)
{
    struct route_event event = {channel, check->type, 65535};

    if (id != NULL)
        (void)yaml_int(id, &event.id);
    ok(reached(check->rule, &event), SLICE_FMT " reaches " SLICE_FMT " %d", SLICE_ARG(check->name),
       SLICE_ARG(channel), (int)event.id);
    check->routes++;
}

static void check_channel(void *ctx, struct slice channel)
{
    struct route_check *check = ctx;

    if (check->ids == NULL || check->ids->kind == YAML_SCALAR)
        check_id(check, channel, check->ids);
    for (uint32_t i = 0;
         check->ids != NULL && check->ids->kind == YAML_SEQ && i < check->ids->count; i++)
        check_id(check, channel, check->ids->kids[i]);
}

static void test_thor(void)
{
    uint32_t categories = 0, services = 0, channels = 0;

    for (uint32_t i = 0; i < thor->count; i++) {
        const struct yaml_node *entry = thor->kids[2 * i + 1],
                               *conditions = yaml_get(entry, "conditions"),
                               *rewrite = yaml_get(entry, "rewrite");
        struct slice category = yaml_get_text(entry, "category"),
                     service = yaml_get_text(entry, "service");
        struct route_check check = {.name = category.n > 0 ? category : service};

        if (rewrite == NULL && !slice_is(yaml_get_text(entry, "product"), "windows"))
            continue; /* log files of other systems */
        check.rule = make_rule(category, yaml_get_text(entry, "product"), service);
        check.ids = yaml_get(conditions, "EventID");
        check.type = yaml_get_text(conditions, "EventType");
        each_channel(rewrite != NULL ? yaml_get_text(rewrite, "service") : service, check_channel,
                     &check);
        ok(check.routes > 0, SLICE_FMT " has routes", SLICE_ARG(check.name));
        categories += category.n > 0;
        services += category.n == 0;
        channels += category.n == 0 ? check.routes : 0;
    }
    is_int(services, 44, "services");
    is_int(channels, 52, "channels of services");
    is_int(categories, 42, "routes of categories");
}

static bool thor_routes(const struct logsource *ls)
{
    for (uint32_t i = 0; i < thor->count; i++) {
        const struct yaml_node *entry = thor->kids[2 * i + 1];
        struct slice category = yaml_get_text(entry, "category"),
                     product = yaml_get_text(entry, "product"),
                     service = yaml_get_text(entry, "service");

        if ((category.n == 0 || slice_eq(category, ls->category)) &&
            (product.n == 0 || slice_eq(product, ls->product)) &&
            (service.n == 0 || slice_eq(service, ls->service)))
            return true;
    }
    return false;
}

/* What no mapping reaches, and why: docs/mappings.md. */
static const char *const unreached_titles[] = {
    "Non-DLL Extension File Renamed With DLL Extension",
    "Suspicious Appended Extension",
    "Suspicious File Access to Browser Credential Storage",
};

struct corpus {
    uint32_t windows, unreached, unknown, thor_unreached, lost;
};

static void map_rule(struct corpus *c, const struct sigma_rule *rule)
{
    bool any = reached(rule, NULL), known = false, thor_reaches = thor_routes(&rule->logsource);

    if (!slice_is(rule->logsource.product, "windows"))
        return;
    c->windows++;
    c->thor_unreached += !thor_reaches;
    c->unreached += !any;
    for (size_t i = 0; i < CANH_LEN(unreached_titles); i++)
        known = known || slice_is(rule->title, unreached_titles[i]);
    if (!any && !known) {
        c->unknown++;
        tap_note("unreached: " SLICE_FMT, SLICE_ARG(rule->path));
    }
    if (!any && thor_reaches) {
        c->lost++;
        tap_note("unreached, but routed by thor.yml: " SLICE_FMT, SLICE_ARG(rule->path));
    }
}

static void map_file(void *ctx, struct slice path, struct slice text)
{
    static const struct slice value = {(const uint8_t *)"x", 1};
    const struct placeholder placeholder = {SLICE("known_cdcs"), &value, 1};
    struct rule_options options = {&placeholder, 1};
    struct rule_file file;

    if (rule_read(&arena, path, text, &options, &file) < 0)
        return;
    for (uint32_t i = 0; i < file.rule_count; i++)
        map_rule(ctx, file.rules[i]);
    arena_clear(&arena);
}

static void test_corpus(void)
{
    struct corpus c = {0};
    struct arena kept = arena; /* thor.yml lives there */

    arena = ARENA_INIT((size_t)1 << 30);
    (void)rules_each(map_file, &c);
    arena_done(&arena);
    arena = kept;
    tap_note("%u rules for Windows; unreached %u, by thor.yml %u", c.windows, c.unreached,
             c.thor_unreached);
    ok(c.windows > 2800, "%u rules for Windows", c.windows);
    is_int(c.unknown, 0, "every rule that nothing reaches is known");
    is_int(c.unreached, CANH_LEN(unreached_titles), "and those that are known are");
    is_int(c.lost, 0, "nothing that thor.yml routes is lost");
}

int main(void)
{
    load_mappings();
    test_shipped();
    load_thor();
    if (thor != NULL) {
        test_thor();
        test_corpus();
    } else {
        tap_skip("SigmaHQ's rules and mapping are not here");
    }
    for (uint32_t i = 0; i < mapping_count; i++)
        (void)pipeline_free(mappings[i]);
    arena_done(&arena);
    return tap_done();
}
