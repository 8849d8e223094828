// Write a detector for Trailglass in C.
//
// A detector is the constant `tg_detector`, which says what it is and which events it wants to see, and the function
// `tg_observe`, which judges one group of them at a time. README.md shows one. An instance of a plugin judges one batch
// and is thrown away, so nothing here has to be freed, and nothing may be kept from one group to the next.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Text: UTF-8, without a zero at its end. `at` is NULL where an event does not have the field.
typedef struct {
    const char *at;
    size_t size;
} tg_text;

// How bad it is if a finding is what it looks like.
typedef enum { TG_INFORMATIONAL, TG_LOW, TG_MEDIUM, TG_HIGH, TG_CRITICAL } tg_severity;

// Which events form a group.
typedef enum { TG_EACH_EVENT, TG_BY_FIELDS, TG_ALL_EVENTS } tg_grouping;

// The type of an option.
typedef enum { TG_FLAG, TG_INTEGER, TG_TEXT, TG_TEXTS } tg_type;

// An option that whoever runs the plugin may set.
typedef struct {
    // Lower-case words with dashes.
    const char *name;
    // One sentence: what it does, its unit and its bounds.
    const char *description;
    tg_type type;
    // The default of a flag (0 or 1) or a number, and the bounds of a number.
    int64_t number, from, to;
    // The default of a text; NULL is the empty text.
    const char *text;
    // The default of several texts, with NULL at the end; NULL is none.
    const char *const *texts;
} tg_option;

// What a detector is; bounds and meaning of all items are those of the contract. Lists of texts end with NULL, and one
// that is NULL is empty.
typedef struct {
    const char *id, *name, *version, *description;
    tg_severity severity;
    const char *const *tactics, *const *techniques, *const *false_positives, *const *references;
    // Ends with one that has no name.
    const tg_option *options;
    // The events it needs, in the search language; NULL selects all.
    const char *select;
    // The fields it reads. Functions below know them by their place in this list.
    const char *const *fields;
    tg_grouping grouping;
    // For TG_BY_FIELDS: the fields whose equal values make a group. They must be among `fields`.
    const char *const *group_by;
} tg_manifest;

// Some selected events that belong together, in time order, never empty: the rows from `first` up to `end`, which is no
// row of it any more.
typedef struct {
    size_t first, end;
} tg_group;

// Something that was found.
typedef struct tg_finding tg_finding;

// What the plugin is made of; the detector defines both.
extern const tg_manifest tg_detector;
void tg_observe(tg_group group);

// eventTime in milliseconds since 1970, or TG_NO_TIME.
int64_t tg_time(size_t row);
#define TG_NO_TIME INT64_MIN

// The value of a field of an event.
tg_text tg_value(size_t field, size_t row);

// A number that stands for that value: the same for the same value of this field, below tg_codes, or TG_MISSING.
// Comparing these is quicker than comparing texts.
uint32_t tg_code(size_t field, size_t row);
uint32_t tg_codes(size_t field);
#define TG_MISSING UINT32_MAX

// The values of options, by their place in the manifest.
bool tg_flag(size_t option);
int64_t tg_integer(size_t option);
tg_text tg_option_text(size_t option);
size_t tg_option_texts(size_t option, const tg_text **texts);

// Whether two texts are the same, and whether a text is what C calls a string.
bool tg_same(tg_text a, tg_text b);
bool tg_is(tg_text text, const char *string);

// Memory for so many bytes, filled with zeros.
void *tg_alloc(size_t bytes);

// A new finding; it has to be given at least one row and some words.
tg_finding *tg_find(void);
// Adds a row that shows it; each at most once.
void tg_show(tg_finding *finding, size_t row);
// Gives it a severity of its own.
void tg_severity_of(tg_finding *finding, tg_severity severity);
// Adds words, values or numbers to the sentence that says why it fired.
#define tg_say(finding, what)                                                                                          \
    _Generic((what), char *: tg_say_string, const char *: tg_say_string, tg_text: tg_say_text, default: tg_say_number)( \
        finding, what)
void tg_say_string(tg_finding *finding, const char *words);
void tg_say_text(tg_finding *finding, tg_text value);
void tg_say_number(tg_finding *finding, int64_t number);
// Adds a number with its noun: `1 service`, `4 services`.
void tg_say_count(tg_finding *finding, int64_t number, const char *noun);
// Adds words to a title of its own.
void tg_title(tg_finding *finding, const char *words);

// Writes a line where the host shows messages of plugins.
typedef enum { TG_DEBUG, TG_INFO, TG_WARNING, TG_ERROR } tg_level;
void tg_log(tg_level level, const char *line);
