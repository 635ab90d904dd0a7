// What group's long answers are cut into.
#pragma once

#include <google/protobuf/repeated_field.h>
#include <parley/pages.hpp>

namespace group {

using parley::page_bytes;

template <class Row>
using pager = parley::pager<google::protobuf::RepeatedPtrField<Row>>;

}  // namespace group
