// Which message the body of a command is, and its fields: from descriptor sets and command tables.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parleyctl {

/// The kit's own commands, and those of plugins that ship NAME.protoset and NAME.commands.csv beside their .so.
class schema {
 public:
  /// `protoset` may be empty: then the kit's is taken. Without one nothing can be decoded, which is told on stderr.
  explicit schema(const std::string& protoset);
  schema(schema&&) noexcept;
  ~schema();

  /// Nothing when the plugin ships none; what cannot be read is told on stderr.
  void add_plugin(const std::string& so_file);

  /// A command's name, or empty.
  std::string name(std::uint16_t command) const;
  /// Null when the command is not known, or the body is not what it should be.
  std::unique_ptr<google::protobuf::Message> decode(std::uint16_t command, std::string_view body) const;

 private:
  struct set;
  struct entry {
    std::string name;
    std::string message;
    std::size_t set;
  };
  bool load_set(const std::string& file);

  std::vector<std::unique_ptr<set>> sets_;
  std::map<std::uint16_t, entry> commands_;
};

/// Every password and token in it, however deep, becomes "***"; whether there were any.
bool blank_secrets(google::protobuf::Message& message);

/// Fields in one line, safe for a terminal.
std::string one_line(const google::protobuf::Message& message);

}  // namespace parleyctl
