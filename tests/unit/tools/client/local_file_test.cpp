#include "client/local_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace parley::client {
namespace {

namespace fs = std::filesystem;

const std::string task = "0123abcd-0000-4000-8000-0123456789ab";

class local_file : public testing::Test {
 protected:
  local_file() {
    char name[] = "/tmp/local_file.XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~local_file() override { fs::remove_all(folder_); }

  std::string at(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const { std::ofstream(at(name)) << text; }
  std::string read(const std::string& name) const {
    std::ifstream file(at(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::shared_ptr<received_file> receive(const std::string& name, std::uint32_t size) const {
    auto file = received_file::open(at(name), task, size);
    EXPECT_TRUE(file) << (file ? "" : file.why().text);
    return file ? *file : nullptr;
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  std::string folder_;
};

TEST_F(local_file, that_is_sent_is_read_in_blocks) {
  write("a", "hello world");
  const auto file = sent_file::open(at("a"));
  ASSERT_TRUE(file);
  EXPECT_EQ((*file)->size(), 11u);
  std::string block;
  ASSERT_TRUE((*file)->read(6, 5, block));
  EXPECT_EQ(block, "world");
  EXPECT_FALSE((*file)->read(6, 6, block)) << "there is no such byte";
}

TEST_F(local_file, that_changes_while_it_is_sent_is_noticed) {
  write("a", "hello world");
  const auto file = sent_file::open(at("a"));
  std::string block;
  ASSERT_TRUE((*file)->read(0, 5, block));
  write("a", "HELLO WORLD, AGAIN");
  const auto read = (*file)->read(0, 5, block);
  ASSERT_FALSE(read);
  EXPECT_NE(read.why().text.find("was changed while it was sent"), std::string::npos);
}

TEST_F(local_file, of_which_only_regular_ones_are_sent) {
  EXPECT_FALSE(sent_file::open(at("nothing")));
  EXPECT_FALSE(sent_file::open(folder_));
  ASSERT_EQ(mkfifo(at("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(sent_file::open(at("fifo"))) << "and nobody waits for a writer";
}

TEST_F(local_file, that_arrives_has_its_name_when_it_is_whole) {
  const auto file = receive("a", 10);
  ASSERT_TRUE(file->append("01234"));
  EXPECT_FALSE(fs::exists(at("a")));
  EXPECT_FALSE(file->complete()) << "half of it is missing";
  ASSERT_TRUE(file->append("56789"));
  EXPECT_FALSE(file->append("x")) << "more than was announced";
  ASSERT_TRUE(file->complete());
  EXPECT_EQ(file->path(), at("a"));
  EXPECT_EQ(read("a"), "0123456789");
  EXPECT_EQ(entries(), 1u) << "nothing else is left";
}

TEST_F(local_file, that_arrives_overwrites_nothing) {
  write("a.txt", "mine");
  write("a (1).txt", "mine, too");
  const auto file = receive("a.txt", 3);
  ASSERT_TRUE(file->append("new"));
  ASSERT_TRUE(file->complete());
  EXPECT_EQ(file->path(), at("a (2).txt"));
  EXPECT_EQ(read("a (2).txt"), "new");
  EXPECT_EQ(read("a.txt"), "mine");
}

TEST_F(local_file, that_is_empty_arrives) {
  const auto file = receive("a", 0);
  ASSERT_TRUE(file->complete());
  EXPECT_EQ(fs::file_size(at("a")), 0u);
}

TEST_F(local_file, goes_back_but_not_ahead) {
  const auto file = receive("a", 10);
  ASSERT_TRUE(file->append("01234567"));
  EXPECT_FALSE(file->go_back(9));
  ASSERT_TRUE(file->go_back(2));
  ASSERT_TRUE(file->append("cdefghij"));
  ASSERT_TRUE(file->complete());
  EXPECT_EQ(read("a"), "01cdefghij");
}

TEST_F(local_file, left_by_an_earlier_process_is_gone_on_with) {
  constexpr std::uint32_t size = 10u << 20;
  const std::string bytes(6u << 20, 'x');
  ASSERT_TRUE(receive("a", size)->append(bytes));
  const auto file = receive("a", size);
  EXPECT_EQ(file->received(), 2u << 20) << "of its last 4 MiB nobody knows whether they reached the disk";
  EXPECT_EQ(file->received() % file_block, 0u);
}

TEST_F(local_file, is_fetched_by_one_at_a_time) {
  const auto first = receive("a", 10);
  const auto second = received_file::open(at("a"), task, 10);
  ASSERT_FALSE(second);
  EXPECT_NE(second.why().text.find("somebody else"), std::string::npos);
}

TEST_F(local_file, has_no_task_that_is_a_path) {
  EXPECT_FALSE(received_file::open(at("a"), "../../../../../../../../../../../etc", 10));
  EXPECT_FALSE(received_file::open(at("no/such/folder"), task, 10));
  EXPECT_EQ(entries(), 0u);
}

TEST_F(local_file, that_is_discarded_leaves_nothing) {
  const auto file = receive("a", 10);
  ASSERT_TRUE(file->append("01234"));
  file->discard();
  EXPECT_EQ(entries(), 0u);
}

}  // namespace
}  // namespace parley::client
