#include "include/blocked_maps.h"

#include <string.h>

#include "include/multiversion.h"

#define LANES 16
#include "blocked_maps_lanes.h"
#undef LANES

#define LANES 8
#include "blocked_maps_lanes.h"
#undef LANES
