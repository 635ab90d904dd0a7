#include "host/plugin/elf_gate.hpp"

#include <gtest/gtest.h>

#include <elf.h>
#include <cstdlib>
#include <cstring>

#include "host/plugin/staging.hpp"
#include "support/server.hpp"
#include "support/temp_dir.hpp"

namespace parley::host {
namespace {

using test::plugin_file;
using test::read_file;
using test::write_file;

/// Compiles small libraries with the machine's own compiler.
class elf_gate_of : public testing::Test {
 protected:
  std::string build(const std::string& source, const std::string& flags) {
    const auto from = (scratch_.path() / "source.cpp").string(), to = (scratch_.path() / "made.so").string();
    write_file(from, source);
    const auto command = "g++ -shared -fPIC -O1 " + flags + " -o " + to + " " + from + " 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    return to;
  }
  /// The rules broken, in the order they are told.
  std::vector<std::string> rules(const std::string& source, const std::string& flags) {
    std::vector<std::string> out;
    for (const auto& f : elf_gate(build(symbol_ + source, flags)).findings) out.push_back(f.rule);
    return out;
  }
  using words = std::vector<std::string>;

  std::string symbol_ = "extern \"C\" __attribute__((visibility(\"default\"))) const int parley_plugin = 1;\n";
  std::string good_ = "-fvisibility=hidden -fno-gnu-unique -Wl,--build-id ";
  test::temp_dir scratch_;
};

TEST_F(elf_gate_of, a_clean_file_has_no_findings_and_a_build_id) {
  const auto report = elf_gate(build(symbol_, good_));
  EXPECT_TRUE(report.findings.empty()) << report.to_string("made.so");
  EXPECT_EQ(report.build_id.size(), 40u);
}

TEST_F(elf_gate_of, every_bundled_plugin_passes) {
#ifndef PARLEY_SANITIZED
  for (const char* name : {"echo", "login", "message", "group", "buddy", "route", "push", "file"}) {
    EXPECT_EQ(elf_gate(plugin_file(name)).to_string(name), "");
  }
#endif
}

TEST_F(elf_gate_of, unique_symbols_are_named_as_people_write_them) {
  const auto file = build(symbol_ +
                              "template <class T> struct keeper { static int& kept() { static int k; return k; } };\n"
                              "__attribute__((visibility(\"default\"))) int use() { return ++keeper<int>::kept(); }\n",
                          "-fgnu-unique -Wl,--build-id");
  const auto text = elf_gate(file).to_string(file);
  EXPECT_NE(text.find("keeper<int>::kept()"), std::string::npos) << text;
  EXPECT_NE(text.find("-fno-gnu-unique"), std::string::npos) << text;
}

TEST_F(elf_gate_of, nodelete) {
  EXPECT_EQ(rules("", good_ + "-Wl,-z,nodelete"), words{"nodelete"});
}

TEST_F(elf_gate_of, static_thread_local_storage) {
  EXPECT_EQ(rules("static __thread int depth; extern \"C\" __attribute__((visibility(\"hidden\"))) int use() { return "
                  "++depth; } __attribute__((used)) static int (*kept)() = use;",
                  good_ + "-ftls-model=initial-exec"),
            words{"static_tls"});
}

TEST_F(elf_gate_of, a_thread_local_with_a_destructor) {
  EXPECT_EQ(rules("struct noisy { noisy(); ~noisy(); int n; }; noisy::noisy() : n(1) {} noisy::~noisy() {}\n"
                  "static thread_local noisy one; __attribute__((used)) static int use() { return one.n; }",
                  good_),
            words{"thread_local"});
}

TEST_F(elf_gate_of, threads_of_its_own) {
  EXPECT_EQ(rules("#include <thread>\n__attribute__((used)) static void use() { std::thread([] {}).detach(); }", good_),
            words{"threads"});
  EXPECT_EQ(rules("#include <pthread.h>\n__attribute__((used)) static void use() { pthread_t t; pthread_create(&t, "
                  "nullptr, nullptr, nullptr); }",
                  good_),
            words{"threads"});
}

TEST_F(elf_gate_of, a_missing_build_id) {
  EXPECT_EQ(rules("", "-fvisibility=hidden -Wl,--build-id=none"), words{"build_id"});
}

TEST_F(elf_gate_of, more_exports_than_the_one) {
  EXPECT_EQ(rules("int another_one() { return 1; }", "-Wl,--build-id"), words{"exports"});
}

TEST_F(elf_gate_of, no_plugin_at_all_and_everything_else_at_once) {
  symbol_.clear();
  EXPECT_EQ(rules("int another_one() { return 1; }", "-Wl,--build-id=none -Wl,-z,nodelete"),
            (words{"no_symbol", "exports", "nodelete", "build_id"}));
}

TEST_F(elf_gate_of, a_file_cut_short_anywhere_is_told_and_never_crashes) {
  const auto whole = read_file(build(symbol_, good_));
  const auto cut = (scratch_.path() / "cut.so").string();
  for (std::size_t size = 0; size < whole.size(); size += 61) {
    write_file(cut, std::string_view(whole).substr(0, size));
    const auto report = elf_gate(cut);
    ASSERT_EQ(report.findings.size(), 1u) << size;
    EXPECT_NE(report.findings[0].text.find("cut short"), std::string::npos) << report.findings[0].text;
  }
}

TEST_F(elf_gate_of, flipped_bytes_never_crash_it) {
  const auto whole = read_file(build(symbol_, good_));
  const auto bent = (scratch_.path() / "bent.so").string();
  unsigned random = 7;
  for (int i = 0; i < 2000; ++i) {
    auto copy = whole;
    for (int n = 0; n < 3; ++n) {
      random = random * 1664525 + 1013904223;
      const auto reach = n == 0 ? std::size_t{64} : std::min<std::size_t>(copy.size(), 4096);
      copy[(random >> 8) % reach] = static_cast<char>(random >> 24);
    }
    write_file(bent, copy);
    elf_gate(bent);
  }
}

TEST_F(elf_gate_of, what_is_no_library_is_named_for_what_it_is) {
  const auto text = [&](const std::string& content) {
    const auto file = (scratch_.path() / "other").string();
    write_file(file, content);
    return elf_gate(file).findings.at(0).text;
  };
  EXPECT_NE(text(std::string(100, 'x')).find("no shared library"), std::string::npos);
  auto whole = read_file(build(symbol_, good_));
  whole[EI_CLASS] = ELFCLASS32;
  EXPECT_NE(text(whole).find("another kind of machine"), std::string::npos);
  EXPECT_NE(elf_gate("/nowhere/x.so").findings.at(0).text.find("cannot be read"), std::string::npos);
  EXPECT_NE(elf_gate("/tmp").findings.at(0).text.find("no file"), std::string::npos);
}

using staging = elf_gate_of;

TEST_F(staging, copies_to_a_path_with_build_id_and_number_and_removes_it_again) {
  const auto file = build(symbol_, good_);
  std::string path;
  {
    const auto staged = stage(file, scratch_.path().string(), "echo", 7);
    ASSERT_TRUE(staged) << staged.text();
    path = staged->path();
    EXPECT_EQ(path, scratch_.path().string() + "/echo-" + elf_gate(file).build_id.substr(0, 12) + "-g7.so");
    EXPECT_EQ(read_file(path), read_file(file));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(staging, never_overwrites_a_path) {
  const auto file = build(symbol_, good_);
  const auto first = stage(file, scratch_.path().string(), "echo", 7);
  ASSERT_TRUE(first);
  const auto inode = std::filesystem::last_write_time(first->path());
  EXPECT_FALSE(stage(file, scratch_.path().string(), "echo", 7));
  ASSERT_TRUE(std::filesystem::exists(first->path()));
  EXPECT_EQ(std::filesystem::last_write_time(first->path()), inode);
}

TEST_F(staging, refuses_what_the_gate_refuses_and_leaves_nothing_behind) {
  const auto file = build("", good_);
  const auto staged = stage(file, scratch_.path().string(), "echo", 7);
  ASSERT_FALSE(staged);
  EXPECT_NE(staged.text().find(file), std::string::npos) << staged.text();
  EXPECT_NE(staged.text().find("exports no parley_plugin"), std::string::npos) << staged.text();
  for (const auto& entry : std::filesystem::directory_iterator(scratch_.path())) {
    EXPECT_EQ(entry.path().filename().string().find("-g7"), std::string::npos);
  }
}

}  // namespace
}  // namespace parley::host
