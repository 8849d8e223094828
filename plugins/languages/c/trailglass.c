// What stands between a detector and the host: the contract's types as the canonical ABI lays them out for 32 bits, the
// three exports, the import, and memory. Compiled together with the detector.

#include "trailglass.h"

#define EXPORT(name) __attribute__((export_name("trailglass:detector/detector@1.0.0#" name)))

__attribute__((import_module("trailglass:detector/host@1.0.0"), import_name("log"))) void host_log(
    uint32_t level, const char *message, size_t size);

// The contract's types. Their sizes are those that the canonical ABI computes from the WIT.

typedef struct {
    void *at;
    size_t count;
} list;

typedef struct {
    uint8_t type;
    union {
        uint8_t flag;
        int64_t integer;
        tg_text text;
        list texts;
    };
} option_value;

typedef struct {
    tg_text name, description;
    option_value value;
} option_spec;

typedef struct {
    tg_text name;
    option_value value;
} option_setting;

typedef struct {
    tg_text id, name, version, description;
    uint8_t severity;
    list tactics, techniques, false_positives, references, options;
    tg_text select;
    list fields;
    uint8_t grouping;
    list group_by;
} manifest;

typedef struct {
    tg_text *values;
    size_t value_count;
    uint32_t *codes;
    size_t code_count;
} column;

struct tg_finding {
    list rows;
    tg_text why;
    uint8_t has_title;
    tg_text title;
    uint8_t has_severity, severity;
};

// A result: an error text, or findings or nothing.
typedef struct {
    uint8_t failed;
    union {
        tg_text error;
        list findings;
    };
} result;

_Static_assert(sizeof(option_value) == 16 && sizeof(option_spec) == 32 && sizeof(option_setting) == 24, "options");
_Static_assert(sizeof(manifest) == 104 && sizeof(column) == 16, "manifest and columns");
_Static_assert(sizeof(struct tg_finding) == 32 && sizeof(result) == 12, "answers");

// Memory. Whole pages are asked for, so that a C library in the same plugin can do so too.

enum { PAGE = 65536 };

static uintptr_t memory_next, memory_end;

void *tg_alloc(size_t bytes) {
    bytes = (bytes + 7) & ~(size_t)7;
    if (bytes > memory_end - memory_next) {
        size_t pages = bytes / PAGE + 1;
        // Larger steps once much is asked for: each one costs time.
        size_t wanted = pages < 16 ? 16 : pages;
        size_t old = __builtin_wasm_memory_grow(0, wanted);
        if (old == SIZE_MAX) {
            __builtin_trap();
        }
        if (old * PAGE != memory_end) {
            memory_next = old * PAGE;
        }
        memory_end = (old + wanted) * PAGE;
    }
    void *found = (void *)memory_next;
    memory_next += bytes;
    return found;
}

// More room for a block that may have grown; what it held is kept.
static void *grown(void *block, size_t old, size_t bytes) {
    void *larger = tg_alloc(bytes);
    if (old > 0) {
        __builtin_memcpy(larger, block, old < bytes ? old : bytes);
    }
    return larger;
}

__attribute__((export_name("cabi_realloc"))) void *tg_realloc(void *block, size_t old, size_t align, size_t bytes) {
    (void)align;
    return bytes == 0 ? (void *)8 : grown(block, old, bytes);
}

// The compiler calls these whether a program does or not. Those of a C library come first if there is one.

#define OWN __attribute__((weak, no_builtin("memcpy", "memset")))

OWN void *memcpy(void *restrict to, const void *restrict from, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        ((char *)to)[i] = ((const char *)from)[i];
    }
    return to;
}

OWN void *memset(void *to, int byte, size_t bytes) {
    for (size_t i = 0; i < bytes; i++) {
        ((char *)to)[i] = (char)byte;
    }
    return to;
}

// Texts.

static tg_text text(const char *string) {
    size_t size = 0;
    while (string != NULL && string[size] != 0) {
        size++;
    }
    return (tg_text){string, size};
}

static list texts(const char *const *strings) {
    size_t count = 0;
    while (strings != NULL && strings[count] != NULL) {
        count++;
    }
    tg_text *all = tg_alloc(count * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        all[i] = text(strings[i]);
    }
    return (list){all, count};
}

// Blocks of growing texts are powers of two.
static size_t room_for(size_t size) {
    size_t room = 64;
    while (room < size) {
        room *= 2;
    }
    return room;
}

static void append(tg_text *to, tg_text more) {
    size_t size = to->size + more.size, room = room_for(size);
    if (to->size == 0 || room > room_for(to->size)) {
        to->at = grown((void *)to->at, to->size, room);
    }
    __builtin_memcpy((char *)to->at + to->size, more.at, more.size);
    to->size = size;
}

static void append_number(tg_text *to, int64_t number) {
    char digits[20];
    size_t start = sizeof digits;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[--start] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0) {
        append(to, text("-"));
    }
    append(to, (tg_text){digits + start, sizeof digits - start});
}

bool tg_same(tg_text a, tg_text b) {
    if (a.size != b.size || (a.at == NULL) != (b.at == NULL)) {
        return false;
    }
    for (size_t i = 0; i < a.size; i++) {
        if (a.at[i] != b.at[i]) {
            return false;
        }
    }
    return true;
}

bool tg_is(tg_text value, const char *string) {
    return tg_same(value, text(string));
}

void tg_log(tg_level level, const char *line) {
    tg_text message = text(line);
    host_log(level, message.at, message.size);
}

// What the plugin is.

static list options(const tg_option *of) {
    size_t count = 0;
    while (of != NULL && of[count].name != NULL) {
        count++;
    }
    option_spec *all = tg_alloc(count * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        all[i] = (option_spec){text(of[i].name), text(of[i].description), {.type = (uint8_t)of[i].type}};
        switch (of[i].type) {
        case TG_FLAG:
            all[i].value.flag = of[i].number != 0;
            break;
        case TG_INTEGER:
            all[i].value.integer = of[i].number;
            break;
        case TG_TEXT:
            all[i].value.text = text(of[i].text);
            break;
        case TG_TEXTS:
            all[i].value.texts = texts(of[i].texts);
            break;
        }
    }
    return (list){all, count};
}

EXPORT("describe") manifest *describe(void) {
    const tg_manifest *of = &tg_detector;
    manifest *all = tg_alloc(sizeof *all);
    *all = (manifest){
        .id = text(of->id),
        .name = text(of->name),
        .version = text(of->version),
        .description = text(of->description),
        .severity = (uint8_t)of->severity,
        .tactics = texts(of->tactics),
        .techniques = texts(of->techniques),
        .false_positives = texts(of->false_positives),
        .references = texts(of->references),
        .options = options(of->options),
        .select = text(of->select),
        .fields = texts(of->fields),
        .grouping = (uint8_t)of->grouping,
        .group_by = texts(of->group_by),
    };
    return all;
}

// Options as they were set: one for each of the manifest, in its order.

static option_setting *settings;

static const option_value *setting(size_t option, tg_type type) {
    if (tg_detector.options[option].type != type) {
        __builtin_trap();
    }
    return &settings[option].value;
}

bool tg_flag(size_t option) {
    return setting(option, TG_FLAG)->flag;
}

int64_t tg_integer(size_t option) {
    return setting(option, TG_INTEGER)->integer;
}

tg_text tg_option_text(size_t option) {
    return setting(option, TG_TEXT)->text;
}

size_t tg_option_texts(size_t option, const tg_text **all) {
    list found = setting(option, TG_TEXTS)->texts;
    *all = found.at;
    return found.count;
}

EXPORT("configure") result *configure(option_setting *given, size_t count) {
    result *answer = tg_alloc(sizeof *answer);
    settings = given;
    for (size_t i = 0; i < count; i++) {
        const tg_option *of = &tg_detector.options[i];
        int64_t value = given[i].value.integer;
        if (of->type != TG_INTEGER || (value >= of->from && value <= of->to)) {
            continue;
        }
        tg_text why = {0};
        append(&why, text("Option "));
        append(&why, text(of->name));
        append(&why, text(" takes a number from "));
        append_number(&why, of->from);
        append(&why, text(" to "));
        append_number(&why, of->to);
        append(&why, text(", not "));
        append_number(&why, value);
        append(&why, text("."));
        *answer = (result){.failed = 1, .error = why};
        break;
    }
    return answer;
}

// The batch that is being judged, and what was found in it.

static const uint32_t *numbers;
static const int64_t *times;
static const column *columns;
static list findings;
static size_t findings_room;

int64_t tg_time(size_t row) {
    return times[row];
}

uint32_t tg_code(size_t field, size_t row) {
    return columns[field].codes[row];
}

uint32_t tg_codes(size_t field) {
    return columns[field].value_count;
}

tg_text tg_value(size_t field, size_t row) {
    uint32_t code = tg_code(field, row);
    return code == TG_MISSING ? (tg_text){0} : columns[field].values[code];
}

tg_finding *tg_find(void) {
    // Findings that were handed out stay where they are, so this is a list of pointers until the end.
    if (findings.count == findings_room) {
        findings_room = findings_room == 0 ? 64 : findings_room * 2;
        findings.at = grown(findings.at, findings.count * sizeof(tg_finding *), findings_room * sizeof(tg_finding *));
    }
    tg_finding *finding = tg_alloc(sizeof *finding);
    ((tg_finding **)findings.at)[findings.count++] = finding;
    return finding;
}

void tg_show(tg_finding *finding, size_t row) {
    list *rows = &finding->rows;
    // The room is the power of two that holds the count.
    if ((rows->count & (rows->count - 1)) == 0) {
        size_t room = rows->count == 0 ? 1 : rows->count * 2;
        rows->at = grown(rows->at, rows->count * sizeof(uint32_t), room * sizeof(uint32_t));
    }
    ((uint32_t *)rows->at)[rows->count++] = numbers[row];
}

void tg_severity_of(tg_finding *finding, tg_severity severity) {
    finding->has_severity = 1;
    finding->severity = (uint8_t)severity;
}

void tg_say_string(tg_finding *finding, const char *words) {
    append(&finding->why, text(words));
}

void tg_say_text(tg_finding *finding, tg_text value) {
    append(&finding->why, value);
}

void tg_say_number(tg_finding *finding, int64_t number) {
    append_number(&finding->why, number);
}

void tg_say_count(tg_finding *finding, int64_t number, const char *noun) {
    tg_say_number(finding, number);
    tg_say_string(finding, " ");
    tg_say_string(finding, noun);
    tg_say_string(finding, number == 1 ? "" : "s");
}

void tg_title(tg_finding *finding, const char *words) {
    finding->has_title = 1;
    append(&finding->title, text(words));
}

EXPORT("detect") result *detect(
    const uint32_t *rows, size_t row_count, const int64_t *row_times, size_t time_count, const column *all,
    size_t column_count, const uint32_t *starts, size_t start_count, const column *keys, size_t key_count) {
    (void)time_count, (void)column_count, (void)keys, (void)key_count;
    numbers = rows;
    times = row_times;
    columns = all;
    for (size_t i = 0; i < start_count; i++) {
        tg_observe((tg_group){starts[i], i + 1 < start_count ? starts[i + 1] : row_count});
    }
    tg_finding *found = tg_alloc(findings.count * sizeof *found);
    for (size_t i = 0; i < findings.count; i++) {
        found[i] = *((tg_finding **)findings.at)[i];
    }
    result *answer = tg_alloc(sizeof *answer);
    *answer = (result){.findings = {found, findings.count}};
    return answer;
}
