// GET /api/discovery: the links that clients show, for everybody.
#include <parley/json.hpp>

#include <array>

#include "http_admin.hpp"

namespace http_admin {
namespace {

constexpr std::size_t most_links = 1000;

}  // namespace

parley::task<> http_admin_plugin::on_discovery(parley::http_request request) {
  using parley::bytes;
  const auto links = co_await main_.read([](parley::sql& db) { return store::list_links(db, most_links); });
  if (!links) {
    const std::array headers{parley_http_header{bytes("Content-Type"), bytes("text/plain; charset=utf-8")},
                             parley_http_header{bytes("Retry-After"), bytes("5")}};
    request.respond(503, headers, "the database is away or busy; try again\n");
    co_return;
  }
  std::string out = "[";
  for (const auto& each : *links) {
    if (out.size() > 1) out += ',';
    out += parley::json_object()
               .add("itemName", each.name)
               .add("itemUrl", each.url)
               .add("itemPriority", each.priority)
               .str();
  }
  const std::array headers{parley_http_header{bytes("Content-Type"), bytes("application/json; charset=utf-8")},
                           parley_http_header{bytes("Cache-Control"), bytes("no-cache")},
                           parley_http_header{bytes("X-Content-Type-Options"), bytes("nosniff")}};
  request.respond(200, headers, out + "]");
}

}  // namespace http_admin
