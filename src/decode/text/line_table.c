/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/text/formats.h"

const struct line_format *const line_formats[] = {
    &line_cri,   &line_access, &line_apache_error, &line_nginx_error, &line_exim, &line_auditd,
    &line_cef,   &line_leef,   &line_postgresql,   &line_mariadb,     &line_w3c,  &line_syslog,
    &line_pairs, NULL,
};
