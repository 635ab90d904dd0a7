#include "host/http/http_service.hpp"
#include "host/node/services.hpp"
#include "host/plugin/interfaces.hpp"
#include "parley/abi/http.h"

namespace parley::host {

namespace {

parley_status respond(parley_generation* self, parley_exchange_id exchange, std::uint32_t code,
                      const parley_http_header* headers, std::size_t count, parley_bytes body) {
  auto& http = on_loop(self, "http.respond").services().http;
  return raw(http.respond(exchange, code, std::span(headers, count), view(body)));
}

parley_status respond_file(parley_generation* self, parley_exchange_id exchange, const parley_http_header* headers,
                           std::size_t count, const parley_http_file* file) {
  auto& http = on_loop(self, "http.respond_file").services().http;
  return raw(http.respond_file(exchange, std::span(headers, count), {file->root, file->path, view(file->etag)}));
}

constexpr parley_http_1 http_functions{sizeof(parley_http_1), 0, respond, respond_file};

}  // namespace

const void* http_interface() {
  return &http_functions;
}

}  // namespace parley::host
