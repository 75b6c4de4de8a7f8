// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "clock.h"
#include "ids.h"
#include "spares.h"
