// Many calls of one principal are refused, to one service after the other: what somebody does who tries out what a
// stolen key is good for.

#include "trailglass.h"

enum { WHO, SERVICE, CALL, ADDRESS };
enum { CALLS, SERVICES, MINUTES };
static const int64_t MINUTE = 60000;

const tg_manifest tg_detector = {
    .id = "denied-burst",
    .name = "Calls denied across many services",
    .version = "1.0.0",
    .description = "A principal was denied many calls to several services within minutes. Whoever finds a key tries out "
                   "what it is good for, while programs ask for what they have been given.",
    .severity = TG_MEDIUM,
    .tactics = (const char *const[]){"TA0007", NULL},
    .techniques = (const char *const[]){"T1526", "T1580", "T1087.004", NULL},
    .false_positives = (const char *const[]){"A tool that takes stock of an account with too few rights.",
                                             "The console of somebody who may do little: its pages ask many services.", NULL},
    .options =
        (const tg_option[]){
            {"calls", "How many denied calls it takes, from 2 to 10,000.", TG_INTEGER, 10, .from = 2, .to = 10000},
            {"services", "How many services they must be spread over, from 1 to 100.", TG_INTEGER, 4, .from = 1, .to = 100},
            {"minutes", "Within how many minutes, from 1 to 1,440.", TG_INTEGER, 10, .from = 1, .to = 1440},
            {0},
        },
    .select = "userIdentity.arn:* AND errorCode:(AccessDenied OR AccessDeniedException OR UnauthorizedOperation OR "
              "Client.UnauthorizedOperation OR AuthorizationError OR UnauthorizedException)",
    .fields = (const char *const[]){"userIdentity.arn", "eventSource", "eventName", "sourceIPAddress", NULL},
    .grouping = TG_BY_FIELDS,
    .group_by = (const char *const[]){"userIdentity.arn", NULL},
};

// The rows from `first` up to `last`, in which the thresholds were reached.
static void report(size_t first, size_t last) {
    tg_finding *finding = tg_find();
    bool *seen = tg_alloc(tg_codes(SERVICE));
    int64_t services = 0;
    for (size_t row = first; row <= last; row++) {
        uint32_t service = tg_code(SERVICE, row);
        if (service != TG_MISSING && !seen[service]) {
            seen[service] = true;
            services++;
        }
        tg_show(finding, row);
    }
    tg_say(finding, tg_value(WHO, first));
    tg_say(finding, " was denied ");
    tg_say_count(finding, (int64_t)(last - first + 1), "call");
    tg_say(finding, " to ");
    tg_say_count(finding, services, "service");
    tg_say(finding, " within ");
    tg_say_count(finding, (tg_time(last) - tg_time(first)) / MINUTE + 1, "minute");
    tg_say(finding, ", from ");
    tg_say(finding, tg_value(CALL, first));
    tg_say(finding, " to ");
    tg_say(finding, tg_value(CALL, last));
    tg_say(finding, ".");
}

void tg_observe(tg_group group) {
    const int64_t window = tg_integer(MINUTES) * MINUTE;
    // How often each service is in the window, and how many are in it at all.
    uint32_t *calls = tg_alloc(tg_codes(SERVICE) * sizeof *calls);
    int64_t services = 0;
    size_t first = group.first, burst = group.end;
    // Events without a time come first.
    while (first < group.end && tg_time(first) == TG_NO_TIME) {
        first++;
    }
    for (size_t row = first; row < group.end; row++) {
        for (; tg_time(row) - tg_time(first) >= window; first++) {
            uint32_t left = tg_code(SERVICE, first);
            services -= left != TG_MISSING && --calls[left] == 0;
        }
        // A burst goes on for as long as its last call is in the window.
        if (burst < group.end && first == row) {
            report(burst, row - 1);
            burst = group.end;
        }
        uint32_t service = tg_code(SERVICE, row);
        services += service != TG_MISSING && calls[service]++ == 0;
        if (burst == group.end && (int64_t)(row - first + 1) >= tg_integer(CALLS) && services >= tg_integer(SERVICES)) {
            burst = first;
        }
    }
    if (burst < group.end) {
        report(burst, group.end - 1);
    }
}
