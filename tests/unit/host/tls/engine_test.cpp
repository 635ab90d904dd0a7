#include "host/tls/engine.hpp"

#include <openssl/err.h>

#include <random>

#include "unit/host/tls/tls_files.hpp"

namespace parley::tls {
namespace {

/// One side, with what it has heard.
struct side {
  explicit side(std::unique_ptr<engine> e) : tls(std::move(e)) {}
  engine::outcome take(std::string_view sealed) {
    std::vector<char> plain(engine::plain_room(sealed.size()));
    std::size_t got = 0;
    last = tls->receive(sealed, plain, got);
    heard.append(plain.data(), got);
    return last;
  }
  void say(std::string_view text) {
    ASSERT_TRUE(tls->append(text, records));
    ASSERT_TRUE(tls->finish(records));
  }
  std::unique_ptr<engine> tls;
  record_buffer records;
  std::string heard;
  engine::outcome last = engine::outcome::ok;
};

struct tls_engine : testing::Test {
  void meet(std::shared_ptr<const server_identity> who, std::shared_ptr<const client_context> trust,
            const std::string& host = "localhost") {
    server.emplace(std::make_unique<engine>(std::move(who)));
    client.emplace(std::make_unique<engine>(std::move(trust), host));
    client->tls->begin();
    carry();
  }
  /// Until nothing moves; in pieces of `step`.
  void carry(std::size_t step = 1 << 20) {
    for (bool moved = true; moved;) {
      moved = false;
      for (auto [from, to] : {std::pair(&*client, &*server), std::pair(&*server, &*client)}) {
        const auto bytes = std::exchange(from->tls->output(), {});
        for (std::size_t at = 0; at < bytes.size(); at += step) to->take(std::string_view(bytes).substr(at, step));
        moved = moved || !bytes.empty();
      }
    }
  }
  tls_files made;
  std::optional<side> server, client;
};

TEST_F(tls_engine, two_sides_talk) {
  meet(made.identity(), made.trust());
  ASSERT_TRUE(server->tls->ready() && client->tls->ready()) << client->tls->reason();
  EXPECT_STREQ(server->tls->version(), "TLSv1.3");
  client->say("hello");
  server->say("welcome");
  carry();
  EXPECT_EQ(server->heard, "hello");
  EXPECT_EQ(client->heard, "welcome");
}

TEST_F(tls_engine, bytes_may_come_one_by_one) {
  server.emplace(std::make_unique<engine>(made.identity()));
  client.emplace(std::make_unique<engine>(made.trust(), "localhost"));
  client->tls->begin();
  carry(1);
  ASSERT_TRUE(server->tls->ready());
  std::string text(100'000, '\0');
  std::mt19937 random(8446);
  for (char& c : text) c = static_cast<char>(random());
  client->say(text);
  carry(7);
  EXPECT_EQ(server->heard, text);
}

TEST_F(tls_engine, a_hello_that_announces_much_is_refused_before_room_is_made_for_it) {
  server.emplace(std::make_unique<engine>(made.identity()));
  EXPECT_EQ(server->take(std::string_view("\x16\x03\x01\x00\x04\x01\x02", 7)), engine::outcome::ok);
  EXPECT_EQ(server->take(std::string_view("\x01\x00", 2)), engine::outcome::failed);
  EXPECT_NE(server->tls->reason().find("sensible size"), std::string::npos) << server->tls->reason();
}

TEST_F(tls_engine, new_keys_are_taken_but_not_without_end) {
  meet(made.identity(), made.trust());
  const auto change_keys = [this](int times) {
    for (int i = 0; i < times; ++i) {
      ASSERT_EQ(SSL_key_update(client->tls->raw(), SSL_KEY_UPDATE_NOT_REQUESTED), 1);
      ASSERT_EQ(SSL_do_handshake(client->tls->raw()), 1);
    }
    carry();
  };
  change_keys(200);
  client->say("still here");
  carry();
  EXPECT_EQ(server->heard, "still here");
  change_keys(3000);
  EXPECT_EQ(server->last, engine::outcome::failed);
  EXPECT_NE(server->tls->reason().find("too many"), std::string::npos) << server->tls->reason();
}

TEST_F(tls_engine, small_pieces_make_one_record) {
  meet(made.identity(), made.trust());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(server->tls->append("0123456789", server->records));
  EXPECT_TRUE(server->tls->output().empty());
  ASSERT_TRUE(server->tls->finish(server->records));
  EXPECT_EQ(server->tls->output().size(), 1000u + 22);  // header 5, type 1, tag 16
}

TEST_F(tls_engine, pieces_of_all_sizes_arrive_in_order) {
  meet(made.identity(), made.trust());
  std::string all;
  for (const std::size_t size : {1, 16383, 2, 16384, 3, 40000, 16384 * 2, 5}) {
    const std::string piece(size, static_cast<char>('a' + size % 26));
    ASSERT_TRUE(server->tls->append(piece, server->records));
    all += piece;
  }
  ASSERT_TRUE(server->tls->finish(server->records));
  carry();
  EXPECT_EQ(client->heard, all);
}

TEST_F(tls_engine, a_stranger_is_not_believed) {
  const tls_files other;
  meet(made.identity(), other.trust());
  EXPECT_EQ(client->last, engine::outcome::failed);
  EXPECT_NE(client->tls->reason().find("self-signed"), std::string::npos) << client->tls->reason();
  EXPECT_EQ(server->last, engine::outcome::failed) << "the client's alert";
  EXPECT_FALSE(server->tls->ready());
}

TEST_F(tls_engine, the_name_has_to_be_the_certificates) {
  meet(made.identity(), made.trust(), "chat.example");
  EXPECT_FALSE(client->tls->ready());
  EXPECT_NE(client->tls->reason().find("ostname mismatch"), std::string::npos) << client->tls->reason();
  meet(made.identity(), made.trust(), "127.0.0.1");
  EXPECT_TRUE(client->tls->ready());
  meet(made.identity(), made.trust(), "127.0.0.2");
  EXPECT_FALSE(client->tls->ready());
}

TEST_F(tls_engine, who_looks_at_nothing_believes_everybody) {
  meet(made.identity(), *client_context::make("", true), "chat.example");
  EXPECT_TRUE(client->tls->ready());
}

TEST_F(tls_engine, a_goodbye_is_an_end_and_no_failure) {
  meet(made.identity(), made.trust());
  server->say("last words");
  server->tls->say_goodbye();
  server->tls->say_goodbye();
  carry();
  EXPECT_EQ(client->heard, "last words");
  EXPECT_EQ(client->last, engine::outcome::ended);
}

TEST_F(tls_engine, plain_text_is_known_at_the_first_byte) {
  for (const std::string text : {"GET / HTTP/1.1\r\n\r\n", "\0", "hello"}) {
    server.emplace(std::make_unique<engine>(made.identity()));
    EXPECT_EQ(server->take(text.empty() ? std::string(1, '\0') : text), engine::outcome::failed);
    EXPECT_TRUE(server->tls->plain_text());
  }
}

TEST_F(tls_engine, garbage_and_changed_bytes_fail) {
  std::mt19937 random(5246);
  for (int round = 0; round < 200; ++round) {
    server.emplace(std::make_unique<engine>(made.identity()));
    std::string noise(1 + random() % 600, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    noise[0] = 0x16;
    server->take(noise);
    EXPECT_FALSE(server->tls->ready());
    EXPECT_EQ(ERR_peek_error(), 0u);
  }
  meet(made.identity(), made.trust());
  client->say("hello");
  client->tls->output()[10] ^= 1;
  carry();
  EXPECT_EQ(server->last, engine::outcome::failed);
  EXPECT_EQ(server->heard, "");
  EXPECT_FALSE(server->tls->append("x", server->records));
}

TEST_F(tls_engine, what_is_older_than_1_2_is_refused) {
  auto trust = made.trust();
  SSL_CTX_set_min_proto_version(trust->raw(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(trust->raw(), TLS1_1_VERSION);
  SSL_CTX_set_security_level(trust->raw(), 0);
  meet(made.identity(), trust);
  EXPECT_FALSE(server->tls->ready());
  EXPECT_EQ(server->tls->reason(), "unsupported protocol");
}

TEST_F(tls_engine, of_1_2_only_aead_with_fresh_keys_is_taken) {
  auto trust = made.trust();
  SSL_CTX_set_max_proto_version(trust->raw(), TLS1_2_VERSION);
  meet(made.identity(), trust);
  EXPECT_TRUE(server->tls->ready());
  EXPECT_STREQ(server->tls->version(), "TLSv1.2");
  SSL_CTX_set_cipher_list(trust->raw(), "ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA");
  meet(made.identity(), trust);
  EXPECT_FALSE(server->tls->ready());
  EXPECT_EQ(server->tls->reason(), "no shared cipher");
}

TEST_F(tls_engine, the_minimum_may_be_1_3) {
  auto files = made.files();
  files.minimum = "1.3";
  auto trust = made.trust();
  SSL_CTX_set_max_proto_version(trust->raw(), TLS1_2_VERSION);
  meet(*server_identity::load(files), trust);
  EXPECT_FALSE(server->tls->ready());
}

TEST_F(tls_engine, a_client_certificate_may_be_asked_for) {
  auto files = made.files();
  files.client_ca = made.certificate();
  const std::shared_ptr<const server_identity> who = *server_identity::load(files);
  meet(who, made.trust());
  EXPECT_FALSE(server->tls->ready());
  EXPECT_EQ(server->tls->reason(), "peer did not return a certificate");
  auto trust = made.trust();
  ASSERT_EQ(SSL_CTX_use_certificate_chain_file(trust->raw(), made.certificate().c_str()), 1);
  ASSERT_EQ(SSL_CTX_use_PrivateKey_file(trust->raw(), made.key().c_str(), SSL_FILETYPE_PEM), 1);
  meet(who, trust);
  EXPECT_TRUE(server->tls->ready()) << server->tls->reason();
}

/// A client that keeps its ticket and comes again.
struct tickets : tls_engine {
  /// What the second connection was: resumed or not.
  bool comes_again(std::shared_ptr<const server_identity> first, std::shared_ptr<const server_identity> second,
                   int version) {
    auto trust = made.trust();
    SSL_CTX_set_max_proto_version(trust->raw(), version);
    SSL_CTX_set_session_cache_mode(trust->raw(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    static SSL_SESSION* kept;
    kept = nullptr;
    SSL_CTX_sess_set_new_cb(trust->raw(), [](SSL*, SSL_SESSION* session) {
      SSL_SESSION_free(std::exchange(kept, session));
      return 1;
    });
    meet(std::move(first), trust);
    server->say("x");
    carry();
    client->tls->say_goodbye();  // else OpenSSL takes the session for a broken one
    EXPECT_NE(kept, nullptr);
    server.emplace(std::make_unique<engine>(std::move(second)));
    client.emplace(std::make_unique<engine>(trust, "localhost"));
    SSL_set_session(client->tls->raw(), kept);
    client->tls->begin();
    carry();
    EXPECT_TRUE(server->tls->ready()) << server->tls->reason();
    client.reset();
    SSL_SESSION_free(kept);
    return server->tls->resumed();
  }
};

TEST_F(tickets, resume_a_session) {
  const auto who = made.identity();
  EXPECT_TRUE(comes_again(who, who, TLS1_3_VERSION));
  EXPECT_TRUE(comes_again(who, who, TLS1_2_VERSION));
}

TEST_F(tickets, of_another_identity_are_worth_nothing) {
  EXPECT_FALSE(comes_again(made.identity(), made.identity(), TLS1_3_VERSION));
  EXPECT_FALSE(comes_again(made.identity(), made.identity(), TLS1_2_VERSION));
}

}  // namespace
}  // namespace parley::tls
