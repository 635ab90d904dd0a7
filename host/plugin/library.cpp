#include "host/plugin/library.hpp"

#include <dlfcn.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <utility>

#include "host/base/log.hpp"

namespace parley::host {

bool is_mapped(const std::string& path) {
  // The loader's own list, and what lies in memory.
  if (void* still = dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD)) {
    dlclose(still);
    return true;
  }
  return dl_iterate_phdr(
             [](dl_phdr_info* info, std::size_t, void* wanted) {
               return info->dlpi_name && *static_cast<const std::string*>(wanted) == info->dlpi_name ? 1 : 0;
             },
             const_cast<std::string*>(&path)) != 0;
}

namespace {

/// Takes the page faults of a file's code here, so that the loop's first steps into it do not. A kernel that cannot is
/// no worse off.
void touch_all(const std::string& path) {
#ifdef MADV_POPULATE_READ
  dl_iterate_phdr(
      [](dl_phdr_info* info, std::size_t, void* wanted) {
        if (!info->dlpi_name || *static_cast<const std::string*>(wanted) != info->dlpi_name) return 0;
        const auto page = static_cast<ElfW(Addr)>(sysconf(_SC_PAGESIZE));
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const auto& part = info->dlpi_phdr[i];
          if (part.p_type != PT_LOAD) continue;
          const auto begin = (info->dlpi_addr + part.p_vaddr) / page * page;
          const auto end = info->dlpi_addr + part.p_vaddr + part.p_memsz;
          madvise(reinterpret_cast<void*>(begin), end - begin, MADV_POPULATE_READ);
        }
        return 1;
      },
      const_cast<std::string*>(&path));
#else
  (void)path;
#endif
}

}  // namespace

result<std::unique_ptr<library>> library::open(staged_file staged, const std::string& file) {
  std::unique_ptr<library> lib(new library);
  lib->staged_ = std::move(staged);
  if (is_mapped(lib->path())) {
    return error{status::fault, "cannot load " + file + ": " + lib->path() + " is mapped already"};
  }
  lib->handle_ = dlopen(lib->path().c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!lib->handle_) {
    const char* why = dlerror();
    return error{status::unavailable, std::string("cannot load ") + file + ": " + (why ? why : "unknown reason")};
  }
  lib->descriptor_ = static_cast<const parley_plugin_descriptor*>(dlsym(lib->handle_, PARLEY_PLUGIN_SYMBOL));
  if (!lib->descriptor_) {
    return error{status::unavailable, file + " exports no \"" PARLEY_PLUGIN_SYMBOL "\": is it a Parley plugin?"};
  }
  touch_all(lib->path());
  return lib;
}

bool library::unmap() {
  descriptor_ = nullptr;
  if (!handle_) return true;
#ifdef PARLEY_SANITIZED
  handle_ = nullptr;
  staged_.keep();
  return true;
#else
  dlclose(std::exchange(handle_, nullptr));
  if (!is_mapped(path())) return true;
  staged_.keep();
  return false;
#endif
}

library::~library() {
  const std::string copy = path();
  if (!unmap()) log_of("plugin")->warn("{} stays mapped after its last use", copy);
}

}  // namespace parley::host
