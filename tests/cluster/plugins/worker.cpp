// Does what a session asks in words; says which node it is.
#include <parley/config.hpp>
#include <parley/plugin.hpp>
#include <parley/timer.hpp>

#include <cstdlib>

#include "raw_text.hpp"

namespace {

class worker final : public parley::plugin {
 public:
  using status = parley::status;
  explicit worker(const parley::context& ctx) : plugin(ctx), label_(config().text("label")) {}

  parley::task<status> on_do(parley::request request, std::string body) {
    const auto colon = body.find(':');
    const auto word = body.substr(0, colon);
    const auto rest = colon == std::string::npos ? "" : body.substr(colon + 1);
    if (word == "who") co_return say(request, label_ + " " + std::string(request.peer()));
    if (word == "wait") {
      co_await parley::sleep(host_edge(), std::strtoul(rest.c_str(), nullptr, 10));
      co_return say(request, rest);
    }
    if (word == "slot") {
      const auto before = sessions().slot(request.session());
      sessions().set_slot(request.session(), 1, (before ? before->second : "") + rest);
      co_return say(request, before ? before->second : "");
    }
    if (word == "enter") {
      const auto user = std::strtoul(rest.c_str(), nullptr, 10);
      const auto entered = sessions().authenticate(request.session(), user, 1, 1);
      const auto again = sessions().authenticate(request.session(), user, 1, 1);
      co_return say(request, std::string(parley::to_string(entered)) + ", " + std::string(parley::to_string(again)));
    }
    if (word == "order") {
      // Pushes and replies, the latter the last before the end.
      for (int i = 0; i < 20; ++i) {
        sessions().push(request.session(), 0x8013, parley::bytes(std::to_string(i)));
        say(request, std::to_string(i));
      }
      sessions().close(request.session(), "done");
      sessions().push(request.session(), 0x8013, parley::bytes("too late"));
      co_return status::ok;
    }
    if (word == "refuse") co_return request.explain(status::no_target, "there is no " + rest, 1500);
    if (word == "throw") throw std::runtime_error("as asked");
    if (word == "publish") {
      events().publish("worker.done", raw_text{rest});
      co_return say(request, "published");
    }
    if (word == "mine") co_return say(request, responsible_for(std::strtoul(rest.c_str(), nullptr, 10)) ? "yes" : "no");
    co_return status::malformed;
  }

  parley::task<status> on_call(parley::request request, std::string body) {
    if (body == "slow") co_await parley::sleep(host_edge(), 5000);
    if (body == "no") co_return status::not_allowed;
    co_return say(request, label_ + " " + std::to_string(request.principal().id) +
                               (request.is_call() ? " call " : " ") + std::to_string(request.session()) + " " + body);
  }

  void on_done(const raw_text&) { log().error("hears its own kind"); }

 private:
  status say(const parley::request& request, const std::string& text) {
    return request.reply(static_cast<std::uint16_t>(request.command() + 1), parley::bytes(text));
  }
  std::string label_;
};

constexpr auto commands =
    parley::commands(parley::on<0x8010, &worker::on_do>(parley::access::open, "do"),
                     parley::on<0x8014, &worker::on_call>(parley::access::call_only, "call"),
                     parley::on<0x8016, &worker::on_do>(parley::access::authenticated, "do_known"));
constexpr auto published = parley::publishes("worker.done");
constexpr auto settings = parley::config(parley::text("label", "", "said first"));

}  // namespace

PARLEY_PLUGIN(worker, "worker", "1.0.0", "does what it is told", commands, published, settings)
