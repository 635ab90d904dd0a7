#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/file_delivery.hpp"
#include "client/local_file.hpp"

namespace parley::chat {

/// A file that somebody sends: to the person, or from the person to another.
///
///   mine:   asking -> moving -> (gone)
///   theirs: waiting -> moving -> (gone, or waiting again when it can be gone on with)
struct shared_file {
  enum class stage : std::uint8_t { asking, waiting, moving };

  unsigned number = 0;
  bool mine = false;
  bool offline = false;  ///< the server keeps it until it is fetched
  stage at = stage::waiting;
  std::uint32_t peer = 0;
  std::string called;  ///< by its sender
  std::string name;    ///< the same, printable
  std::uint32_t size = 0;
  std::string task_id;  ///< empty while it is asked for
  std::vector<client::endpoint> servers;
  std::shared_ptr<client::sent_file> source;
  std::shared_ptr<client::received_file> sink;
  std::unique_ptr<client::file_delivery> delivery;
  bool told = false;          ///< to the person
  std::uint32_t told_at = 0;  ///< bytes that were there when its progress was told

  unsigned percent() const;
};

/// The files one can name by number. Numbers are never used twice.
class file_table {
 public:
  shared_file& add(shared_file file);
  /// nullptr when it is not there (any more).
  shared_file* find(unsigned number);
  shared_file* find_task(std::string_view task_id);
  void erase(unsigned number) { files_.erase(number); }
  /// Fetched or refused: that the server may still name it does not bring it back.
  void settle(const std::string& task_id);
  bool settled(const std::string& task_id) const;

  std::map<unsigned, shared_file>& all() { return files_; }
  /// Asked for or moving: whoever wants to leave should wait for these.
  std::size_t under_way() const;

 private:
  static constexpr std::size_t remembered = 1000;

  std::map<unsigned, shared_file> files_;
  std::deque<std::string> settled_;
  unsigned newest_ = 0;
};

}  // namespace parley::chat
