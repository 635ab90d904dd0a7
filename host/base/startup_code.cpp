#include "host/base/startup_code.hpp"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

namespace parley::host {

namespace {

bool being_traced() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("TracerPid:")) return line.find_first_of("123456789") != std::string::npos;
  }
  return true;  // not known: nothing is touched
}

/// Code is mapped from its file and never written to, so dropping a page loses nothing.
int forget_code_of(dl_phdr_info* module, std::size_t, void* page_size) {
  if (std::string_view(module->dlpi_name).starts_with("linux-vdso")) return 0;  // the kernel's, no file
  const auto page = *static_cast<std::uintptr_t*>(page_size);
  for (int i = 0; i < module->dlpi_phnum; ++i) {
    const auto& segment = module->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_X) == 0 || (segment.p_flags & PF_W) != 0) continue;
    const auto begin = (module->dlpi_addr + segment.p_vaddr + page - 1) / page * page;
    const auto end = (module->dlpi_addr + segment.p_vaddr + segment.p_filesz) / page * page;
    if (begin < end) madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void forget_startup_code() {
#ifndef PARLEY_SANITIZED
  if (being_traced()) return;
  auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  dl_iterate_phdr(&forget_code_of, &page);
#endif
}

}  // namespace parley::host
