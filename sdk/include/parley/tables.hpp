// The constexpr tables a descriptor points at. Each helper turns member functions into the C functions the host calls;
// the trampolines stop exceptions and parse bodies, so that a handler only ever sees a whole message.
#pragma once

#include <array>
#include <cstddef>

#include "trampoline.hpp"

namespace parley {

enum class access : std::uint16_t {
  open = PARLEY_OPEN,
  authenticated = PARLEY_AUTHENTICATED,
  call_only = PARLEY_CALL_ONLY
};

namespace detail {

/// N items and the descriptor member they belong to.
template <class Item, std::size_t N, parley_table parley_plugin_descriptor::*Member>
struct table {
  std::array<Item, N> items;
  constexpr parley_table raw() const { return {items.data(), static_cast<std::uint32_t>(N), sizeof(Item)}; }
  constexpr void put(parley_plugin_descriptor& d) const { d.*Member = raw(); }
};

inline constexpr table<parley_interface_need, 14, &parley_plugin_descriptor::interfaces> sdk_interfaces{{{
    {"parley.session/1"},
    {"parley.call/1"},
    {"parley.event/1"},
    {"parley.timer/1"},
    {"parley.sql/1"},
    {"parley.lane/1"},
    {"parley.cache/1"},
    {"parley.worker/1"},
    {"parley.http/1"},
    {"parley.control/1"},
    {"parley.log/1"},
    {"parley.metrics/1"},
    {"parley.config/1"},
    {"parley.node/1"},
}}};

}  // namespace detail

// ---- commands ----

/// `status C::f(request, const Message&)`, or `task<> C::f(request, Message)` when it awaits.
template <std::uint16_t Id, auto Handler>
constexpr parley_command on(access who, const char* name = "") {
  return {Id, static_cast<std::uint16_t>(who), 0, name, detail::command_trampoline<Handler>};
}
template <class... C>
constexpr detail::table<parley_command, sizeof...(C), &parley_plugin_descriptor::commands> commands(C... c) {
  return {{c...}};
}

/// Filters take the raw body: `status C::f(request, std::string_view)` or `task<status> C::f(request, std::string)`.
template <std::uint16_t Id, auto Handler>
constexpr parley_filter filter() {
  return {Id, 0, 0, detail::command_trampoline<Handler>};
}
template <class... F>
constexpr detail::table<parley_filter, sizeof...(F), &parley_plugin_descriptor::filters> filters(F... f) {
  return {{f...}};
}

// ---- events ----

template <class... N>
constexpr detail::table<parley_event, sizeof...(N), &parley_plugin_descriptor::events> publishes(N... names) {
  return {{parley_event{names}...}};
}
/// `void C::f(const Message&)`
template <auto Handler>
constexpr parley_subscription hears(const char* event) {
  return {event, detail::event_trampoline<Handler>, 0};
}
/// The same, where nobody may publish it: the plugin then starts all the same, and never hears it.
template <auto Handler>
constexpr parley_subscription hears_if_published(const char* event) {
  return {event, detail::event_trampoline<Handler>, PARLEY_OPTIONAL};
}
template <class... S>
constexpr detail::table<parley_subscription, sizeof...(S), &parley_plugin_descriptor::subscriptions> subscriptions(
    S... s) {
  return {{s...}};
}

// ---- HTTP ----

/// `status C::f(http_request)` or `task<> C::f(http_request)`.
template <auto Handler>
constexpr parley_route route(const char* method, const char* path, std::uint32_t max_body = 65536) {
  return {method, path, PARLEY_ROUTE_EXACT, max_body, detail::route_trampoline<Handler>, 0, 0, nullptr};
}
template <auto Handler>
constexpr parley_route route_below(const char* method, const char* prefix, std::uint32_t max_body = 65536) {
  return {method, prefix, PARLEY_ROUTE_PREFIX, max_body, detail::route_trampoline<Handler>, 0, 0, nullptr};
}
/// The body of that route comes into a file. `status C::Head(http_request)` sees the request before it: ok lets it
/// come.
template <auto Head>
constexpr parley_route staged(parley_route r) {
  r.flags |= PARLEY_ROUTE_STAGED;
  r.head = detail::route_trampoline<Head>;
  return r;
}
template <class... R>
constexpr detail::table<parley_route, sizeof...(R), &parley_plugin_descriptor::routes> routes(R... r) {
  return {{r...}};
}

// ---- control verbs ----

constexpr parley_verb_arg positional(const char* name, const char* help) {
  return {name, PARLEY_ARG_POSITIONAL, 1, help};
}
constexpr parley_verb_arg file_argument(const char* name, const char* help) {
  return {name, PARLEY_ARG_FILE, 1, help};
}
constexpr parley_verb_arg option(const char* name, const char* help) {
  return {name, PARLEY_ARG_OPTION, 0, help};
}
constexpr parley_verb_arg required_option(const char* name, const char* help) {
  return {name, PARLEY_ARG_OPTION, 1, help};
}
/// `--name PATH`: the value is the file's content.
constexpr parley_verb_arg file_option(const char* name, const char* help) {
  return {name, PARLEY_ARG_FILE, 0, help};
}
constexpr parley_verb_arg switch_argument(const char* name, const char* help) {
  return {name, PARLEY_ARG_SWITCH, 0, help};
}

/// Args need a place of their own: `constexpr auto add_args = parley::args(...);`
template <class... A>
constexpr std::array<parley_verb_arg, sizeof...(A)> args(A... a) {
  return {a...};
}
/// `status C::f(verb_call)` or `task<> C::f(verb_call)`.
template <auto Handler, std::size_t N>
constexpr parley_verb verb(const char* name, const char* help, const std::array<parley_verb_arg, N>& arguments) {
  return {name,
          help,
          {arguments.data(), static_cast<std::uint32_t>(N), sizeof(parley_verb_arg)},
          detail::verb_trampoline<Handler>};
}
template <class... V>
constexpr detail::table<parley_verb, sizeof...(V), &parley_plugin_descriptor::verbs> verbs(V... v) {
  return {{v...}};
}

// ---- storage ----

constexpr parley_migration migration(std::uint32_t number, const char* name, const char* pool, const char* statements) {
  return {number, 0, name, pool, statements};
}
template <class... M>
constexpr detail::table<parley_migration, sizeof...(M), &parley_plugin_descriptor::migrations> migrations(M... m) {
  return {{m...}};
}
constexpr parley_pool_need needs_sql(const char* name) {
  return {name, "sql"};
}
constexpr parley_pool_need needs_cache(const char* name) {
  return {name, "cache"};
}
constexpr parley_pool_need needs_workers(const char* name) {
  return {name, "workers"};
}
template <class... P>
constexpr detail::table<parley_pool_need, sizeof...(P), &parley_plugin_descriptor::pools> pools(P... p) {
  return {{p...}};
}
/// `status C::f(sql&, std::span<Item* const>)` on a worker.
template <auto Batch>
constexpr parley_lane group_commit(const char* name, const char* pool, std::uint32_t max_batch,
                                   std::uint32_t max_queue) {
  return {name, pool, max_batch, max_queue, detail::batch_trampoline<Batch>};
}
template <class... L>
constexpr detail::table<parley_lane, sizeof...(L), &parley_plugin_descriptor::lanes> lanes(L... l) {
  return {{l...}};
}

// ---- configuration ----

constexpr parley_config_key text(const char* name, const char* default_value, const char* help) {
  return {name, PARLEY_CONFIG_TEXT, 0, default_value, 0, 0, nullptr, help};
}
constexpr parley_config_key integer(const char* name, const char* default_value, std::int64_t min, std::int64_t max,
                                    const char* help) {
  return {name, PARLEY_CONFIG_INTEGER, 0, default_value, min, max, nullptr, help};
}
constexpr parley_config_key boolean(const char* name, const char* default_value, const char* help) {
  return {name, PARLEY_CONFIG_BOOLEAN, 0, default_value, 0, 0, nullptr, help};
}
constexpr parley_config_key duration(const char* name, const char* default_value, const char* help) {
  return {name, PARLEY_CONFIG_DURATION, 0, default_value, 0, 0, nullptr, help};
}
constexpr parley_config_key size(const char* name, const char* default_value, const char* help) {
  return {name, PARLEY_CONFIG_SIZE, 0, default_value, 0, 0, nullptr, help};
}
constexpr parley_config_key choice(const char* name, const char* default_value, const char* choices, const char* help) {
  return {name, PARLEY_CONFIG_CHOICE, 0, default_value, 0, 0, choices, help};
}
constexpr parley_config_key required(parley_config_key key) {
  key.required = 1;
  return key;
}
template <class... K>
constexpr detail::table<parley_config_key, sizeof...(K), &parley_plugin_descriptor::config> config(K... k) {
  return {{k...}};
}

}  // namespace parley
