// PDUs as text, by the descriptor set that the build leaves in share/parley.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace parleyctl {

/// Decodes what `tap` sends. Without a descriptor set, bodies are shown by size only.
class pdu_decoder {
 public:
  /// `path` may be empty: then the one beside this executable is taken.
  explicit pdu_decoder(const std::string& path);
  ~pdu_decoder();

  /// One line: time, session, user, direction, command, name and fields. Passwords and tokens are never shown.
  std::string line(const nlohmann::ordered_json& tapped) const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

}  // namespace parleyctl
