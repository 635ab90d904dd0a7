#include "descriptor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace msfs {

descriptor::~descriptor() {
  if (fd_ >= 0) close(fd_);
}

void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::string read_small_file(const std::string& path) {
  const descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::string out(4096, '\0');
  const auto n = file ? read(file.get(), out.data(), out.size()) : -1;
  out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
  return out;
}

void write_small_file(const std::string& path, std::string_view bytes) {
  const auto own = path + "." + std::to_string(getpid());
  {
    const descriptor file(open(own.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) fail("making " + own);
    if (write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) || fsync(file.get()) != 0) {
      const int why = errno;
      unlink(own.c_str());
      errno = why;
      fail("writing " + own);
    }
  }
  const bool linked = link(own.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const int why = errno;
  unlink(own.c_str());
  errno = why;
  if (!linked) fail("making " + path);
}

}  // namespace msfs
