/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_LANG_ZONE_H
#define CANH_LANG_ZONE_H
/*
 * The zone of whoever reads canh's times, and types them, where a plan, a unit's terms or a source
 * does not name one: Vietnam's, which has had no other since 1975. Others are data
 * (calendar/zone.h).
 */
enum { ZONE_OWN = 7 * 3600 }; /* seconds east of Greenwich */
#define ZONE_OWN_NAME SLICE("Asia/Ho_Chi_Minh")

#endif
