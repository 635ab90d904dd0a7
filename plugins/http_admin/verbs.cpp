// The operator's verbs: app-keys and links.
#include <parley/json.hpp>
#include <parley/number.hpp>
#include <parley/utf8.hpp>

#include <array>
#include <optional>

#include "address_rule.hpp"
#include "app_key.hpp"
#include "http_admin.hpp"

namespace http_admin {
namespace {

using parley::status;

constexpr std::size_t name_characters = 64;
constexpr std::size_t url_characters = 64;  // TeamTalk's column
constexpr std::size_t addresses_bytes = 1000;
constexpr std::size_t most_listed = 1000;
constexpr std::array<std::string_view, 2> known_calls{"CreateGroup", "ChangeMembers"};

bool is_name(std::string_view text) {
  return !text.empty() && parley::storable(text, name_characters) && !parley::has_control(text);
}

bool is_call(std::string_view item) {
  return item == known_calls[0] || item == known_calls[1];
}

bool is_url(std::string_view text) {
  return (text.starts_with("http://") || text.starts_with("https://")) && parley::storable(text, url_characters) &&
         !parley::has_control(text) && text.find(' ') == text.npos;
}

/// Why a key cannot be made of what was given; empty when it can.
std::string fault_of(const store::app_key& row) {
  if (!is_name(row.name)) return "a name has 1 to 64 characters, and no control characters";
  if (any_item(row.calls, [](std::string_view item) { return !is_call(item); })) {
    return "--calls takes CreateGroup, ChangeMembers or both with a comma between";
  }
  if (row.addresses.size() > addresses_bytes || !are_networks(row.addresses)) {
    return "--from takes addresses and networks with commas between, as 10.0.0.0/8,::1, of at most 1000 characters";
  }
  return {};
}

}  // namespace

// add NAME [--user] [--calls] [--from]
parley::task<> http_admin_plugin::on_keys_add(parley::verb_call call) {
  store::app_key row{call[0], 0, call[2], call[3], unix_s()};
  if (const auto fault = fault_of(row); !fault.empty()) {
    call.fail(status::malformed, "app-keys add: " + fault);
    co_return;
  }
  const auto key = new_app_key();
  enum class end { added, taken, no_user };
  const auto done = co_await main_.write([&](parley::sql& db) {
    if (call.has(1)) {
      const auto user = store::find_user(db, call[1]);
      if (!user) return end::no_user;
      row.user = *user;
    }
    return store::add_key(db, digest_of(key), row) ? end::added : end::taken;
  });
  if (!done) co_return call.fail("app-keys add", done.failure());
  if (*done == end::no_user) {
    call.fail(status::no_target, "app-keys add: there is no active user " + call[1] + "; `users list` shows them");
  } else if (*done == end::taken) {
    call.fail(status::conflict, "app-keys add: there is a key of that name; choose another, or `app-keys remove` it");
  } else {
    call.progress("keep the key: it is shown this once, and only its digest is stored");
    call.answer(parley::json_object().add("name", row.name).add("user", row.user).add("key", key).str());
  }
}

parley::task<> http_admin_plugin::on_keys_list(parley::verb_call call) {
  const auto keys = co_await main_.read([](parley::sql& db) { return store::list_keys(db, most_listed); });
  if (!keys) co_return call.fail("app-keys list", keys.failure());
  if (keys->size() == most_listed) call.progress("these are the first " + std::to_string(most_listed));
  call.answer(parley::json_array(*keys, [](const store::app_key& each) {
    return parley::json_object()
        .add("name", each.name)
        .add("user", each.user)
        .add("calls", each.calls)
        .add("from", each.addresses)
        .add("created", each.created)
        .str();
  }));
}

parley::task<> http_admin_plugin::on_keys_remove(parley::verb_call call) {
  const auto done = co_await main_.write([&](parley::sql& db) { return store::remove_key(db, call[0]); });
  if (!done) co_return call.fail("app-keys remove", done.failure());
  if (!*done) {
    call.fail(status::no_target, "app-keys remove: there is no key " + call[0] + "; `app-keys list` shows them");
    co_return;
  }
  call.answer(parley::json_object().add("removed", call[0]).str());
}

// add NAME URL [--priority]
parley::task<> http_admin_plugin::on_links_add(parley::verb_call call) {
  const auto priority = call.has(2) ? parley::whole_number(call[2]) : std::optional<store::number>(0);
  const char* fault = !is_name(call[0]) ? "a name has 1 to 64 characters, and no control characters"
                      : !is_url(call[1])
                          ? "a URL begins with http:// or https://, and has at most 64 characters without blanks"
                      : !priority ? "--priority takes a number; links of lower numbers come first"
                                  : nullptr;
  if (fault) {
    call.fail(status::malformed, std::string("links add: ") + fault);
    co_return;
  }
  const auto made = co_await main_.write([&, now = unix_s()](parley::sql& db) {
    return store::add_link(db, {0, call[0], call[1], *priority}, now);
  });
  if (!made) co_return call.fail("links add", made.failure());
  call.answer(parley::json_object().add("id", *made).add("name", call[0]).add("url", call[1]).str());
}

parley::task<> http_admin_plugin::on_links_list(parley::verb_call call) {
  const auto links = co_await main_.read([](parley::sql& db) { return store::list_links(db, most_listed); });
  if (!links) co_return call.fail("links list", links.failure());
  call.answer(parley::json_array(*links, [](const store::link& each) {
    return parley::json_object()
        .add("id", each.id)
        .add("priority", each.priority)
        .add("name", each.name)
        .add("url", each.url)
        .str();
  }));
}

parley::task<> http_admin_plugin::on_links_remove(parley::verb_call call) {
  const auto id = parley::whole_number(call[0]);
  if (!id) {
    call.fail(status::malformed, "links remove: a link's id is a number; `links list` shows them");
    co_return;
  }
  const auto done =
      co_await main_.write([&, now = unix_s()](parley::sql& db) { return store::remove_link(db, *id, now); });
  if (!done) co_return call.fail("links remove", done.failure());
  if (!*done) {
    call.fail(status::no_target, "links remove: there is no link " + call[0] + "; `links list` shows them");
    co_return;
  }
  call.answer(parley::json_object().add("removed", *id).str());
}

}  // namespace http_admin
