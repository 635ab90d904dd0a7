#include "block_view.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <climits>

#include "IM.File.pb.h"

namespace file {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;
using IM::File::IMFilePullDataRsp;

constexpr std::uint32_t varint(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_VARINT);
}
constexpr std::uint32_t counted(int field) {
  return WireFormatLite::MakeTag(field, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
}

bool take(CodedInputStream& in, number& out) {
  std::uint64_t wide = 0;
  if (!in.ReadVarint64(&wide)) return false;
  out = static_cast<number>(wide);
  return true;
}

bool take(CodedInputStream& in, std::string_view body, std::string_view& out) {
  std::uint32_t size = 0;
  if (!in.ReadVarint32(&size)) return false;
  const auto at = static_cast<std::size_t>(in.CurrentPosition());
  if (size > body.size() - at) return false;
  out = body.substr(at, size);
  return in.Skip(static_cast<int>(size));
}

}  // namespace

std::optional<block_view> read_block(std::string_view body) {
  if (body.size() > INT_MAX) return std::nullopt;
  CodedInputStream in(reinterpret_cast<const std::uint8_t*>(body.data()), static_cast<int>(body.size()));
  block_view out;
  unsigned there = 0;
  // The last one counts; one of another type than ours is no field of ours.
  while (const auto tag = in.ReadTag()) {
    bool good = false;
    switch (tag) {
      case varint(IMFilePullDataRsp::kResultCodeFieldNumber):
        good = take(in, out.result_code);
        break;
      case counted(IMFilePullDataRsp::kTaskIdFieldNumber):
        good = take(in, body, out.task_id);
        break;
      case varint(IMFilePullDataRsp::kUserIdFieldNumber):
        good = take(in, out.user_id);
        break;
      case varint(IMFilePullDataRsp::kOffsetFieldNumber):
        good = take(in, out.offset);
        break;
      case counted(IMFilePullDataRsp::kFileDataFieldNumber):
        good = take(in, body, out.file_data);
        break;
      default:
        if (!WireFormatLite::SkipField(&in, tag)) return std::nullopt;
        continue;
    }
    if (!good) return std::nullopt;
    there |= 1u << WireFormatLite::GetTagFieldNumber(tag);
  }
  constexpr unsigned all = 0b111110;
  if (!in.ConsumedEntireMessage() || there != all) return std::nullopt;
  return out;
}

}  // namespace file
