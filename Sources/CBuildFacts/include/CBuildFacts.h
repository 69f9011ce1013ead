#ifndef PENUMBRA_CBuildFacts_h
#define PENUMBRA_CBuildFacts_h

/// The commit that the program was built from, with "+changes" behind it where files differed from it; empty where the
/// build did not say (PENUMBRA_COMMIT, which the Makefile sets).
const char *penumbra_commit(void);

#endif
