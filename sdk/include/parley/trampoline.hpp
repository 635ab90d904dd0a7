// C functions around member functions: what the tables point at. Nothing thrown gets past them.
#pragma once

#include <span>
#include <string>
#include <type_traits>

#include "bytes.hpp"
#include "edge.hpp"
#include "http.hpp"
#include "log.hpp"
#include "request.hpp"
#include "sql.hpp"
#include "status.hpp"
#include "task.hpp"
#include "verb.hpp"

namespace parley {

class plugin;

namespace detail {

template <class T>
struct is_task : std::false_type {};
template <class T>
struct is_task<task<T>> : std::true_type {};

/// Class, result and parameter types of a member function.
template <class F>
struct member;
template <class C, class R, class... A>
struct member<R (C::*)(A...)> {
  using owner = C;
  using returned = R;
  static constexpr std::size_t arity = sizeof...(A);
  template <std::size_t I>
  using parameter = std::tuple_element_t<I, std::tuple<A...>>;
  // A reference parameter of a coroutine dangles at its first await.
  static_assert(!is_task<R>::value || (!std::is_reference_v<A> && ...),
                "a handler that is a task takes its parameters by value");
};

/// Turns a thrown exception into a log line and a verdict.
template <class Edge>
status verdict_of(const Edge* e, std::exception_ptr thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const sql_error& x) {
    logger(e).error(x.what());
    return x.code;
  } catch (const std::exception& x) {
    logger(e).error(std::string("a handler threw: ") + x.what());
  } catch (...) {
    logger(e).error("a handler threw");
  }
  return status::fault;
}

/// Runs a handler's task; its verdict now, or PARLEY_PENDING and end(edge, id, verdict) later.
template <class Task, class End>
parley_status run_task(Task t, const edge* e, std::uint64_t id, End) {
  status verdict = status::pending;
  completion root;
  root.edge = e;
  root.id = id;
  root.inline_verdict = &verdict;
  root.done = [](completion& self, status s, std::exception_ptr thrown) {
    const auto* owner = static_cast<const edge*>(self.edge);
    if (thrown) s = verdict_of(owner, thrown);
    if (s == status::pending) s = status::fault;
    if (self.inline_verdict) {
      *self.inline_verdict = s;
    } else {
      End{}(owner, self.id, s);
    }
  };
  std::move(t).start(root);
  return raw(verdict);
}

struct finish_request {
  void operator()(const edge* e, std::uint64_t id, status s) const { e->session->finish(e->self, id, raw(s), {}, 0); }
};
struct finish_exchange {
  void operator()(const edge* e, std::uint64_t id, status s) const {
    if (s == status::ok) return;
    std::string body(to_string(s));
    e->http->respond(e->self, id, s == status::busy ? 503 : 500, nullptr, 0, bytes(body));
  }
};
struct finish_verb {
  void operator()(const edge* e, std::uint64_t id, status s) const {
    if (s != status::ok) e->control->answer(e->self, id, raw(s), bytes(to_string(s)));
  }
};

template <class Owner>
Owner& owner_of(void* p) {
  return *static_cast<Owner*>(static_cast<plugin*>(p));
}

template <auto Handler>
parley_status command_trampoline(void* p, const parley_request* raw_request) {
  using m = member<decltype(Handler)>;
  auto& self = owner_of<typename m::owner>(p);
  const edge* e = self.host_edge();
  try {
    using body_type = std::remove_cvref_t<typename m::template parameter<1>>;
    request req(e, *raw_request);
    auto serve = [&](auto& body) -> parley_status {
      if constexpr (is_task<typename m::returned>::value) {
        return run_task((self.*Handler)(req, std::move(body)), e, raw_request->id, finish_request{});
      } else {
        return raw((self.*Handler)(req, body));
      }
    };
    if constexpr (std::is_same_v<body_type, std::string_view> || std::is_same_v<body_type, std::string>) {
      body_type body(view(raw_request->body));
      return serve(body);
    } else if constexpr (is_task<typename m::returned>::value) {
      body_type body;
      if (!decode(body, view(raw_request->body))) return PARLEY_MALFORMED;
      return serve(body);
    } else {
      // One message per command is reused: parsing into warm memory is twice as fast. Large ones are not kept.
      static body_type reused;
      if (raw_request->body.size > 4096) {
        body_type body;
        return decode(body, view(raw_request->body)) ? serve(body) : PARLEY_MALFORMED;
      }
      return decode(reused, view(raw_request->body)) ? serve(reused) : PARLEY_MALFORMED;
    }
  } catch (...) {
    return raw(verdict_of(e, std::current_exception()));
  }
}

template <auto Handler>
void event_trampoline(void* p, parley_bytes body) {
  using m = member<decltype(Handler)>;
  auto& self = owner_of<typename m::owner>(p);
  try {
    std::remove_cvref_t<typename m::template parameter<0>> message;
    if (decode(message, view(body))) (self.*Handler)(message);
  } catch (...) {
    verdict_of(self.host_edge(), std::current_exception());
  }
}

template <auto Handler>
parley_status route_trampoline(void* p, const parley_http_request* raw_request) {
  using m = member<decltype(Handler)>;
  auto& self = owner_of<typename m::owner>(p);
  const edge* e = self.host_edge();
  try {
    http_request req(e, *raw_request);
    if constexpr (is_task<typename m::returned>::value) {
      return run_task((self.*Handler)(req), e, raw_request->id, finish_exchange{});
    } else {
      return raw((self.*Handler)(req));
    }
  } catch (...) {
    return raw(verdict_of(e, std::current_exception()));
  }
}

template <auto Handler>
parley_status verb_trampoline(void* p, const parley_verb_call* raw_call) {
  using m = member<decltype(Handler)>;
  auto& self = owner_of<typename m::owner>(p);
  const edge* e = self.host_edge();
  try {
    if constexpr (is_task<typename m::returned>::value) {
      return run_task((self.*Handler)(verb_call(e, *raw_call)), e, raw_call->id, finish_verb{});
    } else {
      return raw((self.*Handler)(verb_call(e, *raw_call)));
    }
  } catch (...) {
    return raw(verdict_of(e, std::current_exception()));
  }
}

template <auto Batch>
parley_status batch_trampoline(void* p, parley_sql_connection* connection, void* const* items, std::size_t count) {
  using m = member<decltype(Batch)>;
  using span_type = typename m::template parameter<1>;
  auto& self = owner_of<typename m::owner>(p);
  const edge* e = self.host_edge();
  try {
    sql db(e, connection);
    using item_pointer = typename span_type::value_type;
    std::vector<item_pointer> typed(count);
    for (std::size_t i = 0; i < count; ++i) typed[i] = static_cast<item_pointer>(items[i]);
    return raw((self.*Batch)(db, span_type(typed)));
  } catch (...) {
    return raw(verdict_of(e, std::current_exception()));
  }
}

}  // namespace detail
}  // namespace parley
