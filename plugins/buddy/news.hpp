// What of the directory has changed and was not told yet. [loop]
#pragma once

#include <cstdint>
#include <set>

#include "Parley.Directory.pb.h"

namespace buddy {

/// Bounded: beyond so many ids it only remembers that there were more.
class directory_news {
 public:
  static constexpr std::size_t most = 500;

  void user(std::uint32_t id) { note(users_, id); }
  void department(std::uint32_t id) { note(departments_, id); }
  bool empty() const { return users_.empty() && departments_.empty() && !more_; }
  /// All of it, which is then told.
  parley::directory::IMDirectoryChangedNotify take();

 private:
  void note(std::set<std::uint32_t>& ids, std::uint32_t id);

  std::set<std::uint32_t> users_, departments_;
  bool more_ = false;
};

}  // namespace buddy
