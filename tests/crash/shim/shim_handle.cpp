#include "crash/shim/shim_handle.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "support/failure.hpp"

namespace parley::crash {

bool shim_exists() {
  return std::filesystem::exists(PARLEY_SHIM_FILE);
}

shim_handle::shim_handle() {
  if (!shim_exists()) throw test::failure("this build has no " PARLEY_SHIM_FILE);
  std::filesystem::create_directory(directory_.path() / "undo");
  const auto path = directory_.path() / "control";
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ftruncate(fd, sizeof(shim_control)) != 0) throw test::failure("cannot make " + path.string());
  void* at = mmap(nullptr, sizeof(shim_control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  close(fd);
  if (at == MAP_FAILED) throw test::failure("cannot map " + path.string());
  control_ = static_cast<shim_control*>(at);
}

shim_handle::~shim_handle() {
  munmap(control_, sizeof(shim_control));
}

std::map<std::string, std::string> shim_handle::environment(const std::filesystem::path& watched) const {
  return {{"LD_PRELOAD", PARLEY_SHIM_FILE},
          {"PARLEY_SHIM", directory_.path().string()},
          {"PARLEY_SHIM_DATA", watched.string()}};
}

std::uint64_t shim_handle::cut_power(const std::filesystem::path& data, loss how, std::uint64_t seed) {
  return crash::cut_power(data, directory_.path() / "undo", how, seed);
}

void shim_handle::mend() {
  control_->sync_delay_ms = 0;
  control_->full = 0;
  control_->clock_shift_s = 0;
}

}  // namespace parley::crash
