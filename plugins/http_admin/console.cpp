// GET /admin/: the console, a page on the REST API.
#include <array>

#include "http_admin.hpp"
#include "http_admin_page.hpp"

namespace http_admin {

parley::status http_admin_plugin::on_console(parley::http_request request) {
  return parley::pages::http_admin.serve(request);
}

parley::status http_admin_plugin::on_console_without_slash(parley::http_request request) {
  const std::array headers{parley_http_header{parley::bytes("Location"), parley::bytes("/admin/")},
                           parley_http_header{parley::bytes("Cache-Control"), parley::bytes("no-cache")}};
  return request.respond(308, headers, {});
}

}  // namespace http_admin
