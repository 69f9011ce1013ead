#include "CBuildFacts.h"

#ifndef PENUMBRA_COMMIT
#define PENUMBRA_COMMIT ""
#endif

const char *penumbra_commit(void) { return PENUMBRA_COMMIT; }
