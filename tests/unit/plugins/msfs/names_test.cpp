#include "names.hpp"

#include <gtest/gtest.h>

#include "sniff.hpp"

namespace msfs {
namespace {

constexpr std::array<unsigned char, 12> some_random = {7, 255, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4, 5, 6};

TEST(media_names, keep_extension_and_size_of_what_clients_send) {
  EXPECT_EQ(stored_path(1700000000000001, some_random, read_name("holiday.JPG")),
            "007/255/1700000000000001_deadbeef010203040506.JPG");
  EXPECT_EQ(stored_path(1, some_random, read_name("a_640x480.png")), "007/255/1_deadbeef010203040506_640x480.png");
  EXPECT_EQ(stored_path(1, some_random, read_name("C:\\x\\a.b.spx")), "007/255/1_deadbeef010203040506.spx");
  for (const char* plain : {"a_x480.png", "a_640x.png", "a_12345x1.png", "a_1x12345.png", "640x480.png", "a_1x1x1.png",
                            "a_-1x1.png", "_x.png", "a_640X480.png"}) {
    EXPECT_EQ(read_name(plain).size, "") << plain;
    EXPECT_EQ(read_name(plain).why, fault::none) << plain;
  }
  EXPECT_EQ(read_name("_1x2.png").size, "_1x2");
}

TEST(media_names, refuse_what_teamtalk_refuses_and_what_could_not_be_served) {
  EXPECT_EQ(read_name("").why, fault::no_extension);
  EXPECT_EQ(read_name("name").why, fault::no_extension);
  EXPECT_EQ(read_name("name.").why, fault::no_extension);
  EXPECT_EQ(read_name("a.123456789012345").why, fault::none);
  EXPECT_EQ(read_name("a.1234567890123456").why, fault::long_extension);
  EXPECT_EQ(read_name(std::string(251, 'a') + ".png").why, fault::none);
  EXPECT_EQ(read_name(std::string(252, 'a') + ".png").why, fault::long_name);
  for (const char* bad :
       {"a.p/g", "a.p\\g", "a.p g", "a.p%g", "a.p\"g", "a.<svg>", "a.\xe5\x9b\xbe", "a.p_g", "../.."}) {
    EXPECT_EQ(read_name(bad).why, fault::no_extension) << bad;
  }
  EXPECT_EQ(read_name(std::string("a.p\0g", 5)).why, fault::no_extension);
}

TEST(media_names, what_is_stored_is_ours_and_can_be_asked_for) {
  for (const char* name : {"a.png", "a_640x480.png", "a.123456789012345", "x.TAR"}) {
    const auto path = stored_path(1700000000000001, some_random, read_name(name));
    EXPECT_TRUE(is_own_path(path)) << path;
    EXPECT_EQ(path_of_url("/g0/" + path).path, path);
  }
  EXPECT_FALSE(is_own_path("000/000/1400000000000000_140000000000000.png")) << "a thread's id, of TeamTalk";
  EXPECT_FALSE(is_own_path("000/000/1_deadbeef010203040506_100.png"));
  EXPECT_FALSE(is_own_path("000/000/a_deadbeef010203040506.png"));
  EXPECT_FALSE(is_own_path("000/000/1_deadbeef01020304050.png"));
  EXPECT_FALSE(is_own_path("000/000/1_deadbeef010203040506"));
  EXPECT_FALSE(is_own_path(""));
}

struct asked {
  std::string url;
  url_verdict verdict;
};

TEST(media_names, only_paths_of_the_store_get_in) {
  constexpr auto fine = url_verdict::fine, not_there = url_verdict::not_there, malformed = url_verdict::malformed;
  const asked all[] = {
      {"/g0/000/255/a.png", fine},
      {"/g0/000/255/a", fine},
      {"/g0/000/255/a..b", fine},
      {"/g0/000/255/%61.png", fine},
      {"/g0/%30%30%30/255/a.png", fine},
      {"/g0/000/256/a.png", not_there},
      {"/g0/999/000/a.png", not_there},
      {"/g0/00/000/a.png", not_there},
      {"/g0/0000/00/a.png", not_there},
      {"/g0/000/000/", not_there},
      {"/g0/000/000", not_there},
      {"/g0/", not_there},
      {"/g0", not_there},
      {"/g1/000/000/a.png", not_there},
      {"/g0//000/000/a.png", not_there},
      {"/g0/000//000/a.png", not_there},
      {"/g0/000/000//a.png", not_there},
      {"/g0/000/000/a/b.png", not_there},
      {"/g0/../g0/000/000/a.png", not_there},
      {"/g0/000/000/../../../etc/passwd", not_there},
      {"/g0/000/000/..", not_there},
      {"/g0/000/../000/a.png", not_there},
      {"/g0/000/000/.hidden", not_there},
      {"/g0/.parley/store", not_there},
      {"/g0/.parley/incoming/a", not_there},
      {"/g0/000/000/%2e%2e", not_there},
      {"/g0/%2e%2e/%2e%2e/etc/passwd", not_there},
      {"/g0/000/000/%2e%2e%2fpasswd", malformed},
      {"/g0/000%2f000/a.png", malformed},
      {"/g0/000/000/%2Fetc", malformed},
      {"/g0/000/000/a%5c..%5cb", malformed},
      {"/g0/000/000/a\\b", not_there},
      {"/g0/000/000/a%00.png", malformed},
      {"/g0/000/000/%252e%252e", not_there},
      {"/g0/000/000/%25", not_there},
      {"/g0/000/000/%", malformed},
      {"/g0/000/000/%2", malformed},
      {"/g0/000/000/a%zz", malformed},
      {"/g0/000/000/%c0%ae%c0%ae", not_there},
      {"/g0/000/000/%e0%80%af", not_there},
      {"/g0/000/000/a b", not_there},
      {"/g0/000/000/a+b", not_there},
      {"/g0/000/000/a;b", not_there},
      {"/g0/000/000/" + std::string(255, 'a'), fine},
      {"/g0/000/000/" + std::string(256, 'a'), not_there},
  };
  for (const auto& one : all) EXPECT_EQ(path_of_url(one.url).verdict, one.verdict) << one.url;
}

TEST(media_names, thumbnails_are_named_after_their_original) {
  const auto got = read_thumbnail_name("000/000/123_0.png_100x100.jpg");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->original, "000/000/123_0.png");
  EXPECT_EQ(got->width, 100u);
  EXPECT_EQ(got->height, 100u);
  const auto own_size = read_thumbnail_name("000/000/123_0_640x480.jpg_9999x1.jpg");
  ASSERT_TRUE(own_size);
  EXPECT_EQ(own_size->original, "000/000/123_0_640x480.jpg");
  EXPECT_EQ(own_size->width, 9999u);
  for (const char* none :
       {"000/000/123_0_640x480.jpg", "000/000/a.png_100x100.png", "000/000/a.png_0x100.jpg", "000/000/a.png_100x0.jpg",
        "000/000/a.png_10000x1.jpg", "000/000/a.png_x.jpg", "000/000/_100x100.jpg", "000/000/.png_100x100.jpg"}) {
    EXPECT_FALSE(read_thumbnail_name(none)) << none;
  }
  EXPECT_EQ(thumbnail_step(1), 50u);
  EXPECT_EQ(thumbnail_step(100), 100u);
  EXPECT_EQ(thumbnail_step(101), 150u);
  EXPECT_EQ(thumbnail_step(1024), 1024u);
  EXPECT_EQ(thumbnail_step(1025), 0u);
}

TEST(media_names, a_file_is_what_its_first_bytes_say) {
  using namespace std::string_literals;
  EXPECT_EQ(image_type("\xff\xd8\xff\xe0"s), "image/jpeg");
  EXPECT_EQ(image_type("\x89PNG\r\n\x1a\nrest"s), "image/png");
  EXPECT_EQ(image_type("GIF89a..."s), "image/gif");
  EXPECT_EQ(image_type("GIF87a..."s), "image/gif");
  EXPECT_EQ(image_type("RIFF\x10\0\0\0WEBPVP8 "s), "image/webp");
  EXPECT_EQ(image_type("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"s), "image/bmp");
  for (const auto& none : {""s, "\xff\xd8"s, "\x89PNG"s, "GIF90a"s, "RIFF\x10\0\0\0WAVE"s, "RIFF"s, "BM"s,
                           "BM<script>alert(1)</script>"s, "<svg xmlns="s, "<html>"s, "%PDF-1.4"s, "\0\0\0\0"s}) {
    EXPECT_EQ(image_type(none), "") << none;
  }
}

}  // namespace
}  // namespace msfs
