/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_OS_MAPPED_H
#define CANH_OS_MAPPED_H

/*
 * Pages of the program and its libraries that are as their files are (code and constants) are not
 * held any longer: most were needed by the start alone. What is needed again comes back by itself,
 * from the page cache.
 */
void mapped_let_go(void);

#endif
