/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_WEB_H
#define CANH_DECODE_TEXT_WEB_H
/* Parts of web servers' lines that also stand in other logs. */
#include "decode/text/lines.h"

/* [module:level] [pid n] [client A:port] text, as httpd writes it behind the time; the text. */
struct slice apache_error_details(struct line_reader *r, struct slice rest);
/* A row of a W3C log of IIS that came without the names of its columns, which then are taken to be
 * those that IIS writes by default. event.module is w3c, whatever brought it. False, and
 * nothing is set: it does not fit them exactly. */
bool w3c_iis_row(struct fields *f, struct slice row);

/* A line of HAProxy about a request (`option httplog`), without a head of syslog; event.module is
 * access, whatever brought it, and its own time counts where there is none yet. False, and nothing
 * is set: it is none. */
bool haproxy_row(struct fields *f, struct slice text);
bool haproxy_begins(struct slice text);

/* The next word of *s, or what stands between quotes; *s is put behind it. */
struct slice web_value(struct slice *s);

/* METHOD target HTTP/x of a request; the target may hold blanks. */
void web_request(struct fields *f, struct slice request);

#endif
