// Thumbnails, which clients ask for by the names they make of avatars'.
#include <atomic>
#include <thread>

#include "node/media_fixture.hpp"

namespace parley::test {
namespace {

struct media_thumbnails : media_test {};
using size = std::pair<unsigned, unsigned>;

TEST_F(media_thumbnails, are_made_once_and_kept) {
  const auto sent = upload("a_640x480.png", png(640, 480));
  ASSERT_EQ(sent.code, 0);
  const auto first = get("/" + sent.path + "_100x100.jpg");
  EXPECT_EQ(first.status, 200);
  EXPECT_TRUE(has_header(first, "Content-Type: image/jpeg"));
  EXPECT_EQ(jpeg_size(first.body), size(100, 75));
  EXPECT_EQ(get("/" + sent.path + "_100x100.jpg").body, first.body);
  EXPECT_EQ(get("/" + sent.path + "_98x99.jpg").body, first.body) << "in few sizes";
  EXPECT_EQ(count("parley_msfs_thumbnails_made"), 1);
  EXPECT_EQ(jpeg_size(get("/" + sent.path + "_1024x1024.jpg").body), size(640, 480)) << "never larger";
  EXPECT_EQ(get("/" + sent.path + "_1025x1024.jpg").status, 404);
  EXPECT_EQ(get("/" + sent.path + "x_100x100.jpg").status, 404);
}

TEST_F(media_thumbnails, a_hundred_who_ask_at_once_cost_one) {
  const auto sent = upload("a.png", png(1000, 1000));
  const auto port = node().http_port();
  std::atomic<int> served = 0;
  std::vector<std::thread> all;
  for (int t = 0; t < 100; ++t) {
    all.emplace_back([&] {
      const auto got = http_get(port, "/" + sent.path + "_200x200.jpg", milliseconds(30000));
      served += got.status == 200 && jpeg_size(got.body) == size(200, 200);
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(served, 100);
  EXPECT_EQ(count("parley_msfs_thumbnails_made"), 1);
}

TEST_F(media_thumbnails, a_bomb_is_defused_once) {
  const auto bomb = png_bomb(30'000, 30'000);
  const auto sent = upload("bomb.png", bomb);
  ASSERT_EQ(sent.code, 0);
  EXPECT_EQ(get("/" + sent.path + "_100x100.jpg").status, 415);
  EXPECT_EQ(get("/" + sent.path + "_200x200.jpg").status, 415);
  EXPECT_EQ(count("parley_msfs_thumbnails_failed"), 1) << "remembered";
  EXPECT_EQ(get("/" + sent.path).body, bomb);
  EXPECT_LT(node().resident_bytes(), 400u << 20);
}

TEST_F(media_thumbnails, what_is_no_image_has_none) {
  const auto text = upload("a.png", "just text");
  EXPECT_EQ(get("/" + text.path + "_100x100.jpg").status, 415);
  const auto cut = upload("a.png", png(100, 100).substr(0, 40));
  EXPECT_EQ(get("/" + cut.path + "_100x100.jpg").status, 415);
  expect_alive();
}

TEST_F(media_thumbnails, space_for_them_is_limited_and_orphans_go) {
  options_.environment["PARLEY_THUMBNAIL_SPACE"] = "1MiB";
  ASSERT_NO_FATAL_FAILURE(after_the_first_check());
  const auto sent = upload("a.png", png(500, 500)), other = upload("b.png", png(500, 500));
  ASSERT_EQ(get("/" + sent.path + "_100x100.jpg").status, 200);
  ASSERT_EQ(get("/" + other.path + "_100x100.jpg").status, 200);
  const auto kept = store() / ".parley/thumbnails";
  const auto one = kept / (sent.path.substr(3) + "_100x100.jpg"), two = kept / (other.path.substr(3) + "_100x100.jpg");
  // As if it were large, and not asked for since long ago.
  std::filesystem::resize_file(one, 2 << 20);
  std::filesystem::last_write_time(one, std::filesystem::file_time_type::clock::now() - std::chrono::hours(2));
  EXPECT_EQ(node().ask("media check").at("thumbnails_removed"), 1);
  EXPECT_FALSE(std::filesystem::exists(one));
  EXPECT_TRUE(std::filesystem::exists(two));
  std::filesystem::remove(store() / other.path.substr(3));
  EXPECT_EQ(node().ask("media check").at("thumbnails_removed"), 1);
  EXPECT_FALSE(std::filesystem::exists(two));
}

}  // namespace
}  // namespace parley::test
