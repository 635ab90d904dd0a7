// The smallest keeper of files over HTTP: what staged bodies and answers from files are tested and measured with.
#include <parley/plugin.hpp>
#include <parley/worker.hpp>

#include <cstdio>
#include <string>

namespace {

constexpr std::uint32_t max_body = 256u << 20;
constexpr std::string_view prefix = "/shelf/";

class shelf final : public parley::plugin {
 public:
  explicit shelf(const parley::context& ctx)
      : plugin(ctx),
        workers_(host_edge(), "cpu"),
        root_(config().text("root").empty() ? directory() : config().text("root")) {}

  parley::status on_get(parley::http_request request) {
    const std::string name(request.path().substr(prefix.size()));
    const parley_http_header type{parley::bytes("Content-Type"), parley::bytes("application/octet-stream")};
    request.respond_file(root_.c_str(), name.c_str(), {&type, 1});
    return parley::status::ok;
  }

  parley::status on_head(parley::http_request request) {
    if (request.header("x-refuse") == "status") return parley::status::not_allowed;
    if (request.header("x-refuse") == "answer") request.respond(418, "text/plain", "no tea\n");
    return parley::status::ok;
  }

  parley::task<> on_put(parley::http_request request) {
    const std::string from = request.body_file();
    const std::string name(request.path().substr(prefix.size()));
    const std::string to = root_ + "/" + name;
    const auto size = request.body_size();
    if (name.empty() || name.find('/') != name.npos || name[0] == '.') {
      request.respond(404, "text/plain", "not a name\n");
      co_return;
    }
    const auto kept = co_await workers_.run([&] { return std::rename(from.c_str(), to.c_str()); });
    if (kept && *kept == 0) {
      request.respond(201, "text/plain", std::to_string(size) + "\n");
    } else {
      request.respond(500, "text/plain", "not kept\n");
    }
  }

 private:
  parley::worker_pool workers_;
  std::string root_;
};

constexpr auto routes =
    parley::routes(parley::route_below<&shelf::on_get>("GET", "/shelf/"),
                   parley::staged<&shelf::on_head>(parley::route_below<&shelf::on_put>("POST", "/shelf/", max_body)));
constexpr auto pools = parley::pools(parley::needs_workers("cpu"));
constexpr auto settings =
    parley::config(parley::text("root", "", "where the files are; empty: the plugin's directory"));

}  // namespace

PARLEY_PLUGIN(shelf, "shelf", "1.0.0", "keeps files", routes, pools, settings)
