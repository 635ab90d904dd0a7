#include "chat/file_table.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat {

unsigned shared_file::percent() const {
  if (!delivery || size == 0) return 0;
  return static_cast<unsigned>(std::uint64_t{100} * delivery->moved() / size);
}

shared_file& file_table::add(shared_file file) {
  file.number = ++newest_;
  return files_[newest_] = std::move(file);
}

shared_file* file_table::find(unsigned number) {
  const auto found = files_.find(number);
  return found == files_.end() ? nullptr : &found->second;
}

shared_file* file_table::find_task(std::string_view task_id) {
  const auto found = std::ranges::find_if(
      files_, [&](const auto& entry) { return !task_id.empty() && entry.second.task_id == task_id; });
  return found == files_.end() ? nullptr : &found->second;
}

void file_table::settle(const std::string& task_id) {
  settled_.push_back(task_id);
  if (settled_.size() > remembered) settled_.pop_front();
}

bool file_table::settled(const std::string& task_id) const {
  return std::ranges::find(settled_, task_id) != settled_.end();
}

std::size_t file_table::under_way() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(files_, [](const auto& entry) { return entry.second.at != shared_file::stage::waiting; }));
}

}  // namespace parley::chat
