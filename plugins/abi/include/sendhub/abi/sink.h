/* sink.h: what a sink offers, and what the hub will offer to it. Read core.h first. No hub of version 0.1 calls
 * a sink: the shape is fixed so that it can come without a change to the others. */
#ifndef SENDHUB_ABI_SINK_H
#define SENDHUB_ABI_SINK_H

#include <sendhub/abi/arrow.h>
#include <sendhub/abi/core.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHP_DATASET_CHANGED 1u /* its rows differ from those of the version sent before */

typedef struct shp_dataset {
    uint32_t size; /* sizeof(shp_dataset) as the hub was compiled */
    uint32_t flags;
    shp_str name;  /* snake_case */
    shp_str title; /* for people */
    shp_str layer; /* open, aggregate, case, restricted */
    shp_str key;   /* the names of its key columns, joined by ',' */
    uint64_t rows;
    shp_str parquet_file; /* absolute paths; readable until send returns */
    shp_str csv_file;
} shp_dataset;

typedef struct shp_publication {
    uint32_t size; /* sizeof(shp_publication) as the hub was compiled */
    uint32_t dataset_count;
    shp_str version;          /* such as 20260120T013000Z */
    shp_str previous_version; /* that this sink was sent last; empty: none */
    shp_str package_file;     /* absolute path of datapackage.json */
    const shp_dataset* datasets;
} shp_publication;

/* ---- the plugin's half ---- */

#define SHP_SINK "sendhub.sink/1"

typedef struct shp_sink {
    uint32_t size; /* sizeof(shp_sink) as compiled */
    uint32_t reserved;
    /* Called once: brings the whole publication to its place, so that a reader there sees the old version or
     * the new one. SHP_RETRY: it is tried again; it must do no harm to be called twice with one version. */
    int32_t (*send)(void* instance, const shp_publication* publication);
} shp_sink;

/* ---- the hub's half ---- */

#define SHP_HOST_SINK "sendhub.host.sink/1"

typedef struct shp_host_sink {
    uint32_t size; /* sizeof(shp_host_sink) as the hub was compiled */
    uint32_t reserved;
    /* Inside send: the rows of a dataset (its index) as an Arrow stream, in key order. Moved to the plugin, which
     * calls its release. */
    int32_t (*rows)(void* ctx, uint32_t dataset, struct ArrowArrayStream* out);
} shp_host_sink;

#ifdef __cplusplus
}
#endif
#endif
