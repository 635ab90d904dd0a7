// GET /api/discovery: the links that clients show, for everybody.
#include <parley/json.hpp>

#include <array>

#include "http_admin.hpp"

namespace http_admin {
namespace {

constexpr std::size_t most_links = 1000;

void refuse(const parley::http_request& request) {
  using parley::bytes;
  const std::array headers{parley_http_header{bytes("Content-Type"), bytes("text/plain; charset=utf-8")},
                           parley_http_header{bytes("Retry-After"), bytes("5")}};
  request.respond(503, headers, "the database is away or busy; try again\n");
}

}  // namespace

parley::task<> http_admin_plugin::on_discovery(parley::http_request request) {
  using parley::bytes;
  if (full()) co_return refuse(request);
  const visit here(at_once_);
  const auto links = co_await main_.read([](parley::sql& db) { return store::list_links(db, most_links); });
  if (!links) co_return refuse(request);
  const auto out = parley::json_array(*links, [](const store::link& each) {
    return parley::json_object()
        .add("itemName", each.name)
        .add("itemUrl", each.url)
        .add("itemPriority", each.priority)
        .str();
  });
  const std::array headers{parley_http_header{bytes("Content-Type"), bytes("application/json; charset=utf-8")},
                           parley_http_header{bytes("Cache-Control"), bytes("no-cache")},
                           parley_http_header{bytes("X-Content-Type-Options"), bytes("nosniff")}};
  request.respond(200, headers, out);
}

}  // namespace http_admin
