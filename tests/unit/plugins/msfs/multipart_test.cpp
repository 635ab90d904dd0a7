// The file in a form: found wherever the pieces fall, and never made up.
#include "multipart.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace msfs {
namespace {

const std::string head =
    "Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n";

std::string form(const std::string& content, const std::string& part_head = head, const std::string& boundary = "B") {
  return "--" + boundary + "\r\n" + part_head + content + "\r\n--" + boundary + "--\r\n";
}

file_part find(const std::string& body, const std::string& boundary = "B") {
  memory_source source(body);
  return find_file(source, boundary);
}

TEST(multipart, finds_the_file_as_teamtalk_s_clients_send_it) {
  const auto body = form("bytes\r\nand --B more");
  const auto got = find(body);
  ASSERT_EQ(got.why, fault::none);
  EXPECT_EQ(got.name, "a.png");
  EXPECT_EQ(body.substr(got.begin, got.size), "bytes\r\nand --B more");
}

TEST(multipart, content_may_hold_anything_but_the_delimiter) {
  for (const std::string& content :
       {std::string(), std::string("\r\n"), std::string("\r\n--"), std::string("\r\n--Bx\r\n--BB--"),
        std::string("\r\n--C--\r\n"), std::string(100000, '\r'), std::string("\0\0\0", 3)}) {
    const auto body = form(content);
    const auto got = find(body);
    ASSERT_EQ(got.why, fault::none) << content.size();
    EXPECT_EQ(body.substr(got.begin, got.size), content);
  }
}

/// A window is 64 KiB: the delimiter lies across its end at every offset.
TEST(multipart, delimiters_at_the_edge_of_the_window_are_found) {
  const auto before = form("").find("\r\n--B--");
  for (std::size_t near = 65536 - 12; near <= 65536 + 12; ++near) {
    for (std::size_t windows : {1, 2}) {
      const std::string content(near * windows - before, 'x');
      const auto body = form(content);
      const auto got = find(body);
      ASSERT_EQ(got.why, fault::none) << near;
      ASSERT_EQ(got.size, content.size()) << near;
    }
  }
}

TEST(multipart, other_parts_and_a_preamble_are_passed_over) {
  const auto field = std::string("--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\nvalue\r\n");
  const auto body = "preamble\r\n" + field + field + form("content");
  const auto got = find(body);
  ASSERT_EQ(got.why, fault::none);
  EXPECT_EQ(body.substr(got.begin, got.size), "content");
  std::string many;
  for (int i = 0; i < most_parts; ++i) many += field;
  EXPECT_EQ(find(many + form("content")).why, fault::no_filename) << "bounded";
}

TEST(multipart, blanks_may_stand_behind_the_delimiter) {
  const auto body = "--B \t\r\n" + head + "c\r\n--B\t--";
  EXPECT_EQ(find(body).why, fault::no_end) << "two dashes stand right behind the boundary";
  EXPECT_EQ(find("--B \t\r\n" + head + "c\r\n--B  \r\n").why, fault::none) << "another part follows";
  EXPECT_EQ(find("--B" + std::string(65, ' ') + "\r\n" + head + "c\r\n--B--").why, fault::no_disposition)
      << "the first one found is the closing one";
}

struct broken {
  const char* what;
  std::string body;
  fault why;
};

TEST(multipart, every_malformed_body_has_its_number) {
  const std::string disposition = "Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n";
  const std::string type = "Content-Type: image/png\r\n";
  const broken all[] = {
      {"empty", "", fault::boundary_not_found},
      {"no boundary", "hello", fault::boundary_not_found},
      {"half a boundary", "--", fault::boundary_not_found},
      {"boundary inside a line", "x--B\r\n" + head, fault::boundary_not_found},
      {"boundary without a line's end", "--B", fault::boundary_not_found},
      {"a longer boundary", "--BB\r\n" + head + "x\r\n--BB--", fault::boundary_not_found},
      {"closing at once", "--B--\r\n", fault::no_disposition},
      {"nothing behind it", "--B\r\n", fault::no_disposition},
      {"no headers", "--B\r\n\r\nx\r\n--B--", fault::no_disposition},
      {"no disposition", "--B\r\n" + type + "\r\nx\r\n--B--", fault::no_disposition},
      {"disposition in the content only", "--B\r\n" + type + "\r\n" + disposition + "\r\n--B--", fault::no_disposition},
      {"no colon", "--B\r\nContent-Disposition form-data; filename=\"a.png\"\r\n" + type + "\r\nx\r\n--B--",
       fault::no_disposition},
      {"no filename", "--B\r\nContent-Disposition: form-data; name=\"filename=\"\r\n" + type + "\r\nx\r\n--B--",
       fault::no_filename},
      {"filename in a name", "--B\r\nContent-Disposition: form-data; xfilename=\"a.png\"\r\n" + type + "\r\nx\r\n--B--",
       fault::no_filename},
      {"no closing quote", "--B\r\nContent-Disposition: form-data; filename=\"a.png\r\n" + type + "\r\nx\r\n--B--",
       fault::no_filename},
      {"only an escaped quote",
       "--B\r\nContent-Disposition: form-data; filename=\"a.png\\\"\r\n" + type + "\r\nx\r\n--B--", fault::no_filename},
      {"no type", "--B\r\n" + disposition + "\r\nx\r\n--B--", fault::no_content_type},
      {"type in the content only", "--B\r\n" + disposition + "\r\n" + type + "\r\n--B--", fault::no_content_type},
      {"no blank line", "--B\r\n" + disposition + type + "x\r\n--B--", fault::no_blank_line},
      {"no blank line before the end", "--B\r\n" + disposition + type, fault::no_blank_line},
      {"the blank line is of the next part", "--B\r\n" + disposition + type + "--B\r\n\r\n", fault::no_blank_line},
      {"headers without end",
       "--B\r\n" + disposition + type + "X: " + std::string(longest_part_head, 'x') + "\r\n\r\nx",
       fault::no_blank_line},
      {"no end", "--B\r\n" + head + "x", fault::no_end},
      {"no end, nothing at all", "--B\r\n" + head, fault::no_end},
      {"an end of another boundary", "--B\r\n" + head + "x\r\n--C--", fault::no_end},
      {"an end without its line", "--B\r\n" + head + "x--B--", fault::no_end},
      {"half an end", "--B\r\n" + head + "x\r\n--B", fault::no_end},
      {"half an end, one dash", "--B\r\n" + head + "x\r\n--B-", fault::no_end},
  };
  for (const auto& one : all) EXPECT_EQ(find(one.body).why, one.why) << one.what;
}

/// Cut anywhere, changed anywhere: an answer, and what it found lies in the body.
TEST(multipart, no_cut_and_no_changed_byte_makes_it_read_beyond) {
  const auto whole = form("content\r\n--", head, "boundary");
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    const auto body = whole.substr(0, cut);
    const auto got = find(body, "boundary");
    ASSERT_LE(got.begin + got.size, body.size()) << cut;
  }
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (const char byte : {'\0', '\r', '\n', '"', '-', ';', '='}) {
      auto body = whole;
      body[at] = byte;
      const auto got = find(body, "boundary");
      ASSERT_LE(got.begin + got.size, body.size()) << at;
    }
  }
}

/// 4 GiB and more, of which nothing is kept.
class huge_source final : public byte_source {
 public:
  huge_source(std::string first, std::uint64_t zeros, std::string last)
      : first_(std::move(first)), last_(std::move(last)), end_(first_.size() + zeros) {}
  std::size_t read(std::uint64_t at, std::span<char> into) override {
    most_ = std::max(most_, into.size());
    if (at < first_.size()) return memory_source(first_).read(at, into);
    if (at >= end_) return memory_source(last_).read(at - end_, into);
    const auto n = std::min<std::uint64_t>(into.size(), end_ - at);
    std::memset(into.data(), 0, n);
    return n;
  }
  std::size_t most_ = 0;

 private:
  std::string first_, last_;
  std::uint64_t end_;
};

TEST(multipart, more_than_4_gib_are_counted_in_bounded_memory) {
  const std::uint64_t zeros = (4ull << 30) + 12345;
  huge_source with_end("--B\r\n" + head, zeros, "\r\n--B--");
  const auto got = find_file(with_end, "B");
  EXPECT_EQ(got.why, fault::none);
  EXPECT_EQ(got.size, zeros);
  EXPECT_LE(with_end.most_, 64u << 10);
}

/// Every few bytes what could be a delimiter and is none: linear all the same.
TEST(multipart, a_body_full_of_almost_delimiters_is_read_once) {
  struct counting final : byte_source {
    explicit counting(std::string_view bytes) : inner(bytes) {}
    std::size_t read(std::uint64_t at, std::span<char> into) override {
      const auto n = inner.read(at, into);
      total += n;
      return n;
    }
    memory_source inner;
    std::uint64_t total = 0;
  };
  std::string content;
  while (content.size() < 8 << 20) content += "\r\n--Bx";
  const auto body = form(content);
  counting source(body);
  EXPECT_EQ(find_file(source, "B").why, fault::none);
  EXPECT_LT(source.total, 3 * body.size());
}

TEST(multipart, boundaries_are_read_from_the_content_type) {
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(boundary_of("multipart/form-data; charset=utf-8; Boundary=\"a b;c\""), "a b;c");
  EXPECT_EQ(boundary_of("multipart/form-data;boundary=abc ; x=y"), "abc");
  EXPECT_EQ(boundary_of("multipart/form-data; boundary=----AndroidFormBoundary12"), "----AndroidFormBoundary12");
  for (const char* bad :
       {"", "multipart/form-data", "multipart/form-data; boundary=", "a; xboundary=b",
        "multipart/form-data; boundary=\"open", "multipart/form-data; boundary=\"\"", ";;;=;=\"", "a; boundary"}) {
    EXPECT_EQ(boundary_of(bad), "") << bad;
  }
  EXPECT_EQ(boundary_of("a; boundary=" + std::string(longest_boundary, 'b')).size(), longest_boundary);
  EXPECT_EQ(boundary_of("a; boundary=" + std::string(longest_boundary + 1, 'b')), "");
  EXPECT_EQ(boundary_of("a; boundary=b\x01"), "");
  EXPECT_EQ(boundary_of("a; boundary=b\xc3\xa4"), "");
}

TEST(multipart, names_keep_what_clients_wrote) {
  const auto name_in = [](const std::string& value) {
    return find(form("x", "Content-Disposition: form-data; filename=" + value + "\r\nContent-Type: a/b\r\n\r\n")).name;
  };
  EXPECT_EQ(name_in("\"C:\\pictures\\a.png\""), "C:\\pictures\\a.png");
  EXPECT_EQ(name_in("\"a\\\"b.png\""), "a\"b.png");
  EXPECT_EQ(name_in("plain.png"), "plain.png");
  EXPECT_EQ(name_in("\"\xe5\x9b\xbe.jpg\"; x=y"), "\xe5\x9b\xbe.jpg");
  EXPECT_EQ(name_in("\"a;b=c.png\""), "a;b=c.png");
}

}  // namespace
}  // namespace msfs
