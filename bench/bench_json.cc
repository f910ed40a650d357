/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decoding against simdjson: dom::parser::parse of each record of an NDJSON file, and canh's
 * splitting and decoding of the same records into fields, taken in turns in one run.
 *
 *     bench_json FILE.ndjson [NAMES] [ROUNDS]     NAMES: field names to mention, one a line
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
#include "decode/json.h"
#include "decode/json_split.h"
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

double run_canh(json_decoder *d, const text &t, size_t from, size_t to, uint64_t &fields)
{
    auto start = clock_type::now();
    size_t at = t.records[from].first;
    size_t end = t.records[to - 1].first + t.records[to - 1].second;
    json_split split;
    struct err err = {};

    json_split_init(&split, &decode_default_limits, false);
    while (at < end) {
        size_t have = std::min(block_bytes, end - at), taken;
        json_block block;
        struct event event;
        int r = json_split_cut(&split, slice{&t.bytes[at], have}, at + have == end, &block, &taken,
                               &err);

        at += taken;
        if (r <= 0)
            continue;
        json_start(d, &block);
        while ((r = json_next(d, &event, &err)) != 0) {
            if (r < 0) {
                std::fprintf(stderr, "bench_json: line %u: %s\n", err.line, err.msg);
                std::exit(65);
            }
            fields += event.count;
        }
    }
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
    if (argc < 2) {
        std::fprintf(stderr, "usage: bench_json FILE.ndjson [NAMES] [ROUNDS]\n");
        return 64;
    }
    pin();
    text t = load(argv[1]);
    struct keys *keys = load_keys(argc > 2 ? argv[2] : "/dev/null");
    int rounds = argc > 3 ? std::atoi(argv[3]) : 3;
    simdjson::dom::parser parser;
    json_decoder *d = json_decoder_new(keys, &decode_default_limits);
    size_t per_part = std::max<size_t>(1, part_bytes * t.records.size() / t.bytes.size());
    std::vector<double> ratios;

    for (int round = 0; round < rounds; round++) {
        double dom = 0, canh = 0;
        uint64_t fields = 0;

        for (size_t i = 0; i < t.records.size(); i += per_part) {
            size_t to = std::min(i + per_part, t.records.size());

            dom += run_dom(parser, t, i, to);
            canh += run_canh(d, t, i, to, fields);
        }
        double n = static_cast<double>(t.records.size());
        double mb = static_cast<double>(t.bytes.size()) / 1e6;
        std::printf("dom %.0f ns/record %.0f MB/s   canh %.0f ns/record %.0f MB/s   "
                    "ratio %.2f   %.1f fields/record\n",
                    dom / n * 1e9, mb / dom, canh / n * 1e9, mb / canh, dom / canh,
                    static_cast<double>(fields) / n);
        ratios.push_back(dom / canh);
    }
    std::sort(ratios.begin(), ratios.end());
    std::printf("median ratio %.2f (canh decodes this many times as fast as simdjson parses)\n",
                ratios[ratios.size() / 2]);
    json_decoder_free(d);
    keys_free(keys);
}
