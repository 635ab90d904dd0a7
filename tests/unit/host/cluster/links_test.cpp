// Links over real sockets, between nodes of one process and with strangers.
#include "host/cluster/links.hpp"

#include <gtest/gtest.h>

#include "host/cluster/wire.hpp"
#include "support/socket.hpp"
#include "unit/host/cluster/turning.hpp"

namespace parley::host {
namespace {

#ifdef PARLEY_SANITIZED
constexpr std::uint64_t silence_ms = 3000;
#else
constexpr std::uint64_t silence_ms = 600;
#endif

/// A node's links and what it heard by them.
struct linked_node : links_user {
  linked_node(loop& l, const std::string& name, std::uint64_t incarnation, std::uint16_t number,
              const std::string& secret = "the secret of all", std::size_t queue = 4 << 20)
      : self{name, incarnation, number},
        all(l, *this, {self, secret, {silence_ms, queue, 1 << 20}, "127.0.0.1", 0, 16}) {
    EXPECT_TRUE(all.listen());
  }
  void linked(peer& p) override {
    ++ups;
    p.link->send(record::event, record_writer().text("first of " + self.name).bytes());
  }
  void heard(peer& p, record r, std::string_view body) override {
    record_reader in(body);
    if (r == record::event) said.emplace_back(p.name + ": " + std::string(in.text()));
    bytes += body.size();
  }
  void ponged(peer&) override { ++pongs; }
  void unlinked(peer&, std::uint32_t serial) override { lost.push_back(serial); }

  fellow_facts facts() const {
    fellow_facts f;
    f.who = self;
    f.state = "ready";
    f.link_address = "127.0.0.1";
    f.link_port = all.port();
    return f;
  }
  peer& to(const std::string& name) { return *all.peers().at(name); }
  bool open(const std::string& name) {
    const auto found = all.peers().find(name);
    return found != all.peers().end() && found->second->open();
  }

  node_identity self;
  std::vector<std::string> said;
  std::vector<std::uint32_t> lost;
  std::size_t bytes = 0;
  int ups = 0, pongs = 0;
  links all;
};

struct linking : testing::Test {
  ~linking() override {
    loop_.turn(false);
    loop_.turn(false);
  }
  bool eventually(const std::function<bool()>& condition) { return turn_until(loop_, condition); }
  void introduce(linked_node& a, linked_node& b) {
    a.all.know({b.facts()});
    b.all.know({a.facts()});
  }
  loop loop_;
};

TEST_F(linking, is_done_by_the_one_whose_name_comes_first_and_once) {
  linked_node a(loop_, "a", 1, 1), b(loop_, "b", 1, 2);
  introduce(b, a);
  ASSERT_TRUE(eventually([&] { return a.open("b") && b.open("a"); }));
  ASSERT_TRUE(eventually([&] { return a.said.size() == 1 && b.said.size() == 1; }));
  EXPECT_EQ(a.said[0], "b: first of b");
  EXPECT_EQ(b.said[0], "a: first of a");
  EXPECT_EQ(a.to("b").incarnation, 1u);
  EXPECT_EQ(a.ups + b.ups, 2);
  ASSERT_TRUE(eventually([&] { return a.pongs > 1 && b.pongs > 1; }));
  EXPECT_GT(a.to("b").link->round_trip_us(), 0u);
  EXPECT_EQ(a.all.trouble() + b.all.trouble(), "");
}

TEST_F(linking, keeps_records_in_order_however_many_and_long) {
  linked_node a(loop_, "a", 1, 1), b(loop_, "b", 1, 2, "the secret of all", 64 << 20);
  introduce(a, b);
  ASSERT_TRUE(eventually([&] { return a.open("b") && b.open("a"); }));
  std::vector<std::string> expected{"b: first of b"};
  for (int i = 0; i < 300; ++i) {
    const auto text = std::to_string(i) + std::string(static_cast<std::size_t>(i) * 300, 'x');
    b.to("a").link->send(record::event, record_writer().text(text).bytes());
    expected.push_back("b: " + text);
  }
  ASSERT_TRUE(eventually([&] { return a.said.size() == expected.size(); }));
  EXPECT_EQ(a.said, expected);
}

TEST_F(linking, with_another_secret_is_refused_and_named_by_both) {
  linked_node a(loop_, "a", 1, 1), b(loop_, "b", 1, 2, "a secret of its own");
  introduce(a, b);
  ASSERT_TRUE(eventually([&] {
    return a.all.trouble().find("secrets differ") != std::string::npos &&
           b.all.trouble().find("secrets differ") != std::string::npos;
  })) << a.all.trouble()
      << " / " << b.all.trouble();
  EXPECT_FALSE(a.open("b") || b.open("a"));
  EXPECT_GT(b.all.refused(), 0u);
}

TEST_F(linking, refuses_an_old_incarnation_and_takes_a_new_one) {
  linked_node b(loop_, "b", 1, 2);
  auto a = std::make_unique<linked_node>(loop_, "a", 50, 1);
  introduce(*a, b);
  ASSERT_TRUE(eventually([&] { return b.open("a"); }));
  {
    linked_node former(loop_, "a", 49, 3);
    former.all.know({b.facts()});
    ASSERT_TRUE(eventually([&] { return former.all.trouble().find("old incarnation") != std::string::npos; }))
        << former.all.trouble();
    EXPECT_TRUE(b.open("a"));
    EXPECT_EQ(b.to("a").number, 1u);
  }
  linked_node next(loop_, "a", 51, 4);
  next.all.know({b.facts()});
  ASSERT_TRUE(eventually([&] { return next.open("b"); }));
  EXPECT_EQ(b.to("a").incarnation, 51u);
  EXPECT_EQ(b.to("a").number, 4u);
  EXPECT_EQ(b.lost.size(), 1u) << "the former link was told to be lost";
}

TEST_F(linking, with_one_number_twice_is_refused) {
  linked_node c(loop_, "c", 1, 9), a(loop_, "a", 1, 1), b(loop_, "b", 1, 1);
  a.all.know({c.facts()});
  ASSERT_TRUE(eventually([&] { return a.open("c"); }));
  b.all.know({c.facts()});
  ASSERT_TRUE(eventually([&] { return b.all.trouble().find("drew the number 1") != std::string::npos; }));
}

TEST_F(linking, comes_back_after_a_loss) {
  linked_node a(loop_, "a", 1, 1);
  auto b = std::make_unique<linked_node>(loop_, "b", 1, 2);
  introduce(a, *b);
  ASSERT_TRUE(eventually([&] { return a.open("b"); }));
  const auto facts = b->facts();
  b->to("a").link->give_up("a test");
  ASSERT_TRUE(eventually([&] { return !a.lost.empty(); }));
  ASSERT_TRUE(eventually([&] { return a.open("b") && b->open("a"); }));
  EXPECT_EQ(a.ups, 2);
  EXPECT_EQ(a.all.trouble(), "");
  b.reset();
  ASSERT_TRUE(eventually([&] { return a.all.trouble().find("no link with b: ") != std::string::npos; }));
}

TEST_F(linking, gives_up_who_does_not_take_what_is_sent) {
  linked_node a(loop_, "a", 1, 1, "the secret of all", 1 << 20), b(loop_, "b", 1, 2);
  introduce(a, b);
  ASSERT_TRUE(eventually([&] { return a.open("b"); }));
  auto& link = *a.to("b").link;
  const std::string much(512 << 10, 'x');
  // b does not turn: the kernel takes some, then it piles up here.
  for (int i = 0; i < 100 && link.queued() <= 1 << 20; ++i) link.send(record::event, much);
  EXPECT_LE(link.queued(), (1u << 20) + (600u << 10));
  EXPECT_FALSE(link.send(record::event, "no more"));
  ASSERT_TRUE(eventually([&] { return !a.lost.empty(); }));
}

/// A stranger at a's door.
struct stranger {
  explicit stranger(std::uint16_t port) : socket(test::stream_socket::tcp(port)) {}
  void say(record r, std::string_view body) {
    char header[header_size];
    store_header(header, raw(r), 0, body.size());
    socket.write_all(std::string(header, header_size).append(body), test::steady::now() + std::chrono::seconds(5));
  }
  /// What there is to read, without waiting.
  bool closed() { return socket.read_some(heard, test::steady::now()) == test::stream_socket::read_result::closed; }
  test::stream_socket socket;
  std::string heard;
};

TEST_F(linking, closes_on_strangers_that_say_nothing_or_nonsense) {
  linked_node a(loop_, "a", 1, 1), b(loop_, "b", 1, 2);
  introduce(a, b);
  ASSERT_TRUE(eventually([&] { return a.open("b"); }));
  stranger silent(a.all.port()), long_winded(a.all.port()), nonsense(a.all.port()), early(a.all.port());
  long_winded.say(record::hello, std::string(5000, 'x'));
  nonsense.socket.write_all("GET / HTTP/1.1\r\n\r\n", test::steady::now() + std::chrono::seconds(5));
  early.say(record::command, "x");
  for (auto* s : {&silent, &long_winded, &nonsense, &early}) {
    EXPECT_TRUE(eventually([&] { return s->closed(); }));
  }
  EXPECT_TRUE(a.open("b")) << "nobody else is disturbed";
}

TEST_F(linking, has_room_for_few_strangers_and_for_its_fellows_among_them) {
  linked_node b(loop_, "b", 1, 2), a(loop_, "a", 1, 1);
  std::vector<std::unique_ptr<stranger>> crowd;
  for (int i = 0; i < 200; ++i) {
    crowd.push_back(std::make_unique<stranger>(b.all.port()));
    loop_.turn(false);
  }
  a.all.know({b.facts()});
  EXPECT_TRUE(eventually([&] { return a.open("b"); }));
}

TEST_F(linking, finds_out_that_the_other_is_silent) {
  linked_node a(loop_, "a", 1, 1);
  // A listener that accepts and never says a word: the kernel does that for a socket nobody reads.
  loop other;
  auto mute = std::make_unique<linked_node>(other, "b", 1, 2);
  a.all.know({mute->facts()});
  ASSERT_TRUE(eventually([&] { return a.all.trouble().find("silent for") != std::string::npos; })) << a.all.trouble();
  mute.reset();
  other.turn(false);
}

}  // namespace
}  // namespace parley::host
