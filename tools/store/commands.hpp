// What parley-store can do. Each gets the words behind its name and the directory this program is in, prints what it
// has done, and returns the exit status or throws trouble.
#pragma once

#include <string>
#include <vector>

namespace parley::store {

int copy_store(const std::vector<std::string>& words, const std::string& directory);
int make_backup(const std::vector<std::string>& words, const std::string& directory);
int restore_backup(const std::vector<std::string>& words, const std::string& directory);

}  // namespace parley::store
