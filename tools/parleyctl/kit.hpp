// Where this parleyctl's kit is: PREFIX of bin/parleyctl, as installed or as built.
#pragma once

#include <filesystem>
#include <string>

namespace parleyctl {

inline std::string kit_prefix() {
  std::error_code failed;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", failed);
  return failed ? std::string() : self.parent_path().parent_path().string();
}

inline std::filesystem::path kit_share() {
  return std::filesystem::path(kit_prefix()) / "share" / "parley";
}

}  // namespace parleyctl
