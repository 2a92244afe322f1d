// Finds the stories that come into question for an article: those that share its rarest terms, by an inverted index,
// and those that are about the same, by hashing their directions.
//
// What is known of a story lies together, and each list is an array of its own: with a million stories, what costs is
// memory far apart. It is compiled for the same reasons as `reading.c`; `finding.py` calls it and says what the columns
// hold. Nothing is done that there isn't room for: what is missing is told, and Python gives it.

#include <stdint.h>

// The numbers written in capitals that aren't here are Python's; it hands them over when this is compiled.
#define UNIT 8  // bytes; all blocks begin at a multiple and are as long
#define PAGE 256  // stories
#define SLOTS_MAX (1 << 24)
#define BACK_BITS 11
#define WEIGHT_BITS 28
#define SLOT_SHIFT (BACK_BITS + WEIGHT_BITS)
#define POSTING_MAX ((1u << WEIGHT_BITS) - 1)  // larger weights are entered as this
#define BUCKETS (1 << BITS)
#define FLIPS (1 + BITS + BITS * (BITS - 1) / 2)
#define MET 8192  // of the hash table of slots, a power of two, well above POSTINGS_READ_MAX
#define CLASSES 112
#define NOWHERE UINT32_MAX

#define EXPORT(name) __attribute__((export_name(#name))) void name(void)

// A list in a block of its own: which, in UNITs, 0 if it has none; how many UNITs are used, and the block's class.
struct List {
    uint32_t at, size : 24, class : 8;
};

struct Story {
    double norm;
    int64_t opening;
    int32_t size, terms;
    struct List offsets;  // of its postings, 4 bytes each, by the place of the term in the story
    int8_t direction[DIMENSIONS];
    double square;  // of the direction's length
    uint32_t directed, read;  // whether it has a direction; by which search it was read last
    uint32_t buckets[TABLES], places[TABLES];
};

// What stands before a story's numbers: meaning, terms and weights that are new, then of those that are known terms,
// places, and what their weights grow by.
struct Put {
    int32_t slot, size, fresh, raised;
    int64_t opening;
    double norm;
};

// What Python writes.
static int64_t asked[8];
enum { COUNT, FIRST };  // of `put`: how many stories, how many of them are done already
enum { ASKED, SEARCHED, LIMIT, SIZE_LIMIT, BUT, MORE, OWN };  // of `find`
static uint8_t stories[STORIES_BYTES_MAX] __attribute__((aligned(8)));
static uint32_t terms[TERMS_KEPT_MAX], weights[TERMS_KEPT_MAX];
static int8_t direction[DIMENSIONS], planes[TABLES * BITS][DIMENSIONS];

// What Python reads.
static int64_t told[4];
enum { DONE, MISSING, READ, DIRECTED };  // stories put or found; bytes that are missing for the next; postings read;
                                         // whether the story itself has a direction
static int32_t found[FOUND_MAX];
static int8_t directions[FOUND_MAX][DIMENSIONS];

static void *const columns[] = {asked, stories, terms, weights, direction, planes, told, found, directions};

__attribute__((export_name("column"))) int32_t column(int32_t at) { return (intptr_t)columns[at]; }

// ---- memory

extern uint8_t __heap_base;
static uint32_t used;  // UNITs, from the beginning of all memory
static uint32_t freed[CLASSES];  // the first block of a class that is free; each says which is the next

static uint64_t *block(uint32_t at) { return (uint64_t *)(uintptr_t)(at * UNIT); }

// Four classes for each doubling.
static uint32_t length_of(uint32_t class) {
    return class < 8 ? class + 1 : (5 + (class - 8) % 4) << ((class - 8) / 4 + 1);
}

static uint32_t class_of(uint32_t length) {
    if (length <= 8) return length ? length - 1 : 0;
    uint32_t shift = 29 - __builtin_clz(length - 1);  // so that length − 1 shifted is 4 to 7
    return 4 * shift + 4 + (((length - 1) >> shift) - 4);
}

static uint32_t first_unit(void) { return ((uint32_t)(uintptr_t)&__heap_base + UNIT - 1) / UNIT; }

static int64_t room(void) {
    if (!used) used = first_unit();
    return (int64_t)__builtin_wasm_memory_size(0) * 65536 - (int64_t)used * UNIT;
}

// A block; there must be room.
static uint32_t taken(uint32_t class) {
    uint32_t at = freed[class];
    if (at)
        freed[class] = *(uint32_t *)block(at);
    else
        at = used, used += length_of(class);
    return at;
}

static void give_back(uint32_t at, uint32_t class) { *(uint32_t *)block(at) = freed[class], freed[class] = at; }

static void move(struct List *list, uint32_t class) {
    uint32_t at = taken(class);
    if (list->at) {
        __builtin_memcpy(block(at), block(list->at), list->size * UNIT);
        give_back(list->at, list->class);
    }
    list->at = at, list->class = class;
}

static int full(const struct List *list) { return !list->at || list->size == length_of(list->class); }

// Bytes that are missing if one more is to be appended.
static int64_t to_append(const struct List *list) {
    return full(list) ? (int64_t)length_of(class_of(list->size + 1)) * UNIT : 0;
}

static uint32_t append(struct List *list, uint64_t value) {
    if (full(list)) move(list, class_of(list->size + 1));
    block(list->at)[list->size] = value;
    return list->size++;
}

// Takes one out, into whose place the last one moves.
static void take_out(struct List *list, uint32_t offset) {
    block(list->at)[offset] = block(list->at)[list->size - 1];
    if (!--list->size)
        give_back(list->at, list->class), list->at = 0;
    else if (list->size < length_of(list->class) / 4) {
        uint32_t class = class_of(list->size * 2);
        if (room() >= (int64_t)length_of(class) * UNIT) move(list, class);
    }
}

// ---- lists by key: those of terms, and behind them those of buckets

// A hash table that grows with the keys it ever had, so that a small space touches little memory.
static struct Entry {
    uint32_t key;  // plus one; 0: empty
    struct List list;
} *entries;
static uint32_t entries_known, entries_max;  // the latter is a power of two
#define ENTRIES_FIRST 4096

static uint32_t key_of(uint32_t table, uint32_t bucket) { return TERMS + (table << BITS | bucket); }

static struct Entry *entry_of(uint32_t key) {
    uint32_t at = key * 2654435761u >> __builtin_clz(entries_max - 1);
    while (entries[at].key && entries[at].key != key + 1) at = (at + 1) & (entries_max - 1);
    return entries + at;
}

static const struct List NO_LIST;

static const struct List *list_of(uint32_t key) { return entries_max ? &entry_of(key)->list : &NO_LIST; }

// There must be room for one more.
static struct List *list_for(uint32_t key) {
    struct Entry *entry = entry_of(key);
    if (!entry->key) entry->key = key + 1, entries_known++;
    return &entry->list;
}

static uint32_t entries_class(uint32_t count) { return class_of((count * sizeof(struct Entry) + UNIT - 1) / UNIT); }

// How many entries there must be so that half of them stay empty with so many more.
static uint32_t entries_for(uint32_t more) {
    uint32_t count = entries_max ? entries_max : ENTRIES_FIRST;
    while (count < 2 * (entries_known + more)) count *= 2;
    return count;
}

static void grow_entries(uint32_t count) {
    struct Entry *old = entries;
    uint32_t old_max = entries_max, class = entries_class(count);
    entries = (struct Entry *)block(taken(class)), entries_max = count;
    __builtin_memset(entries, 0, count * sizeof(struct Entry));
    for (uint32_t at = 0; at < old_max; at++)
        if (old[at].key) *entry_of(old[at].key - 1) = old[at];
    if (old_max) give_back((uintptr_t)old / UNIT, entries_class(old_max));
}

// ---- stories

static struct Story *pages[SLOTS_MAX / PAGE];
static uint32_t largest_bucket;  // that there ever was
static double norm_min = __builtin_inf();  // of all that ever had a term

static struct Story *story_at(uint32_t slot) { return pages[slot / PAGE] + slot % PAGE; }

static int known(uint32_t slot) { return slot < SLOTS_MAX && pages[slot / PAGE]; }

static uint32_t *offsets_of(const struct Story *story) { return (uint32_t *)block(story->offsets.at); }

static int64_t missing_for(const struct Put *put, const uint32_t *fresh) {
    int64_t bytes = known(put->slot) ? 0 : PAGE * sizeof(struct Story);
    bytes += (int64_t)length_of(class_of((known(put->slot) ? story_at(put->slot)->terms : 0) + put->fresh)) * UNIT;
    for (int32_t at = 0; at < put->fresh; at++) bytes += to_append(list_of(fresh[at]));
    uint32_t count = entries_for(put->fresh + TABLES);
    if (count != entries_max) bytes += (int64_t)length_of(entries_class(count)) * UNIT;
    return bytes + 2 * TABLES * (int64_t)length_of(class_of(largest_bucket + 1)) * UNIT;  // one is left, one entered
}

static struct Story *entered(uint32_t slot) {
    if (!known(slot)) {
        pages[slot / PAGE] = (struct Story *)block(used);
        used += PAGE * sizeof(struct Story) / UNIT;
    }
    return story_at(slot);
}

static uint64_t posting(uint64_t slot, uint32_t weight, uint32_t back) {
    return slot << SLOT_SHIFT | (uint64_t)(weight < POSTING_MAX ? weight : POSTING_MAX) << BACK_BITS | back;
}

static void put_terms(struct Story *story, const struct Put *put, const uint32_t *fresh, const uint32_t *raised) {
    int32_t count = story->terms + put->fresh;
    uint32_t class = class_of((count + 1) / 2);
    if (put->fresh && (!story->offsets.at || length_of(story->offsets.class) * 2 < (uint32_t)count))
        move(&story->offsets, class);
    story->offsets.size = (count + 1) / 2;
    for (int32_t at = 0; at < put->fresh; at++, story->terms++) {
        uint64_t one = posting(put->slot, fresh[put->fresh + at], story->terms);
        offsets_of(story)[story->terms] = append(list_for(fresh[at]), one);
    }
    for (int32_t at = 0; at < put->raised; at++) {
        uint32_t offset = offsets_of(story)[raised[put->raised + at]];
        block(list_for(raised[at])->at)[offset] += (uint64_t)raised[2 * put->raised + at] << BACK_BITS;
    }
}

static void out_of_buckets(struct Story *story) {
    for (int32_t table = 0; story->directed && table < TABLES; table++) {
        struct List *list = list_for(key_of(table, story->buckets[table]));
        uint32_t place = story->places[table];
        take_out(list, place);
        if (place < list->size) story_at(block(list->at)[place])->places[table] = place;
    }
    story->directed = 0;
}

static int32_t product(const int8_t *one, const int8_t *other) {
    int32_t sum = 0;
    for (int32_t n = 0; n < DIMENSIONS; n++) sum += one[n] * other[n];
    return sum;
}

static uint32_t bucket_of(const int8_t *its, int32_t table) {
    uint32_t bucket = 0;
    for (int32_t bit = 0; bit < BITS; bit++) bucket |= (uint32_t)(product(its, planes[table * BITS + bit]) > 0) << bit;
    return bucket;
}

// The direction of a sum of directions, of length LENGTH; of zeros there is none.
static void put_direction(struct Story *story, uint32_t slot, const int32_t *meaning) {
    int64_t square = 0;
    int8_t its[DIMENSIONS];
    for (int32_t n = 0; n < DIMENSIONS; n++) square += (int64_t)meaning[n] * meaning[n];
    if (!square) {
        out_of_buckets(story);
        return;
    }
    double scale = LENGTH / __builtin_sqrt((double)square);
    for (int32_t n = 0; n < DIMENSIONS; n++) {
        double component = __builtin_rint(meaning[n] * scale);
        its[n] = component > 127 ? 127 : component < -127 ? -127 : (int8_t)component;
    }
    out_of_buckets(story);
    __builtin_memcpy(story->direction, its, DIMENSIONS);
    story->square = product(its, its) > 1 ? product(its, its) : 1, story->directed = 1;
    for (int32_t table = 0; table < TABLES; table++) {
        story->buckets[table] = bucket_of(its, table);
        uint32_t place = story->places[table] = append(list_for(key_of(table, story->buckets[table])), slot);
        if (place >= largest_bucket) largest_bucket = place + 1;
    }
}

// Enters the stories, or what has come to them; ends before the first that there isn't room for.
EXPORT(put) {
    const uint8_t *place = stories;
    for (int64_t number = 0; number < asked[COUNT]; number++) {
        const struct Put *put = (const struct Put *)place;
        const int32_t *meaning = (const int32_t *)(place + sizeof *put);
        const uint32_t *fresh = (const uint32_t *)(meaning + DIMENSIONS), *raised = fresh + 2 * put->fresh;
        place = (const uint8_t *)(((uintptr_t)(raised + 3 * put->raised) + 7) & ~7);
        if (number < asked[FIRST]) continue;
        told[DONE] = number, told[MISSING] = missing_for(put, fresh) - room();
        if (told[MISSING] > 0) return;
        uint32_t count = entries_for(put->fresh + TABLES);
        if (count != entries_max) grow_entries(count);
        struct Story *story = entered(put->slot);
        story->opening = put->opening, story->size = put->size, story->norm = put->norm;
        put_terms(story, put, fresh, raised);
        if (story->terms && story->norm < norm_min) norm_min = story->norm;
        put_direction(story, put->slot, meaning);
    }
    told[DONE] = asked[COUNT], told[MISSING] = 0;
}

// Takes a story out; its terms are asked for in the order in which they were put.
EXPORT(take) {
    uint32_t slot = asked[0];
    if (!known(slot)) return;
    struct Story *story = story_at(slot);
    for (int32_t at = 0; at < story->terms; at++) {
        struct List *list = list_for(terms[at]);
        uint32_t offset = offsets_of(story)[at];
        take_out(list, offset);
        if (offset < list->size) {
            uint64_t moved = block(list->at)[offset];
            offsets_of(story_at(moved >> SLOT_SHIFT))[moved & ((1 << BACK_BITS) - 1)] = offset;
        }
    }
    if (story->offsets.at) give_back(story->offsets.at, story->offsets.class);
    out_of_buckets(story);
    __builtin_memset(story, 0, sizeof *story);
}

// ---- what shares the rarest terms

struct Ranked {
    int64_t first, second;
    uint32_t what, size;
};

static int before(const struct Ranked *one, const struct Ranked *other) {
    return one->first < other->first || (one->first == other->first && one->second < other->second);
}

// Shell's sort; there are a few hundred at most.
static void in_order(struct Ranked *all, int32_t count) {
    static const int32_t gaps[] = {301, 132, 57, 23, 10, 4, 1, 0};
    for (const int32_t *gap = gaps; *gap; gap++)
        for (int32_t at = *gap; at < count; at++) {
            struct Ranked one = all[at];
            int32_t to = at;
            for (; to >= *gap && before(&one, all + to - *gap); to -= *gap) all[to] = all[to - *gap];
            all[to] = one;
        }
}

static struct Met {
    uint32_t slot, empty;  // the slot plus one
    int64_t total;
} met[MET];
static uint32_t places_met[POSTINGS_READ_MAX];
static int32_t distinct;

static void meet(uint32_t slot, int64_t by) {
    uint32_t place = slot * 2654435761u % MET;
    while (met[place].slot && met[place].slot != slot + 1) place = (place + 1) % MET;
    if (!met[place].slot) met[place].slot = slot + 1, met[place].total = 0, places_met[distinct++] = place;
    met[place].total += by;
}

// The best stories so far, the highest cosine first, of equals the older.
static struct Best {
    double cosine;
    int64_t opening;
    uint32_t slot;
} best[FOUND_MAX + 1];
static int32_t kept;

static void judge(uint32_t slot, int64_t total) {
    double least = kept ? COSINE_SHARE_MIN * best[0].cosine : 0;
    if (kept == asked[LIMIT] && best[kept - 1].cosine > least) least = best[kept - 1].cosine;
    if (total <= 0 || (double)total / norm_min < least) return;  // it isn't looked at: that is what costs
    struct Story *story = story_at(slot);
    double cosine = (double)total / story->norm;
    if (cosine < least || story->size > asked[SIZE_LIMIT] || slot == asked[BUT]) return;
    int32_t at = kept;
    for (; at > 0; at--) {
        if (best[at - 1].cosine > cosine || (best[at - 1].cosine == cosine && best[at - 1].opening <= story->opening))
            break;
        best[at] = best[at - 1];
    }
    best[at] = (struct Best){cosine, story->opening, slot};
    if (kept < asked[LIMIT]) kept++;
}

// Of the heaviest terms, as many as asked for, reads the lists of the rarest, as long as they have no more than
// POSTINGS_READ_MAX postings together, but at least one; judges the stories in them.
static void search(void) {
    static struct Ranked lists[TERMS_KEPT_MAX];
    int32_t count = 0;
    for (int32_t at = 0; at < asked[ASKED]; at++) lists[at] = (struct Ranked){-(int64_t)weights[at], terms[at], at, 0};
    if (asked[ASKED] > asked[SEARCHED]) in_order(lists, asked[ASKED]);
    for (int32_t at = 0; at < asked[ASKED] && at < asked[SEARCHED]; at++) {
        const struct List *its = list_of(lists[at].second);
        if (its->size) lists[count++] = (struct Ranked){its->size, lists[at].second, lists[at].what, its->size};
    }
    in_order(lists, count);
    uint32_t all = 0;
    int32_t read = 0;
    for (; read < count; read++, all += lists[read - 1].size)
        if (read && all + lists[read].size > POSTINGS_READ_MAX) break;
    told[READ] = all, kept = distinct = 0;
    for (int32_t number = 0; number < read; number++) {
        const uint64_t *its = block(list_of(terms[lists[number].what])->at);
        int64_t weight = weights[lists[number].what];
        for (uint32_t at = 0; at < lists[number].size; at++) {
            int64_t by = (int64_t)(its[at] >> BACK_BITS & POSTING_MAX) * weight;
            if (read == 1)
                judge(its[at] >> SLOT_SHIFT, by);
            else
                meet(its[at] >> SLOT_SHIFT, by);
        }
    }
    int32_t most = 0;
    for (int32_t at = 1; at < distinct; at++)
        if (met[places_met[at]].total > met[places_met[most]].total) most = at;
    if (distinct) judge(met[places_met[most]].slot - 1, met[places_met[most]].total);
    for (int32_t at = 0; at < distinct; at++) {
        if (at != most) judge(met[places_met[at]].slot - 1, met[places_met[at]].total);
        met[places_met[at]].slot = 0;
    }
    while (kept && best[kept - 1].cosine < COSINE_SHARE_MIN * best[0].cosine) kept--;
}

// Of each of the terms asked for, in how many stories it is, in the place of its weight.
EXPORT(carried) {
    for (int32_t at = 0; at < asked[ASKED]; at++) weights[at] = list_of(terms[at])->size;
}

// ---- what is about the same

static uint32_t searches;

static int32_t absolute(int32_t number) { return number < 0 ? -number : number; }

// The buckets in which there is something: the own one of each table, and those that differ in one or two signs.
static int32_t buckets_near(struct Ranked *near, int64_t *all) {
    int32_t count = 0;
    *all = 0;
    for (int32_t table = 0; table < TABLES; table++) {
        int32_t products[BITS + 1];
        uint32_t own = 0;
        for (int32_t bit = 0; bit < BITS; bit++) {
            products[bit] = product(direction, planes[table * BITS + bit]);
            own |= (uint32_t)(products[bit] > 0) << bit;
        }
        products[BITS] = 0;  // no sign: the pairs with it are single ones, and with itself none
        for (int32_t one = 0; one <= BITS; one++)
            for (int32_t other = one == BITS ? BITS : one + 1; other <= BITS; other++) {
                uint32_t what = key_of(table, own ^ ((1u << one | 1u << other) & (BUCKETS - 1)));
                uint32_t size = list_of(what)->size;
                if (!size) continue;
                int64_t cost = absolute(products[one]) + absolute(products[other]);
                near[count++] = (struct Ranked){cost, what, what, size}, *all += size;
            }
    }
    return count;
}

// Appends stories that are about the same to those found, the nearest first, as many as asked for.
static int32_t with_near(int32_t count) {
    static struct Ranked near[TABLES * FLIPS];
    int64_t all, read = 0;
    int32_t lists = buckets_near(near, &all), first = count;
    double square = product(direction, direction) > 1 ? product(direction, direction) : 1;
    struct Best nearest[NEAREST_MAX + 1];
    int32_t its = 0;
    if (all > NEAR_READ_MAX) in_order(near, lists);
    searches++;
    for (int32_t number = 0; number < lists && (read += near[number].size) <= NEAR_READ_MAX; number++) {
        const uint64_t *slots = block(list_of(near[number].what)->at);
        for (uint32_t at = 0; at < near[number].size; at++) {
            struct Story *story = story_at(slots[at]);
            if (story->read == searches) continue;
            story->read = searches;
            double cosine = product(direction, story->direction) / __builtin_sqrt(story->square * square);
            if (cosine <= MEANING_MIN || story->size > asked[SIZE_LIMIT] || (int64_t)slots[at] == asked[BUT]) continue;
            int32_t to = its;
            for (; to > 0 && (nearest[to - 1].cosine < cosine ||
                              (nearest[to - 1].cosine == cosine && nearest[to - 1].opening > story->opening)); to--)
                nearest[to] = nearest[to - 1];
            nearest[to] = (struct Best){cosine, story->opening, slots[at]};
            if (its < NEAREST_MAX) its++;
        }
    }
    for (int32_t at = 0; at < its && count - first < asked[MORE]; at++) {
        int32_t twice = 0;
        for (int32_t n = 0; n < first; n++) twice |= found[n] == (int32_t)nearest[at].slot;
        if (!twice) found[count++] = nearest[at].slot;
    }
    return count;
}

// Tells the slots of the best stories, and their directions. What is compared may be a story: then its own one counts.
EXPORT(find) {
    if (asked[OWN] && !story_at(asked[BUT])->directed) asked[MORE] = 0;
    told[DIRECTED] = asked[OWN] && story_at(asked[BUT])->directed;
    if (told[DIRECTED]) __builtin_memcpy(direction, story_at(asked[BUT])->direction, DIMENSIONS);
    search();
    int32_t count = kept;
    for (int32_t at = 0; at < kept; at++) found[at] = best[at].slot;
    if (asked[MORE]) count = with_near(count);
    for (int32_t at = 0; at < count; at++) {
        struct Story *story = story_at(found[at]);
        if (story->directed)
            __builtin_memcpy(directions[at], story->direction, DIMENSIONS);
        else
            __builtin_memset(directions[at], 0, DIMENSIONS);
    }
    told[DONE] = count;
}
