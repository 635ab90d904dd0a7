// A file on its way from one user to another.
#pragma once

#include <cstdint>
#include <string>

namespace file {

using number = std::uint32_t;

/// IM.BaseDefine.TransferFileType
enum class transfer_mode : std::uint8_t { online = 1, offline = 2 };

/// As stored. What ended has no row any more.
enum class stage : std::uint8_t {
  open = 0,      // begun; offline: not uploaded yet, or not wholly
  leaving = 2,   // being removed, file first: nobody gets it any more
  complete = 1,  // offline: the file is there under its name, and committed
};

struct task {
  std::string id;
  number from = 0;
  number to = 0;
  number size = 0;
  transfer_mode mode = transfer_mode::offline;
  stage at = stage::open;
  number created = 0;
  std::string name;
  bool stored = true;  // false: a file of TeamTalk's without a row; never deleted

  bool online() const { return mode == transfer_mode::online; }
};

inline constexpr std::uint64_t block_bytes = 32768;  // TeamTalk's

}  // namespace file
