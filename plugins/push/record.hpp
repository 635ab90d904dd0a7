// What waits: messages whose recipients are not looked up yet, and records to post.
#pragma once

#include <parley/state_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alert.hpp"

namespace push {

struct message_news {
  bool group = false;
  std::uint32_t from = 0;
  std::uint32_t target = 0;  // the other user, or the group
  std::uint32_t msg_id = 0;
  std::uint32_t msg_type = 0;
  std::uint32_t created = 0;
  substance content;
  std::uint32_t after = 0;  // of a group: members up to this one have their records
  std::uint32_t made = 0;   // as many
};

/// One notification for one device.
struct record {
  std::string id;
  std::uint32_t user = 0;
  std::uint32_t client_type = 0;
  std::string token;
  bool silent = false;
  bool group = false;
  std::uint32_t from = 0;
  std::uint32_t target = 0;
  std::uint32_t msg_id = 0;
  std::uint32_t msg_type = 0;
  std::uint32_t created = 0;
  std::string alert;
  bool shielded = false;               // wants none at night
  std::optional<std::uint32_t> badge;  // what the user has not read; none: not known
};

/// The body of a request.
std::string to_json(std::span<const record> records);

/// The tokens that an answer calls dead; none when it is not the JSON expected.
std::vector<std::string> gone_tokens(std::string_view answer);

void put(std::string& out, const message_news& news);
void put(std::string& out, const record& one);
/// How many bytes put() adds.
std::size_t size_of(const message_news& news);
std::size_t size_of(const record& one);
/// As a generation of that state version has put it.
message_news get_news(parley::state_reader& in, std::uint32_t version);
record get_record(parley::state_reader& in, std::uint32_t version);

}  // namespace push
