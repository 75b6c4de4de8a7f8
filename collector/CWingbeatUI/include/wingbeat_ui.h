// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#ifndef WINGBEAT_UI_H
#define WINGBEAT_UI_H

#include <stddef.h>

/// A file of the collector's page.
struct wingbeat_asset {
    const char *name;
    const char *content_type;
    const unsigned char *bytes;
    size_t length;
};

size_t wingbeat_asset_count(void);

/// NULL past the end.
const struct wingbeat_asset *wingbeat_asset_at(size_t index);

#endif
