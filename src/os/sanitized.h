/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_SANITIZED_H
#define CANH_OS_SANITIZED_H
/* AddressSanitizer's shadow memory leaves room for no bound on address space. */
#ifdef __has_feature
#    define SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#    define SANITIZED 1
#else
#    define SANITIZED 0
#endif

#endif
