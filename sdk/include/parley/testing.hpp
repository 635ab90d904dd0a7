// Everything a plugin's test needs; link parley::testing.
#pragma once

#include "testing/core.hpp"
