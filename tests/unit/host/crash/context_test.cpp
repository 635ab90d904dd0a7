#include "host/crash/context.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>

#include <memory>
#include <thread>
#include <vector>

namespace parley::host::crash {
namespace {

/// Some library that is mapped in any case, under the name the loader has for it.
std::pair<std::string, std::uintptr_t> mapped_library() {
  Dl_info info{};
  void* in_libc = dlsym(RTLD_DEFAULT, "qsort");
  dladdr(in_libc, &info);
  return {info.dli_fname, reinterpret_cast<std::uintptr_t>(in_libc)};
}

TEST(crash_context, an_address_is_told_by_generation_while_its_file_is_mapped) {
  const auto [file, address] = mapped_library();
  EXPECT_EQ(generation_at(address), nullptr);
  {
    registration loaded("lib", 7, file);
    ASSERT_NE(loaded.entry(), nullptr);
    ASSERT_EQ(generation_at(address), loaded.entry());
    EXPECT_STREQ(generation_at(address)->name, "lib");
    EXPECT_EQ(generation_at(address)->number, 7u);
    EXPECT_EQ(generation_at(0), nullptr);
    EXPECT_EQ(generation_at(reinterpret_cast<std::uintptr_t>(&file)), nullptr);
  }
  EXPECT_EQ(generation_at(address), nullptr);
}

TEST(crash_context, probation_names_the_file_before_until_it_is_over) {
  registration loaded("lib", 2, "/x/lib-2.so");
  const auto& entry = *loaded.entry();
  EXPECT_FALSE(entry.in_probation);
  generation_in_probation("lib", 2, "/x/lib-1.so");
  EXPECT_TRUE(entry.in_probation);
  EXPECT_STREQ(entry.previous_file, "/x/lib-1.so");
  generation_in_probation("lib", 3, "/x/other.so");
  EXPECT_STREQ(entry.previous_file, "/x/lib-1.so");
  generation_settled("lib", 2);
  EXPECT_FALSE(entry.in_probation);
}

TEST(crash_context, a_full_table_takes_no_more_and_harms_nobody) {
  std::vector<std::unique_ptr<registration>> all;
  for (std::uint32_t i = 0; i < most_generations + 5; ++i) {
    all.push_back(std::make_unique<registration>("many", i, "/x/" + std::to_string(i)));
  }
  EXPECT_NE(all[most_generations - 1]->entry(), nullptr);
  EXPECT_EQ(all[most_generations + 1]->entry(), nullptr);
  all.clear();
  EXPECT_NE(registration("many", 1, "/x").entry(), nullptr);
}

TEST(crash_context, steps_nest_and_each_thread_has_its_own) {
  registration a("a", 1, "/a"), b("b", 1, "/b");
  const scope outer(a.entry(), "command", 0x8001);
  const auto frames = current.frames.load();
  {
    const scope inner(b.entry(), "event", 0);
    EXPECT_EQ(current.generation, b.entry());
    EXPECT_EQ(current.command, 0u);
    EXPECT_EQ(current.frames, frames + 1);
    std::thread([] { EXPECT_EQ(current.generation, nullptr); }).join();
  }
  EXPECT_EQ(current.generation, a.entry());
  EXPECT_STREQ(current.origin, "command");
  EXPECT_EQ(current.command, 0x8001u);
}

}  // namespace
}  // namespace parley::host::crash
