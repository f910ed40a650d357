/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding against simdjson: dom::parser::parse of each record of an NDJSON file, and canh's
 * splitting and decoding of the same records into fields, taken in turns in one run.
 *
 *     bench_json [-p] FILE.ndjson [NAMES] [ROUNDS]     NAMES: field names to mention, one a line
 *
 * -p: the records are first written out over many lines, as pretty-printers do; then what it takes
 * to find where each ends is measured, too.
 */
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sched.h>
#include <simdjson.h>
#include <string>
#include <vector>

extern "C" {
#include "decode/json/json.h"
#include "decode/json/split.h"
#include "../tests/support/err_words.h"
}

namespace
{

using clock_type = std::chrono::steady_clock;

constexpr size_t block_bytes = 8 << 20;
constexpr size_t part_bytes = 32 << 20; /* each side gets this much before the other's turn */

struct text {
    std::vector<uint8_t> bytes;
    std::vector<std::pair<size_t, size_t>> records; /* offset, length */
};

double seconds_since(clock_type::time_point t)
{
    return std::chrono::duration<double>(clock_type::now() - t).count();
}

text load(const char *path)
{
    text t;
    std::ifstream in(path, std::ios::binary | std::ios::ate);

    if (!in) {
        std::fprintf(stderr, "bench_json: cannot open %s\n", path);
        std::exit(66);
    }
    size_t n = static_cast<size_t>(in.tellg());
    t.bytes.resize(n + simdjson::SIMDJSON_PADDING);
    in.seekg(0);
    in.read(reinterpret_cast<char *>(t.bytes.data()), static_cast<std::streamsize>(n));
    for (size_t at = 0; at < n;) {
        const void *eol = memchr(&t.bytes[at], '\n', n - at);
        size_t end =
            eol ? static_cast<size_t>(static_cast<const uint8_t *>(eol) - t.bytes.data()) : n;

        if (end > at)
            t.records.emplace_back(at, end - at);
        at = end + 1;
    }
    return t;
}

void new_line(std::vector<uint8_t> &out, size_t depth)
{
    out.push_back('\n');
    out.insert(out.end(), 2 * depth, ' ');
}

/* One record, as jq and Python write it. */
void put_pretty(std::vector<uint8_t> &out, const uint8_t *p, size_t n)
{
    size_t depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < n; i++) {
        uint8_t c = p[i];
        bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';

        if (in_string && c == '\\') {
            out.push_back(c);
            c = p[++i];
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && closes) {
            new_line(out, --depth);
        } else if (!in_string && c == ' ') {
            continue;
        }
        out.push_back(c);
        if (in_string)
            continue;
        if (opens)
            new_line(out, ++depth);
        else if (c == ',')
            new_line(out, depth);
        else if (c == ':')
            out.push_back(' ');
    }
}

text pretty(const text &from)
{
    text to;

    for (auto [at, n] : from.records) {
        size_t begin = to.bytes.size();

        put_pretty(to.bytes, &from.bytes[at], n);
        to.records.emplace_back(begin, to.bytes.size() - begin);
        to.bytes.push_back('\n');
    }
    to.bytes.resize(to.bytes.size() + simdjson::SIMDJSON_PADDING);
    return to;
}

struct keys *load_keys(const char *path)
{
    struct keys *k = keys_new();
    std::ifstream in(path);

    for (std::string line; std::getline(in, line);) {
        auto p = reinterpret_cast<const uint8_t *>(line.data());

        if (keys_intern(k, slice{p, line.size()}) == KEY_NONE)
            std::exit(65);
    }
    return k;
}

double run_dom(simdjson::dom::parser &parser, const text &t, size_t from, size_t to)
{
    auto start = clock_type::now();

    for (size_t i = from; i < to; i++) {
        auto [at, n] = t.records[i];
        auto error = parser.parse(&t.bytes[at], n, false).error();

        if (error) {
            std::fprintf(stderr, "bench_json: %s at %zu\n", simdjson::error_message(error), at);
            std::exit(65);
        }
    }
    return seconds_since(start);
}

/* d: NULL only splits. */
double run_canh(json_decoder *d, const text &t, size_t from, size_t to, uint64_t &fields)
{
    auto start = clock_type::now();
    size_t at = t.records[from].first;
    size_t end = t.records[to - 1].first + t.records[to - 1].second;
    json_split split;
    struct err err = {};

    json_split_init(&split, &decode_default_limits);
    while (at < end) {
        size_t have = std::min(block_bytes, end - at), taken;
        json_block block;
        struct event event;
        int r = json_split_cut(&split, slice{&t.bytes[at], have}, at + have == end, &block, &taken,
                               &err);

        at += taken;
        if (r <= 0 || d == nullptr)
            continue;
        json_start(d, &block);
        while ((r = json_next(d, &event, &err)) != 0) {
            if (r < 0) {
                std::fprintf(stderr, "bench_json: line %u: %s\n", err.line, err_words(&err));
                std::exit(65);
            }
            fields += event.count;
        }
    }
    json_split_done(&split);
    return seconds_since(start);
}

void pin()
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET(sched_getcpu(), &set);
    (void)sched_setaffinity(0, sizeof(set), &set);
}

} // namespace

int main(int argc, char **argv)
{
    bool spread = argc > 1 && std::strcmp(argv[1], "-p") == 0;

    argc -= spread;
    argv += spread;
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_json [-p] FILE.ndjson [NAMES] [ROUNDS]\n");
        return 64;
    }
    pin();
    text t = spread ? pretty(load(argv[1])) : load(argv[1]);
    struct keys *keys = load_keys(argc > 2 ? argv[2] : "/dev/null");
    int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
    simdjson::dom::parser parser;
    json_decoder *d = json_decoder_new(keys, &decode_default_limits);
    size_t per_part = std::max<size_t>(1, part_bytes * t.records.size() / t.bytes.size());
    std::vector<double> ratios;

    for (int round = 0; round < rounds; round++) {
        double dom = 0, canh = 0, split = 0;
        uint64_t fields = 0;

        for (size_t i = 0; i < t.records.size(); i += per_part) {
            size_t to = std::min(i + per_part, t.records.size());

            dom += run_dom(parser, t, i, to);
            canh += run_canh(d, t, i, to, fields);
            split += spread ? run_canh(nullptr, t, i, to, fields) : 0;
        }
        double n = static_cast<double>(t.records.size());
        double mb = static_cast<double>(t.bytes.size()) / 1e6;
        std::printf("dom %.0f ns/record %.0f MB/s   canh %.0f ns/record %.0f MB/s   "
                    "ratio %.2f   %.1f fields/record\n",
                    dom / n * 1e9, mb / dom, canh / n * 1e9, mb / canh, dom / canh,
                    static_cast<double>(fields) / n);
        if (spread)
            std::printf("splitting alone %.0f MB/s, %.1f times as fast as dom\n", mb / split,
                        dom / split);
        ratios.push_back(dom / canh);
    }
    std::sort(ratios.begin(), ratios.end());
    std::printf("median ratio %.2f (canh decodes this many times as fast as simdjson parses)\n",
                ratios[ratios.size() / 2]);
    json_decoder_free(d);
    keys_free(keys);
}
