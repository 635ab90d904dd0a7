#include "host/plugin/library.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <filesystem>

#include "host/base/log.hpp"

namespace parley::host {

namespace fs = std::filesystem;

result<std::string> make_staging_directory(const std::string& data) {
  std::error_code failed;
  const fs::path path = fs::path(data) / "run";
  fs::remove_all(path, failed);
  fs::create_directories(path, failed);
  if (failed) {
    return error{status::unavailable, "cannot make the directory " + path.string() + ": " + failed.message() +
                                          "; make it writable or set another data directory"};
  }
  return path.string();
}

result<std::unique_ptr<library>> library::open(const std::string& file, const std::string& directory,
                                               const std::string& stem) {
  std::unique_ptr<library> lib(new library);
  lib->path_ = directory + "/" + stem + "-" + std::to_string(getpid()) + ".so";
  std::error_code failed;
  fs::copy_file(file, lib->path_, fs::copy_options::overwrite_existing, failed);
  if (failed) return error{status::unavailable, "cannot copy " + file + " to " + lib->path_ + ": " + failed.message()};
  lib->handle_ = dlopen(lib->path_.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!lib->handle_) {
    const char* why = dlerror();
    return error{status::unavailable, std::string("cannot load ") + file + ": " + (why ? why : "unknown reason")};
  }
  lib->descriptor_ = static_cast<const parley_plugin_descriptor*>(dlsym(lib->handle_, PARLEY_PLUGIN_SYMBOL));
  if (!lib->descriptor_) {
    return error{status::unavailable, file + " exports no \"" PARLEY_PLUGIN_SYMBOL "\": is it a Parley plugin?"};
  }
  return lib;
}

library::~library() {
#ifndef PARLEY_SANITIZED
  if (handle_) {
    dlclose(handle_);
    if (void* still = dlopen(path_.c_str(), RTLD_NOW | RTLD_NOLOAD)) {
      dlclose(still);
      log_of("plugin")->warn("{} stays mapped after its last use: built without parley_add_plugin()?", path_);
      return;
    }
  }
  if (!path_.empty()) unlink(path_.c_str());
#endif
}

}  // namespace parley::host
