/* Facts that a source tells, kept as lines of "NAME: TEXT". */
#ifndef SUPPORT_TOLD_FACTS_H
#define SUPPORT_TOLD_FACTS_H

#include "source/source.h"

struct told_facts {
    struct fact_sink sink; /* first */
    char lines[32768];
    int wrong; /* names or texts that are too long, or not printable ASCII */
};

/* An empty collection. */
void told_init(struct told_facts *told);

/* True when a line is exactly that. */
bool told_line(const struct told_facts *told, const char *line);

#endif
