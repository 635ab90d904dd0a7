#include "lookup.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/picture.hpp"
#include "support/temp_dir.hpp"

namespace msfs {
namespace {

using parley::test::png;
using parley::test::write_file;
using what = found::what;

class media_lookup : public testing::Test {
 protected:
  media_lookup() : store((scratch.path() / "store").string()) {
    std::filesystem::create_directories(scratch.path() / "store/000/001");
    std::filesystem::create_directories(scratch.path() / "store/.parley/thumbnails/000/001");
  }
  void put(const std::string& name, const std::string& bytes) {
    write_file(scratch.path() / "store/000/001" / name, bytes);
  }
  found look(const std::string& name) { return look_up(store, "000/001/" + name); }
  parley::test::temp_dir scratch;
  disk store;
};

TEST_F(media_lookup, a_type_is_what_the_bytes_say) {
  put("a.png", png(2, 2));
  put("lies.png", "<html><script>alert(1)</script>");
  put("lies.svg", png(2, 2));
  put("empty.png", "");
  EXPECT_EQ(look("a.png").type, "image/png");
  EXPECT_EQ(look("lies.png").type, "");
  EXPECT_EQ(look("lies.svg").type, "image/png");
  EXPECT_EQ(look("empty.png").is, what::file);
  EXPECT_EQ(look("empty.png").type, "");
  EXPECT_EQ(look("none.png").is, what::nothing);
}

TEST_F(media_lookup, a_file_goes_before_a_thumbnail_of_its_name) {
  put("a.png", png(2, 2));
  EXPECT_EQ(look("a.png_100x100.jpg").is, what::thumbnail_to_make);
  put("a.png_100x100.jpg", png(2, 2));
  EXPECT_EQ(look("a.png_100x100.jpg").is, what::file);
}

TEST_F(media_lookup, thumbnails_come_in_few_sizes) {
  put("a.png", png(2, 2));
  const auto odd = look("a.png_97x120.jpg");
  EXPECT_EQ(odd.is, what::thumbnail_to_make);
  EXPECT_EQ(odd.path, "000/001/a.png_100x150.jpg");
  write_file(scratch.path() / "store/.parley/thumbnails/000/001/a.png_100x150.jpg", "made");
  EXPECT_EQ(look("a.png_99x101.jpg").is, what::cached_thumbnail);
  EXPECT_EQ(look("a.png_1025x10.jpg").is, what::nothing);
  std::filesystem::remove(scratch.path() / "store/000/001/a.png");
  EXPECT_EQ(look("a.png_99x101.jpg").is, what::nothing) << "the original has gone";
}

TEST_F(media_lookup, there_is_no_thumbnail_of_what_is_no_image) {
  put("a.png", "text");
  EXPECT_EQ(look("a.png_100x100.jpg").is, what::no_thumbnail);
}

}  // namespace
}  // namespace msfs
