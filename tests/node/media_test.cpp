// The image and media store of a running node, over real HTTP.
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "node/media_fixture.hpp"
#include "support/small_disk.hpp"

namespace parley::test {
namespace {

namespace fs = std::filesystem;

struct media : media_test {};

TEST_F(media, a_file_comes_back_with_headers_that_let_it_be_kept_and_not_run) {
  const auto image = png(20, 10);
  const auto sent = upload("a_20x10.png", image);
  ASSERT_EQ(sent.code, 0) << sent.raw.body;
  EXPECT_TRUE(has_header(sent.raw, "Connection: close"));
  const auto got = get("/" + sent.path);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, image);
  for (const char* line : {"Content-Type: image/png", "Cache-Control: public, max-age=31536000, immutable",
                           "X-Content-Type-Options: nosniff", "Content-Security-Policy: default-src 'none'; sandbox",
                           "Accept-Ranges: bytes"}) {
    EXPECT_TRUE(has_header(got, line)) << line << "\n" << got.head;
  }
  EXPECT_EQ(got.head.find("Content-Disposition"), std::string::npos);
  const auto other = upload("evil.svg", "<svg onload='alert(1)'/>");
  const auto page = get("/" + other.path);
  EXPECT_TRUE(has_header(page, "Content-Type: application/octet-stream"));
  EXPECT_TRUE(has_header(page, "Content-Disposition: attachment"));
}

TEST_F(media, head_range_and_conditions_are_answered) {
  const auto sent = upload("a.spx", "0123456789");
  ASSERT_EQ(sent.code, 0);
  const auto head = get("/" + sent.path, "", "HEAD");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.body, "");
  EXPECT_TRUE(has_header(head, "Content-Length: 10"));
  const auto part = get("/" + sent.path, "Range: bytes=2-4\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, "234");
  const auto at = head.head.find("\r\nETag: ");
  ASSERT_NE(at, std::string::npos) << head.head;
  const auto etag = head.head.substr(at + 8, head.head.find("\r\n", at + 2) - at - 8);
  EXPECT_EQ(get("/" + sent.path, "If-None-Match: " + etag + "\r\n").status, 304);
  EXPECT_EQ(get("/" + sent.path, "", "DELETE").status, 405);
}

TEST_F(media, nothing_outside_of_the_store_is_served) {
  ASSERT_EQ(upload("a.png", "x").code, 0);
  write_file(fs::path(node().data()) / "secret", "the secret");
  std::vector<std::string> steps = {"..",    "%2e%2e", ".%2e",         "%2E.", "%252e%252e", "..%00", "%c0%ae%c0%ae",
                                    "..%5c", "..\\",   "%uff0e%uff0e", "....", ". .",        "..;"};
  for (const auto& step : steps) {
    for (const std::string slash : {"/", "%2f", "%2F", "%5c", "\\", "//", "%252f", "%c0%af"}) {
      std::string up;
      for (int i = 0; i < 6; ++i) up += step + slash;
      for (const auto& prefix : {"/g0/", "/g0/000/", "/g0/000/000/"}) {
        for (const auto& target : {"secret", "plugins/msfs/token_key", "etc/passwd"}) {
          const auto got = get(prefix + up + target);
          ASSERT_TRUE(got.status == 400 || got.status == 404) << got.status << " to " << prefix + up + target;
        }
      }
    }
  }
  EXPECT_EQ(get("/g0/.parley/store").status, 404);
  EXPECT_EQ(get("/g0/%2eparley/store").status, 404);
  EXPECT_EQ(get("/g0//000/000/a").status, 404);
  EXPECT_EQ(get("/g0").status, 404);
}

TEST_F(media, symbolic_links_in_the_store_lead_nowhere) {
  ASSERT_EQ(upload("a.png", "x").code, 0);
  write_file(fs::path(node().data()) / "secret", "the secret");
  fs::create_directories(store() / "000/000");
  fs::create_symlink(fs::path(node().data()) / "secret", store() / "000/000/link.png");
  fs::create_directory_symlink(node().data(), store() / "000/254");
  EXPECT_EQ(get("/g0/000/000/link.png").status, 404);
  EXPECT_EQ(get("/g0/000/254/secret").status, 404);
  EXPECT_EQ(get("/g0/000/000/link.png_100x100.jpg").status, 404);
}

TEST_F(media, many_uploads_at_once_are_kept_apart) {
  const auto port = (node(), node().http_port());
  std::vector<std::thread> all;
  std::vector<std::string> paths(8);
  for (std::size_t t = 0; t < paths.size(); ++t) {
    all.emplace_back(
        [&, t] { paths[t] = upload_to(port, "a.bin", std::string(300'000 + t, static_cast<char>('a' + t))).path; });
  }
  for (auto& one : all) one.join();
  for (std::size_t t = 0; t < paths.size(); ++t) {
    ASSERT_NE(paths[t], "");
    EXPECT_EQ(get("/" + paths[t]).body, std::string(300'000 + t, static_cast<char>('a' + t)));
  }
  EXPECT_EQ(std::set(paths.begin(), paths.end()).size(), paths.size());
  EXPECT_EQ(unfinished(), 0u);
  EXPECT_EQ(count("parley_msfs_uploads"), 8);
}

TEST_F(media, a_quota_holds_against_uploads_at_once) {
  options_.environment["PARLEY_UPLOADS_PER_ADDRESS_DAILY"] = "25000B";
  const auto port = (node(), node().http_port());
  std::atomic<int> taken = 0, refused = 0;
  std::vector<std::thread> all;
  for (int t = 0; t < 6; ++t) {
    all.emplace_back([&] {
      for (int i = 0; i < 3; ++i) {
        const auto code = upload_to(port, "a.bin", std::string(5000, 'x')).code;
        taken += code == 0;
        refused += code == 12;
      }
    });
  }
  for (auto& one : all) one.join();
  EXPECT_EQ(taken, 5);
  EXPECT_EQ(refused, 13);
  EXPECT_EQ(node().ask("media usage").at("bytes"), 25000);
  EXPECT_EQ(count("parley_msfs_store_bytes"), 25000);
  EXPECT_EQ(count("parley_msfs_refused_over_quota"), 13);
  EXPECT_EQ(unfinished(), 0u);
}

TEST_F(media, a_crash_in_the_middle_of_uploads_leaves_whole_files_only) {
  const auto port = (node(), node().http_port());
  std::mutex lock;
  std::vector<std::string> told;
  std::atomic<bool> stop = false;
  std::vector<std::thread> all;
  const std::string content(1 << 20, 'c');
  for (int t = 0; t < 4; ++t) {
    all.emplace_back([&] {
      while (!stop) {
        try {
          const auto path = upload_to(port, "a.bin", content).path;
          const std::lock_guard held(lock);
          if (!path.empty()) told.push_back(path);
        } catch (const failure&) {
          return;  // nobody listens any more
        }
      }
    });
  }
  const auto enough = [&] {
    const std::lock_guard held(lock);
    return told.size() >= 6;
  };
  EXPECT_TRUE(eventually(enough, milliseconds(20000)));
  node().kill9();
  stop = true;
  for (auto& one : all) one.join();
  node().restart();
  EXPECT_TRUE(eventually([&] { return unfinished() == 0; })) << "the check after a start";
  for (const auto& path : told) EXPECT_EQ(get("/" + path).body, content) << path;
  for (const auto& one : fs::recursive_directory_iterator(store())) {
    if (!one.is_regular_file() || one.path().string().find(".parley") != std::string::npos) continue;
    EXPECT_EQ(one.file_size(), content.size()) << one.path();
  }
}

TEST_F(media, a_store_that_cannot_be_written_to_is_told_and_mends_itself) {
  ASSERT_EQ(upload("a.png", "x").code, 0);
  fs::remove(store() / ".parley/incoming");
  const auto refused = upload("a.png", "x");
  EXPECT_EQ(refused.raw.status, 503);
  EXPECT_EQ(refused.code, 15);
  EXPECT_TRUE(has_header(refused.raw, "Retry-After: 5"));
  EXPECT_NE(refused.raw.body.find("\"the store cannot be written to\""), std::string::npos) << refused.raw.body;
  EXPECT_EQ(refused.raw.body.find(store().string()), std::string::npos) << "paths are nobody's business";
  EXPECT_EQ(node().ask("media usage").at("files"), 1);
  fs::create_directory(store() / ".parley/incoming");
  EXPECT_EQ(upload("a.png", "x").code, 0);
}

TEST_F(media, teamtalk_s_files_are_served_as_they_are_and_never_removed) {
  const temp_dir base;
  fs::create_directories(base.path() / "000/017");
  const auto image = png(30, 30);
  write_file(base.path() / "000/017/1420000000000000_139999999.png", image);
  options_.environment["PARLEY_MEDIA"] = base.path().string();
  const auto path = std::string("/g0/000/017/1420000000000000_139999999.png");
  EXPECT_EQ(get(path).body, image);
  EXPECT_EQ(jpeg_size(get(path + "_100x100.jpg").body), (std::pair<unsigned, unsigned>(30, 30)));
  const auto refused = node().control().call("media remove", {{"path", path}});
  EXPECT_FALSE(refused.ok);
  const auto tidied = node().ask("media check");
  EXPECT_EQ(tidied.at("files_taken_in"), 0);
  EXPECT_EQ(get(path).body, image);
}

TEST_F(media, rows_and_files_are_brought_together) {
  ASSERT_NO_FATAL_FAILURE(after_the_first_check());
  const auto lost = upload("lost.png", "12345"), kept = upload("kept.png", "123");
  ASSERT_EQ(kept.code, 0);
  fs::remove(store() / lost.path.substr(3));
  // An old file of ours that no row knows, and a fresh one, which an upload may be about to have a row for.
  fs::create_directories(store() / "009/009");
  const auto old = store() / "009/009/1420000000000000_0123456789abcdef0123.png";
  write_file(old, "1234567");
  write_file(store() / "009/009/1420000000000001_0123456789abcdef0123.png", "fresh");
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(48));
  auto tidied = node().ask("media check");
  EXPECT_EQ(tidied.at("rows_removed"), 0) << "its file may be about to come";
  EXPECT_EQ(tidied.at("files_taken_in"), 1);
  node().run_sql("UPDATE media_upload SET created = created - 3600");
  tidied = node().ask("media check");
  EXPECT_EQ(tidied.at("rows_removed"), 1);
  const auto used = node().ask("media usage");
  EXPECT_EQ(used.at("bytes"), 2 * 4096) << "small ones count as a block each";
  EXPECT_EQ(used.at("files"), 2);
  EXPECT_EQ(get("/" + kept.path).status, 200);
  EXPECT_EQ(get("/g0/009/009/1420000000000000_0123456789abcdef0123.png").status, 200);
}

TEST_F(media, an_operator_sees_and_removes_uploads) {
  auto alice = user("alice");
  const auto first = upload("a.png", png(300, 300));
  ASSERT_EQ(get("/" + first.path + "_100x100.jpg").status, 200);
  const auto listed = node().ask("media list");
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].at("path"), first.path);
  EXPECT_EQ(listed[0].at("address"), "127.0.0.1");
  EXPECT_EQ(node().ask("media list", {{"user", alice.id()}}).size(), 0u);
  EXPECT_EQ(node().ask("media show", {{"path", first.path}}).at("type"), "image/png");
  EXPECT_EQ(node().ask("media remove", {{"path", "http://im.example/" + first.path}}).at("removed"), first.path);
  EXPECT_EQ(get("/" + first.path).status, 404);
  EXPECT_EQ(get("/" + first.path + "_100x100.jpg").status, 404);
  EXPECT_FALSE(node().control().call("media remove", {{"path", first.path}}).ok);
  EXPECT_FALSE(node().control().call("media remove", {{"path", "../../etc/passwd"}}).ok);
  EXPECT_FALSE(node().control().call("media list", {{"limit", "0"}}).ok);
  EXPECT_EQ(node().ask("media usage").at("files"), 0);
}

TEST_F(media, what_nobody_waited_for_is_not_kept) {
  const auto port = (node(), node().http_port());
  const auto body = form_with("a.bin", std::string(1 << 20, 'x'));
  for (int i = 0; i < 3; ++i) {
    auto socket = stream_socket::tcp(port);
    socket.write_all("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=" +
                         std::string(form_boundary) + "\r\nContent-Length: " + std::to_string(body.size()) +
                         "\r\n\r\n" + body,
                     steady::now() + answer_time);
  }
  const auto gone = [&] { return count("parley_http_clients_gone"); };
  const auto told = [&] { return count("parley_msfs_uploads"); };
  EXPECT_TRUE(eventually([&] { return gone() + told() == 3; }));
  EXPECT_GT(gone(), 0);
  EXPECT_TRUE(eventually([&] { return node().ask("media usage").at("files") == told(); }));
  EXPECT_TRUE(eventually([&] {
    std::int64_t files = 0;
    for (const auto& one : fs::recursive_directory_iterator(store())) files += one.path().extension() == ".bin";
    return files == told();
  }));
}

TEST_F(media, a_page_in_a_browser_on_this_machine_uploads_nothing) {
  EXPECT_EQ(upload("a.png", "x", "Origin: https://evil.example\r\n").code, 14);
  EXPECT_EQ(upload("a.png", "x", "Sec-Fetch-Site: cross-site\r\n").code, 14);
  EXPECT_EQ(upload("a.png", "x").code, 0);
}

TEST_F(media, without_a_token_those_upload_whom_open_uploads_lets) {
  struct rule {
    const char* setting;
    int here, by_name, from_a_page;
  };
  for (const auto& [setting, here, by_name, from_a_page] :
       {rule{"off", 14, 14, 14}, rule{"loopback", 0, 14, 14}, rule{"on", 0, 0, 0}}) {
    auto with = options_;
    with.environment["PARLEY_OPEN_UPLOADS"] = setting;
    server one(with);
    const auto sent = [&](const std::string& host, const std::string& more) {
      const auto body = form_with("a.png", "x");
      const auto got = http_raw(
          one.http_port(), "POST / HTTP/1.1\r\nHost: " + host +
                               "\r\nContent-Type: multipart/form-data; boundary=" + form_boundary +
                               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" + body);
      const auto code = json::parse(got.body).at("error_code").get<int>();
      EXPECT_EQ(got.status, code == 0 ? 200 : 403) << setting;
      return code;
    };
    EXPECT_EQ(sent("127.0.0.1", ""), here) << setting;
    EXPECT_EQ(sent("im.example", ""), by_name) << setting;
    EXPECT_EQ(sent("127.0.0.1", "Origin: https://evil.example\r\n"), from_a_page) << setting;
    EXPECT_EQ(sent("127.0.0.1", "X-Parley-Upload-Token: 1.2.3.4\r\n"), 14) << "a bad one is never taken: " << setting;
    EXPECT_EQ(one.terminate().code, 0);
  }
}

TEST_F(media, a_disk_that_is_full_takes_nothing_and_leaves_nothing) {
  const small_disk disk("size=8m,nr_inodes=8");
  if (!disk) GTEST_SKIP() << disk.why();
  options_.environment["PARLEY_MEDIA"] = (disk.path() / "files").string();
  const auto store = disk.path() / "files";
  const auto kept_files = [&] {
    std::size_t out = 0;
    for (const auto& one : fs::recursive_directory_iterator(store)) {
      out += one.is_regular_file() && one.path().filename() != "store";
    }
    return out;
  };
  // The store itself takes six of the eight: there is room for a file and its first directory, not for the second.
  const auto unnamed = upload("a.png", "x");
  EXPECT_EQ(unnamed.code, 15) << unnamed.raw.body;
  EXPECT_EQ(kept_files(), 0u);
  write_file(disk.path() / "the last one", "");
  const auto no_inode = upload("a.png", "x");
  EXPECT_EQ(no_inode.code, 13) << no_inode.raw.body;
  EXPECT_EQ(kept_files(), 0u);
  EXPECT_EQ(node().ask("media usage").at("files"), 0);
  ASSERT_TRUE(disk.change("size=8m,nr_inodes=1000"));
  write_file(disk.path() / "filler", std::string(5 << 20, 'x'));
  const auto too_large = upload("a.png", std::string(4 << 20, 'x'));
  EXPECT_EQ(too_large.code, 13) << too_large.raw.body;
  EXPECT_EQ(kept_files(), 0u);
  expect_alive();
  fs::remove(disk.path() / "filler");
  const auto taken = upload("a.png", std::string(4 << 20, 'x'));
  EXPECT_EQ(taken.code, 0) << taken.raw.body;
  EXPECT_EQ(get("/" + taken.path).body.size(), 4u << 20);
  EXPECT_EQ(node().ask("media usage").at("files"), 1);
}

TEST_F(media, uploads_that_end_early_or_lie_about_their_length_harm_nobody) {
  const auto port = (node(), node().http_port());
  const std::string head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=B\r\n";
  for (int i = 0; i < 5; ++i) {
    auto socket = stream_socket::tcp(port);
    socket.write_all(head + "Content-Length: 100000\r\n\r\n--B\r\n", steady::now() + answer_time);
  }
  EXPECT_EQ(http_raw(port, head + "Content-Length: 99999999999\r\n\r\n").status, 413);
  const auto large = http_raw(port, head + "Content-Length: 20000000\r\n\r\n");
  EXPECT_EQ(large.status, 200);
  EXPECT_NE(large.body.find("\"error_code\":1,"), std::string::npos) << "at once: " << large.body;
  EXPECT_EQ(http_raw(port, head + "Content-Length: -1\r\n\r\n").status, 400);
  EXPECT_EQ(http_raw(port, head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status, 411);
  EXPECT_EQ(upload("a.png", "x").code, 0);
  EXPECT_TRUE(eventually([&] { return unfinished() == 0; }));
}

}  // namespace
}  // namespace parley::test
