// Reads a text: which words it has, what each counts, which of their terms are the heaviest, what it is about.
//
// It is what an article costs most, and the same for each of its words, so it is compiled: to WebAssembly, which runs
// alike on every machine, down to the last bit of its floating-point numbers, and needs no compiler there.
// `storyline.training.compiling` makes `reading.wasm` of it; `reading.py` calls it and says what the columns hold.

#include <stdint.h>

// The numbers written in capitals that aren't here are Python's; it hands them over when this is compiled.
#define SLOTS (2 * WORDS_MAX)  // of the hash table, a power of two
#define WORD_BYTES_MAX (4 * TOKEN_CHARS_MAX)  // words that have these in common have one stem
#define WORD_BYTES_INLINE 24
#define ARENA_BYTES (48 * WORDS_MAX)
#define PARTS 4
#define LEARNED 3  // numbers asked before all others, see `remember`

// A call from Python costs less the less it takes along: all functions read `asked`, and write `told`.
#define EXPORT(name) __attribute__((export_name(#name))) void name(void)

// What Python writes: the text in UTF-8, a space behind each word; what a count says; the mean of the language; of each
// stem, by its number: its term, its idf, what its vector counts and is, if it has one; and what each hash begins with,
// a secret, so that nobody can make words that fall together.
static int64_t asked[LEARNED + PARTS];
static uint64_t secret;
static uint8_t text[TEXT_BYTES_MAX];
static double damped[COUNT_MAX + 1];
static int64_t mean[DIMENSIONS];
static struct Stem {
    double rarity, meaning;
    uint32_t term, directed;
    uint32_t shares_term;  // with another stem
    int32_t count;  // in the text that is read
    uint8_t row[DIMENSIONS / 2];
} stems[WORDS_MAX];

// The words met, and a hash table of them (0: empty, else the word's place plus one). What is known of a word lies
// together, and so does what is known of a stem: memory far apart takes longer than all that is done with it.
static struct Word {
    uint32_t size;
    int32_t number;
    uint8_t bytes[WORD_BYTES_INLINE];  // or, of a longer one, where they begin in the arena
} words[WORDS_MAX];
static uint8_t arena[ARENA_BYTES];
static uint32_t slots[SLOTS];
static uint32_t words_known, arena_used;

static int32_t first_of_term[TERMS];  // the first stem that has it

// What Python reads.
static int32_t found[TEXT_BYTES_MAX / 2];  // number of each word of the text
static uint32_t missing[TEXT_BYTES_MAX / 2][2];  // where words begin that aren't known, and their bytes
static uint32_t top_terms[TERMS_MAX + 1], title_terms[TITLE_TERMS_MAX + 1];
static uint16_t top_weights[TERMS_MAX], title_weights[TITLE_TERMS_MAX];
static uint8_t top_rarities[TERMS_MAX];  // their idf, times RARITY_SCALE
static int8_t direction[DIMENSIONS];
static int64_t told[7];
enum { UNKNOWN, WORDS, COUNT, TOP, TITLE, DIRECTED, OF_SEVERAL };  // what is told; of UNKNOWN, −1: there was no room

// While a text is read.
static int32_t distinct[TEXT_BYTES_MAX / 2];
static uint32_t of_distinct[TEXT_BYTES_MAX / 2];
static double weights[TEXT_BYTES_MAX / 2], heaviest[TERMS_MAX + 1], rarest[TERMS_MAX + 1];

static void *const columns[] = {
    asked, told, &secret, text, stems, damped, mean, found, missing,
    top_terms, top_weights, title_terms, title_weights, direction, top_rarities,
};

__attribute__((export_name("column"))) int32_t column(int32_t at) { return (intptr_t)columns[at]; }

static int same(const uint8_t *one, const uint8_t *other, uint32_t size) {
    for (uint32_t at = 0; at < size; at++)
        if (one[at] != other[at]) return 0;
    return 1;
}

static uint64_t hash(const uint8_t *word, uint32_t size) {
    uint64_t mixed = secret;
    for (uint32_t at = 0; at < size; at++) mixed = (mixed ^ word[at]) * 0x9E3779B97F4A7C15ull, mixed ^= mixed >> 29;
    return mixed ^ (mixed >> 32);
}

static uint8_t *bytes_of(struct Word *word) {
    return word->size <= WORD_BYTES_INLINE ? word->bytes : arena + *(uint32_t *)word->bytes;
}

// The slot of a word, or the empty one where it would stand.
static uint32_t slot_of(const uint8_t *word, uint32_t size) {
    uint32_t slot = hash(word, size) & (SLOTS - 1);
    while (slots[slot]) {
        struct Word *known = words + slots[slot] - 1;
        if (known->size == size && same(bytes_of(known), word, size)) break;
        slot = (slot + 1) & (SLOTS - 1);
    }
    return slot;
}

static uint32_t cut(uint32_t size) { return size < WORD_BYTES_MAX ? size : WORD_BYTES_MAX; }

// Finds the number of each word of a part of the text; adds those that aren't known to `missing`.
static void look_up_part(uint32_t begin, uint32_t size, int32_t *count, int32_t *unknown) {
    for (uint32_t end; begin < size; begin = end + 1) {
        for (end = begin; text[end] != ' ';) end++;
        if (end == begin) continue;
        uint32_t slot = slot_of(text + begin, cut(end - begin));
        if (slots[slot])
            found[(*count)++] = words[slots[slot] - 1].number;
        else
            missing[*unknown][0] = begin, missing[(*unknown)++][1] = end - begin;
    }
}

static void enter(int32_t number) {
    int32_t *first = first_of_term + stems[number].term;
    if (*first)
        stems[number].shares_term = stems[*first].shares_term = 1;
    else
        *first = number;
}

// Remembers so many of the words that were missing, as the first number asked for says; `found` has their numbers now.
// Of these, the ones of new stems go from the second number to before the third. Tells whether there was room for all.
static int32_t remember(void) {
    for (int64_t number = asked[1]; number < asked[2]; number++) enter(number);
    for (int32_t at = 0; at < asked[0]; at++) {
        const uint8_t *word = text + missing[at][0];
        uint32_t size = cut(missing[at][1]), slot = slot_of(word, size);
        if (slots[slot]) continue;  // it came twice
        if (words_known == WORDS_MAX || arena_used + size > ARENA_BYTES) return 0;
        struct Word *new = words + words_known;
        new->size = size, new->number = found[at];
        if (size > WORD_BYTES_INLINE) *(uint32_t *)new->bytes = arena_used, arena_used += size;
        __builtin_memcpy(bytes_of(new), word, size);
        slots[slot] = ++words_known;
    }
    return 1;
}

// Finds the number of each word of the parts of the text, which end at the bytes asked for; `ends` says behind which
// word. Tells whether all are known.
static int32_t all_known(int32_t parts, int32_t *ends) {
    int32_t count = 0, unknown = 0;
    int32_t room = remember();
    for (int32_t part = 0; room && part < parts; part++) {
        look_up_part(part ? asked[LEARNED + part - 1] : 0, asked[LEARNED + part], &count, &unknown);
        ends[part] = count;
    }
    told[UNKNOWN] = room ? unknown : -1, told[COUNT] = count, told[WORDS] = words_known;
    return room && !unknown;
}

EXPORT(look_up) {
    int32_t end;
    all_known(1, &end);
}

// Keeps the `most` heaviest, heaviest first, of equals the lowest term first; gives how many there are now. What a term
// weighs is how rare it is times what its count says.
static int32_t keep(uint32_t *kept, int32_t count, int32_t most, uint32_t term, double says, double rarity) {
    int32_t at = count;
    double weight = says * rarity;
    while (at > 0 && (heaviest[at - 1] < weight || (heaviest[at - 1] == weight && kept[at - 1] > term))) {
        kept[at] = kept[at - 1], heaviest[at] = heaviest[at - 1], rarest[at] = rarest[at - 1];
        at--;
    }
    kept[at] = term, heaviest[at] = weight, rarest[at] = rarity;
    return count < most ? count + 1 : most;
}

// The sum of numbers above 0, each added exactly, and rounded once (Shewchuk 1997): it doesn't depend on their order.
static double exact_sum(const double *values, int32_t size) {
    double partials[TERMS_MAX + 1], high = 0, low = 0;
    int32_t count = 0;
    for (int32_t at = 0; at < size; at++) {
        int32_t kept = 0;
        double value = values[at];
        for (int32_t n = 0; n < count; n++) {
            double larger = partials[n], smaller = value;
            if (__builtin_fabs(value) > __builtin_fabs(partials[n])) larger = value, smaller = partials[n];
            value = larger + smaller;
            if ((low = smaller - (value - larger))) partials[kept++] = low;
        }
        partials[kept] = value, count = kept + 1;
    }
    for (low = 0; count > 0 && !low;) {
        double before = high;
        high = before + partials[--count];
        low = partials[count] - (high - before);
    }
    // Half way between two numbers what is left decides.
    if (count > 0 && low * partials[count - 1] > 0 && (high + 2 * low) - high == 2 * low) high += 2 * low;
    return high;
}

// Weights as a unit vector times SCALE.
static void scale(const double *values, uint16_t *scaled, int32_t size) {
    double squares[TERMS_MAX];
    for (int32_t at = 0; at < size; at++) squares[at] = values[at] * values[at];
    double norm = size ? __builtin_sqrt(exact_sum(squares, size)) : 1;
    for (int32_t at = 0; at < size; at++) scaled[at] = (uint16_t)__builtin_rint(values[at] * SCALE / norm);
}

// Of words of a title that share a term the rarer one stands.
static int32_t title(int32_t begin, int32_t end) {
    int32_t count = 0;
    for (int32_t at = begin; at < end; at++) {
        int32_t number = found[at], known = 0;
        if (!number) continue;
        for (int32_t other = begin; other < end; other++)
            if (found[other] && stems[found[other]].term == stems[number].term)
                known |= stems[found[other]].rarity > stems[number].rarity ||
                         (stems[found[other]].rarity == stems[number].rarity && other < at);
        if (!known)
            count = keep(title_terms, count, TITLE_TERMS_MAX, stems[number].term, 1, stems[number].rarity);
    }
    scale(heaviest, title_weights, count);
    return count;
}

// Whether no rare word comes twice, and no word of the title in the text; few texts are so.
static int32_t of_several(int32_t size, int32_t begin, int32_t end) {
    int32_t rare = 0;
    if (begin == end) return 0;
    for (int32_t at = 0; at < size; at++) {
        int32_t count = stems[distinct[at]].count;
        if (stems[distinct[at]].rarity < RARE_MIN) continue;
        rare++;
        if (count != 1 && count != LEAD_COUNT && count != TITLE_COUNT) return 0;
    }
    if (rare < SEVERAL_RARE_MIN) return 0;
    for (int32_t at = begin; at < end; at++)
        if (found[at] && stems[found[at]].rarity >= TITLE_RARE_MIN && stems[found[at]].count > TITLE_COUNT) return 0;
    return 1;
}

// Adds a part's words to their counts, in halves; gives how many distinct words there are now.
static int32_t add_up(int32_t begin, int32_t end, int32_t halves, int32_t size) {
    for (int32_t at = begin; at < end; at++) {
        int32_t number = found[at];
        if (!number) continue;
        if (!stems[number].count) distinct[size++] = number;
        stems[number].count += halves;
    }
    return size;
}

static int32_t at_most(int32_t count) { return count < COUNT_MAX ? count : COUNT_MAX; }

// The heaviest terms. Words that share one are one word, as rare as the last of them.
static void weigh(int32_t size) {
    int32_t distinct_terms = 0, kept = 0, several = 0;
    for (int32_t at = 0; at < size; at++) {
        const struct Stem *stem = stems + distinct[at];
        if (stem->shares_term) {
            of_distinct[several++] = distinct[at];
            continue;
        }
        distinct_terms++;
        double weight = damped[stem->count] * stem->rarity;
        if (kept < TERMS_MAX || weight >= heaviest[TERMS_MAX - 1])
            kept = keep(top_terms, kept, TERMS_MAX, stem->term, damped[stem->count], stem->rarity);
    }
    for (int32_t at = 0; at < several; at++) {
        int32_t first = 1, together = 0, last = of_distinct[at];
        uint32_t term = stems[last].term;
        for (int32_t other = 0; other < several; other++) {
            if (stems[of_distinct[other]].term != term) continue;
            if (other < at) first = 0;
            together += stems[of_distinct[other]].count, last = of_distinct[other];
        }
        if (!first) continue;
        distinct_terms++;
        kept = keep(top_terms, kept, TERMS_MAX, term, damped[at_most(together)], stems[last].rarity);
    }
    scale(heaviest, top_weights, kept);
    for (int32_t at = 0; at < kept; at++) top_rarities[at] = (uint8_t)__builtin_rint(rarest[at] * RARITY_SCALE);
    told[COUNT] = distinct_terms, told[TOP] = kept;
}

// What the text is about: the weighted sum of its words' rows, less the mean of the language, made `LENGTH` long.
static int32_t direct(int32_t size) {
    double most = 0;
    int32_t known = 0, sum = 0;
    for (int32_t at = 0; at < size; at++) {
        const struct Stem *stem = stems + distinct[at];
        if (!stem->directed) continue;
        of_distinct[known] = distinct[at], weights[known] = stem->meaning * damped[stem->count];
        if (weights[known] > most) most = weights[known];
        known++;
    }
    if (!known) return 0;
    int32_t low[DIMENSIONS / 2] = {0}, high[DIMENSIONS / 2] = {0};
    double scale = WEIGHT_MAX / most;
    for (int32_t at = 0; at < known; at++) {
        int32_t whole = (int32_t)__builtin_rint(weights[at] * scale);
        const uint8_t *row = stems[of_distinct[at]].row;
        sum += whole;
        for (int32_t n = 0; n < DIMENSIONS / 2; n++) low[n] += whole * (row[n] & 15), high[n] += whole * (row[n] >> 4);
    }
    // The words of a language that are most alike, as many as fit in a text, take a quarter of what 64 bits hold.
    int64_t total[DIMENSIONS], square = 0;
    for (int32_t n = 0; n < DIMENSIONS; n++) {
        int64_t halves = (n < DIMENSIONS / 2 ? low[n] : high[n - DIMENSIONS / 2]) - 8 * (int64_t)sum;
        total[n] = halves * MEAN_SCALE - sum * mean[n];
        square += total[n] * total[n];
    }
    double unit = square ? LENGTH / __builtin_sqrt((double)square) : LENGTH;
    for (int32_t n = 0; n < DIMENSIONS; n++) {
        double component = __builtin_rint(total[n] * unit);
        direction[n] = component > 127 ? 127 : component < -127 ? -127 : (int8_t)component;
    }
    return 1;
}

// Reads the text, whose parts end at the bytes asked for: what stands below the lead, the lead, the title, and what
// stands for a title where there is none. If words aren't known only that is told.
EXPORT(read) {
    int32_t ends[PARTS], size = 0;
    if (!all_known(PARTS, ends)) return;
    size = add_up(0, ends[0], 1, size);
    size = add_up(ends[0], ends[1], LEAD_COUNT, size);
    size = add_up(ends[1], ends[2], TITLE_COUNT, size);
    for (int32_t at = 0; at < size; at++) stems[distinct[at]].count = at_most(stems[distinct[at]].count);
    weigh(size);
    told[TITLE] = ends[1] < ends[2] ? title(ends[1], ends[2]) : title(ends[2], ends[3]);
    told[DIRECTED] = direct(size);
    told[OF_SEVERAL] = of_several(size, ends[1], ends[2]);
    for (int32_t at = 0; at < size; at++) stems[distinct[at]].count = 0;
}
