#include <parley/plugin.hpp>

#include "echo.pb.h"

namespace {

class echo final : public parley::plugin {
 public:
  explicit echo(const parley::context& ctx) : plugin(ctx), prefix_(config().text("prefix")) {}

  parley::status on_echo(parley::request request, const pb::Echo& message) {
    reply_.set_text(prefix_);
    reply_.mutable_text()->append(message.text());
    return request.reply(0x8002, reply_);
  }

 private:
  std::string prefix_;
  pb::Echo reply_;
};

constexpr auto commands = parley::commands(parley::on<0x8001, &echo::on_echo>(parley::access::open, "echo"));
constexpr auto settings = parley::config(parley::text("prefix", "", "put before every answer"));

}  // namespace

PARLEY_PLUGIN(echo, "echo", "1.0.0", "answers with what it was sent", commands, settings)
