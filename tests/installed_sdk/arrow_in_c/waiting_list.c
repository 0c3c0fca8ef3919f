/* A connector in C, outside the tree, that hands over its rows as one Arrow batch per file.
 * A line of the file: reference,surname,born (days since 1970-01-01; empty: not known). */
#include <sendhub/abi/connector.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof(literal) - 1}
enum { max_rows = 1000, max_bytes = 1 << 16 };

static const shp_str fields[] = {TEXT("source_key"), TEXT("person_ref"), TEXT("surname"), TEXT("birth_date")};
static const shp_record records[] = {{sizeof(shp_record), 4, TEXT("person_record"), fields}};

typedef struct instance {
    const shp_host *host;
    const shp_host_connector *rows;
    const shp_host_arrow *arrow;
    char text[max_bytes];
    /* one Arrow array per column; the buffers point into text or here */
    char references[max_bytes], surnames[max_bytes];
    int32_t reference_ends[max_rows + 1], surname_ends[max_rows + 1], born[max_rows];
    uint8_t born_known[max_rows / 8 + 1];
} instance;

static int32_t failed(const instance *self, int32_t code, const char *sentence, uint64_t row) {
    shp_error error = {sizeof(shp_error), 0, {0, 0}, {0, 0}, 0, 0};
    error.sentence.data = sentence;
    error.sentence.size = strlen(sentence);
    error.row = row;
    self->host->set_error(self->host->ctx, &error);
    return code;
}

static int32_t open_it(const shp_host *host, void **out) {
    static const shp_str connector = TEXT(SHP_HOST_CONNECTOR), arrow = TEXT(SHP_HOST_ARROW);
    instance *self = calloc(1, sizeof *self);
    if (!self) return SHP_FAILED;
    self->host = host;
    self->rows = host->get_interface(host->ctx, connector);
    self->arrow = host->get_interface(host->ctx, arrow);
    if (!self->rows || !self->arrow) {
        const int32_t code = failed(self, SHP_FAILED, "this hub takes no Arrow batches; update the hub", 0);
        free(self);
        return code;
    }
    *out = self;
    return SHP_OK;
}

static void close_it(void *self) { free(self); }

/* The part up to the next comma or the end of the line. */
static const char *part_end(const char *at, const char *end) {
    while (at < end && *at != ',') ++at;
    return at;
}

static int32_t hand_over(instance *self, int64_t rows, uint32_t scope) {
    struct ArrowSchema children[4], root, *child_schemas[4];
    struct ArrowArray arrays[4], batch, *child_arrays[4];
    const char *const names[4] = {"source_key", "person_ref", "surname", "birth_date"};
    const void *const references[3] = {0, self->reference_ends, self->references};
    const void *const surnames[3] = {0, self->surname_ends, self->surnames};
    const void *const born[2] = {self->born_known, self->born};
    int i;
    memset(children, 0, sizeof children);
    memset(arrays, 0, sizeof arrays);
    memset(&root, 0, sizeof root);
    memset(&batch, 0, sizeof batch);
    for (i = 0; i < 4; ++i) {
        children[i].name = names[i];
        children[i].format = i == 3 ? "tdD" : "u";
        arrays[i].length = rows;
        arrays[i].null_count = i == 3 ? -1 : 0;
        arrays[i].n_buffers = i == 3 ? 2 : 3;
        arrays[i].buffers = (const void **)(uintptr_t)(i == 3 ? born : i == 2 ? surnames : references);
        child_schemas[i] = &children[i];
        child_arrays[i] = &arrays[i];
    }
    root.format = "+s";
    root.n_children = batch.n_children = 4;
    root.children = child_schemas;
    batch.children = child_arrays;
    batch.length = rows;
    return self->arrow->add_batch(self->host->ctx, 0, scope, 1, &root, &batch);
}

static int32_t read_file(void *given, const shp_file *file) {
    static const shp_str all = TEXT("all");
    instance *self = given;
    uint64_t size = 0;
    int64_t n, row = 0;
    const char *at, *end;
    uint32_t scope;
    while ((n = self->rows->read(self->host->ctx, self->text + size, max_bytes - size)) > 0) size += (uint64_t)n;
    if (n < 0) return SHP_REFUSED_FILE;
    if (size == max_bytes) return failed(self, SHP_REFUSED_FILE, "the file is larger than 64 kB", 0);
    scope = self->rows->scope(self->host->ctx, 0, all, SHP_SCOPE_SNAPSHOT, (int32_t)(file->received_at / 86400000000));
    if (scope == SHP_NONE) return SHP_FAILED;
    memset(self->born_known, 0, sizeof self->born_known);
    for (at = self->text, end = self->text + size; at < end; ++row) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at)), *first, *second;
        if (!line_end) line_end = end;
        if (row == max_rows) return failed(self, SHP_REFUSED_FILE, "the file has more than 1,000 rows", 0);
        first = part_end(at, line_end);
        second = first < line_end ? part_end(first + 1, line_end) : line_end;
        if (second == line_end) return failed(self, SHP_REFUSED_FILE, "a row has fewer than three parts", (uint64_t)row + 1);
        memcpy(self->references + self->reference_ends[row], at, (size_t)(first - at));
        self->reference_ends[row + 1] = self->reference_ends[row] + (int32_t)(first - at);
        memcpy(self->surnames + self->surname_ends[row], first + 1, (size_t)(second - first - 1));
        self->surname_ends[row + 1] = self->surname_ends[row] + (int32_t)(second - first - 1);
        if (second + 1 < line_end) {
            self->born[row] = (int32_t)strtol(second + 1, 0, 10);
            self->born_known[row / 8] |= (uint8_t)(1u << (row % 8));
        }
        at = line_end + 1;
    }
    return hand_over(self, row, scope);
}

static int32_t finish(void *self) {
    (void)self;
    return SHP_OK;
}

static const shp_connector connector = {sizeof(shp_connector), 1, records, read_file, finish};

static const void *interface_of(shp_str id) {
    return id.size == sizeof(SHP_CONNECTOR) - 1 && memcmp(id.data, SHP_CONNECTOR, (size_t)id.size) == 0 ? &connector : 0;
}

static const shp_plugin plugin = {
    sizeof(shp_plugin), SHP_ABI_VERSION,    TEXT("waiting_list"), TEXT("1.0.0"), TEXT("Waiting list"),
    TEXT("A connector in C that hands over Arrow batches."), 0, 0, 0, open_it, close_it, interface_of};

SHP_EXPORT const shp_plugin *sendhub_plugin(void);
SHP_EXPORT const shp_plugin *sendhub_plugin(void) { return &plugin; }
