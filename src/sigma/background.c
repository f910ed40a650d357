/* SPDX-License-Identifier: Apache-2.0 */
#include "sigma/background.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"

/* One value a line, folded. */
static const char *const samples[] = {
    "c:\\windows\\system32\\svchost.exe",
    "c:\\windows\\system32\\svchost.exe -k netsvcs -p -s schedule",
    "c:\\windows\\system32\\svchost.exe -k localservicenetworkrestricted -p",
    "c:\\windows\\system32\\svchost.exe -k unistacksvcgroup -s wpnuserservice",
    "c:\\windows\\system32\\services.exe",
    "c:\\windows\\system32\\lsass.exe",
    "c:\\windows\\system32\\wininit.exe",
    "c:\\windows\\system32\\csrss.exe",
    "c:\\windows\\system32\\smss.exe",
    "c:\\windows\\system32\\winlogon.exe",
    "c:\\windows\\system32\\taskhostw.exe",
    "c:\\windows\\system32\\taskhostw.exe -registerdevice -protectionstatechanged -freenetworkonly",
    "c:\\windows\\system32\\runtimebroker.exe -embedding",
    "c:\\windows\\system32\\backgroundtaskhost.exe",
    "c:\\windows\\system32\\dllhost.exe /processid:{ab8902b4-09ca-4bb6-b78d-a8f59079a8d5}",
    "c:\\windows\\system32\\searchindexer.exe /embedding",
    "c:\\windows\\system32\\searchprotocolhost.exe",
    "c:\\windows\\system32\\wbem\\wmiprvse.exe",
    "c:\\windows\\system32\\wbem\\wmiprvse.exe -secured -embedding",
    "c:\\windows\\system32\\conhost.exe 0xffffffff -forcev1",
    "\\??\\c:\\windows\\system32\\conhost.exe 0x4",
    "c:\\windows\\system32\\cmd.exe",
    "c:\\windows\\system32\\cmd.exe /c ",
    "\"c:\\windows\\system32\\cmd.exe\" /d /s /c \"npm run build\"",
    "cmd.exe /c dir",
    "c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe",
    "powershell.exe -noprofile -executionpolicy bypass -file c:\\scripts\\inventory.ps1",
    "\"c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe\" -command get-service",
    "c:\\program files\\powershell\\7\\pwsh.exe",
    "c:\\windows\\system32\\rundll32.exe",
    "rundll32.exe c:\\windows\\system32\\shell32.dll,control_rundll",
    "c:\\windows\\system32\\reg.exe",
    "reg query hklm\\software\\microsoft\\windows\\currentversion",
    "reg add hkcu\\software\\example /v name /t reg_dword /d 1 /f",
    "c:\\windows\\system32\\net.exe",
    "c:\\windows\\system32\\net1.exe user",
    "c:\\windows\\system32\\sc.exe query",
    "c:\\windows\\system32\\schtasks.exe /query",
    "c:\\windows\\system32\\ipconfig.exe /all",
    "c:\\windows\\system32\\wevtutil.exe",
    "c:\\windows\\system32\\msiexec.exe /v",
    "c:\\windows\\syswow64\\msiexec.exe",
    "c:\\windows\\system32\\regsvr32.exe /s",
    "c:\\windows\\system32\\wscript.exe",
    "c:\\windows\\system32\\mmc.exe",
    "c:\\windows\\system32\\notepad.exe",
    "c:\\windows\\system32\\gpupdate.exe /target:user",
    "c:\\windows\\system32\\usoclient.exe startscan",
    "c:\\windows\\system32\\mousocoreworker.exe -embedding",
    "c:\\windows\\system32\\spoolsv.exe",
    "c:\\windows\\system32\\sihost.exe",
    "c:\\windows\\system32\\ctfmon.exe",
    "c:\\windows\\system32\\audiodg.exe 0x4c4",
    "c:\\windows\\system32\\wuauclt.exe /updatedeploymentprovider",
    "c:\\windows\\servicing\\trustedinstaller.exe",
    "c:\\windows\\winsxs\\amd64_microsoft-windows-servicingstack_31bf3856ad364e35\\tiworker.exe",
    "c:\\windows\\explorer.exe",
    "c:\\windows\\microsoft.net\\framework64\\v4.0.30319\\mscorsvw.exe",
    "c:\\windows\\microsoft.net\\framework\\v4.0.30319\\ngentask.exe",
    "c:\\windows\\temp\\",
    "c:\\windows\\systemapps\\microsoft.windows.search_cw5n1h2txyewy\\searchapp.exe",
    "c:\\program files\\google\\chrome\\application\\chrome.exe",
    "\"c:\\program files\\google\\chrome\\application\\chrome.exe\" --type=renderer --lang=en-us",
    "c:\\program files (x86)\\microsoft\\edge\\application\\msedge.exe",
    "\"c:\\program files (x86)\\microsoft\\edge\\application\\msedge.exe\" --type=utility",
    "c:\\program files (x86)\\microsoft\\edgeupdate\\microsoftedgeupdate.exe /ua /installsource",
    "c:\\program files\\mozilla firefox\\firefox.exe",
    "c:\\program files\\microsoft office\\root\\office16\\winword.exe",
    "\"c:\\program files\\microsoft office\\root\\office16\\excel.exe\" "
    "\"c:\\users\\lan\\documents\\"
    "bao cao.xlsx\"",
    "c:\\program files\\microsoft office\\root\\office16\\outlook.exe",
    "c:\\program files\\common files\\microsoft shared\\clicktorun\\officeclicktorun.exe",
    "c:\\program files\\windows defender\\msmpeng.exe",
    "c:\\programdata\\microsoft\\windows defender\\platform\\4.18\\msmpeng.exe",
    "c:\\programdata\\microsoft\\windows\\start menu\\programs\\",
    "c:\\programdata\\package cache\\",
    "c:\\users\\an\\appdata\\local\\microsoft\\onedrive\\onedrive.exe",
    "c:\\users\\binh\\appdata\\local\\microsoft\\teams\\current\\teams.exe",
    "c:\\users\\chi\\appdata\\local\\temp\\",
    "c:\\users\\dung\\appdata\\roaming\\microsoft\\windows\\recent\\",
    "c:\\users\\public\\desktop\\",
    "c:\\users\\hoa\\downloads\\setup.exe",
    "c:\\users\\administrator\\desktop\\",
    "c:\\users\\administrator\\",
    "c:\\windows\\system32\\kernel32.dll",
    "c:\\windows\\system32\\ntdll.dll",
    "c:\\windows\\system32\\advapi32.dll",
    "c:\\windows\\system32\\user32.dll",
    "c:\\windows\\syswow64\\ole32.dll",
    "c:\\windows\\system32\\drivers\\",
    "c:\\windows\\system32\\tasks\\microsoft\\windows\\",
    "hklm\\system\\currentcontrolset\\services\\bam\\state\\usersettings\\s-1-5-21-",
    "hklm\\system\\currentcontrolset\\services\\tcpip\\parameters\\interfaces\\",
    "hklm\\system\\currentcontrolset\\control\\",
    "hklm\\software\\microsoft\\windows\\currentversion\\explorer\\",
    "hklm\\software\\microsoft\\windows nt\\currentversion\\",
    "hklm\\software\\wow6432node\\microsoft\\windows\\currentversion\\uninstall\\",
    "hku\\s-1-5-21-1111111111-2222222222-3333333333-1001\\software\\microsoft\\windows\\"
    "currentversion\\run",
    "hkcu\\software\\microsoft\\windows\\currentversion\\internet settings\\",
    "hkcr\\clsid\\{00000000-0000-0000-0000-000000000000}\\inprocserver32\\(default)",
    "dword (0x00000001)",
    "dword (0x00000000)",
    "binary data",
    "microsoft corporation",
    "microsoft® windows® operating system",
    "windows command processor",
    "windows powershell",
    "host process for windows services",
    "google llc",
    "google chrome",
    "nt authority\\system",
    "nt authority\\network service",
    "nt authority\\local service",
    "system",
    "high",
    "medium",
    "low",
    "true",
    "false",
    "-",
    "",
    "0x3e7",
    "0x1000",
    "0x1400",
    "0x1fffff",
    "10.0.17763.1 (winbuild.160101.0800)",
    "10.0.19041.1 (winbuild.160101.0800)",
    "svchost.exe",
    "cmd.exe",
    "powershell.exe",
    "reg.exe",
    "net.exe",
    "chrome.exe",
    "tcp",
    "udp",
    "192.168.1.10",
    "10.0.0.5",
    "127.0.0.1",
    "fe80:0:0:0:",
    "www.google.com",
    "login.microsoftonline.com",
    "ctldl.windowsupdate.com",
    "setvalue",
    "createkey",
    "sha1=5346c77a5fc3245c79408802d1cba9e42d707809,md5=8e5650109effb36f456846f2ca14f5b3,"
    "sha256=9de395721eee865d97f27734b0eaa3d204384eee005fc247be026c24d277aa1c,"
    "imphash=0c91a5ce0fb26f4c5ce39e340f43873b",
    "md5=00000000000000000000000000000000,sha256=",
    "c:\\windows\\system32\\ntdll.dll+9c534|c:\\windows\\system32\\kernelbase.dll+2c13e|"
    "c:\\windows\\system32\\ntdll.dll+57c02|unknown(00000204a1c50000)",
    "{747f3d96-6641-5d3f-0000-001066918a00}",
    "get-childitem -path $env:programfiles -recurse | where-object { $_.name -match 'x' }",
    "function write-log { param([string]$message) $date = get-date; add-content -path $file }",
    "import-module activedirectory; get-aduser -filter * -properties lastlogondate",
    "set-strictmode -version 1; $errorview; [system.diagnostics.debuggerhidden()]param()",
    "new-object -typename psobject -property @{ name = $name; value = $value }",
    "return $true } else { throw \"not found\" } foreach ($item in $items) { write-host $item }",
    "http/1.1 200 get /index.html mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36",
    "an account was successfully logged on. subject: security id: s-1-5-18 account name:",
    "{\"event\": {\"system\": {\"provider\": {\"#attributes\": {\"name\": \"microsoft-windows-\"",
    "\"eventid\": \"1\", \"version\": \"5\", \"level\": \"4\", \"task\": \"1\", \"opcode\": \"0\"",
    "\"keywords\": \"0x8000000000000000\", \"timecreated\": {\"systemtime\": "
    "\"2026-01-01t00:00:00z\"",
    "\"eventrecordid\": \"1\", \"correlation\": null, \"execution\": {\"processid\": \"1\", "
    "\"threadid\"",
    "\"channel\": \"security\", \"computer\": \"host.example\", \"security\": {\"userid\": "
    "\"s-1-5-18\"",
    "\"eventdata\": {\"rulename\": \"\", \"utctime\": \"\", \"processguid\": \"\", \"image\": "
    "\"c:\\\\",
    "\"commandline\", \"currentdirectory\", \"logonguid\", \"terminalsessionid\", "
    "\"integritylevel\"",
    "\"parentprocessguid\", \"parentimage\", \"parentcommandline\", \"targetfilename\", \"hashes\"",
    "\"subjectusersid\", \"subjectusername\", \"subjectdomainname\", \"subjectlogonid\", "
    "\"privilegelist\"",
    "sedebugprivilege sebackupprivilege seloaddriverprivilege",
    /* most requests to a web server have one method and one outcome */
    "get",
    "get",
    "get",
    "post",
    "200",
    "200",
    "kerberos",
    "negotiate",
    "ntlm",
    "user32",
    "advapi",
    "%%14592",
    "%%14593",
    "%%1833",
    "%%1843",
    "%%1937",
    "%%2313",
    "%%4416",
    "file",
    "key",
    "process",
    "valid",
    "\\\\*\\ipc$",
    "\\\\*\\c$",
    "\\device\\harddiskvolume3\\windows\\system32\\svchost.exe",
    "/usr/bin/python3 /usr/sbin/cron -f /bin/sh -c run-parts /etc/cron.hourly",
    "sshd[1234]: accepted password for root from 192.0.2.1 port 22 ssh2",
};

enum { GRAM_BITS = 14 };

/*
 * Rarities: how many grams are in no sample, where more make a text no rarer; from KNOWN on, where
 * all are, how many samples have it.
 */
enum { FRESH_MAX = 40, KNOWN = FRESH_MAX + 1 };

/* The rest of a sample from some place on. */
struct rest {
    const char *at;
    uint16_t n, sample;
};

struct background {
    uint16_t grams[1 << GRAM_BITS];
    uint16_t pairs[1 << 16]; /* by two bytes, little endian: in how many places they stand */
    struct rest *rests;      /* of all samples, in the order of their bytes */
    size_t count;
    double often[FRESH_MAX + 1]; /* by how many grams of a text are in no sample */
};

static uint32_t gram_slot(uint32_t gram)
{
    return gram * 0x9E3779B1u >> (32 - GRAM_BITS);
}

static uint32_t pair_number(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(((const struct rest *)a)->at, ((const struct rest *)b)->at);
}

static void add_sample(struct background *b, size_t number)
{
    const char *sample = samples[number];
    size_t n = strlen(sample);

    for (size_t i = 0; i + 4 <= n; i++)
        b->grams[gram_slot((uint32_t)hash_read32((const uint8_t *)sample + i))]++;
    for (size_t i = 0; i + 2 <= n; i++)
        b->pairs[pair_number((const uint8_t *)sample + i)]++;
    for (size_t i = 0; i <= n; i++)
        b->rests[b->count++] = (struct rest){sample + i, (uint16_t)(n - i), (uint16_t)number};
}

struct background *background_new(void)
{
    struct background *b = calloc(1, sizeof(*b));
    size_t places = 0;

    if (b == NULL)
        return NULL;
    for (size_t i = 0; i < CANH_LEN(samples); i++)
        places += strlen(samples[i]) + 1;
    b->rests = malloc(places * sizeof(*b->rests));
    if (b->rests == NULL)
        return background_free(b);
    for (size_t i = 0; i < CANH_LEN(samples); i++)
        add_sample(b, i);
    for (unsigned i = 0; i <= FRESH_MAX; i++)
        b->often[i] = 0.1 * pow(0.6, (double)i);
    qsort(b->rests, b->count, sizeof(*b->rests), by_bytes);
    return b;
}

struct background *background_free(struct background *b)
{
    if (b != NULL)
        free(b->rests);
    free(b);
    return NULL;
}

void background_grams(const struct background *b, const uint8_t *p, size_t count, unsigned *ret)
{
    for (size_t i = 0; i < count; i++)
        ret[i] = b->grams[gram_slot((uint32_t)hash_read32(p + i))];
}

/* How many four-byte grams of the text are in no sample. */
static unsigned new_grams(const struct background *b, struct slice text)
{
    unsigned n = 0;

    for (size_t i = 0; i + 4 <= text.n; i++)
        n += b->grams[gram_slot((uint32_t)hash_read32(text.p + i))] == 0;
    return n;
}

/* The first rest that does not come before the text. */
static size_t first_rest(const struct background *b, struct slice text)
{
    size_t lo = 0, hi = b->count;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;
        struct slice rest = slice_of(b->rests[mid].at, b->rests[mid].n);

        if (slice_cmp(rest, text) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

unsigned background_places(const struct background *b, struct slice text)
{
    size_t from, to;

    if (text.n == 2)
        return b->pairs[pair_number(text.p)];
    from = to = first_rest(b, text);
    while (to < b->count && slice_starts(slice_of(b->rests[to].at, b->rests[to].n), text))
        to++;
    return (unsigned)(to - from);
}

/* Whether a rest that begins with a text of n bytes has it at the place. */
static bool stands_at(const struct rest *r, enum text_place place, size_t n)
{
    bool begins = r->at == samples[r->sample], ends = r->n == n;

    return (begins || place == TEXT_SUFFIX || place == TEXT_CONTAINS) &&
           (ends || place == TEXT_PREFIX || place == TEXT_CONTAINS);
}

/* How many of the samples have the text at the place. */
static unsigned count_samples(const struct background *b, enum text_place place, struct slice text)
{
    bool seen[CANH_LEN(samples)] = {0};
    unsigned hits = 0;

    for (size_t i = first_rest(b, text); i < b->count; i++) {
        const struct rest *r = &b->rests[i];

        if (!slice_starts(slice_of(r->at, r->n), text))
            break;
        if (!stands_at(r, place, text.n) || seen[r->sample])
            continue;
        seen[r->sample] = true;
        hits++;
    }
    return hits;
}

uint8_t background_rarity(const struct background *b, enum text_place place, struct slice text)
{
    unsigned fresh = new_grams(b, text);

    if (fresh > 0)
        return (uint8_t)CANH_MIN(fresh, (unsigned)FRESH_MAX);
    return (uint8_t)(KNOWN +
                     CANH_MIN(count_samples(b, place, text), (unsigned)(UINT8_MAX - KNOWN)));
}

/*
 * Each field has its own distribution, and what one sample has is common in the field that the
 * sample stands for: hence the factors. Text that no sample has is rarer the more of it is new.
 */
double background_frequency(const struct background *b, enum text_place place, uint8_t rarity)
{
    double factor = place == TEXT_EXACT ? 40 : 8;

    if (rarity < KNOWN)
        return b->often[rarity];
    return CANH_MIN(1.0, factor * (rarity - KNOWN) / (double)CANH_LEN(samples) + 0.02);
}
