// The program that makes them, given what people send and what they should not.
#include "thumbnails.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>

#include "support/picture.hpp"
#include "support/temp_dir.hpp"

namespace msfs {
namespace {

using parley::test::jpeg_size;
using parley::test::png;
using parley::test::png_bomb;
using parley::test::read_file;
using parley::test::write_file;

class thumbnail_program : public testing::Test {
 protected:
  thumbnail_program()
      : store((scratch.path() / "store").string()), maker(PARLEY_THUMBNAIL, {50'000'000, 512 << 20, 5}) {
    std::filesystem::create_directories(scratch.path() / "store/000/001");
  }
  thumbnail_end make(const std::string& bytes, std::uint32_t width = 100, std::uint32_t height = 100) {
    write_file(scratch.path() / "store/000/001/a.png", bytes);
    made = {};
    const auto got = maker.make(store, {"000/001/a.png", width, height});
    const auto path = store.thumbnails() + "/" + thumbnail_path("000/001/a.png", width, height);
    if (got.end == thumbnail_end::made) {
      made = read_file(path);
      EXPECT_EQ(got.bytes, made.size());
    } else {
      EXPECT_FALSE(std::filesystem::exists(path));
    }
    EXPECT_TRUE(std::filesystem::is_empty(scratch.path() / "store/.parley/incoming"));
    return got.end;
  }
  using size = std::pair<unsigned, unsigned>;
  parley::test::temp_dir scratch;
  disk store;
  thumbnailer maker;
  std::string made;
};

TEST_F(thumbnail_program, fits_into_the_box_and_enlarges_nothing) {
  ASSERT_EQ(make(png(640, 480)), thumbnail_end::made);
  EXPECT_EQ(jpeg_size(made), size(100, 75));
  ASSERT_EQ(make(png(480, 640)), thumbnail_end::made);
  EXPECT_EQ(jpeg_size(made), size(75, 100));
  ASSERT_EQ(make(png(30, 20)), thumbnail_end::made);
  EXPECT_EQ(jpeg_size(made), size(30, 20));
  ASSERT_EQ(make(png(1000, 10), 300, 50), thumbnail_end::made);
  EXPECT_EQ(jpeg_size(made), size(300, 3));
}

TEST_F(thumbnail_program, a_bomb_is_no_image) {
  const auto bomb = png_bomb(30'000, 30'000);
  ASSERT_LT(bomb.size(), 200'000u);
  EXPECT_EQ(make(bomb), thumbnail_end::no_image);
}

TEST_F(thumbnail_program, a_bomb_within_the_pixels_costs_its_limits_and_no_more) {
  const auto bomb = png_bomb(60'000, 60'000);
  maker = thumbnailer(PARLEY_THUMBNAIL, {UINT64_MAX, 512 << 20, 1});
  const auto begun = std::chrono::steady_clock::now();
  const auto end = make(bomb);
  // On a machine so busy that it gets no second of CPU time, its life ends it first, which is not the image's fault.
  const bool starved = std::chrono::steady_clock::now() - begun >= std::chrono::seconds(20);
  EXPECT_EQ(end, starved ? thumbnail_end::failed : thumbnail_end::no_image);
}

/// An image is remembered as none only for what is its own fault.
TEST_F(thumbnail_program, its_own_trouble_is_not_the_image_s) {
  const auto program = scratch.path() / "program";
  const auto ends_with = [&](const std::string& line) {
    write_file(program, "#!/bin/sh\n" + line + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    maker = thumbnailer(program.string(), {50'000'000, 512 << 20, 1});
    return make(png(10, 10));
  };
  EXPECT_EQ(ends_with("exit 2"), thumbnail_end::no_image);
  EXPECT_EQ(ends_with("kill -XCPU $$"), thumbnail_end::no_image);
  EXPECT_EQ(ends_with("kill -KILL $$"), thumbnail_end::failed) << "as when memory is short";
  EXPECT_EQ(ends_with("kill -TERM $$"), thumbnail_end::failed);
  EXPECT_EQ(ends_with("exit 1"), thumbnail_end::failed);
  EXPECT_EQ(ends_with("exit 0"), thumbnail_end::failed) << "nothing was made";
}

TEST_F(thumbnail_program, nonsense_is_no_image) {
  for (const std::string& bytes :
       {std::string("\x89PNG\r\n\x1a\n"), std::string("\x89PNG\r\n\x1a\nxxxxIHDR"), std::string(""),
        std::string("\xff\xd8\xff"), std::string("GIF89a"),
        std::string("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"10\"/>"),
        std::string("%PDF-1.4\n"), std::string("push graphic-context\nviewbox 0 0 10 10\n"),
        std::string(100'000, '\0')}) {
    EXPECT_EQ(make(bytes), thumbnail_end::no_image) << bytes.substr(0, 10);
  }
}

TEST_F(thumbnail_program, an_original_that_has_gone_and_a_program_that_is_none_are_failures) {
  EXPECT_EQ(maker.make(store, {"000/001/none.png", 100, 100}).end, thumbnail_end::failed);
  maker = thumbnailer("/no/such/program", {1, 1 << 30, 1});
  EXPECT_EQ(make(png(10, 10)), thumbnail_end::failed);
}

TEST(thumbnails_waiting, failures_are_remembered_for_a_while_and_bounded) {
  remembered_failures failures;
  failures.add("a", 1000);
  EXPECT_TRUE(failures.knows("a", 1001));
  EXPECT_FALSE(failures.knows("b", 1001));
  EXPECT_FALSE(failures.knows("a", 1000 + 600'000));
}

}  // namespace
}  // namespace msfs
