// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "limits_metrics.h"

#include "digits.h"

#include <stdlib.h>

static size_t count_lines(const uint8_t *text, size_t size) {
    size_t lines = 0;
    for (size_t i = 0; i < size; i++) lines += text[i] == '\n';
    return lines;
}

static void add_line(exposition *family, const char *line, size_t size) {
    size_t split = size;
    while (split > 0 && line[split - 1] != ' ') split--;
    size_t start = family->series ? family->ends[family->series - 1] : 0;
    memcpy(family->prefixes + start, line, split);
    family->ends[family->series] = start + split;
    family->values[family->series] = strtoull(line + split, NULL, 10);
    family->series++;
}

exposition exposition_make(const uint8_t *text, size_t size) {
    size_t lines = count_lines(text, size);
    exposition family = {
        .prefixes = malloc(size),
        .ends = calloc(lines, sizeof(size_t)),
        .values = calloc(lines, sizeof(uint64_t)),
        .output = malloc(size + 20 * lines),
    };
    for (size_t start = 0, end = 0; end < size; end++) {
        if (text[end] != '\n') continue;
        if (text[start] != '#') add_line(&family, (const char *)text + start, end - start);
        start = end + 1;
    }
    return family;
}

size_t exposition_write(const exposition *family) {
    char *at = family->output;
    size_t start = 0;
    for (size_t i = 0; i < family->series; i++) {
        size_t size = family->ends[i] - start;
        memcpy(at, family->prefixes + start, size);
        at = write_decimal(at + size, family->values[i]);
        *at++ = '\n';
        start = family->ends[i];
    }
    return (size_t)(at - family->output);
}

void exposition_free(exposition family) {
    free(family.prefixes);
    free(family.ends);
    free(family.values);
    free(family.output);
}
