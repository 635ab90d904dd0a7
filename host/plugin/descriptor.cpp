#include "host/plugin/descriptor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "host/config/check.hpp"
#include "host/config/words.hpp"
#include "host/plugin/descriptor_reader.hpp"

namespace parley::host {

namespace {

constexpr std::size_t most_problems_told = 20;
constexpr std::uint32_t smallest_size = offsetof(parley_plugin_descriptor, restore) + sizeof(void*);  // of ABI 1.0
constexpr std::uint32_t largest_size = 1 << 16;

std::string abi_text(unsigned major, unsigned minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

/// The fields that every ABI has in the same place.
struct descriptor_head {
  std::uint32_t size;
  std::uint16_t abi_major;
  std::uint16_t abi_minor;
};

/// "; it misses parley.blob/1, parley.search/1", or that it misses nothing it names.
std::string missing_of(const parley_plugin_descriptor& descriptor, const std::string& file) {
  descriptor_reader reader;
  std::vector<std::string> missing;
  for (const auto& id : reader.read(descriptor, file).interfaces) {
    if (!contains(host_interfaces(), id)) missing.push_back(id);
  }
  return missing.empty() ? "; every interface it names is here, so it may use new fields or functions of one"
                         : "; this host lacks " + joined(missing);
}

result<void> check_abi(const descriptor_head& head, const parley_plugin_descriptor& descriptor,
                       const std::string& file) {
  const std::string there = abi_text(head.abi_major, head.abi_minor);
  const std::string here = abi_text(PARLEY_ABI_MAJOR, PARLEY_ABI_MINOR);
  if (head.abi_major != PARLEY_ABI_MAJOR) {
    return error{status::refused, file + " was built against ABI " + there + ", this host has " + here +
                                      ": rebuild it against this host's SDK"};
  }
  if (head.abi_minor > PARLEY_ABI_MINOR) {
    return error{status::refused, file + " was built against ABI " + there + ", newer than this host's " + here +
                                      missing_of(descriptor, file) +
                                      ": update the host, or rebuild the plugin against this host's SDK"};
  }
  if (head.size < smallest_size || head.size > largest_size) {
    return error{status::malformed,
                 file + ": the descriptor says it has " + std::to_string(head.size) + " bytes, ABI " + here + " has " +
                     std::to_string(sizeof(parley_plugin_descriptor)) + ": export it with PARLEY_PLUGIN()"};
  }
  return {};
}

}  // namespace

result<plugin_info> read_descriptor(const parley_plugin_descriptor* descriptor, const std::string& file) {
  if (!descriptor) return error{status::malformed, file + ": the descriptor is null: export it with PARLEY_PLUGIN()"};
  descriptor_head head;
  std::memcpy(&head, static_cast<const void*>(descriptor), sizeof head);
  // Fields are only ever appended, so that what both know can be read of any size and minor version.
  parley_plugin_descriptor copy{};
  if (head.abi_major == PARLEY_ABI_MAJOR && head.size >= smallest_size && head.size <= largest_size)
    std::memcpy(static_cast<void*>(&copy), descriptor, std::min<std::size_t>(head.size, sizeof copy));
  if (const auto abi = check_abi(head, copy, file); !abi) return abi.failure();
  descriptor_reader reader;
  plugin_info info = reader.read(copy, file);
  if (reader.problems().empty()) return info;

  std::vector<std::string> told = reader.problems();
  if (told.size() > most_problems_told) {
    told.resize(most_problems_told);
    told.push_back("and " + std::to_string(reader.problems().size() - most_problems_told) + " more");
  }
  return error{status::malformed, file + ": the descriptor is wrong: " + joined(told, "; ")};
}

}  // namespace parley::host
