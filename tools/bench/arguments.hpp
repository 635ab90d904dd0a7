#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/endpoint.hpp"

namespace parley::bench {

/// The options of a subcommand: "--name value", or "--name" alone for a switch. Each take_ removes one and gives its
/// value or the default; whatever is wrong is collected and told by problems().
class arguments {
 public:
  arguments(int argc, char** argv);

  std::string take_text(std::string_view name, std::string otherwise);
  /// Within [least, most].
  std::uint64_t take_number(std::string_view name, std::uint64_t otherwise, std::uint64_t least, std::uint64_t most);
  /// "on" or "off".
  bool take_on_off(std::string_view name, bool otherwise);
  /// Given or not; has no value.
  bool take_switch(std::string_view name);
  /// With WebSocket when --websocket PATH asks for it, with TLS when --tls, --ca FILE or --insecure ask for it.
  client::endpoint take_server();

  /// Everything wrong so far, and every option that nobody took. One sentence each.
  std::vector<std::string> problems() const;

 private:
  bool take(std::string_view name, std::string& value);

  std::map<std::string, std::string, std::less<>> given_;
  std::vector<std::string> wrong_;
};

}  // namespace parley::bench
