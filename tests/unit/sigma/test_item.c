/* SPDX-License-Identifier: Apache-2.0 */
/* What each modifier makes of values, and each YAML type. */
#include "sigma/item.h"

#include "sigma_case.h"
#include "tap.h"

static void is(const char *selection, const char *want)
{
    is_str(case_selection(selection), want, "%s", selection);
}

static void test_types(void)
{
    is("f: text", "f=\"text\"");
    is("f: 'two words'", "f=\"two words\"");
    is("f: a*b?", "f=\"a*b?\"");
    is("f: 4688", "f=#4688");
    is("f: '4688'", "f=\"4688\"");
    is("f: -1", "f=#-1");
    is("f: 1.5", "f=#1.5");
    is("f: 0x1F", "(f=#31 or f=\"0x1F\")");
    is("f: 007", "(f=#7 or f=\"007\")");
    is("f: 0o17", "(f=#15 or f=\"0o17\")");
    is("f: 9007199254740992", "f=#9007199254740992");
    is("f: 9007199254740993", "f=\"9007199254740993\"");
    is("f: .inf", "f=\".inf\"");
    is("f: true", "f=\"true\"");
    is("f: TRUE", "f=\"true\"");
    is("f: 'true'", "f=\"true\"");
    is("f: yes", "f=\"yes\"");
    is("f: null", "f is null");
    is("f:", "f is null");
    is("f: ~", "f is null");
    is("f: 'null'", "f=\"null\"");
    is("f: ''", "f=\"\"");
    is("f: !!str 5", "f=\"5\"");
    is("f: [null, '', x]", "(f is null or f=\"\" or f=\"x\")");
    is("f: [1, '1']", "(f=#1 or f=\"1\")");
}

static void test_lists(void)
{
    is("f: [a, b]", "(f=\"a\" or f=\"b\")");
    is("f: [a]", "f=\"a\"");
    is("f: a\ng: b", "(f=\"a\" and g=\"b\")");
    is("- f: a\n- g: b", "(f=\"a\" or g=\"b\")");
    is("- f: a\n  g: b\n- h: c", "((f=\"a\" and g=\"b\") or h=\"c\")");
    is("- word\n- f: a", "(any=\"*word*\" or f=\"a\")");
    is("f: []", "1:4: an empty list of values; write null for a field that is absent");
    is("f: [[a]]",
       "1:5: a value must be a single text, number, true, false or null, not a list inside "
       "a list");
    is("f: {a: b}", "1:4: a value must be a single text, number, true, false or null, not a map");
    is("[]", "1:1: an empty selection");
    is("{}", "1:1: an empty selection");
    is("- [a]", "1:3: a list inside the list of a selection");
    is("'': x", "1:1: the field name is empty");
    is("[a]: x", "1:1: a field name must be text, not a list or a map");
}

static void test_position(void)
{
    is("f|contains: a", "f=\"*a*\"");
    is("f|contains: [a, b]", "(f=\"*a*\" or f=\"*b*\")");
    is("f|contains: 5", "f=\"*5*\"");
    is("f|contains: '*a'", "f=\"*a*\"");
    is("f|contains: ''", "f=\"*\"");
    is("f|contains: a*b", "f=\"*a*b*\"");
    is("f|contains: true", "f=\"*true*\"");
    is("f|contains: null", "1:13: 'contains' needs text, not null");
    is("f|startswith: 'C:\\'", "f=\"C:\\\\*\"");
    is("f|startswith: a*", "f=\"a*\"");
    is("f|startswith: '\\*'", "f=\"\\**\"");
    is("f|startswith: 12", "f=\"12*\"");
    is("f|endswith: '\\cmd.exe'", "f=\"*\\cmd.exe\"");
    is("f|endswith: '*x'", "f=\"*x\"");
    is("f|endswith: ['.a', '.b']", "(f=\"*.a\" or f=\"*.b\")");
}

static void test_all_cased_neq_exists(void)
{
    is("f|contains|all: [a, b]", "(f=\"*a*\" and f=\"*b*\")");
    is("f|all|contains: [a, b]", "(f=\"*a*\" and f=\"*b*\")");
    is("f|all: [a]", "f=\"a\"");
    is("f|all: a", "f=\"a\"");
    is("f|cased: Abc", "f==\"Abc\"");
    is("f|contains|cased: [A, b]", "(f==\"*A*\" or f==\"*b*\")");
    is("f|cased|endswith: A", "f==\"*A\"");
    is("f|cased: 5", "f=#5");
    is("f|neq: a", "not f=\"a\"");
    is("f|neq: [a, 5]", "not (f=\"a\" or f=#5)");
    is("f|neq|contains|all: [a, b]", "not (f=\"*a*\" and f=\"*b*\")");
    is("f|neq: null", "not f is null");
    is("f|exists: true", "f exists");
    is("f|exists: false", "not f exists");
    is("f|exists|neq: true", "not f exists");
    is("f|exists|neq: false", "not not f exists");
    is("f|exists: [true]", "f exists");
    is("f|exists: 'true'", "1:11: 'exists' takes true or false, without quotes");
    is("f|exists: yes", "1:11: 'exists' takes true or false, without quotes");
    is("f|exists: [true, false]", "1:11: 'exists' takes one value, not a list");
}

static void test_regex(void)
{
    is("f|re: a.*b", "f~/a.*b/");
    is("f|re: 'a\\\\b\\*'", "f~/a\\\\b\\*/");
    is("f|re|i: a", "f~/a/i");
    is("f|re|i|m|s: [a, b]", "(f~/a/ims or f~/b/ims)");
    is("f|re|all: [a, b]", "(f~/a/ and f~/b/)");
    is("f|re|neq: a", "not f~/a/");
    is("f|re: 5", "f~/5/");
    is("f|re|expand: '^%users%$'", "(f~/^alice$/ or f~/^bob*$/)");
    is("f|re: 'a('", "1:7: regular expression: missing closing parenthesis (at character 3)");
    is("f|re: '((ab?c){1,200}){1,200}'",
       "1:7: regular expression: regular expression is too large (at character 23)");
    is("f|re: null", "1:7: 're' needs a value, not null");
    is("'|re': a+", "any~/a+/");
}

static void test_cidr(void)
{
    is("f|cidr: 10.0.0.0/8", "f in 10.0.0.0/8");
    is("f|cidr: [192.168.0.0/16, '::1/128', 'fc00::/7']",
       "(f in 192.168.0.0/16 or f in ::1/128 or f in fc00::/7)");
    is("f|cidr: 1.2.3.4", "f in 1.2.3.4/32");
    is("f|cidr: '::1'", "f in ::1/128");
    is("f|cidr: 0.0.0.0/0", "f in 0.0.0.0/0");
    is("f|cidr|neq: 10.0.0.0/8", "not f in 10.0.0.0/8");
    is("f|cidr|expand: '10.0.0.%one%'", "f in 10.0.0.1/32");
    is("f|cidr: 10.0.0.5/8", "1:9: '10.0.0.5/8' is an address inside a network of 8 bits, not the "
                             "network: the bits behind must be zero");
    is("f|cidr: 10.0.0.0/33", "1:9: '10.0.0.0/33': behind the slash stands a number from 0 to 32");
    is("f|cidr: 'fe80::/129'", "1:9: 'fe80::/129': behind the slash stands a number from 0 to 128");
    is("f|cidr: 10.0.0.0/", "1:9: '10.0.0.0/': behind the slash stands a number from 0 to 32");
    is("f|cidr: 10.*", "1:9: '10.*' is no network: write it as 10.0.0.0/8 or fc00::/7");
}

static void test_encodings(void)
{
    is("f|base64: foobar", "f=\"Zm9vYmFy\"");
    is("f|base64|contains: foo", "f=\"*Zm9v*\"");
    is("f|base64: '\\*'", "f=\"Kg==\"");
    is("f|base64|cased: foo", "f==\"Zm9v\"");
    is("f|base64: a*", "1:11: wildcards cannot be encoded with 'base64'; write \\* or \\? for the "
                       "character itself");
    is("f|base64: ''", "1:11: an empty value cannot be encoded");
    is("f|base64offset|contains: foobar",
       "(f=\"*Zm9vYmFy*\" or f=\"*Zvb2Jhc*\" or f=\"*mb29iYX*\")");
    is("f|base64offset: foobar", "(f=\"Zm9vYmFy\" or f=\"Zvb2Jhc\" or f=\"mb29iYX\")");
    is("f|base64offset|contains: \xC4\x91\xE1\xBB\x9D",
       "(f=\"*xJHhu5*\" or f=\"*SR4bud*\" or f=\"*EkeG7n*\")");
    is("f|base64offset|contains|all: [foobar, a]",
       "1:39: the value is too short for 'base64offset': nothing of it is sure to be there");
    is("f|wide|base64: cmd", "f=\"YwBtAGQA\"");
    is("f|utf16le|base64: cmd", "f=\"YwBtAGQA\"");
    is("f|utf16be|base64: cmd", "f=\"AGMAbQBk\"");
    is("f|utf16|base64: cmd", "f=\"//5jAG0AZAA=\"");
    is("f|utf16|base64|startswith: c", "f=\"//5jAA==*\"");
    is("f|wide|base64offset|contains: ab", "(f=\"*YQBiA*\" or f=\"*EAYg*\" or f=\"*hAGIA*\")");
    is("f|utf16be|base64offset|contains: ab", "(f=\"*AGEAY*\" or f=\"*BhAG*\" or f=\"*AYQBi*\")");
}

static void test_windash(void)
{
    is("f|windash: -x", "(f=\"-x\" or f=\"/x\" or f=\"\xE2\x80\x93x\" or f=\"\xE2\x80\x94x\" or "
                        "f=\"\xE2\x80\x95x\")");
    is("f|windash|contains: ' /x'",
       "(f=\"* -x*\" or f=\"* /x*\" or f=\"* \xE2\x80\x93x*\" or f=\"* \xE2\x80\x94x*\" or "
       "f=\"* \xE2\x80\x95x*\")");
    is("f|contains|windash: a-b", "f=\"*a-b*\"");
    is("f|contains|windash|all: [a-b, ' -c']",
       "(f=\"*a-b*\" and (f=\"* -c*\" or f=\"* /c*\" or f=\"* \xE2\x80\x93"
       "c*\" or "
       "f=\"* \xE2\x80\x94"
       "c*\" or f=\"* \xE2\x80\x95"
       "c*\"))");
    is("f|windash: '-a -b -c -d -e'",
       "1:12: 'windash' works on at most 4 dashes, the value has 5: split it into shorter values "
       "with 'contains|all'");
}

static void test_compare(void)
{
    is("f|gt: 5", "f>5");
    is("f|gte: 5.5", "f>=5.5");
    is("f|lt: '10'", "f<10");
    is("f|lte: [1, 2]", "(f<=1 or f<=2)");
    is("f|gt|all: [1, 2]", "(f>1 and f>2)");
    is("f|lt|neq: -3", "not f<-3");
    is("f|gt: abc", "1:7: 'gt' takes a number");
    is("f|lt: null", "1:7: 'lt' takes a number");
    is("f|gte: true", "1:8: 'gte' takes a number");
    is("f|lte: 0x10", "f<=16");
}

static void test_time(void)
{
    is("f|minute: 0", "minute(f)=0");
    is("f|minute: [1, 59]", "(minute(f)=1 or minute(f)=59)");
    is("f|minute: 60", "1:11: 'minute' takes a number from 0 to 59");
    is("f|hour: 3", "hour(f)=3");
    is("f|hour|neq: [8, 9]", "not (hour(f)=8 or hour(f)=9)");
    is("f|hour: null", "1:9: 'hour' takes a number from 0 to 23");
    is("f|gt: null", "1:7: 'gt' takes a number");
    is("f|hour: 24", "1:9: 'hour' takes a number from 0 to 23");
    is("f|day: 31", "day(f)=31");
    is("f|day: 0", "1:8: 'day' takes a number from 1 to 31");
    is("f|day: Monday", "1:8: 'day' takes a number from 1 to 31");
    is("f|week: 53", "week(f)=53");
    is("f|week: 1", "week(f)=1");
    is("f|week: 54", "1:9: 'week' takes a number from 1 to 53");
    is("f|month: 12", "month(f)=12");
    is("f|month: [1, 2]", "(month(f)=1 or month(f)=2)");
    is("f|month: 13", "1:10: 'month' takes a number from 1 to 12");
    is("f|year: 2024", "year(f)=2024");
    is("f|year|neq: 2024", "not year(f)=2024");
    is("f|year: 1.5", "1:9: 'year' takes a number from 1 to 9999");
}

static void test_fieldref(void)
{
    is("f|fieldref: g", "f ref= g");
    is("f|fieldref|neq: g", "not f ref= g");
    is("f|fieldref|startswith: g", "f ref^ g");
    is("f|fieldref|endswith: g", "f ref$ g");
    is("f|fieldref|contains|cased: g.h", "f ref*c g.h");
    is("f|contains|fieldref: [g, h]", "(f ref* g or f ref* h)");
    is("f|fieldref: g*", "1:13: 'fieldref' takes the name of another field, without wildcards");
    is("f|fieldref: ''", "1:13: 'fieldref' takes the name of another field, without wildcards");
    is("f|fieldref: null", "1:13: 'fieldref' needs a value, not null");
}

static void test_expand(void)
{
    is("f|expand: '%users%'", "(f=\"alice\" or f=\"bob*\")");
    is("f|expand|contains: 'x%users%y'", "(f=\"*xalicey*\" or f=\"*xbob*y*\")");
    is("f|expand: '%users%%one%'", "(f=\"alice1\" or f=\"bob*1\")");
    is("f|expand: '\\%users%'", "f=\"%users%\"");
    is("f|expand: '\\%plain%one%'", "f=\"%plain1\"");
    is("f|expand: 'C:\\\\%one%'", "f=\"C:\\1\"");
    is("f|expand: '100% %'", "f=\"100% %\"");
    is("f|expand: '%a b%'", "f=\"%a b%\"");
    is("f: '%users%'", "f=\"%users%\"");
    is("f|expand|all: ['%users%', z]", "((f=\"alice\" or f=\"bob*\") and f=\"z\")");
    is("f|expand: 5", "f=#5");
    is("f|expand: 'x%nobody%'", "1:13: placeholder %nobody% has no values");
    is("f|expand: '%a0z9AZ_.-%'", "1:12: placeholder %a0z9AZ_.-% has no values");
    is("f|expand: '%a/b% %a:b% %a@b% %a[b% %a{b% %a`b%'",
       "f=\"%a/b% %a:b% %a@b% %a[b% %a{b% %a`b%\"");
    is("f|expand: '%none%'", "1:12: placeholder %none% has no values");
    is("f|expand: '%bad%'", "1:12: a value of placeholder %bad% is not valid UTF-8");
    is("f|expand: '%one%%one%%one%%one%%one%'", "1:11: more than 4 placeholders in one value");
    is("f|expand: null", "1:11: 'expand' needs text, not null");
}

static void test_keywords(void)
{
    is("word", "any=\"*word*\"");
    is("- one\n- 'two*'", "(any=\"*one*\" or any=\"*two*\")");
    is("- 4688", "any=\"*4688*\"");
    is("'|all': [a, b]", "(any=\"*a*\" and any=\"*b*\")");
    is("'|startswith': a", "any=\"a*\"");
    is("'|contains|all|windash': [a, b]", "(any=\"*a*\" and any=\"*b*\")");
    is("'|cased': A", "any==\"*A*\"");
    is("'|neq': a", "not any=\"*a*\"");
    is("'|base64': foo", "any=\"*Zm9v*\"");
    is("- null", "1:3: a keyword cannot be null");
    is("'|cidr': 10.0.0.0/8", "1:1: 'cidr' needs a field name before it");
    is("'|exists': true", "1:1: 'exists' needs a field name before it");
    is("'|gt': 5", "1:1: 'gt' needs a field name before it");
}

int main(void)
{
    test_types();
    test_lists();
    test_position();
    test_all_cased_neq_exists();
    test_regex();
    test_cidr();
    test_encodings();
    test_windash();
    test_compare();
    test_time();
    test_fieldref();
    test_expand();
    test_keywords();
    case_done();
    return tap_done();
}
