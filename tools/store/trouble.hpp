// Why a command of parley-store stops.
#pragma once

#include "import/trouble.hpp"

namespace parley::store {

using teamtalk::cannot_begin;
using teamtalk::done;
using teamtalk::interrupted;
using teamtalk::trouble;
inline constexpr int differs = 3;  // done, but what came out is not what went in

}  // namespace parley::store
