// Calls worker, and hears of what it has done, of sessions too.
#include <parley/plugin.hpp>

#include "raw_text.hpp"

namespace {

class caller final : public parley::plugin {
 public:
  using status = parley::status;
  using plugin::plugin;

  parley::task<status> on_ask(parley::request request, std::string body) {
    raw_text asked{body};
    const auto got = co_await calls().call(0x8014, asked, parley_principal{4711, 0, 0}, 1000);
    const auto text = got ? got->body : std::string(parley::to_string(got.code()));
    co_return request.reply(0x8021, parley::bytes(text));
  }
  status on_heard(parley::request request, std::string_view) { return request.reply(0x8023, parley::bytes(heard_)); }

  void on_done(const raw_text& event) { heard_ += event.text + ";"; }
  void on_opened(const raw_text&) { heard_ += "opened;"; }
  void on_closed(const raw_text&) { heard_ += "closed;"; }

 private:
  std::string heard_;
};

constexpr auto commands = parley::commands(parley::on<0x8020, &caller::on_ask>(parley::access::open, "ask"),
                                           parley::on<0x8022, &caller::on_heard>(parley::access::open, "heard"));
constexpr auto heard = parley::subscriptions(parley::hears<&caller::on_done>("worker.done"),
                                             parley::hears<&caller::on_opened>("session.opened"),
                                             parley::hears<&caller::on_closed>("session.closed"));

}  // namespace

PARLEY_PLUGIN(caller, "caller", "1.0.0", "asks and listens", commands, heard)
