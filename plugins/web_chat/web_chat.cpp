// The chat page, and what it has to know before it can ask anything else.
#include <parley/json.hpp>
#include <parley/plugin.hpp>

#include <stdexcept>
#include <string>

#include "web_chat_page.hpp"

namespace {

bool is_path(std::string_view text) {
  return text.size() > 1 && text.front() == '/' && text[1] != '/' && text.find_first_of("?# \"\\") == text.npos;
}

/// A scheme, then what is neither space nor the end of a directive in a header.
bool is_source(std::string_view text, std::initializer_list<std::string_view> schemes) {
  if (text.size() > 255 || text.find_first_of(" ;,'\"\r\n") != text.npos) return false;
  for (const char c : text) {
    if (c <= 0x20 || c == 0x7f) return false;
  }
  for (const auto scheme : schemes) {
    if (text.starts_with(scheme) && text.size() > scheme.size()) return true;
  }
  return false;
}

class web_chat final : public parley::plugin {
 public:
  explicit web_chat(const parley::context& ctx)
      : plugin(ctx), websocket_(config().text("websocket")), media_(config().text("media")) {
    if (!is_path(websocket_) && !is_source(websocket_, {"wss://", "ws://"})) {
      throw std::runtime_error("websocket: a path on this host, as /ws, or an address, as wss://chat.example.org/ws");
    }
    if (!media_.empty() && !is_source(media_, {"https://", "http://"})) {
      throw std::runtime_error("media: where pictures come from, as https://media.example.org");
    }
    settings_ = parley::json_object().add("websocket", websocket_).add("media", media_).str();
  }

  parley::status on_page(parley::http_request request) {
    return parley::pages::web_chat.serve(
        request, {.images = media_, .connect = is_path(websocket_) ? std::string_view() : websocket_});
  }

  parley::status on_settings(parley::http_request request) {
    using parley::bytes;
    const std::array headers{parley_http_header{bytes("Content-Type"), bytes("application/json; charset=utf-8")},
                             parley_http_header{bytes("Cache-Control"), bytes("no-cache")},
                             parley_http_header{bytes("X-Content-Type-Options"), bytes("nosniff")}};
    return request.respond(200, headers, settings_);
  }

 private:
  std::string websocket_;
  std::string media_;
  std::string settings_;
};

constexpr auto routes = parley::routes(parley::route<&web_chat::on_page>("GET", "/", 0),
                                       parley::route<&web_chat::on_settings>("GET", "/web_chat/settings.json", 0),
                                       parley::route_below<&web_chat::on_page>("GET", "/web_chat/", 0));

constexpr auto settings = parley::config(
    parley::text("websocket", "/ws",
                 "where the page connects to: a path on the host it came from, or ws(s)://HOST/PATH"),
    parley::text("media", "", "origin of pictures that are not on the page's host, as https://media.example.org"));

}  // namespace

PARLEY_PLUGIN(web_chat, "web_chat", "1.0.0", "a chat page for browsers", routes, settings)
