#include "support.hpp"

BAD_PLUGIN(bad_descriptor(nullptr))
