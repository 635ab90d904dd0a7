// messages search: texts are encrypted where they are stored, so they are read, decrypted and looked into, newest
// first. A call looks at a bounded number of rows and says where the next one goes on.
#include <parley/utf8.hpp>

#include <charconv>

#include "message.hpp"
#include "verbs.hpp"

namespace message {
namespace {

constexpr std::uint32_t rows_per_job = 1000;
constexpr std::size_t most_looked_at = 20'000;  // rows a call
constexpr std::uint32_t usually_found = 50, most_found = 100;
constexpr std::size_t longest_needle = 256, shortest_needle = 1;

/// "SOURCE-POSITION": a table and a row of it; or of one user's, a peer and a message's number.
struct search_cursor {
  std::uint32_t source = 0;
  std::uint64_t position = 0;  // this one or lower; 0: from the end
};

std::optional<search_cursor> read_cursor(const std::string& text) {
  if (text.empty()) return search_cursor{};
  const auto dash = text.find('-');
  if (dash == text.npos) return std::nullopt;
  const auto source = parley::whole_number(std::string_view(text).substr(0, dash));
  std::uint64_t position = 0;
  const auto* end = text.data() + text.size();
  const auto [at, fault] = std::from_chars(text.data() + dash + 1, end, position);
  if (!source || fault != std::errc() || at != end || position > INT64_MAX) return std::nullopt;
  return search_cursor{*source, position};
}

std::string lower(std::string text) {
  for (auto& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

struct search_wish {
  std::string needle;
  std::optional<conversation_key> one;  // this conversation
  std::uint32_t user = 0;               // or all of this user's with others; or else all there are
  std::uint32_t since = 0, until = UINT32_MAX;
  std::uint32_t limit = usually_found;
};

struct found_message {
  conversation_key key;
  store::stored_message stored;
  std::string text;
};

/// One search over many jobs.
class search {
 public:
  search(const search_wish& wish, const text_codec& codec, const search_cursor& from)
      : wish_(wish), codec_(codec), at_(from) {}

  /// Some rows more. False when it is over. [worker]
  bool step(parley::sql& db) {
    if (wish_.one) return in_conversation(db, *wish_.one);
    return wish_.user ? of_user(db) : in_tables(db);
  }
  bool full() const { return found.size() >= wish_.limit || scanned >= most_looked_at; }
  std::string cursor() const { return std::to_string(at_.source) + "-" + std::to_string(at_.position); }

  std::vector<found_message> found;
  std::size_t scanned = 0;

 private:
  /// True when enough is found.
  bool look(const conversation_key& key, store::stored_message& row) {
    ++scanned;
    if (row.content.empty() || row.is_audio() || row.created < wish_.since || row.created > wish_.until) return false;
    auto text = codec_.decrypt(row.content);
    if (!text) text = row.content;  // some programs send plain text
    if (lower(*text).find(wish_.needle) == std::string::npos) return false;
    found.push_back({key, std::move(row), std::move(*text)});
    return found.size() >= wish_.limit;
  }

  bool in_conversation(parley::sql& db, const conversation_key& key) {
    const auto where = store::place_of(db, key);
    if (!where) return false;
    const auto begin = at_.position == 0 ? highest_msg_id : static_cast<std::uint32_t>(at_.position);
    auto rows = store::page_of(db, *where, begin, rows_per_job);
    for (auto& row : rows) {
      const auto number = row.msg_id;
      const bool old = row.created < wish_.since;  // times do not go back within a conversation
      const bool enough = look(key, row);
      at_.position = number - 1;
      if (number <= 1 || old) return false;
      if (enough) return true;
    }
    return rows.size() == rows_per_job;
  }

  bool of_user(parley::sql& db) {
    const auto peer = store::next_peer(db, wish_.user, at_.source);
    if (!peer) return false;
    if (*peer != at_.source) at_ = {*peer, 0};
    ++scanned;  // so that conversations without messages come to an end too
    if (*peer != wish_.user && in_conversation(db, conversation_key::single(wish_.user, *peer))) return true;
    if (*peer == UINT32_MAX) return false;
    at_ = {*peer + 1, 0};
    return true;
  }

  bool in_tables(parley::sql& db) {
    if (at_.source >= store::shard_count) return false;
    auto rows = store::rows_of_shard(db, at_.source, at_.position == 0 ? INT64_MAX : at_.position, rows_per_job);
    bool all_old = true;
    bool enough = false;
    std::uint64_t last = 0;
    for (std::size_t i = 0; i < rows.size() && !enough; ++i) {
      last = rows[i].row;
      all_old = all_old && rows[i].message.created < wish_.since;
      enough = look(rows[i].key, rows[i].message);
    }
    const bool over = !enough && (rows.size() < rows_per_job || all_old);
    at_ = over || last <= 1 ? search_cursor{at_.source + 1, 0} : search_cursor{at_.source, last - 1};
    return at_.source < store::shard_count;
  }

  const search_wish& wish_;
  const text_codec& codec_;
  search_cursor at_;
};

/// What is wrong with the arguments, if anything.
const char* read_wish(const parley::verb_call& call, search_wish& wish) {
  wish.needle = lower(call[0]);
  if (wish.needle.size() < shortest_needle || !parley::storable(call[0], longest_needle)) {
    return "the text to look for has 1 to 256 characters of UTF-8";
  }
  const auto number = [&](std::size_t at, std::uint32_t& into) {
    if (call[at].empty()) return true;
    const auto value = parley::whole_number(call[at]);
    into = value.value_or(0);
    return value.has_value();
  };
  if (call.has(2) || call.has(3)) {
    wish.one = conversation_of(call, 1, 2, 3);
    if (!wish.one) return which_conversation;
  } else if (!number(1, wish.user) || (call.has(1) && wish.user == 0)) {
    return "user is a user's id";
  }
  if (!number(4, wish.since) || !number(5, wish.until)) return "since and until are Unix seconds";
  if (!number(7, wish.limit) || wish.limit == 0 || wish.limit > most_found) return "limit is a number from 1 to 100";
  return nullptr;
}

}  // namespace

parley::task<> messenger::on_search(parley::verb_call call) {
  search_wish wish;
  const auto* fault = read_wish(call, wish);
  const auto from = read_cursor(call[6]);
  if (!fault && !from) fault = "--from is the `next` of an earlier answer";
  if (fault) co_return static_cast<void>(call.fail(status::malformed, std::string("messages search: ") + fault));
  search looking(wish, codec_, *from);
  bool more = true;
  while (more && !looking.full()) {
    const auto step = co_await main_.read([&](parley::sql& db) { return looking.step(db); });
    if (!step) co_return call.fail("messages search", step.failure());
    more = *step;
  }
  const auto items = parley::json_array(looking.found, [](const found_message& one) {
    parley::json_object out;
    add_conversation(out, one.key);
    out.add("id", one.stored.msg_id).add("author", one.stored.author).add("created", one.stored.created);
    return out.add("text", one.text).str();
  });
  parley::json_object out;
  out.raw("items", items).add("scanned", looking.scanned);
  call.answer(out.raw("next", more ? parley::json_text(looking.cursor()) : "null").str());
}

}  // namespace message
