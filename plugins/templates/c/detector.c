// My detector: principals that were denied calls.

#include "trailglass.h"

enum { WHO, CALL };
enum { CALLS };

const tg_manifest tg_detector = {
    .id = "my-detector",
    .name = "My detector",
    .version = "0.1.0",
    .description = "A principal was denied calls: it may be trying out what it is allowed to do.",
    .severity = TG_LOW,
    .options =
        (const tg_option[]){
            {"calls", "How many denied calls it takes, from 1 to 10,000.", TG_INTEGER, 3, .from = 1, .to = 10000},
            {0},
        },
    .select = "errorCode:AccessDenied",
    .fields = (const char *const[]){"userIdentity.arn", "eventName", NULL},
    .grouping = TG_BY_FIELDS,
    .group_by = (const char *const[]){"userIdentity.arn", NULL},
};

void tg_observe(tg_group group) {
    int64_t calls = (int64_t)(group.end - group.first);
    if (calls < tg_integer(CALLS)) {
        return;
    }
    tg_text who = tg_value(WHO, group.first);
    tg_finding *finding = tg_find();
    for (size_t row = group.first; row < group.end; row++) {
        tg_show(finding, row);
    }
    tg_say(finding, who.at == NULL ? "Someone unknown" : "");
    tg_say(finding, who);
    tg_say(finding, " was denied ");
    tg_say_count(finding, calls, "call");
    tg_say(finding, ", first ");
    tg_say(finding, tg_value(CALL, group.first));
    tg_say(finding, ".");
}
