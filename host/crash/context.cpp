#include "host/crash/context.hpp"

#include <link.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <mutex>

namespace parley::host::crash {

thread_local constinit running current;

namespace {

generation_entry entries[most_generations];
std::mutex writing;  // of the table; readers need none

template <std::size_t N>
void copy_text(char (&to)[N], const std::string& from) {
  const auto size = std::min(from.size(), N - 1);
  std::memcpy(to, from.data(), size);
  to[size] = '\0';
}

struct mapping {
  std::string file;
  std::uintptr_t begin = 0;
  std::uintptr_t end = 0;
};

int match_mapping(dl_phdr_info* info, std::size_t, void* raw) {
  auto& wanted = *static_cast<mapping*>(raw);
  if (!info->dlpi_name || wanted.file != info->dlpi_name) return 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD) continue;
    const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
    wanted.begin = wanted.begin ? std::min(wanted.begin, begin) : begin;
    wanted.end = std::max(wanted.end, begin + segment.p_memsz);
  }
  return 1;
}

generation_entry* find_entry(const std::string& name, std::uint32_t number) {
  for (auto& e : entries) {
    if (e.used.load(std::memory_order_relaxed) && e.number == number && name == e.name) return &e;
  }
  return nullptr;
}

}  // namespace

generation_entry* generation_loaded(const std::string& name, std::uint32_t number, const std::string& file) {
  mapping found;
  found.file = file;
  dl_iterate_phdr(match_mapping, &found);
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(file, failed).string();
  std::lock_guard lock(writing);
  auto* e = find_entry(name, number);
  for (std::size_t i = 0; !e && i < most_generations; ++i) {
    if (!entries[i].used.load(std::memory_order_relaxed)) e = &entries[i];
  }
  if (!e) return nullptr;
  e->used.store(false, std::memory_order_release);
  e->in_probation.store(false, std::memory_order_release);
  copy_text(e->name, name);
  e->number = number;
  copy_text(e->file, failed ? file : absolute);
  e->begin = found.begin;
  e->end = found.end;
  e->used.store(true, std::memory_order_release);
  return e;
}

void generation_in_probation(const std::string& name, std::uint32_t number, const std::string& previous_file) {
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(previous_file, failed).string();
  std::lock_guard lock(writing);
  auto* e = find_entry(name, number);
  if (!e) return;
  e->in_probation.store(false, std::memory_order_release);
  copy_text(e->previous_file, failed || previous_file.empty() ? previous_file : absolute);
  e->in_probation.store(!previous_file.empty(), std::memory_order_release);
}

void generation_settled(const std::string& name, std::uint32_t number) {
  std::lock_guard lock(writing);
  if (auto* e = find_entry(name, number)) e->in_probation.store(false, std::memory_order_release);
}

void generation_unmapped(const std::string& name, std::uint32_t number) {
  std::lock_guard lock(writing);
  if (auto* e = find_entry(name, number)) e->used.store(false, std::memory_order_release);
}

const generation_entry* generation_at(std::uintptr_t address) {
  for (const auto& e : entries) {
    if (e.used.load(std::memory_order_acquire) && address >= e.begin && address < e.end) return &e;
  }
  return nullptr;
}

}  // namespace parley::host::crash
