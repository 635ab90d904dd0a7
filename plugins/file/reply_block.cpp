#include "reply_block.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "IM.File.pb.h"

namespace file {

reply_block::reply_block(const task& what, std::uint64_t offset)
    : offset_(offset), size_(static_cast<number>(std::min(block_bytes, what.size - offset))) {
  IM::File::IMFilePullDataRsp block;
  block.set_result_code(0);
  block.set_task_id(what.id);
  block.set_user_id(what.to);
  block.set_offset(static_cast<number>(offset));
  std::string head;
  block.AppendPartialToString(&head);
  head += '\x2A';  // field 5, bytes
  auto size = size_;
  for (; size >= 0x80; size >>= 7) head += static_cast<char>((size & 0x7F) | 0x80);
  head += static_cast<char>(size);
  head_ = head.size();
  bytes_ = std::make_unique_for_overwrite<char[]>(head_ + size_);
  std::memcpy(bytes_.get(), head.data(), head_);
}

}  // namespace file
