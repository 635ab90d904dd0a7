// Does to a file what its arguments say, for tests of the shim: open NAME, at OFFSET TEXT, fill OFFSET COUNT LETTER,
// vector OFFSET A B, cut SIZE, sync, rename A B, remove A, full OFFSET TEXT (which has to meet a full disk), year
// (which prints what the wall clock says). Ends with 1 at the first call that fails.
#include <errno.h>
#include <fcntl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

int file = -1;

bool whole(ssize_t got, std::size_t size) {
  return got == static_cast<ssize_t>(size);
}

bool put(off_t at, const std::string& text) {
  return whole(pwrite(file, text.data(), text.size(), at), text.size());
}

bool vector(off_t at, std::string a, std::string b) {
  const iovec parts[] = {{a.data(), a.size()}, {b.data(), b.size()}};
  return whole(pwritev(file, parts, 2, at), a.size() + b.size());
}

bool print_year() {
  timespec now{};
  tm parts{};
  if (clock_gettime(CLOCK_REALTIME, &now) != 0 || !gmtime_r(&now.tv_sec, &parts)) return false;
  std::printf("%d\n", parts.tm_year + 1900);
  return true;
}

/// Runs one command; how many words it took, 0 when it failed.
std::size_t run(const std::vector<std::string>& words, std::size_t at) {
  const auto word = [&](std::size_t i) { return at + i < words.size() ? words[at + i] : std::string(); };
  const auto number = [&](std::size_t i) { return std::atol(word(i).c_str()); };
  const auto& name = words[at];
  if (name == "open") return (file = open(word(1).c_str(), O_CREAT | O_RDWR, 0600)) >= 0 ? 2 : 0;
  if (name == "at") return put(number(1), word(2)) ? 3 : 0;
  if (name == "fill") return put(number(1), std::string(static_cast<std::size_t>(number(2)), word(3)[0])) ? 4 : 0;
  if (name == "vector") return vector(number(1), word(2), word(3)) ? 4 : 0;
  if (name == "cut") return ftruncate(file, number(1)) == 0 ? 2 : 0;
  if (name == "sync") return fsync(file) == 0 ? 1 : 0;
  if (name == "rename") return rename(word(1).c_str(), word(2).c_str()) == 0 ? 3 : 0;
  if (name == "remove") return unlink(word(1).c_str()) == 0 ? 2 : 0;
  if (name == "full") return !put(number(1), word(2)) && errno == ENOSPC ? 3 : 0;
  if (name == "year") return print_year() ? 1 : 0;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (std::size_t at = 0; at < words.size();) {
    const auto taken = run(words, at);
    if (taken == 0) return std::perror(words[at].c_str()), 1;
    at += taken;
  }
  return 0;
}
