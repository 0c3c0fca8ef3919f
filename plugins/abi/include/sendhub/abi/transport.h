/* transport.h: what a transport offers, and what the hub offers to it. Read core.h first. */
#ifndef SENDHUB_ABI_TRANSPORT_H
#define SENDHUB_ABI_TRANSPORT_H

#include <sendhub/abi/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the plugin's half ---- */

#define SHP_TRANSPORT "sendhub.transport/1"

typedef struct shp_transport {
    uint32_t size; /* sizeof(shp_transport) as compiled */
    uint32_t reserved;
    /* Called once: offers what the source holds, and hands over what the hub wants. What was committed stays
     * also when the call fails afterwards. */
    int32_t (*fetch)(void* instance);
} shp_transport;

/* ---- the hub's half ---- */

#define SHP_HOST_TRANSPORT "sendhub.host.transport/1"

/* What the hub thinks of a file on offer. */
#define SHP_OFFER_TAKE 0
#define SHP_OFFER_KNOWN 1 /* this name with this size and time is in landing already: do not send it again */

/* All calls inside fetch. One file at a time: offer, begin_file, write …, commit_file or abandon_file.
 *
 * ACKNOWLEDGING. When commit_file returns SHP_OK, or offer returns SHP_OFFER_KNOWN, the bytes are durable in
 * landing: from then on, and not before, the plugin may tell the source (acknowledge, move, delete). A run
 * that died between the two offers the file again and gets SHP_OFFER_KNOWN. */
typedef struct shp_host_transport {
    uint32_t size; /* sizeof(shp_host_transport) as the hub was compiled */
    uint32_t reserved;

    /* bytes: 0 when not known. modified_at: microseconds since 1970-01-01T00:00:00Z, 0 if the source does not
     * say; then the hub cannot tell and answers SHP_OFFER_TAKE. A name that would lead out of landing is
     * refused and answered as known. */
    int32_t (*offer)(void* ctx, shp_str name, uint64_t bytes, int64_t modified_at);
    int32_t (*begin_file)(void* ctx, shp_str name, uint64_t bytes, int64_t modified_at);
    int32_t (*write)(void* ctx, const void* data, uint64_t size);
    /* The file is whole. Content that is in landing already counts as taken and is not stored twice. */
    int32_t (*commit_file)(void* ctx);
    /* The file begun is dropped. Nothing happens when none was begun. */
    void (*abandon_file)(void* ctx);
    /* A file that was seen and not taken, and why (still growing, no marker yet). */
    void (*skipped)(void* ctx, shp_str name, shp_str reason);
} shp_host_transport;

#define SHP_HOST_CHECKPOINT "sendhub.host.checkpoint/1"

/* Where a fetch stopped: a cursor, a token, a time. Small texts of the plugin's own, kept per feed. Not offered
 * by hubs of version 0.1. */
typedef struct shp_host_checkpoint {
    uint32_t size; /* sizeof(shp_host_checkpoint) as the hub was compiled */
    uint32_t reserved;
    /* {NULL, 0}: none yet. Valid until the next put, or until close returns. */
    shp_str (*get)(void* ctx, shp_str key);
    /* Durable when it returns SHP_OK, and only together with all files committed before it: a checkpoint never
     * runs ahead of the bytes. At most 64 KiB. */
    int32_t (*put)(void* ctx, shp_str key, shp_str value);
} shp_host_checkpoint;

#ifdef __cplusplus
}
#endif
#endif
