// Messages by the names of the command table, made at run time from the build's descriptor set.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include <cstdint>
#include <memory>
#include <string>

namespace parley::scenario {

using google::protobuf::Message;

class schema {
 public:
  /// From share/parley/parley.protoset.
  explicit schema(const std::string& protoset);

  /// Of "CID_MSG_DATA"; throws test::failure when there is none of that name.
  std::uint16_t command(const std::string& name) const;
  /// "CID_MSG_DATA", or the number of a command that is not in the table.
  static std::string name(std::uint16_t command);

  std::unique_ptr<Message> empty(std::uint16_t command) const;
  /// From protobuf's text format, required fields or not; throws test::failure with what does not fit.
  std::unique_ptr<Message> from_text(std::uint16_t command, const std::string& text) const;
  /// Throws test::failure when it does not parse or lacks a required field.
  std::unique_ptr<Message> from_bytes(std::uint16_t command, const std::string& bytes) const;

 private:
  google::protobuf::DescriptorPool pool_;
  mutable google::protobuf::DynamicMessageFactory factory_;
};

/// One line of text format.
std::string to_text(const Message& message);

/// The first field in which `found` is not what `wanted` says; empty when all that `wanted` sets is there. Repeated
/// fields that it sets have to agree in number and order.
std::string difference(const Message& wanted, const Message& found);

/// The text of a field by its path ("user_info.user_id", of repeated ones the first); throws test::failure when unset.
std::string field_text(const Message& message, const std::string& path);
bool has_field(const Message& message, const std::string& name);

}  // namespace parley::scenario
