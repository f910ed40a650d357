/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

int main(void)
{
    (void)fputs("usage: canh VERB\n", stderr);
    return 64;
}
