/* connector.h: what a connector offers, and what the hub offers to it. Read core.h first. */
#ifndef SENDHUB_ABI_CONNECTOR_H
#define SENDHUB_ABI_CONNECTOR_H

#include <sendhub/abi/arrow.h>
#include <sendhub/abi/core.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the plugin's half ---- */

#define SHP_CONNECTOR "sendhub.connector/1"

/* One record type that the connector fills, and the fields of it, by the names of the shared schema. The
 * index of this struct in its array is the record's handle in all later calls; the order of `fields` is the
 * order of the values in add_row. source_key must be among them. A name that the hub's schema does not have
 * refuses the plugin when it is loaded. */
typedef struct shp_record {
    uint32_t size; /* sizeof(shp_record) as compiled */
    uint32_t field_count;
    shp_str name;
    const shp_str* fields;
} shp_record;

typedef struct shp_file {
    uint32_t size;       /* sizeof(shp_file) as compiled */
    uint32_t number;     /* from 0, in this run */
    shp_str name;        /* as delivered, folders with '/'; a member of an archive is ARCHIVE/MEMBER */
    uint64_t bytes;      /* of the content, after unpacking; 0: not known beforehand */
    int64_t received_at; /* microseconds since 1970-01-01T00:00:00Z */
} shp_file;

typedef struct shp_connector {
    uint32_t size; /* sizeof(shp_connector) as compiled */
    uint32_t record_count;
    const shp_record* records;
    /* Called once per file, in the order of arrival. SHP_REFUSED_FILE: nothing of this file is imported,
     * and the next file follows. Any other code but SHP_OK ends the run. */
    int32_t (*read_file)(void* instance, const shp_file* file);
    /* Called once after the last file, also when files were refused: rows that need more than one file. */
    int32_t (*finish)(void* instance);
} shp_connector;

/* ---- values ---- */

#define SHP_NULL 0u
#define SHP_TEXT 1u /* as.text */
#define SHP_INT 2u  /* as.i */
#define SHP_REAL 3u /* as.d; the hub rounds to the scale of the field */
#define SHP_BOOL 4u /* as.i: 0 or 1 */
#define SHP_DATE 5u /* as.i: days since 1970-01-01; a date has no zone */
#define SHP_TIME 6u /* as.i: microseconds since 1970-01-01T00:00:00Z */

typedef struct shp_value {
    uint32_t kind;
    uint32_t reserved; /* 0 */
    union {
        int64_t i;
        double d;
        shp_str text;
    } as;
} shp_value;

/* ---- rows that are wrong ---- */

#define SHP_ISSUE_REJECT 1u  /* the row is not taken */
#define SHP_ISSUE_WARNING 2u /* the row is taken; a person should check it */

/* value is the raw value at fault; the hub masks it before anything is shown when `personal` is not 0.
 * source_key, when known, keeps the row's last good version open: a rejected row is not a vanished row.
 * record or scope is SHP_NONE when it is not known. */
typedef struct shp_issue {
    uint32_t size; /* sizeof(shp_issue) as compiled */
    uint32_t severity;
    uint32_t record;
    uint32_t scope;
    uint64_t source_row; /* line (text) or ordinal of the element (XML), from 1; 0: the file as a whole */
    uint32_t personal;
    uint32_t reserved; /* 0 */
    shp_str field;
    shp_str value;
    shp_str rule;   /* id of the rule, such as SC-01 */
    shp_str reason; /* one sentence, plain English, no personal data */
    shp_str advice; /* what to do about it */
    shp_str source_key;
    shp_str person_ref; /* the child whose row it was; what is known of the child stays */
} shp_issue;

/* ---- the hub's half ---- */

#define SHP_HOST_CONNECTOR "sendhub.host.connector/1"

#define SHP_SCOPE_SNAPSHOT 1u /* the rows of this scope in this run are all there are: others are closed */
#define SHP_SCOPE_DELTA 2u    /* the rows are added or changed; nothing is closed */

typedef struct shp_host_connector {
    uint32_t size; /* sizeof(shp_host_connector) as the hub was compiled */
    uint32_t reserved;

    /* Inside read_file: bytes of the current file, in order. Returns how many were put into buffer, 0 at the
     * end, -1 when the hub could not read or unpack it: return SHP_REFUSED_FILE then, the hub knows why. A
     * short read does not mean the end. */
    int64_t (*read)(void* ctx, void* buffer, uint64_t capacity);

    /* Inside read_file or finish: names the scope that rows belong to. The same (record, name) in one call of
     * read_file gives the same handle, which is valid until close. as_of: the day the source stood so (days
     * since 1970-01-01); an older snapshot never replaces a newer one. SHP_NONE on misuse, which ends the
     * run. */
    uint32_t (*scope)(void* ctx, uint32_t record, shp_str name, uint32_t mode, int32_t as_of);

    /* One row; count must equal the field_count declared. A row that breaks the schema (type, required, code
     * set, length, repeated source_key) is kept as rejected by the hub, with its rule, and the call still
     * returns SHP_OK. Another code means: stop, return SHP_FAILED. */
    int32_t (*add_row)(void* ctx, uint32_t record, uint32_t scope, uint64_t source_row,
                       const shp_value* values, uint32_t count);
    /* One issue. Returns as add_row. */
    int32_t (*add_issue)(void* ctx, const shp_issue* issue);

    /* Inside finish: which file the rows and issues that follow came from (shp_file.number). */
    void (*set_file)(void* ctx, uint32_t number);
} shp_host_connector;

#define SHP_HOST_ARROW "sendhub.host.arrow/1"

/* Rows as batches of the Arrow C Data Interface, for bulk and for other languages. Each row of a batch goes
 * through the same checks as a row of add_row. */
typedef struct shp_host_arrow {
    uint32_t size; /* sizeof(shp_host_arrow) as the hub was compiled */
    uint32_t reserved;

    /* schema: a struct ("+s") whose children are named after fields declared for the record, in any order; a
     * declared field without a child is empty in each row. A child named "source_row" (int64) says where
     * each row came from; without one, rows count on from first_row. Accepted: null (n), boolean (b),
     * integers (c C s S i I l), floating point (f g), text (u U), date (tdD), time in microseconds with the
     * zone UTC (tsu:UTC), and text as a dictionary with 8 to 64 bit indices.
     * Both stay the caller's: the hub reads them during the call and calls neither release.
     * A schema that the hub cannot read ends the run, with a sentence. Returns as add_row. */
    int32_t (*add_batch)(void* ctx, uint32_t record, uint32_t scope, uint64_t first_row,
                         const struct ArrowSchema* schema, const struct ArrowArray* batch);
} shp_host_arrow;

#ifdef __cplusplus
}
#endif
#endif
