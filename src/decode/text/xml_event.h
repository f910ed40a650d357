/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_DECODE_TEXT_XML_EVENT_H
#define CANH_DECODE_TEXT_XML_EVENT_H
/*
 * One Windows event as XML, as Event Viewer, wevtutil, forwarders and Sysmon for Linux write it. A
 * scanner, no XML parser: what programs write is often not well formed (a bare & or < in a value),
 * and no entity but the five of XML and character numbers is expanded.
 *
 * Field names are those of the Windows decoders: EventID, Channel, Provider_Name, data by Name.
 */
#include <stdbool.h>

#include "base/slice.h"
#include "decode/text/fields.h"

/* True for a text that begins with <Event, blanks and an XML declaration before it allowed. */
bool xml_event_begins(struct slice text);
/* False, and nothing set, when it does not. */
bool xml_event_parse(struct fields *f, struct slice text);

/*
 * An event's data on their own, as an <EventData>, a <UserData> or what stands in one; other tags
 * may stand around it (Azure's DataItem). False, and nothing set, for a text that is no tag.
 */
bool xml_event_data(struct fields *f, struct slice text);

#endif
