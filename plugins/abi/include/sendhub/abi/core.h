/* core.h: what every plugin and the hub share. Plugin boundary, version 1.
 *
 * A plugin is a shared library that exports one function, sendhub_plugin(), which returns a table of type
 * shp_plugin. When the hub opens the plugin it hands over a table of type shp_host. Everything else is an
 * interface: a table that one side asks the other for by its id.
 *
 *   id                              who offers it   header        what for
 *   "sendhub.connector/1"           plugin          connector.h   reads delivered files into rows
 *   "sendhub.host.connector/1"      hub             connector.h   bytes in, rows and issues out
 *   "sendhub.host.arrow/1"          hub             connector.h   rows as Arrow batches
 *   "sendhub.transport/1"           plugin          transport.h   fetches files from a source
 *   "sendhub.host.transport/1"      hub             transport.h   takes files into landing
 *   "sendhub.host.checkpoint/1"     hub, later      transport.h   remembers where a fetch stopped
 *   "sendhub.sink/1"                plugin          sink.h        sends a publication somewhere
 *   "sendhub.host.sink/1"           hub, later      sink.h        the rows of a publication
 *
 * A plugin offers exactly one of connector, transport and sink. An id that the other side does not know is
 * answered with NULL, never with an error.
 *
 * STATES of an instance. An arrow is a call that returned; every call not drawn is not made.
 *
 *              open = SHP_OK                      connector: read_file, any number of times
 *   (none) ──────────────────────► opened ───┬──► transport: fetch, once          ───┐
 *     │                                      │    sink:      send, once              │
 *     │ open = another code                  │                                       │ connector: finish, once
 *     ▼                                      │ a call failed, or the hub cancels     ▼
 *   (none): close is not called              └─────────────────────────────────►  close, exactly once
 *
 * close is called exactly once after every successful open, also after a failure or a cancellation, unless
 * the process itself is killed. No other call follows it.
 *
 * RULES FOR EVERY CALL, unless its comment says otherwise
 *   thread    the hub calls a plugin from one thread, one call at a time; a plugin calls the hub only from
 *             inside such a call and on that thread. Only `cancelled` may be called from any thread.
 *   owner     what a plugin's tables point to is static: valid until the process ends. What either side
 *             passes into a call belongs to the caller and is valid until that call returns: copy what you
 *             keep. Nobody frees what the other side allocated.
 *   failure   a call that fails returns a code other than SHP_OK. Before that, a plugin says why with
 *             set_error. A failed call of the plugin is followed by close and nothing else, except
 *             read_file = SHP_REFUSED_FILE. A failed call of the hub leaves the instance as it was; return
 *             the same code to the hub soon.
 *   nothing crosses: no exception, longjmp or signal handler.
 *
 * GROWTH. Every table and struct begins with its own size and grows only at its end; a slot is never emptied,
 * moved or given another meaning. The receiver reads a slot only if `size` covers it (SHP_HAS). Arrays are
 * walked with the `size` of their first element as the stride. A kind that needs another shape gets a new id
 * ("sendhub.connector/2"); both may be offered side by side.
 *
 * WHY SO
 *   One exported function, and tables by id: a kind can gain a revision without touching the others, and an
 *   old plugin never sees what it does not know. A size in each table instead of one number for all: two
 *   sides of different age agree slot by slot. (pointer, length) instead of terminated text: values come
 *   from files and may hold anything. Borrowed for the call, never handed over: no allocator is shared, so
 *   any compiler and language will do. One thread: a plugin author need not think of locks, and the hub runs
 *   feeds side by side in processes of their own.
 */
#ifndef SENDHUB_ABI_CORE_H
#define SENDHUB_ABI_CORE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHP_ABI_VERSION 1u /* what these headers describe */
#define SHP_ABI_OLDEST 1u  /* the oldest that this hub still loads */

/* Does the table behind p reach as far as member? */
#define SHP_HAS(p, type, member) ((p)->size >= offsetof(type, member) + sizeof((p)->member))

/* Text: UTF-8, not terminated, not owned. data may be NULL only when size is 0. */
typedef struct shp_str {
    const char* data;
    uint64_t size;
} shp_str;

/* What a call returns. The names say what the caller can do about it. */
#define SHP_OK 0
#define SHP_FAILED 1       /* this run cannot go on */
#define SHP_REFUSED_FILE 2 /* read_file only: this file is refused whole; the run goes on with the next */
#define SHP_RETRY 3        /* a passing fault (server away, timeout): try the run again later */
#define SHP_BAD_SETTINGS 4 /* open only: a setting is wrong; nothing was read */
#define SHP_CANCELLED 5    /* the hub asked to stop, and the plugin did */

#define SHP_NONE 0xffffffffu /* no record, no scope, no file */

/* Why a call will fail. Only sentence must be set. The hub adds file and row to the sentence, so leave them
 * out of it. No personal data: name the file and the row, never the child. */
typedef struct shp_error {
    uint32_t size; /* sizeof(shp_error) as compiled */
    uint32_t reserved;
    shp_str sentence;       /* what happened, where, and what to do; plain English */
    shp_str file;           /* the file at fault, as the source names it; may be empty */
    uint64_t row;           /* line or element in that file, from 1; 0: the file as a whole */
    int64_t retry_after_ms; /* with SHP_RETRY: not before this long from now; 0: the hub decides */
} shp_error;

/* ---- settings ---- */

/* Type of a settings key. Folders and files arrive as absolute paths; dates as 2026-01-31. */
#define SHP_TYPE_TEXT 1u
#define SHP_TYPE_INTEGER 2u
#define SHP_TYPE_NUMBER 3u
#define SHP_TYPE_BOOLEAN 4u /* true, false */
#define SHP_TYPE_DATE 5u
#define SHP_TYPE_FOLDER 6u
#define SHP_TYPE_FILE 7u

#define SHP_SETTING_REQUIRED 1u
#define SHP_SETTING_SECRET 2u /* given as a reference (env:, file:), masked everywhere */
#define SHP_SETTING_TABLE 4u  /* a table of text to text, such as a column map; keys arrive as NAME.KEY */
#define SHP_SETTING_LIST 8u   /* a list of text; arrives joined by '\n' */

/* One settings key. The hub refuses keys that are not declared, fills in defaults, checks types, and makes
 * the reference page from these. */
typedef struct shp_setting {
    uint32_t size; /* sizeof(shp_setting) as compiled */
    uint32_t flags;
    uint32_t type; /* SHP_TYPE_… */
    uint32_t reserved;
    shp_str name;          /* a-z, 0-9 and _ */
    shp_str unit;          /* such as "seconds", "bytes"; may be empty */
    shp_str default_value; /* may be empty: none */
    shp_str meaning;       /* one or two sentences for the person who sets it */
} shp_setting;

/* ---- the hub's half ---- */

#define SHP_LOG_DEBUG 0
#define SHP_LOG_INFO 1
#define SHP_LOG_WARN 2

typedef struct shp_host {
    uint32_t size; /* sizeof(shp_host) as the hub was compiled */
    uint32_t abi_version;
    void* ctx; /* first argument of every call into the hub, also of its interfaces */

    /* A table of the hub by its id; NULL when this hub does not offer it. Valid until close returns. */
    const void* (*get_interface)(void* ctx, shp_str id);

    /* The value of a key, or its default; {NULL, 0} when there is neither. Valid until close returns. */
    shp_str (*setting)(void* ctx, shp_str name);
    /* All keys that have a value, in no order: for walking tables. An index too large gives {NULL, 0}. */
    uint32_t (*setting_count)(void* ctx);
    shp_str (*setting_name)(void* ctx, uint32_t index);

    /* One line for the run's log. No personal data. Long text is cut; after 200 lines nothing is kept. */
    void (*log)(void* ctx, int32_t level, shp_str text);
    /* Not 0 when the run should stop: clean up, return SHP_CANCELLED. Any thread. */
    int32_t (*cancelled)(void* ctx);
    /* Why the call in progress is about to fail. The last one counts. */
    void (*set_error)(void* ctx, const shp_error* error);
    /* How far the work is, in any unit; total 0: not known. Also says that the plugin is alive. */
    void (*progress)(void* ctx, uint64_t done, uint64_t total);
} shp_host;

/* ---- the plugin's half ---- */

typedef struct shp_plugin {
    uint32_t size;        /* sizeof(shp_plugin) as compiled */
    uint32_t abi_version; /* SHP_ABI_VERSION as compiled */
    shp_str name;         /* a-z, 0-9 and _; unique among the plugins of a hub */
    shp_str version;      /* of the plugin, such as 1.0.0 */
    shp_str title;        /* for people */
    shp_str summary;      /* one or two sentences */
    const shp_setting* settings;
    uint32_t setting_count;
    uint32_t reserved;

    /* Checks the settings and makes ready; must not touch the source. Returns SHP_OK and an instance, which
     * belongs to the plugin until close; or SHP_BAD_SETTINGS, SHP_RETRY or SHP_FAILED, and then nothing is
     * left open and close is not called. host stays valid until close returns. */
    int32_t (*open)(const shp_host* host, void** instance);
    /* Releases everything, whatever happened before. Cannot fail. */
    void (*close)(void* instance);
    /* A table of the plugin by its id, static; NULL when it does not offer it. May be called before open. */
    const void* (*get_interface)(shp_str id);
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
