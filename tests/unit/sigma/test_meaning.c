/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules against events, by the oracle: the points where implementations of Sigma differ, and the
 * traps that have bitten them.
 */
#include "sigma_case.h"
#include "tap.h"

#define yes(selection, event) ok(case_selects(selection, event), "%s ~ %s", selection, event)
#define no(selection, event)  ok(!case_selects(selection, event), "%s !~ %s", selection, event)

/* A condition over selections in which filters ask for absent fields. */
static void test_absent_filter(void)
{
    static const char simple[] = "sel: {f: a}\nfilter: {g: b}\ncondition: sel and not filter";
    static const char list[] =
        "sel: {f: a}\nfilter: [{g: b}, {h: c}]\ncondition: sel and not filter";
    static const char many[] =
        "sel: {f: a}\nfilter_1: {g: b}\nfilter_2: {h: c}\ncondition: sel and not 1 of filter_*";
    static const char all[] =
        "sel: {f: a}\nfilter_1: {g: b}\nfilter_2: {h: c}\ncondition: sel and not all of filter_*";

    ok(case_matches(simple, "f=a"), "not over an absent field holds");
    ok(!case_matches(simple, "f=a;g=b"), "and not over one that matches does not");
    ok(case_matches(list, "f=a"), "through a list of maps");
    ok(!case_matches(list, "f=a;h=c"), "any of them excludes");
    ok(case_matches(many, "f=a") && case_matches(many, "f=a;g=x"), "through 1 of");
    ok(!case_matches(many, "f=a;h=C"), "any of them excludes");
    ok(case_matches(all, "f=a;g=b"), "all of needs both");
    ok(!case_matches(all, "f=a;g=b;h=c"), "both are there");
}

static void test_null_and_empty(void)
{
    yes("f: null", "g=x");
    yes("f: null", "f~");
    yes("f: null", "f~;f~");
    no("f: null", "f~;f=x");
    no("f: null", "f=");
    no("f: null", "f=null");
    no("f: null", "f{}");
    yes("f: null", "f%");
    yes("f: ''", "f%");
    no("f: x", "f%");
    no("f|neq: null", "f%");
    yes("f|exists: true", "f%");
    yes("f: ''", "f=");
    no("f: ''", "f~");
    no("f: ''", "g=x");
    yes("f: '-'", "f=-");
    no("f: '-'", "f=");
    yes("f: 'null'", "f=null");
    no("f: 'null'", "f~");
    yes("f: [null, x]", "g=1");
    yes("f: [null, x]", "f=X");
    no("f: [null, x]", "f=y");
    yes("f|neq: null", "f=");
    no("f|neq: null", "g=x");
    yes("f|neq: ''", "g=x");
    yes("f|neq: ''", "f~");
    no("f|neq: ''", "f=");
    yes("f|neq: x", "g=x");
    no("f|neq: x", "f=X");
    yes("f|neq: x", "f=y");
    no("f|neq: x", "f=y;f=x");
    yes("f|exists: true", "f~");
    yes("f|exists: true", "f=");
    yes("f|exists: true", "f{}");
    no("f|exists: true", "g=");
    yes("f|exists: false", "g=");
    no("f|exists: false", "f~");
    yes("f|contains: ''", "f=");
    no("f|contains: ''", "f~");
    no("f: '*'", "g=x");
}

static void test_backslashes(void)
{
    yes("f|contains: 'C:\\Temp\\'", "f=xC:\\temp\\y");
    no("f|contains: 'C:\\Temp\\'", "f=xC:\\temp*y");
    yes("f|startswith: '\\\\\\\\\\*\\\\IPC$'", "f=\\\\*\\IPC$");
    no("f|startswith: '\\\\\\\\\\*\\\\IPC$'", "f=\\\\srv\\IPC$");
    yes("f: 'a\\\\*'", "f=a\\anything");
    no("f: 'a\\\\*'", "f=aanything");
    yes("f: 'a\\*'", "f=a*");
    no("f: 'a\\*'", "f=ab");
    yes("f: 'a\\\\\\*'", "f=a\\*");
    no("f: 'a\\\\\\*'", "f=a\\b");
    yes("f: '\\?'", "f=?");
    no("f: '\\?'", "f=x");
    yes("f: 'a\\\\b'", "f=a\\b");
    no("f: 'a\\\\b'", "f=a\\\\b");
    yes("f: 'a\\\\\\\\b'", "f=a\\\\b");
    yes("f: 'a\\b'", "f=A\\B");
}

/* A keyword takes every modifier that does not ask for a field. */
static void test_keyword_modifiers(void)
{
    yes("'|re|i': 'a.c'", "f=xABCx");
    no("'|re': 'a.c'", "f=xABCx");
    yes("'|re|m': '^b$'", "f=a\nb");
    no("'|re': '^b$'", "f=a\nb");
    yes("'|re|s': 'a.b'", "f=a\nb");
    no("'|re': 'a.b'", "f=a\nb");
    yes("'|expand': '%users%'", "f=Alice");
    yes("'|startswith': 'ab'", "f=abc");
    no("'|startswith': 'bc'", "f=abc");
    yes("'|endswith': 'bc'", "f=abc");
    no("'|endswith': 'ab'", "f=abc");
    yes("'|contains': 'b'", "f=abc");
    yes("'|cased': 'B'", "f=aBc");
    no("'|cased': 'B'", "f=abc");
    yes("'|base64|contains': 'foobar'", "f=xZm9vYmFyx");
    yes("'|base64offset': 'foobar'", "f=xZvb2Jhcx");
    yes("'|wide|base64': 'cmd'", "f=xYwBtAGQAx");
    yes("'|utf16be|base64': 'cmd'", "f=xAGMAbQBkx");
    yes("'|utf16|base64': 'cmd'", "f=x//5jAG0AZAA=x");
    yes("'|windash': '-x'", "f=cmd /x");
    yes("'|all': [ab, cd]", "f=xcdab");
    no("'|all': [ab, cd]", "f=xab");
    yes("'|neq': ab", "f=xa");
    no("'|neq': ab", "f=xab");
}

static void test_wildcards(void)
{
    yes("f: a*c", "f=abbc");
    no("f: a*c", "f=abcd");
    no("f: a*c", "f=xabc");
    yes("f: a*c", "f=a\nb\r\nc");
    yes("f|contains: a*c", "f=xaybcz");
    yes("f|startswith: a?c", "f=abcd");
    no("f|startswith: a?c", "f=acd");
    yes("f|endswith: 'x*y'", "f=abxzzy");
    no("f|endswith: 'x*y'", "f=abxzzyy1");
    yes("f: '8\?\?\?'", "f=8123");
    no("f: '8\?\?\?'", "f=812");
    no("f: '8\?\?\?'", "f=81234");
    yes("f: '?'", "f=\xE1\xBB\x9D");
    no("f: '\?\?'", "f=\xE1\xBB\x9D");
    yes("f: '?'", "f=\n");
    yes("f: '*a*a*b*'", "f=xaxxaxxbx");
    no("f: '*a*a*b'", "f=aab1");
    yes("f: '*?'", "f=x");
    no("f: '*?'", "f=");
    yes("f: '*\xC4\x91?'", "f=x\xC4\x90y");
}

static void test_folding(void)
{
    yes("f: \xE1\xBB\x9C", "f=\xE1\xBB\x9D");
    yes("f: K", "f=\xE2\x84\xAA");
    yes("f|contains: \xCF\x83", "f=x\xCF\x82");
    yes("f: \xD0\x96", "f=\xD0\xB6");
    no("f: I", "f=\xC4\xB1");
    no("f: ss", "f=\xC3\x9F");
    yes("f|contains: \xF0\x9F\x98\x80", "f=x\xF0\x9F\x98\x80\xEF\xB8\x8F");
    no("f|cased: A", "f=a");
    yes("f|cased: A", "f=A");
    yes("f|contains|cased: Bc", "f=aBcd");
    no("f|contains|cased: Bc", "f=abcd");
    yes("f: a*b", "f=a\xFF"
                  "b");
    yes("f: a?b", "f=a\xFF"
                  "b");
    no("F: a", "f=a");
}

static void test_dashes(void)
{
    yes("f|windash: '-a -b -c -d'", "f=/a /b /c /d");
    yes("f|windash|contains: ' /x'", "f=cmd -x");
    yes("f|windash|contains: ' -x'", "f=cmd /X");
    yes("f|windash|contains: ' -x'", "f=cmd \xE2\x80\x93x");
    yes("f|windash|contains: '-a -b'", "f=/a \xE2\x80\x95"
                                       "b");
    yes("f|windash|contains: '-foo-bar'", "f=/foo-bar");
    no("f|windash|contains: '-foo-bar'", "f=/foo/bar");
    no("f|windash|contains: 'a-b'", "f=a/b");
    yes("f|windash|contains|all: [' -a', ' -b']", "f= /a \xE2\x80\x94"
                                                  "b");
    no("f|windash|contains|all: [' -a', ' -b']", "f= /a");
}

static void test_encodings(void)
{
    yes("f|base64offset|contains: http://", "f=x aHR0cDovL3g= y");
    yes("f|base64offset|contains: http://", "f=eGh0dHA6Ly8=");
    yes("f|base64offset|contains: http://", "f=eHhodHRwOi8v");
    no("f|base64offset|contains: http://", "f=aHR0cHM6Ly94");
    yes("f|base64offset|contains: \xC4\x91\xE1\xBB\x9D", "f=eMSR4bud");
    yes("f|wide|base64offset|contains: iex", "f=aQBlAHgAIAA=");
    yes("f|base64: '\\*'", "f=Kg==");
    yes("f|base64: foobar", "f=zm9vymfy");
    no("f|base64|cased: foobar", "f=zm9vymfy");
}

static void test_types(void)
{
    yes("EventID: 4688", "EventID#4688");
    yes("EventID: 4688", "EventID=4688");
    yes("EventID: 4688", "EventID#4688.0");
    yes("EventID: '4688'", "EventID#4688");
    no("EventID: '4688'", "EventID#4688.0");
    no("EventID: 4688", "EventID=14688");
    no("EventID: 4688", "EventID{}");
    yes("EventID: 4688", "EventID{};EventID=4688");
    yes("Signed: true", "Signed=true");
    yes("Signed: true", "Signed=TRUE");
    yes("Signed: true", "Signed?true");
    yes("Signed: 'true'", "Signed?true");
    no("Signed: true", "Signed?false");
    no("Signed: true", "Signed#1");
    yes("f: 0x1F0FFF", "f=0x1f0fff");
    yes("f: 0x1F0FFF", "f#2035711");
    yes("f: '0x1F0FFF'", "f=0X1F0FFF");
    no("f: '0x1F0FFF'", "f#2035711");
    yes("f|contains: 46", "f#4688");
    yes("f|startswith: 46", "f=4688");
    yes("f: yes", "f=Yes");
    no("f: yes", "f?true");
    yes("f: 9007199254740993", "f#9007199254740993");
    no("f: 9007199254740993", "f#9007199254740992");
    yes("f|gt: 5", "f=6");
    no("f|gt: 5", "f=5");
    yes("f|gte: 5", "f#5.0");
    yes("f|lt: 5", "f=-1e3");
    no("f|lt: 5", "f=abc");
    no("f|lt: 5", "g=1");
    no("f|lte: 5", "f?true");
    yes("f|gt|all: [1, 2]", "f=3");
    yes("f|gt|all: [1, 9]", "f=3;f=10");
}

static void test_several_values(void)
{
    yes("f: a", "f=b;f=a");
    yes("f|contains|all: [a, b]", "f=a;f=b");
    no("f|contains|all: [a, b]", "f=a");
    yes("f: [a, b]", "f=b");
    no("f|neq: a", "f=b;f=a");
    yes("f|contains|all|windash: [' -a', b]", "f=b;f= /a");
}

static void test_keywords(void)
{
    yes("- mimi", "a=x;b=xMimiKatz");
    yes("- mimi", "=MIMI");
    no("- mimi", "mimi=x");
    yes("'|all': [one, two]", "a=one;b=two");
    no("'|all': [one, two]", "a=one");
    yes("- 4688", "id#4688");
    yes("- tru", "b?true");
}

static void test_regex(void)
{
    yes("f|re: b+", "f=abbc");
    no("f|re: B+", "f=abbc");
    yes("f|re|i: B+", "f=abbc");
    yes("f|re: '(?i)B+'", "f=abbc");
    no("f|re: '^b'", "f=a\nb");
    yes("f|re|m: '^b'", "f=a\nb");
    no("f|re: 'a.b'", "f=a\nb");
    yes("f|re|s: 'a.b'", "f=a\nb");
    yes("f|re: '^.$'", "f=\xE1\xBB\x9D");
    yes("f|re: 'a{3,}'", "f#1;f=aaa");
    yes("f|re: '^4'", "f#4688");
    no("f|re: '^(a+)+$'", "f=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab");
    yes("f|re|i: \xE1\xBB\x9C", "f=\xE1\xBB\x9D");
    no("f|re: x", "g=x");
}

static void test_cidr(void)
{
    yes("f|cidr: 10.0.0.0/8", "f=10.255.255.255");
    no("f|cidr: 10.0.0.0/8", "f=11.0.0.0");
    yes("f|cidr: '::1/128'", "f=::1");
    yes("f|cidr: '::1/128'", "f=0:0:0:0:0:0:0:1");
    no("f|cidr: '::1/128'", "f=::2");
    yes("f|cidr: 127.0.0.0/8", "f=::ffff:127.0.0.1");
    no("f|cidr: 127.0.0.0/8", "f=127.0.0.1:80");
    yes("f|cidr: 'fe80::/10'", "f=fe80::1%eth0");
    yes("f|cidr: 'fe80::/10'", "f=fe80::1:2%10");
    no("f|cidr: 10.0.0.0/8", "f=10.0.0.1%10");
    no("f|cidr: 0.0.0.0/0", "f=localhost");
    no("f|cidr: 0.0.0.0/0", "f=");
    yes("f|cidr|neq: 10.0.0.0/8", "f=-");
}

static void test_time_parts(void)
{
    yes("f|hour: 3", "f=2024-12-30T03:59:00Z");
    yes("f|hour: 3", "f=2024-12-30 03:59:00");
    yes("f|hour: 3", "f=2024-12-30T03:59:00+07:00");
    yes("f|minute: 59", "f=2024-12-30T03:59:00Z");
    yes("f|day: 30", "f=2024-12-30T03:59:00Z");
    yes("f|month: [11, 12]", "f=2024-12-30T03:59:00Z");
    yes("f|year: 2024", "f=2024-12-30T03:59:00Z");
    yes("f|week: 1", "f=2024-12-30T03:59:00Z");
    yes("f|week: 53", "f=2021-01-01T00:00:00Z");
    no("f|year: 2025", "f=2024-12-30T03:59:00Z");
    no("f|hour: 3", "f=now");
    no("f|hour: 3", "g=2024-12-30T03:59:00Z");
    yes("f|hour|neq: [8, 9]", "f=2024-12-30T03:59:00Z");
}

static void test_field_references(void)
{
    yes("f|fieldref: g", "f=Abc;g=aBC");
    no("f|fieldref: g", "f=Abc;g=abd");
    no("f|fieldref: g", "f=abc");
    no("f|fieldref: g", "f~;g~");
    yes("f|fieldref: g", "f=5;g#5");
    yes("f|fieldref|startswith: g", "f=abcd;g=AB");
    yes("f|fieldref|endswith: g", "f=abcd;g=CD");
    yes("f|fieldref|contains: g", "f=abcd;g=BC");
    no("f|fieldref|contains: g", "f=bc;g=abcd");
    yes("f|fieldref|neq: g", "f=a;g=b");
    yes("f|fieldref|neq: g", "f=a");
    no("f|fieldref|neq: g", "f=a;g=a");
    no("f|fieldref|cased: g", "f=A;g=a");
    yes("f|fieldref: g", "f=x;f=a;g=b;g=a");
}

static void test_expansions(void)
{
    yes("f|expand: 'x\\%users%'", "f=x%users%");
    yes("f|expand: '%users%'", "f=bobby");
    yes("f|expand|neq: '%users%'", "f=carol");
    no("f|expand|neq: '%users%'", "f=alice");
}

int main(void)
{
    test_absent_filter();
    test_null_and_empty();
    test_backslashes();
    test_keyword_modifiers();
    test_wildcards();
    test_folding();
    test_dashes();
    test_encodings();
    test_types();
    test_several_values();
    test_keywords();
    test_regex();
    test_cidr();
    test_time_parts();
    test_field_references();
    test_expansions();
    case_done();
    return tap_done();
}
