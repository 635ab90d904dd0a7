// A 0x0505 without a copy of the bytes that it brings: what is relayed is looked at, and handed on as it is.
#pragma once

#include <optional>
#include <string_view>

#include "task.hpp"

namespace file {

/// Of an IMFilePullDataRsp; views of its body.
struct block_view {
  number result_code = 0;
  std::string_view task_id;
  number user_id = 0;
  number offset = 0;
  std::string_view file_data;
};

/// Nothing where protobuf would not parse it.
std::optional<block_view> read_block(std::string_view body);

}  // namespace file
