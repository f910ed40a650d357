/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The engine against simdjson's own parser, interleaved block by block over the same bytes in one
 * pinned thread, so that a machine whose speed drifts slows both alike:
 *
 *   bench_engine RULES MAPPINGS FILE.ndjson [ROUNDS]
 *
 * Prints the rate of dom::parser::parse of each record, the rate of decode + match with all rules
 * of the folder, their ratio, and what the engine counted. RULES "-": the parser alone.
 */
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

#include <sched.h>
#include <simdjson.h>

extern "C" {
#include "base/file.h"
#include "decode/json/json.h"
#include "sigma/match.h"
#include "sigma/partition.h"
#include "../tests/support/err_words.h"
}

namespace {

constexpr size_t kBlock = 4 << 20;

double now()
{
    timespec ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return static_cast<double>(ts.tv_sec) + 1e-9 * static_cast<double>(ts.tv_nsec);
}

[[noreturn]] void die(const char *what)
{
    std::fprintf(stderr, "bench_engine: %s\n", what);
    std::exit(1);
}

std::vector<std::string> files_below(const char *root, const char *suffix)
{
    std::vector<std::string> paths;

    for (const auto &entry : std::filesystem::recursive_directory_iterator(root))
        if (entry.is_regular_file() && entry.path().extension() == suffix)
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

slice as_slice(const std::string &s)
{
    return slice_of(s.data(), s.size());
}

std::string read_file(const std::string &path)
{
    buf content = BUF_INIT(64 << 20);
    err e = ERR_INIT;

    if (file_read(path.c_str(), &content, &e) < 0)
        die(err_words(&e));
    std::string text(reinterpret_cast<char *>(content.p), content.len);
    buf_done(&content);
    return text;
}

struct ruleset *load(const char *rules, const char *mappings)
{
    ruleset_options options = {};
    err e = ERR_INIT;
    double start = now();

    options.min_status = STATUS_EXPERIMENTAL;
    options.jit = true;
    struct ruleset *rs = ruleset_new(&options);
    for (const auto &path : files_below(mappings, ".yml"))
        if (ruleset_add_mapping(rs, path.c_str(), as_slice(read_file(path)), &e) < 0)
            die(err_words(&e));
    for (const auto &path : files_below(rules, ".yml"))
        if (ruleset_add_rules(rs, as_slice(path), as_slice(read_file(path))) < 0)
            die("out of memory");
    if (ruleset_compile(rs, &e) < 0)
        die(err_words(&e));
    ruleset_counts counts;
    ruleset_count_all(rs, &counts);
    std::printf("load            %8.3f s   %u rules, %u refused, %u unreached, %u variants, %u routes\n",
                now() - start, counts.rules, counts.refused, counts.unreached, counts.variants,
                counts.routes);
    return rs;
}

/* The next block of whole lines; the bytes behind the last line break are kept for the next. */
class Reader {
  public:
    explicit Reader(const char *path) : file_(std::fopen(path, "rb")), bytes_(kBlock + 4096)
    {
        if (file_ == nullptr)
            die(path);
    }
    ~Reader() { std::fclose(file_); }
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;

    slice next()
    {
        std::memmove(bytes_.data(), bytes_.data() + used_, filled_ - used_);
        filled_ -= used_;
        used_ = 0;
        filled_ += std::fread(bytes_.data() + filled_, 1, kBlock - filled_, file_);
        void *last = memrchr(bytes_.data(), '\n', filled_);
        used_ = last ? static_cast<size_t>(static_cast<uint8_t *>(last) - bytes_.data()) + 1 : filled_;
        return slice_of(bytes_.data(), used_);
    }

  private:
    std::FILE *file_;
    std::vector<uint8_t> bytes_;
    size_t filled_ = 0, used_ = 0;
};

struct Totals {
    double dom = 0, decode = 0, engine = 0;
    uint64_t bytes = 0, records = 0, matched = 0, bad = 0;
};

uint64_t parse_dom(simdjson::dom::parser &parser, slice block)
{
    uint64_t records = 0;

    for (slice line; slice_cut(&block, '\n', &line);) {
        if (line.n == 0)
            continue;
        simdjson::dom::element doc;
        records += !parser.parse(line.p, line.n, false).get(doc);
    }
    return records;
}

template <typename Use> uint64_t decode(json_decoder *d, slice block, uint64_t *bad, Use use)
{
    json_block jb = {};
    event e;
    err problem = ERR_INIT;
    uint64_t records = 0;

    jb.text = block;
    jb.line = 1;
    jb.mode = JSON_LINES;
    json_start(d, &jb);
    for (int r; (r = json_next(d, &e, &problem)) != 0;) {
        if (r < 0) {
            ++*bad;
            continue;
        }
        records++;
        use(&e);
    }
    return records;
}

void run(const char *path, json_decoder *d, matcher *m, Totals *t)
{
    static simdjson::dom::parser parser;
    Reader reader(path);

    if (parser.allocate(kBlock) != simdjson::SUCCESS)
        die("out of memory");
    for (slice block; (block = reader.next()).n > 0;) {
        double a = now();
        uint64_t dom = parse_dom(parser, block);
        double b = now();
        uint64_t ignored = 0;
        (void)decode(d, block, &ignored, [](const event *) {});
        double c = now();
        uint64_t ours = decode(d, block, &t->bad, [&](const event *e) {
            t->matched += matcher_run(m, e).count > 0;
        });
        double end = now();
        if (dom != ours)
            std::printf("records differ: %lu by simdjson, %lu by canh\n", dom, ours);
        t->dom += b - a;
        t->decode += c - b;
        t->engine += end - c;
        t->bytes += block.n;
        t->records += ours;
    }
}

/* Seconds that the parser takes for a file. */
double run_dom(const char *path)
{
    simdjson::dom::parser parser;
    Reader reader(path);
    double seconds = 0;

    if (parser.allocate(kBlock) != simdjson::SUCCESS)
        die("out of memory");
    for (slice block; (block = reader.next()).n > 0;) {
        double start = now();
        (void)parse_dom(parser, block);
        seconds += now() - start;
    }
    return seconds;
}

void print_rate(const char *what, const Totals &t, double seconds)
{
    std::printf("%-15s %8.0f MB/s %9.0f events/s  %.3f of dom\n", what,
                static_cast<double>(t.bytes) / seconds / 1e6,
                static_cast<double>(t.records) / seconds, t.dom / seconds);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 4)
        die("usage: bench_engine RULES|- MAPPINGS FILE.ndjson [ROUNDS]");
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(sched_getcpu(), &one);
    (void)sched_setaffinity(0, sizeof(one), &one);
    if (argv[1] == std::string("-")) {
        std::printf("dom::parse %.4f s\n", run_dom(argv[3]));
        return 0;
    }
    struct ruleset *rs = load(argv[1], argv[2]);
    json_decoder *d = json_decoder_new(ruleset_keys(rs), &decode_default_limits);
    matcher *m = matcher_new(rs);
    if (d == nullptr || m == nullptr)
        die("out of memory");
    for (int round = argc > 4 ? std::atoi(argv[4]) : 1; round > 0; round--) {
        Totals t;
        run(argv[3], d, m, &t);
        print_rate("dom::parse", t, t.dom);
        print_rate("decode", t, t.decode);
        print_rate("decode + match", t, t.engine);
        matcher_counts counts;
        matcher_count(m, &counts);
        double n = static_cast<double>(std::max<uint64_t>(counts.events, 1));
        std::printf("                %.1f ns decode, %.1f ns match an event; %.2f %% matching; "
                    "%.2f candidates; %.2f %% unrouted; %lu bad\n",
                    1e9 * t.decode / static_cast<double>(t.records),
                    1e9 * (t.engine - t.decode) / static_cast<double>(t.records),
                    100.0 * static_cast<double>(t.matched) / static_cast<double>(t.records),
                    static_cast<double>(counts.candidates) / n,
                    100.0 * static_cast<double>(counts.unrouted) / n, t.bad);
    }
    (void)matcher_free(m);
    (void)json_decoder_free(d);
    (void)ruleset_free(rs);
    return 0;
}
