/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_BASE_ASCII_H
#define CANH_BASE_ASCII_H
/* Classes of ASCII characters, whatever the locale; bytes from 0x80 on are in none. */
#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/slice.h"

CANH_INLINE bool ascii_is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

CANH_INLINE bool ascii_is_hex(uint8_t c)
{
    return ascii_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

CANH_INLINE bool ascii_is_alpha(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

CANH_INLINE bool ascii_is_alnum(uint8_t c)
{
    return ascii_is_digit(c) || ascii_is_alpha(c);
}

CANH_INLINE bool ascii_is_upper(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}

CANH_INLINE bool ascii_is_lower(uint8_t c)
{
    return c >= 'a' && c <= 'z';
}

CANH_INLINE uint8_t ascii_to_upper(uint8_t c)
{
    return ascii_is_lower(c) ? (uint8_t)(c - 32) : c;
}

CANH_INLINE uint8_t ascii_to_lower(uint8_t c)
{
    return ascii_is_upper(c) ? (uint8_t)(c + 32) : c;
}

/* A space or a tab. */
CANH_INLINE bool ascii_is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

/* What separates words: blanks and the ends of lines. */
CANH_INLINE bool ascii_is_space(uint8_t c)
{
    return ascii_is_blank(c) || c == '\n' || c == '\r';
}

/* Whether a text has bytes of one class and no others; false: it is empty. */
CANH_INLINE bool ascii_all(bool (*is)(uint8_t c), struct slice s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!is(s.p[i]))
            return false;
    }
    return s.n > 0;
}

#endif
