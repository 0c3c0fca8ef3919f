/* sendhub_plugin.h: everything that the hub and a plugin share. Plugin boundary, version 1.
 *
 * TRUST. A plugin has all the rights of the process it is loaded into. That process is a worker
 * (`sendhub worker`): one feed, one run, under limits, and never the daemon. What a plugin does wrong
 * costs that run and nothing else.
 *
 * SHAPE. A plugin is a shared library that exports ONE function, sendhub_plugin(), which returns a table.
 * The hub hands the plugin a table in return. Nothing is imported: a plugin links against no part of the hub.
 *
 * GROWTH. Every table begins with its own size and grows only at its end; a slot is never emptied, moved or
 * given another meaning. The receiver reads a slot only if `size` covers it (SHP_HAS). Arrays of structs are
 * walked with the `size` of their first element as the stride. The number SHP_ABI_VERSION rises when the
 * hub adds something that a plugin may want to ask for; the hub loads every plugin whose version lies in
 * [SHP_ABI_OLDEST, SHP_ABI_VERSION].
 *
 * STRINGS are (pointer, length), UTF-8, not terminated, never owned by the receiver.
 *   What a plugin returns from sendhub_plugin() is static: valid until the process ends.
 *   What either side passes into a call is valid until that call returns. Copy what you keep.
 *
 * THREADS. The hub calls a plugin from one thread only, one call at a time. A plugin calls the host table
 * only from inside such a call and on that thread, except `cancelled`, which may be called from any thread.
 *
 * FAILURE. A call returns SHP_OK or one of the other codes. Before returning another code a plugin calls
 * host->set_error with one sentence that says what, where and what to do. It holds no personal data: name
 * the file and the row, never the child. A failing call that says nothing is reported as having said
 * nothing. No exception, signal handler or longjmp may cross this boundary.
 */
#ifndef SENDHUB_PLUGIN_H
#define SENDHUB_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHP_ABI_VERSION 1u /* what this header describes */
#define SHP_ABI_OLDEST 1u  /* the oldest that this hub still loads */

/* Does the table behind p reach as far as member? */
#define SHP_HAS(p, type, member) ((p)->size >= offsetof(type, member) + sizeof((p)->member))

/* Text, not owned. data may be NULL only when size is 0. */
typedef struct shp_str {
    const char* data;
    uint64_t size;
} shp_str;

/* What a call says to its caller. The names say what the caller can do about it. */
#define SHP_OK 0
#define SHP_FAILED 1       /* this run cannot go on; look at the text */
#define SHP_REFUSED_FILE 2 /* read_file: this file is refused whole; the run goes on with the next */
#define SHP_RETRY 3        /* a passing fault (server away, timeout): try the run again later */
#define SHP_BAD_SETTINGS 4 /* open: a setting is wrong; nothing was read */
#define SHP_CANCELLED 5    /* the hub asked to stop and the plugin did */

/* Kinds of plugin. */
#define SHP_KIND_TRANSPORT 1u /* how bytes arrive */
#define SHP_KIND_CONNECTOR 2u /* what they mean */
#define SHP_KIND_SINK 3u      /* where a publication goes: named here, not yet called by any hub */

/* ---- values -------------------------------------------------------------------------------------------- */

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

/* ---- what a plugin says about itself (static) ------------------------------------------------------------
 */

#define SHP_SETTING_REQUIRED 1u
#define SHP_SETTING_SECRET 2u /* given as a reference (env:, file:), masked everywhere */
#define SHP_SETTING_TABLE 4u  /* a table of text to text, such as a column map; keys arrive as NAME.KEY */
#define SHP_SETTING_LIST 8u   /* a list of text; arrives joined by '\n' */

/* One settings key. type: "text" "integer" "number" "boolean" "date" "folder" "file".
 * unit: "" or such as "seconds", "bytes". Every string present, default_value may be empty. */
typedef struct shp_setting {
    uint32_t size; /* sizeof(shp_setting) as compiled */
    uint32_t flags;
    shp_str name;
    shp_str type;
    shp_str unit;
    shp_str default_value;
    shp_str meaning;
} shp_setting;

/* One record type that a connector fills, and the fields of it, by the names of the shared schema.
 * The index of this struct in its array is the record's handle in all later calls; the order of `fields`
 * is the order of the values in add_row. source_key must be among them. */
typedef struct shp_record {
    uint32_t size; /* sizeof(shp_record) as compiled */
    uint32_t field_count;
    shp_str name;
    const shp_str* fields;
} shp_record;

/* ---- rows that are wrong
 * ----------------------------------------------------------------------------------- */

#define SHP_ISSUE_REJECT 1u  /* the row is not taken */
#define SHP_ISSUE_WARNING 2u /* the row is taken; a person should look */

/* value is the raw value at fault; the hub masks it before anything is shown when `personal` is not 0.
 * source_key, when known, keeps the row's last good version open: a rejected row is not a vanished row.
 * record or scope is SHP_NONE when it is not known. */
#define SHP_NONE 0xffffffffu
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
} shp_issue;

/* ---- the host's half
 * ------------------------------------------------------------------------------------------ */

#define SHP_LOG_DEBUG 0
#define SHP_LOG_INFO 1
#define SHP_LOG_WARN 2

#define SHP_SCOPE_SNAPSHOT 1u /* the rows of this scope in this run are all there are: others are closed */
#define SHP_SCOPE_DELTA 2u    /* the rows are added or changed; nothing is closed */

/* transport: what the hub thinks of a file on offer */
#define SHP_OFFER_TAKE 0
#define SHP_OFFER_KNOWN 1 /* this name with this size and time was taken before: do not send it again */

typedef struct shp_file {
    uint32_t size;       /* sizeof(shp_file) as compiled */
    uint32_t number;     /* from 0, in this run */
    shp_str name;        /* as delivered, folders with '/'; a member of an archive is ARCHIVE/MEMBER */
    uint64_t bytes;      /* of the content, after unpacking; 0: not known beforehand */
    int64_t received_at; /* microseconds since 1970-01-01T00:00:00Z */
} shp_file;

typedef struct shp_host {
    uint32_t size; /* sizeof(shp_host) as the hub was compiled */
    uint32_t abi_version;
    void* ctx; /* first argument of every call below */

    /* any plugin */
    shp_str (*setting)(void* ctx, shp_str name); /* {NULL,0}: not set and no default */
    uint32_t (*setting_count)(void* ctx);        /* for tables: walk all keys */
    shp_str (*setting_name)(void* ctx, uint32_t index);
    void (*log)(void* ctx, int32_t level, shp_str text);        /* no personal data */
    int32_t (*cancelled)(void* ctx);                            /* not 0: stop soon; any thread */
    void (*set_error)(void* ctx, shp_str text);                 /* why the call in progress will fail */
    void (*progress)(void* ctx, uint64_t done, uint64_t total); /* total 0: not known */

    /* connector, inside read_file: bytes of the current file, in order. Returns how many were put into
     * buffer, 0 at the end, -1 when the hub could not read or unpack it (return SHP_REFUSED_FILE then:
     * the hub already knows why). A short read does not mean the end. */
    int64_t (*read)(void* ctx, void* buffer, uint64_t capacity);

    /* connector, inside read_file or finish: name the scope that rows belong to. The same (record, name)
     * in one read_file gives the same handle. as_of: the day the source stood so (days since 1970-01-01);
     * an older snapshot never replaces a newer one. Returns SHP_NONE on misuse. */
    uint32_t (*scope)(void* ctx, uint32_t record, shp_str name, uint32_t mode, int32_t as_of);

    /* connector: one row. count must equal the field_count declared. A row that breaks the schema (type,
     * required, code set, length, repeated source_key) is kept as rejected by the hub, with its rule.
     * Returns SHP_OK also then; another code means: stop, return SHP_FAILED. */
    int32_t (*add_row)(void* ctx, uint32_t record, uint32_t scope, uint64_t source_row,
                       const shp_value* values, uint32_t count);
    int32_t (*add_issue)(void* ctx, const shp_issue* issue);

    /* connector, inside finish: which file the rows and issues that follow came from (shp_file.number). */
    void (*set_file)(void* ctx, uint32_t number);

    /* transport, inside fetch: offer, then begin, write…, and commit or abandon. One file at a time.
     * modified_at: microseconds since 1970-01-01T00:00:00Z, 0 if the source does not say. */
    int32_t (*offer)(void* ctx, shp_str name, uint64_t bytes, int64_t modified_at);
    int32_t (*begin_file)(void* ctx, shp_str name, uint64_t bytes, int64_t modified_at);
    int32_t (*write)(void* ctx, const void* data, uint64_t size);
    int32_t (*commit_file)(void* ctx);
    void (*abandon_file)(void* ctx);
    /* A file that was seen and not taken, and why (still growing, no marker yet, name refused). */
    void (*skipped)(void* ctx, shp_str name, shp_str reason);
} shp_host;

/* ---- the plugin's half
 * --------------------------------------------------------------------------------------- */

typedef struct shp_plugin {
    uint32_t size;        /* sizeof(shp_plugin) as compiled */
    uint32_t abi_version; /* SHP_ABI_VERSION as compiled */
    uint32_t kind;
    uint32_t setting_count;
    shp_str name;    /* snake_case, unique among the plugins of a hub */
    shp_str version; /* of the plugin, such as 1.0.0 */
    shp_str title;   /* for people */
    shp_str summary; /* one or two sentences */
    const shp_setting* settings;
    const shp_record* records; /* connector; else NULL */
    uint32_t record_count;
    uint32_t reserved; /* 0 */

    /* All kinds. open: check the settings, make ready; *instance is handed to the later calls and belongs to
     * the plugin until close, which is called exactly once after every successful open: also when a later
     * call failed, was cancelled or let an exception out, and also when nothing else was called (the hub
     * checks the settings so). Only the end of the process comes before it. It is not called when open did
     * not return SHP_OK. After a failure its outcome changes nothing. */
    int32_t (*open)(const shp_host* host, void** instance);
    void (*close)(void* instance);

    /* transport */
    int32_t (*fetch)(void* instance);

    /* connector: read_file once a file in the order of arrival, then finish once (also after refused files).
     */
    int32_t (*read_file)(void* instance, const shp_file* file);
    int32_t (*finish)(void* instance);
} shp_plugin;

#if defined(__GNUC__)
#define SHP_EXPORT __attribute__((visibility("default")))
#else
#define SHP_EXPORT
#endif

/* The one exported symbol. Never NULL. Called once, before anything else; must not start threads or touch
 * files. */
#define SHP_ENTRY_NAME "sendhub_plugin"
typedef const shp_plugin* (*shp_entry_fn)(void);

#ifdef __cplusplus
}
#endif
#endif
