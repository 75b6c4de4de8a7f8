// This source file is part of the Wingbeat project.
// SPDX-License-Identifier: Apache-2.0

#include "cells.h"
#include "lock.h"
