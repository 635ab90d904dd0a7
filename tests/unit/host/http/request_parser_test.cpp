#include "host/http/request_parser.hpp"

#include <gtest/gtest.h>

namespace parley::host {
namespace {

using event = request_parser::event;

struct outcome {
  event last = event::more;
  unsigned code = 0;
  std::string method, path, query, body, headers;
  bool keep_alive = false;
  std::string rest;
};

/// Feeds `stream` in pieces of `step` bytes up to the first complete or failed request.
outcome parse(std::string_view stream, std::size_t step, http_limits limits = {}, std::size_t max_body = 1024) {
  request_parser parser(limits);
  outcome out;
  for (std::size_t at = 0; at < stream.size() && out.last != event::complete && out.last != event::failed; at += step) {
    auto input = stream.substr(at, step);
    do {
      out.last = parser.feed(input);
      if (out.last == event::head) parser.set_max_body(max_body);
    } while (out.last == event::head);
    if (out.last != event::more)
      out.rest = std::string(input) + std::string(stream.substr(std::min(stream.size(), at + step)));
  }
  out.code = parser.failure();
  if (out.last == event::complete) {
    const auto& head = parser.head();
    out.method = head.method;
    out.path = head.path;
    out.query = head.query;
    out.body = parser.body();
    out.keep_alive = head.keep_alive;
    for (const auto& h : head.headers)
      out.headers += std::string(view(h.name)) + '=' + std::string(view(h.value)) + '|';
  }
  return out;
}

outcome parse(std::string_view stream) {
  return parse(stream, stream.size());
}

std::string post(std::string_view headers, std::string_view body) {
  return "POST /p HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n" + std::string(body);
}

std::string get(std::string_view headers) {
  return "GET / HTTP/1.1\r\n" + std::string(headers) + "\r\n";
}

TEST(request_parser, reads_method_target_and_headers) {
  const auto r = parse("GET /a/b%20?x=1?y HTTP/1.1\r\nHost: h:80\r\nX-Thing: \t two words \r\nEmpty:\r\n\r\n");
  EXPECT_EQ(r.last, event::complete);
  EXPECT_EQ(r.method, "GET");
  EXPECT_EQ(r.path, "/a/b%20");
  EXPECT_EQ(r.query, "x=1?y");
  EXPECT_EQ(r.headers, "host=h:80|x-thing=two words|empty=|");
  EXPECT_TRUE(r.keep_alive);
}

TEST(request_parser, refuses_the_preface_of_http_2_with_words) {
  for (const std::string stream : {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n"}) {
    request_parser parser(http_limits{});
    std::string_view input = stream;
    EXPECT_EQ(parser.feed(input), event::failed);
    EXPECT_EQ(parser.failure(), 505u);
    EXPECT_STREQ(parser.reason(), "HTTP/2 preface");
  }
}

TEST(request_parser, says_the_same_wherever_the_bytes_are_split) {
  const std::string streams[] = {
      get("Host: h\r\nConnection: close\r\n") + "NEXT",
      post("Content-Length: 11\r\n", "hello worldNEXT"),
      post("Transfer-Encoding: chunked\r\n", "5;a=\"b\"\r\nhello\r\n006\r\n world\r\n0\r\nTrailer: x\r\n\r\nNEXT"),
      "\r\n" + get("Host: h\r\n") + "NEXT",
      post("Transfer-Encoding: chunked\r\n", "5\nhello"),
      post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"),
      post("Content-Length: 2000\r\n", "hello"),
  };
  for (const auto& stream : streams) {
    const auto whole = parse(stream);
    for (std::size_t step = 1; step < stream.size(); ++step) {
      const auto split = parse(stream, step);
      EXPECT_EQ(split.last, whole.last) << stream;
      EXPECT_EQ(split.code, whole.code) << stream;
      EXPECT_EQ(split.path, whole.path) << stream;
      EXPECT_EQ(split.body, whole.body) << stream;
      EXPECT_EQ(split.headers, whole.headers) << stream;
      EXPECT_EQ(split.rest, whole.last == event::complete ? "NEXT" : split.rest) << stream;
    }
  }
}

TEST(request_parser, keeps_alive_as_the_version_and_the_client_say) {
  EXPECT_TRUE(parse(get("Host: h\r\n")).keep_alive);
  EXPECT_FALSE(parse(get("Host: h\r\nConnection: x, Close\r\n")).keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keep_alive);
  EXPECT_FALSE(parse(get("Host: h\r\nConnection: keep-alive, close\r\n")).keep_alive);
}

TEST(request_parser, refuses_what_proxies_read_differently) {
  const std::pair<const char*, std::string> smuggled[] = {
      {"length and chunked", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"chunked and length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n")},
      {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello")},
      {"equal lengths", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello")},
      {"length list", post("Content-Length: 5, 5\r\n", "hello")},
      {"signed length", post("Content-Length: +5\r\n", "hello")},
      {"hexadecimal length", post("Content-Length: 0x5\r\n", "hello")},
      {"empty length", post("Content-Length:\r\n", "hello")},
      {"endless length", post("Content-Length: 99999999999999999999999\r\n", "hello")},
      {"chunked twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n")},
      {"chunked not last", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n")},
      {"chunked in 1.0", "POST /p HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"space before colon", get("Host : h\r\n")},
      {"tab before colon", get("Host: h\r\nX\t: y\r\n")},
      {"folded header", get("Host: h\r\nX: y\r\n z\r\n")},
      {"folded first header", "GET / HTTP/1.1\r\n Host: h\r\n\r\n"},
      {"no name", get("Host: h\r\n: y\r\n")},
      {"no colon", get("Host: h\r\nX\r\n")},
      {"bare LF in a head", "GET / HTTP/1.1\nHost: h\n\n"},
      {"bare LF behind a header", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n"},
      {"bare CR behind a header", "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n"},
      {"head ended by CR", "GET / HTTP/1.1\r\nHost: h\r\n\rX"},
      {"NUL in a value", get(std::string_view("Host: h\r\nX: a\0b\r\n", 16))},
      {"NUL in a target", std::string("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", 28)},
      {"DEL in a value", get("Host: h\r\nX: a\x7f\r\n")},
      {"control in a target", "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"two spaces", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"space in a target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"no version", "GET /\r\nHost: h\r\n\r\n"},
      {"two empty lines before", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"LF before", "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"absolute target", "GET http://h/ HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"authority target", "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"star target", "GET * HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"fragment", "GET /#x HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"no host", get("X: y\r\n")},
      {"two hosts", get("Host: h\r\nHost: h\r\n")},
      {"host list", get("Host: a, b\r\n")},
      {"TLS", "\x16\x03\x01\x02"},
  };
  for (const auto& [what, stream] : smuggled) {
    const auto r = parse(stream);
    EXPECT_EQ(r.last, event::failed) << what;
    EXPECT_EQ(r.code, 400u) << what;
  }
}

TEST(request_parser, refuses_loose_chunk_framing) {
  const char* bodies[] = {"5\nhello\r\n0\r\n\r\n",
                          "5\r\nhello\n0\r\n\r\n",
                          "5\rXhello\r\n0\r\n\r\n",
                          "5\r\nhelloXX0\r\n\r\n",
                          "5 \r\nhello\r\n0\r\n\r\n",
                          "-5\r\nhello\r\n0\r\n\r\n",
                          "0x5\r\nhello\r\n0\r\n\r\n",
                          "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
                          "\r\nhello",
                          "0\n\r\n",
                          "0\r\n\n",
                          "0\r\n\rX",
                          "0\r\nA: b\n\r\n",
                          "0\r\nA: b\rC: d\r\n\r\n",
                          "0\r\nA : b\r\n\r\n",
                          "0\r\n A: b\r\n\r\n",
                          "5;a\nb\r\nhello\r\n0\r\n\r\n"};
  for (const auto* body : bodies) {
    const auto r = parse(post("Transfer-Encoding: chunked\r\n", body));
    EXPECT_EQ(r.last, event::failed) << body;
    EXPECT_EQ(r.code, 400u) << body;
  }
}

TEST(request_parser, names_what_it_does_not_do) {
  EXPECT_EQ(parse("FROBNICATE / HTTP/1.1\r\nHost: h\r\n\r\n").code, 501u);
  EXPECT_EQ(parse(post("Transfer-Encoding: gzip, chunked\r\n", "")).code, 501u);
  EXPECT_EQ(parse(post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n")).code, 501u);
  EXPECT_EQ(parse("GET / HTTP/2.0\r\nHost: h\r\n\r\n").code, 505u);
  EXPECT_EQ(parse("GET / HTTP/0.9\r\nHost: h\r\n\r\n").code, 505u);
  EXPECT_EQ(parse(post("Expect: tea\r\nContent-Length: 1\r\n", "x")).code, 417u);
}

TEST(request_parser, limits_the_head_to_the_byte) {
  const auto stream = get("Host: h\r\n");
  EXPECT_EQ(parse(stream, 7, {stream.size(), 64}).last, event::complete);
  EXPECT_EQ(parse(stream, 7, {stream.size() - 1, 64}).code, 431u);
  EXPECT_EQ(parse("GET /" + std::string(100, 'a'), 7, {100, 64}).code, 414u);
}

TEST(request_parser, limits_the_number_of_headers) {
  EXPECT_EQ(parse(get("Host: h\r\nA: 1\r\nB: 2\r\n"), 5, {8192, 3}).last, event::complete);
  EXPECT_EQ(parse(get("Host: h\r\nA: 1\r\nB: 2\r\nC: 3\r\n"), 5, {8192, 3}).code, 431u);
}

TEST(request_parser, limits_the_body) {
  EXPECT_EQ(parse(post("Content-Length: 5\r\n", "hello"), 3, {}, 5).body, "hello");
  EXPECT_EQ(parse(post("Content-Length: 6\r\n", ""), 3, {}, 5).code, 413u);
  EXPECT_EQ(parse(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), 3, {}, 5).body, "hello");
  EXPECT_EQ(parse(post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n1\r\n!"), 3, {}, 5).code, 413u);
}

TEST(request_parser, gives_a_streamed_body_away_as_it_comes_and_keeps_nothing) {
  const std::string body(3000, 'b');
  const std::string streams[] = {
      post("Content-Length: 3000\r\n", body + "NEXT"),
      post("Transfer-Encoding: chunked\r\n",
           "3E8\r\n" + body.substr(2000) + "\r\n7d0;x\r\n" + body.substr(1000) + "\r\n0\r\nT: x\r\n\r\nNEXT"),
  };
  for (const auto& stream : streams) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{1000}, stream.size()}) {
      request_parser parser(http_limits{});
      std::string got, rest;
      auto last = event::more;
      for (std::size_t at = 0; at < stream.size() && last != event::complete; at += step) {
        auto input = std::string_view(stream).substr(at, step);
        do {
          last = parser.feed(input);
          ASSERT_NE(last, event::failed) << parser.reason();
          if (last == event::head) {
            parser.set_max_body(3000);
            parser.stream_body();
          }
          EXPECT_LE(parser.body().size(), step);
          got += parser.take_body();
        } while (last == event::head);
        rest = std::string(input) + stream.substr(std::min(stream.size(), at + step));
      }
      EXPECT_EQ(last, event::complete);
      EXPECT_EQ(got, body);
      EXPECT_EQ(parser.body_size(), 3000u);
      EXPECT_EQ(rest, "NEXT");
    }
  }
}

TEST(request_parser, limits_a_streamed_body_too) {
  for (const auto& stream : {post("Content-Length: 2000\r\n", ""),
                             post("Transfer-Encoding: chunked\r\n", "401\r\n" + std::string(1025, 'b'))}) {
    request_parser parser(http_limits{});
    std::string_view input = stream;
    EXPECT_EQ(parser.feed(input), event::head);
    parser.set_max_body(1024);
    parser.stream_body();
    EXPECT_EQ(parser.feed(input), event::failed);
    EXPECT_EQ(parser.failure(), 413u);
  }
}

TEST(request_parser, limits_what_chunk_framing_may_cost) {
  const auto head = post("Transfer-Encoding: chunked\r\n", "");
  EXPECT_EQ(parse(head + std::string(20000, '0')).code, 400u);
  EXPECT_EQ(parse(head + "1;" + std::string(20000, 'a')).code, 400u);
  EXPECT_EQ(parse(head + "0\r\nA: " + std::string(20000, 'a')).code, 431u);
  std::string small;
  for (int i = 0; i < 1000; ++i) small += "1\r\nx\r\n";
  EXPECT_EQ(parse(head + small + "0\r\n\r\n").body, std::string(1000, 'x'));
}

TEST(request_parser, ignores_offers_to_upgrade) {
  const auto r = parse(post("Connection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n", "hiNEXT"));
  EXPECT_EQ(r.last, event::complete);
  EXPECT_EQ(r.body, "hi");
  EXPECT_EQ(r.rest, "NEXT");
}

TEST(request_parser, reads_request_after_request) {
  request_parser parser({});
  const auto stream = post("Content-Length: 2\r\n", "hi") + get("Host: h\r\n");
  std::string_view input = stream;
  EXPECT_EQ(parser.feed(input), event::head);
  parser.set_max_body(2);
  EXPECT_EQ(parser.feed(input), event::complete);
  EXPECT_EQ(parser.body(), "hi");
  parser.reset();
  EXPECT_TRUE(parser.blank());
  EXPECT_EQ(parser.feed(input), event::head);
  EXPECT_EQ(parser.feed(input), event::complete);
  EXPECT_EQ(parser.head().path, "/");
  EXPECT_TRUE(parser.body().empty());
  EXPECT_TRUE(input.empty());
}

}  // namespace
}  // namespace parley::host
