/* Plugins that must be refused when they are loaded; each of the macros makes another one. */
#include <sendhub/abi/connector.h>
#include <sendhub/abi/sink.h>
#include <string.h>

#if defined(CRASH_ON_LOAD) || defined(EXIT_ON_LOAD) || defined(HANG_ON_LOAD)
#include <stdlib.h>
#include <unistd.h>
__attribute__((constructor)) static void on_load(void) {
#if defined(CRASH_ON_LOAD)
    abort();
#elif defined(EXIT_ON_LOAD)
    _exit(0);
#else
    for (;;) pause();
#endif
}
#endif

static int32_t open_it(const shp_host* host, void** instance) {
    (void)host;
    *instance = 0;
    return SHP_OK;
}
static void close_it(void* instance) { (void)instance; }
static int32_t read_it(void* instance, const shp_file* file) {
    (void)instance;
    (void)file;
    return SHP_OK;
}
#ifndef NO_FINISH
static int32_t finish_it(void* instance) {
    (void)instance;
    return SHP_OK;
}
#endif

static const shp_str fields[] = {
    {"source_key", 10},
    {"person_ref", 10},
#ifdef UNKNOWN_FIELD
    {"shoe_size", 9},
#endif
};
static const shp_record records[] = {{sizeof(shp_record),
#ifdef NO_PERSON_REF
                                      1,
#else
                                      sizeof fields / sizeof fields[0],
#endif
#ifdef UNKNOWN_RECORD
                                      {"shoe_record", 11},
#else
                                      {"person_record", 13},
#endif
                                      fields}};

static const shp_connector connector = {sizeof(shp_connector), 1, records, read_it,
#ifdef NO_FINISH
                                        0
#else
                                        finish_it
#endif
};

#ifndef OFFERS
#define OFFERS SHP_CONNECTOR
#endif
static const void* interface_of(shp_str id) {
    return id.size == strlen(OFFERS) && memcmp(id.data, OFFERS, (size_t)id.size) == 0 ? &connector : 0;
}

static const shp_plugin plugin = {sizeof(shp_plugin),
#ifdef ABI
                                  ABI,
#else
                                  SHP_ABI_VERSION,
#endif
                                  {"unloadable", 10},
                                  {"1.0.0", 5},
                                  {"Unloadable", 10},
                                  {"", 0},
                                  0,
                                  0,
                                  0,
                                  open_it,
                                  close_it,
                                  interface_of};

#ifdef NO_ENTRY
SHP_EXPORT const shp_plugin* sendhub_plugins(void);
SHP_EXPORT const shp_plugin* sendhub_plugins(void) { return &plugin; }
#else
SHP_EXPORT const shp_plugin* sendhub_plugin(void);
SHP_EXPORT const shp_plugin* sendhub_plugin(void) {
#ifdef NO_TABLE
    (void)plugin;
    return 0;
#else
    return &plugin;
#endif
}
#endif
