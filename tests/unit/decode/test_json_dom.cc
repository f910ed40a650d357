/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decoder against simdjson's DOM: the same records accepted and refused, and the same leaves
 * in them, on documents changed at random. Where they may differ: simdjson refuses numbers that
 * do not fit a double or 64 bits, and lone surrogates; and null that nobody mentions is no field.
 */
#include <cmath>
#include <cstring>
#include <simdjson.h>
#include <string>
#include <vector>

extern "C" {
#include "base/buf.h"
#include "base/file.h"
#include "base/num.h"
#include "decode/json/json.h"
#include "tap.h"
}

namespace
{

using simdjson::dom::element;
using simdjson::dom::element_type;

struct leaf {
    uint16_t key;
    uint8_t type;
    std::string text;
    double number;
};

struct expectation {
    const struct keys *keys;
    std::vector<leaf> leaves;
    bool plain = true; /* no path with a role, whose meaning lies beyond paths */
};

slice slice_of_string(std::string_view s)
{
    return slice{reinterpret_cast<const uint8_t *>(s.data()), s.size()};
}

void expect(expectation &x, std::vector<slice> &path, leaf l)
{
    shape_names names = shape_resolve(x.keys, path.data(), path.size());

    x.plain = x.plain && shape_role(path.data(), path.size()) == SHAPE_PLAIN;
    if (names.count == 0 && l.type != VALUE_GROUP && l.type != VALUE_NULL)
        x.leaves.push_back(l);
    for (uint32_t i = 0; i < names.count; i++) {
        l.key = names.keys[i];
        x.leaves.push_back(l);
    }
}

void visit(expectation &x, std::vector<slice> &path, element e, bool in_array)
{
    switch (e.type()) {
    case element_type::OBJECT:
        if (!in_array)
            expect(x, path, {KEY_NONE, VALUE_GROUP, "", 0});
        for (auto member : simdjson::dom::object(e)) {
            path.push_back(slice_of_string(member.key));
            visit(x, path, member.value, false);
            path.pop_back();
        }
        break;
    case element_type::ARRAY:
        if (!in_array)
            expect(x, path, {KEY_NONE, VALUE_GROUP, "", 0});
        for (element item : simdjson::dom::array(e))
            visit(x, path, item, true);
        break;
    case element_type::STRING:
        expect(x, path, {KEY_NONE, VALUE_STRING, std::string(std::string_view(e)), 0});
        break;
    case element_type::BOOL:
        expect(x, path, {KEY_NONE, VALUE_BOOL, bool(e) ? "true" : "false", 0});
        break;
    case element_type::NULL_VALUE:
        expect(x, path, {KEY_NONE, VALUE_NULL, "", 0});
        break;
    default:
        expect(x, path, {KEY_NONE, VALUE_NUMBER, "", double(e)});
    }
}

bool same_leaf(const struct field &f, const leaf &l)
{
    buf text = BUF_INIT(1 << 24);
    double number;
    bool same;

    field_text(&f, &text);
    if (f.key != l.key || f.type != l.type)
        same = false;
    else if (l.type == VALUE_NUMBER)
        same = num_double(buf_slice(&text), &number) == 0 && number == l.number;
    else
        same = slice_eq(buf_slice(&text), slice_of_string(l.text));
    buf_done(&text);
    return same;
}

size_t longest_digits(const std::string &doc)
{
    size_t longest = 0, n = 0;

    for (char c : doc) {
        n = c >= '0' && c <= '9' ? n + 1 : 0;
        longest = std::max(longest, n);
    }
    return longest;
}

/* simdjson may refuse what the grammar allows. */
bool may_differ(const std::string &doc, simdjson::error_code error)
{
    if (error == simdjson::NUMBER_ERROR)
        return longest_digits(doc) >= 19 || doc.find_first_of("eE") != std::string::npos;
    return error == simdjson::STRING_ERROR && doc.find("\\u") != std::string::npos;
}

struct rng {
    uint64_t state;

    uint64_t next(uint64_t n)
    {
        state = state * 6364136223846793005u + 1442695040888963407u;
        return (state >> 33) % n;
    }
};

std::string mutate(std::string doc, rng &r)
{
    static const char *const pieces[] = {
        "\"",   "\\",       "{",    "}",    "[",        "]",  ",",  ":",       " ",
        "\n",   "null",     "true", "0",    "-1.5e3",   "e",  ".",  "\\u0041", "\\n",
        "\x01", "\xC3\xA9", "\xC3", "\xFF", "\"a\":1,", "[]", "{}",
    };

    for (uint64_t n = r.next(3); n-- > 0 && !doc.empty();) {
        size_t at = r.next(doc.size());

        switch (r.next(4)) {
        case 0:
            doc.erase(at, 1 + r.next(4));
            break;
        case 1:
            doc.insert(at, pieces[r.next(sizeof(pieces) / sizeof(pieces[0]))]);
            break;
        case 2:
            doc.replace(at, 1, pieces[r.next(sizeof(pieces) / sizeof(pieces[0]))]);
            break;
        default: {
            size_t from = r.next(doc.size());

            doc.insert(at, doc.substr(from, r.next(40)));
        }
        }
    }
    return doc;
}

struct differ {
    const struct keys *keys;
    json_decoder *decoder;
    simdjson::dom::parser parser{};
    size_t accepted = 0, refused = 0, leaves = 0;

    bool same(const std::string &doc)
    {
        std::string padded = doc + std::string(simdjson::SIMDJSON_PADDING, '"');
        auto bytes = reinterpret_cast<const uint8_t *>(padded.data());
        struct event event;
        int ours = json_decode(decoder, slice{bytes, doc.size()}, &event, nullptr);
        element root;
        auto error = parser.parse(padded.data(), doc.size(), false).get(root);

        if (error) {
            refused++;
            return ours < 0 || may_differ(doc, error);
        }
        accepted++;
        return ours == 0 && same_leaves(root, event);
    }

    bool same_leaves(element root, const struct event &event)
    {
        expectation x{keys, {}};
        std::vector<slice> path;

        visit(x, path, root, false);
        if (!x.plain || event.flags & EVENT_FIELDS_LOST)
            return true;
        if (x.leaves.size() != event.count)
            return false;
        for (size_t i = 0; i < x.leaves.size(); i++) {
            if (!same_leaf(event.fields[i], x.leaves[i]))
                return false;
        }
        leaves += x.leaves.size();
        return true;
    }
};

void run(differ &d, unsigned level, const std::vector<std::string> &docs, const char *what)
{
    rng r{level + 1};

    json_set_level(d.decoder, level);
    d.accepted = d.refused = d.leaves = 0;
    for (int i = 0; i < 40000 / TAP_EVERY(8); i++) {
        std::string doc = mutate(docs[r.next(docs.size())], r);

        if (!d.same(doc)) {
            ok(false, "level %u, %s: the same as simdjson", level, what);
            tap_note("%s", doc.c_str());
            return;
        }
    }
    const size_t enough = 10000 / TAP_EVERY(8);

    ok(d.accepted > enough && d.refused > enough && d.leaves > enough,
       "level %u, %s: %zu accepted and %zu refused alike, %zu leaves", level, what, d.accepted,
       d.refused, d.leaves);
}

const std::vector<std::string> made_up = {
    R"({"a":1,"b":{"c":[true,false,null,"x"],"d":{}},"e":"\u00e9\n\"\\"})",
    R"({"a":2,"b":{"c":[],"d":{"f":-0.25e-3}},"e":null,"g":[[1],[{"a":"b"}]]})",
    R"({"Event":{"System":{"EventID":77,"Channel":"Security"},"EventData":{"Image":"C:\\x"}}})",
    R"({"Event":{"System":{"EventID":"1","Channel":"System"},"EventData":{"Image":null,"z":{}}}})",
    R"( [ 1 , "two" , { "a" : "three" } , [ ] , 1.5 ] )",
    R"({"long":"0123456789012345678901234567890123456789012345678901234567890123456789\\","a":""})",
    R"({"a":"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789","b":"x"})",
    "{\n  \"a\": \"tab\\t\",\n  \"b\": [\n    1,\n    2\n  ]\n}\n",
};

/* Records of real logs; every 97th. */
std::vector<std::string> real_records()
{
    std::vector<std::string> docs;
    const char *dir = tap_data_dir();
    char command[4200];

    if (dir == nullptr)
        return docs;
    (void)snprintf(command, sizeof(command),
                   "zstd -dcq '%s/expected/evtx-records.jsonl.zst' 2>/dev/null", dir);
    FILE *f = popen(command, "r");
    std::string text;
    char part[65536];

    for (size_t n; f && (n = fread(part, 1, sizeof(part), f)) > 0;)
        text.append(part, n);
    if (f)
        (void)pclose(f);
    for (size_t at = 0, line = 0; at < text.size(); line++) {
        size_t eol = std::min(text.find('\n', at), text.size());

        if (line % 97 == 0)
            docs.push_back(text.substr(at, eol - at));
        at = eol + 1;
    }
    return docs;
}

} // namespace

int main()
{
    static const char *const names[] = {"a",      "b.c",         "b.d",
                                        "e",      "g",           "b.d.f",
                                        "Image",  "z.a",         "g.a",
                                        "User",   "CommandLine", "TargetFilename",
                                        "Hashes", "record",      "record.Event.System.Level"};
    struct keys *keys = keys_new();

    for (const char *name : names) {
        if (keys_intern(keys, slice_str(name)) == KEY_NONE)
            return 1;
    }
    differ d{keys, json_decoder_new(keys, &decode_default_limits)};
    auto records = real_records();

    for (unsigned level = 0; level < json_levels(); level++)
        run(d, level, made_up, "made-up documents");
    if (records.empty())
        tap_skip("no real records (data or zstd missing)");
    for (unsigned level = 0; level < json_levels() && !records.empty(); level++)
        run(d, level, records, "real records");
    json_decoder_free(d.decoder);
    keys_free(keys);
    return tap_done();
}
