// Keeps a message of its own while it waits for plugin `holding`; two builds, whose layouts of it differ.
#include <parley/plugin.hpp>

#include "note.pb.h"

namespace {

class schema final : public parley::plugin {
 public:
  using plugin::plugin;

  /// Answers with the note it was sent and this build's own fields, once `holding` lets it go.
  parley::task<parley::status> on_note(parley::request request, note::Note message) {
    note::Note kept = message;
    set_own(kept);
    const auto let_go = co_await calls().call(0x8130, message, {}, 60000);
    if (!let_go) co_return let_go.code();
    co_return answer(request, std::move(kept));
  }
  /// The same, at once.
  parley::status on_note_now(parley::request request, const note::Note& message) {
    note::Note kept = message;
    set_own(kept);
    return answer(request, std::move(kept));
  }

 private:
  static parley::status answer(const parley::request& request, note::Note kept) {
    kept.set_text(kept.text() + " of " BUILD);
    return request.reply(0x8142, kept);
  }
  static void set_own(note::Note& kept) {
#ifdef SECOND
    for (std::uint64_t i = 1; i <= 100; ++i) kept.add_numbers(i << 40);
    kept.set_author(std::string(100, 'a'));
    kept.set_number("forty-two");
    (*kept.mutable_counts())["all"] = 100;
#else
    kept.set_number(42);
#endif
  }
};

constexpr auto commands = parley::commands(parley::on<0x8140, &schema::on_note>(parley::access::open, "note"),
                                           parley::on<0x8141, &schema::on_note_now>(parley::access::open, "note now"));

}  // namespace

PARLEY_PLUGIN(schema, "schema", "1.0.0", "waits with a message in hand", commands)
