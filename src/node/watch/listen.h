/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CANH_NODE_WATCH_LISTEN_H
#define CANH_NODE_WATCH_LISTEN_H
/*
 * Sources that send to this node: which sockets listen, whose a message is, and one batch that all
 * of them fill. A socket is kept by the parent while one watch follows another, so that nobody
 * finds it closed; what was sent meanwhile waits in it.
 */
#include "base/ip.h"
#include "net/tls_peer.h"
#include "node/watch/watch.h"
#include "node/wire/status.h"

struct syslog_server;
struct beats_server;
struct ingest_server;

/* Why something that came over the network is not in the journal. */
enum network_count {
    NETWORK_TAKEN,      /* messages that were */
    NETWORK_UNKNOWN,    /* senders that no source names */
    NETWORK_HANDSHAKES, /* TLS that came to nothing */
    NETWORK_TRUNCATED,  /* over the limit: the beginning is kept */
    NETWORK_DROPPED,    /* datagrams that the system had no room for */
    NETWORK_CROWD,      /* connections over the limits */
    NETWORK_REFUSED,    /* requests without a key, or a wrong one */
    NETWORK_BUSY,       /* requests that were told to come again later */
    NETWORK_BAD,        /* requests that could not be understood */
    NETWORK_COUNTS
};
extern const char *const network_count_names[NETWORK_COUNTS];

struct network {
    struct batch_out batch;    /* of syslog */
    unsigned sent;             /* such that keep has not answered */
    bool flush_set, hurry;     /* hurry: datagrams wait where there is room for few */
    int64_t flushed, flush_at; /* loop_clock() */
    struct loop_timer *flush, *tick;
    int sockets[WIRE_SOCKETS];       /* kept from an earlier watch, or listening; -1: none */
    struct buf cert, key, authority; /* PEM */
    struct tls_server *tls;
    struct syslog_server *syslog;
    struct beats_server *beats;
    struct ingest_server *ingest;
    uint64_t counts[NETWORK_COUNTS];
    uint32_t deaf;     /* a bit by enum wire_socket: it is wanted, and cannot be listened on */
    int64_t listen_at; /* loop_clock(): when that is tried again */
    int64_t said;      /* when an unknown sender was last told of */
};

/* Reads the listeners' certificate; to be called before files are locked away. */
void network_read_keys(struct watch *w);
/* Listens as the snapshot's sources need it; after each snapshot. */
void network_begin(struct watch *w);
/* Reads what has arrived, then closes; the batch goes. */
void network_drain(struct watch *w);
void network_end(struct watch *w);
/* There is room again: goes on reading, and sends what waits. */
void network_resume(struct watch *w);
/* The address of a slot is not wanted any more. */
void network_forget(struct watch *w, enum wire_socket slot);
/* A socket of an earlier watch; owns fd. */
void network_keep_socket(struct watch *w, unsigned slot, int fd);
void network_write_status(const struct watch *w, struct buf *out);

/* A listening socket of this slot and address: the kept one, where it is the same, else a new one,
 * which the parent gets too. -1: cannot, said so. */
int network_socket(struct watch *w, enum wire_socket slot, const struct config_address *at,
                   bool datagrams);

struct sender {
    struct ip address;
    bool has_cert;
    uint8_t cert[TLS_PEER_HASH];
};

struct sockaddr_storage;
/* Who is at that address. */
void network_sender(const struct sockaddr_storage *at, struct sender *ret);
/* The source of that kind of transport whose sender it is, over TLS (else NULL) with the client's
 * certificate, which is put into sender. NULL: none, and once a minute it is told. */
const struct snapshot_source *network_identify(struct watch *w, const char *transport,
                                               const struct tls_peer *tls, struct sender *sender);

/* The batch goes soon, with what is read until then (syslog_collect()). */
void network_collect(struct watch *w);
/* Whether a record may be put into the common batch now. */
bool network_has_room(struct watch *w);
void network_add(struct watch *w, const struct received_record *x);
void network_add_gap(struct watch *w, const struct received_record *at, const char *reason,
                     uint64_t count);

void syslog_begin(struct watch *w, bool wanted);
void syslog_resume(struct watch *w);
/* Reads connections that rest; whether one still does. */
bool syslog_collect(struct watch *w);
void syslog_tick(struct watch *w);
/* Listens where it does not yet. */
void syslog_listen(struct watch *w);
/* Reads what has arrived and closes every connection. */
void syslog_end(struct watch *w, bool read);

void beats_begin(struct watch *w, bool wanted);
void beats_tick(struct watch *w);
void beats_listen(struct watch *w);
void beats_drain(struct watch *w);
void beats_end(struct watch *w);

void ingest_begin(struct watch *w);
void ingest_write_status(const struct watch *w, struct buf *out);
void ingest_drain(struct watch *w);
void ingest_end(struct watch *w);

#endif
