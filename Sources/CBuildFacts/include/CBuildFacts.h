#ifndef PENUMBRA_CBuildFacts_h
#define PENUMBRA_CBuildFacts_h

/// The commit the program was built from, followed by "+changes" if the working tree differed from it. Empty if the build
/// did not set PENUMBRA_COMMIT (the Makefile does).
const char *penumbra_commit(void);

#endif
