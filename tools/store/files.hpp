// Trees of files, from here to there.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace parley::store {

/// By path below the tree; sizes in bytes.
using file_list = std::map<std::string, std::uint64_t>;

/// Regular files of `from` that are not in `to` yet, or of another size or time there. What vanishes meanwhile is left
/// out, what is no file or directory too. `links`: hard links where that can be. Throws trouble when something cannot
/// be read or written.
void copy_tree(const std::string& from, const std::string& to, bool links);

file_list list_tree(const std::string& root);

/// Whether it has the size and time that a copy would have.
bool is_copy(const std::string& from, const std::string& to);

/// With its time and mode, synced; a file that is there is replaced whole. False: `from` is gone.
bool copy_one(const std::string& from, const std::string& to, bool link);

/// Lower-case hex.
std::string sha256_of(const std::string& file);

/// `text` and its name are on the disk when it returns.
void write_synced(const std::string& file, const std::string& text);
void sync_path(const std::string& path);

}  // namespace parley::store
