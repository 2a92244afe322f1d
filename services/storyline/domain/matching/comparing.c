// Compares an article, or a story that looks for its twin, with the stories that come into question: what their texts,
// titles, directions and times have in common, and how much can speak for each at most.
//
// It is compiled for the same reasons as `reading.c`; `comparing.py` calls it and says what the columns hold. What is
// added up are whole numbers, so that only the steps from sums to signals round, and these are spelled out here.

#include <stdint.h>

// The numbers written in capitals that aren't here are Python's; it hands them over when this is compiled.
#define SLOTS 8192  // of the hash table, a power of two, well above TERMS_KEPT_MAX
#define FILTER_BITS 32768
#define CASES 3

#define EXPORT(name) __attribute__((export_name(#name))) void name(void)

// What stands at the beginning of a side (see `View`): how many of each follow, and what is known without comparing.
struct Head {
    int32_t size, has_body, terms, title_terms, latest, latest_terms, times, directions;
};

// A side's columns, as they lie packed.
struct Side {
    struct Head head;
    const int64_t *times;
    const int32_t *latest_sizes;
    const uint32_t *terms, *weights, *title_terms, *title_weights, *latest_terms;
    const uint16_t *title_articles, *latest_weights;
    const int8_t *directions;
};

// What Python writes: how many stories there are, which models, in which cases directions count, a bit each; the sides,
// what is compared first; of each story whether it has a common language, and its direction; the direction of what is
// compared; the models; logarithms.
static int64_t asked[3];
enum { COUNT, MODELS, MEANT };
enum { JOINING, MERGING };  // the models
static uint8_t sides[SIDES_BYTES_MAX] __attribute__((aligned(8)));
static uint8_t same_language[COMPARED_MAX];
static int8_t directions[COMPARED_MAX][DIMENSIONS], direction[DIMENSIONS];
enum {
    COSINE, LATEST, NEAREST, TITLE, TITLE_SINGLE, COVERAGE, FAMILIARITY, MARGIN, TITLE_MARGIN, MEANING,
    MEANING_NEAREST, MEANING_MARGIN, LATEST_BREVITY, LINKAGE, DATED, LOG_SIZE, LOG_SMALLER, LOG_LARGER,
    COSINE_LOG_SMALLER, GAP, LULL, DISTANCE, BIAS, SIGNALS
};
static double models[2][CASES][SIGNALS];
static double logs[MEMBERS_MAX + 1];

// What Python reads, of each story.
static struct Told {
    double signals[DATED], gap_days;
    uint8_t dated, same_language, with_body;
    int32_t size, query_size;
    double span_days, at_most;
} told[COMPARED_MAX];

static void *const columns[] = {asked, sides, same_language, directions, direction, models, logs, told};

__attribute__((export_name("column"))) int32_t column(int32_t at) { return (intptr_t)columns[at]; }

// The terms that are compared with, and their weights: a hash table (0: empty), and bits that most others fail.
static struct Entry {
    uint32_t term, weight;  // the term plus one
} table[SLOTS];
static uint8_t filter[FILTER_BITS / 8];

static uint32_t slot_of(uint32_t term) { return (term * 2654435761u) >> 19; }

static void lay_out(const uint32_t *terms, const uint32_t *weights, int32_t size) {
    if (size > SLOTS / 2) __builtin_trap();
    for (int32_t at = 0; at < size; at++) {
        uint32_t slot = slot_of(terms[at]), bit = terms[at] % FILTER_BITS;
        while (table[slot].term) slot = (slot + 1) % SLOTS;
        table[slot].term = terms[at] + 1, table[slot].weight = weights[at];
        filter[bit / 8] |= 1 << bit % 8;
    }
}

static void clear(const uint32_t *terms, int32_t size) {
    for (int32_t at = 0; at < size; at++) {
        uint32_t slot = slot_of(terms[at]);
        while (table[slot].term) table[slot].term = 0, slot = (slot + 1) % SLOTS;
        filter[terms[at] % FILTER_BITS / 8] = 0;
    }
}

// The weight of a term that is laid out, 0 if it isn't.
static int64_t weight_of(uint32_t term) {
    uint32_t bit = term % FILTER_BITS;
    if (!(filter[bit / 8] & 1 << bit % 8)) return 0;
    for (uint32_t slot = slot_of(term); table[slot].term; slot = (slot + 1) % SLOTS)
        if (table[slot].term == term + 1) return table[slot].weight;
    return 0;
}

static double larger(double one, double other) { return one > other ? one : other; }
static double smaller(double one, double other) { return one < other ? one : other; }

static struct Side side_at(const uint8_t **place) {
    struct Side side = {.head = *(const struct Head *)*place};
    const struct Head *head = &side.head;
    side.times = (const int64_t *)(*place + sizeof *head);
    side.latest_sizes = (const int32_t *)(side.times + head->times);
    side.terms = (const uint32_t *)(side.latest_sizes + head->latest);
    side.weights = side.terms + head->terms;
    side.title_terms = side.weights + head->terms;
    side.title_weights = side.title_terms + head->title_terms;
    side.latest_terms = side.title_weights + head->title_terms;
    side.title_articles = (const uint16_t *)(side.latest_terms + head->latest_terms);
    side.latest_weights = side.title_articles + head->title_terms;
    side.directions = (const int8_t *)(side.latest_weights + head->latest_terms);
    *place = (const uint8_t *)(((intptr_t)(side.directions + head->directions * DIMENSIONS) + 7) & ~7);
    return side;
}

static double norm_of(const uint32_t *weights, int32_t size) {
    int64_t square = 0;
    for (int32_t at = 0; at < size; at++) square += (int64_t)weights[at] * weights[at];
    return __builtin_sqrt((double)square);
}

// What two sides have in common, and the length of the one that isn't laid out.
struct Product {
    int64_t dot, square;
};

static double cosine_of(struct Product with, double norm) {
    return (double)with.dot / larger(__builtin_sqrt((double)with.square) * norm, 1.0);
}

static struct Product with_sums(const struct Side *story) {
    struct Product with = {0, 0};
    for (int32_t at = 0; at < story->head.terms; at++) {
        with.dot += weight_of(story->terms[at]) * story->weights[at];
        with.square += (int64_t)story->weights[at] * story->weights[at];
    }
    return with;
}

static struct Product with_latest(const uint32_t *terms, const uint16_t *weights, int32_t size) {
    struct Product with = {0, 0};
    for (int32_t at = 0; at < size; at++) with.dot += weight_of(terms[at]) * weights[at];
    for (int32_t at = 0; at < size; at++) with.square += (int64_t)weights[at] * weights[at];
    return with;
}

// The cosine with the sum of the story's articles, that with the nearest of the latest, the mean of the nearest
// BEST_OF_LATEST, and the mean of each article's with each; a story of one article is compared once.
static void compare_texts(const struct Side *story, double norm, double trust, int32_t own_size, double *signals) {
    double best[BEST_OF_LATEST + 1] = {0}, sum = 0;
    struct Product whole = {0, 0};
    int32_t begin = 0, kept = 0;
    for (int32_t number = 0; number < story->head.latest; number++) {
        int32_t size = story->latest_sizes[number], at = kept;
        whole = with_latest(story->latest_terms + begin, story->latest_weights + begin, size);
        double cosine = cosine_of(whole, norm);
        for (; at > 0 && best[at - 1] < cosine; at--) best[at] = best[at - 1];
        best[at] = cosine, begin += size;
        if (kept < BEST_OF_LATEST) kept++;
    }
    for (int32_t at = 0; at < kept; at++) sum += best[at];
    if (story->head.terms) whole = with_sums(story);
    signals[COSINE] = cosine_of(whole, norm);
    signals[LINKAGE] = (double)whole.dot / ((double)SCALE * SCALE * own_size * story->head.size);
    signals[LATEST] = kept ? trust * sum / kept : 0;
    signals[NEAREST] = best[0];
}

static int64_t sum_of(const uint32_t *weights, int32_t size) {
    int64_t sum = 0;
    for (int32_t at = 0; at < size; at++) sum += weights[at];
    return sum;
}

// How well the titles of the larger side know those of the smaller: the share of these titles' weight on terms that
// those carry, each by the fourth root of the share of titles that do.
static double familiarity(const struct Side *own, const struct Side *story) {
    const struct Side *few = own->head.size <= story->head.size ? own : story, *many = few == own ? story : own;
    int64_t whole = sum_of(few->title_weights, few->head.title_terms);
    double known = 0;
    lay_out(few->title_terms, few->title_weights, few->head.title_terms);
    for (int32_t at = 0; at < many->head.title_terms; at++) {
        int64_t weight = weight_of(many->title_terms[at]);
        double share = (double)many->title_articles[at] / many->head.size;
        if (weight) known += (double)weight * __builtin_sqrt(__builtin_sqrt(share));
    }
    clear(few->title_terms, few->head.title_terms);
    return known / (double)(whole ? whole : 1);
}

static void compare_titles(const struct Side *story, double norm, int64_t whole, double *signals) {
    int64_t dot = 0, single = 0, covered = 0, square = 0;
    for (int32_t at = 0; at < story->head.title_terms; at++) {
        int64_t own = weight_of(story->title_terms[at]), its = story->title_weights[at], product = own * its;
        dot += product, square += its * its;
        if (product > single) single = product;
        if (story->title_articles[at] * 2 >= story->head.size) covered += own;
    }
    signals[TITLE] = dot ? (double)dot / larger(__builtin_sqrt((double)square) * norm, 1.0) : 0;
    signals[TITLE_SINGLE] = (double)single / (double)(dot ? dot : 1);
    signals[COVERAGE] = (double)covered / (double)(whole ? whole : 1);
}

static double cosine_of_directions(const int8_t *other, int64_t own_square) {
    int32_t dot = 0, square = 0;
    for (int32_t n = 0; n < DIMENSIONS; n++) dot += direction[n] * other[n], square += other[n] * other[n];
    return larger((double)dot / larger(__builtin_sqrt((double)square * (double)own_square), 1.0), 0.0);
}

static void compare_directions(const struct Side *story, const int8_t *its, int64_t own_square, double *signals) {
    double nearest = 0;
    for (int32_t at = 0; at < story->head.directions; at++)
        nearest = larger(nearest, cosine_of_directions(story->directions + at * DIMENSIONS, own_square));
    signals[MEANING] = cosine_of_directions(its, own_square), signals[MEANING_NEAREST] = nearest;
}

static int any_direction(int32_t count) {
    for (int32_t at = 0; at < count; at++)
        for (int32_t n = 0; n < DIMENSIONS; n++)
            if (directions[at][n]) return 1;
    return 0;
}

// Each one's lead over the best other: the best's over the second, the others' (negative) to the best.
static void lead(int32_t count, int32_t of, int32_t margin, double rival) {
    double best = rival, second = rival;
    int32_t leader = -1;
    for (int32_t at = 0; at < count; at++) {
        double value = told[at].signals[of];
        if (value > best)
            second = best, best = value, leader = at;
        else if (value > second)
            second = value;
        if (leader < 0 && value == best) leader = at;
    }
    for (int32_t at = 0; at < count; at++)
        told[at].signals[margin] = told[at].signals[of] - (at == leader ? second : best);
}

/* Of two sides without a common language a nearer rival is assumed, which may take their lead but puts none behind. */
static void lead_abroad(int32_t count) {
    for (int32_t at = 0; at < count; at++) {
        double *signals = told[at].signals;
        if (told[at].same_language) continue;
        double before = signals[MEANING] - MEANING_RIVAL_ABROAD_MIN;
        signals[MEANING_MARGIN] = smaller(signals[MEANING_MARGIN], larger(before, 0));
    }
}

static void first_and_last(const struct Side *side, int64_t *first, int64_t *last) {
    *first = *last = side->head.times ? side->times[0] : 0;
    for (int32_t at = 1; at < side->head.times; at++) {
        if (side->times[at] < *first) *first = side->times[at];
        if (side->times[at] > *last) *last = side->times[at];
    }
}

// Days between the nearest of either side's latest articles, and days that the longer side ran.
static void compare_times(const struct Side *own, const struct Side *story, struct Told *it) {
    int64_t own_first, own_last, first, last;
    it->gap_days = it->span_days = 0;
    it->dated = own->head.times && story->head.times;
    if (!it->dated) return;
    first_and_last(own, &own_first, &own_last);
    first_and_last(story, &first, &last);
    int64_t gap = own_first - last > first - own_last ? own_first - last : first - own_last;
    if (gap < 0) {  // they overlap
        gap = INT64_MAX;
        for (int32_t at = 0; at < own->head.times; at++)
            for (int32_t other = 0; other < story->head.times; other++) {
                int64_t between = own->times[at] - story->times[other];
                if (between < 0) between = -between;
                if (between < gap) gap = between;
            }
    }
    it->gap_days = smaller((double)gap / DAY_MS, GAP_DAYS_MAX);
    int64_t own_span = own_last - own_first, span = last - first;
    it->span_days = (double)(own_span > span ? own_span : span) / DAY_MS;
}

// How far the shorter side's latest articles are, in the mean, from as many terms as an article can have.
static double brevity(const struct Side *own, const struct Side *story) {
    double one = (double)own->head.latest_terms / larger(own->head.latest, 1.0);
    double other = (double)story->head.latest_terms / larger(story->head.latest, 1.0);
    return smaller(BREVITY_MAX, 1 - smaller(1.0, smaller(one, other) / TERMS_MAX));
}

// The natural logarithm, nearly: no two machines need to have the same one for what is only a bound.
static double log_of(double number) {
    int32_t exponent = 0;
    for (; number > 1.5; exponent++) number /= 2;
    for (; number < 0.75; exponent--) number *= 2;
    double ratio = (number - 1) / (number + 1), square = ratio * ratio, power = ratio, sum = 0;
    for (int32_t odd = 1; odd < 24; odd += 2, power *= square) sum += power / odd;
    return 2 * sum + exponent * 0.6931471805599453;
}

// The log-odds of a model without what only facts can tell, which speaks against: more than this they aren't.
static double at_most(const struct Told *it, const double *model) {
    double total = model[BIAS] + model[DATED] * it->dated;
    int32_t least = it->size < it->query_size ? it->size : it->query_size, most = it->size + it->query_size - least;
    if (most > MEMBERS_MAX) return __builtin_inf();
    for (int32_t at = 0; at < DATED; at++) total += model[at] * it->signals[at];
    total += model[LOG_SIZE] * logs[it->size] + model[LOG_SMALLER] * logs[least] + model[LOG_LARGER] * logs[most] +
             model[COSINE_LOG_SMALLER] * it->signals[COSINE] * logs[least];
    if (it->gap_days > 1) total += model[GAP] * log_of(it->gap_days);
    if (most > 1 && it->gap_days > NIGHT_DAYS)
        total += model[LULL] * larger(0.0, log_of((it->gap_days + 1 - NIGHT_DAYS) / (1 + it->span_days)));
    return it->gap_days > JOIN_GAP_DAYS_MAX ? total + model[DISTANCE] : total;
}

static int32_t case_of(const struct Told *it) { return !it->same_language ? 2 : it->with_body ? 0 : 1; }

static void compare_each(const struct Side *own, const struct Side *stories, int32_t count, int32_t meant) {
    const uint32_t *terms = own->head.terms ? own->terms : own->latest_terms;
    int32_t size = own->head.terms ? own->head.terms : own->head.latest_terms;
    static uint32_t weights[SLOTS / 2];
    if (size > SLOTS / 2) __builtin_trap();
    for (int32_t at = 0; at < size; at++) weights[at] = own->head.terms ? own->weights[at] : own->latest_weights[at];
    double trust = own->head.has_body ? __builtin_sqrt(smaller(1.0, (double)size / TERSE_TERMS)) : 1.0;
    double norm = norm_of(weights, size), title_norm = norm_of(own->title_weights, own->head.title_terms);
    int64_t whole = sum_of(own->title_weights, own->head.title_terms), own_square = 0;
    for (int32_t n = 0; n < DIMENSIONS; n++) own_square += direction[n] * direction[n];
    lay_out(terms, weights, size);
    for (int32_t at = 0; at < count; at++) compare_texts(stories + at, norm, trust, own->head.size, told[at].signals);
    clear(terms, size);
    lay_out(own->title_terms, own->title_weights, own->head.title_terms);
    for (int32_t at = 0; at < count; at++) compare_titles(stories + at, title_norm, whole, told[at].signals);
    clear(own->title_terms, own->head.title_terms);
    for (int32_t at = 0; at < count; at++)
        if (meant) compare_directions(stories + at, directions[at], own_square, told[at].signals);
    lead(count, COSINE, MARGIN, RIVAL_MIN);
    for (int32_t at = 0; at < count; at++)
        if (told[at].signals[MARGIN] > 0) told[at].signals[MARGIN] *= trust;
}

EXPORT(compare) {
    const uint8_t *place = sides;
    struct Side own = side_at(&place), stories[COMPARED_MAX];
    int32_t count = asked[COUNT], meant = 0;
    for (int32_t at = 0; at < count; at++) {
        struct Told *it = told + at;
        stories[at] = side_at(&place);
        it->same_language = same_language[at], it->with_body = own.head.has_body && stories[at].head.has_body;
        it->size = stories[at].head.size, it->query_size = own.head.size;
        it->signals[MEANING] = it->signals[MEANING_NEAREST] = it->signals[MEANING_MARGIN] = 0;
        compare_times(&own, stories + at, it);
    }
    for (int32_t at = 0; at < count; at++) meant |= asked[MEANT] >> case_of(told + at) & 1;
    compare_each(&own, stories, count, meant && any_direction(count));
    for (int32_t at = 0; at < count; at++) {
        double *signals = told[at].signals;
        int32_t asks = asked[MODELS] == MERGING && !told[at].with_body;
        signals[FAMILIARITY] = asks ? familiarity(&own, stories + at) : 0;
        signals[LATEST_BREVITY] = told[at].with_body ? brevity(&own, stories + at) * signals[LATEST] : 0;
    }
    lead(count, TITLE, TITLE_MARGIN, RIVAL_MIN);
    if (meant) lead(count, MEANING, MEANING_MARGIN, MEANING_RIVAL_MIN), lead_abroad(count);
    for (int32_t at = 0; at < count; at++)
        told[at].at_most = at_most(told + at, models[asked[MODELS]][case_of(told + at)]);
}
