// Pages and pushes: what terminals were shown has to be what history holds in the end.
#include <algorithm>

#include "crash/checker/index.hpp"

namespace parley::crash {
namespace {

/// A reader below level 1 sees no client_msg_id.
bool agree(const seen& shown, const seen& stored) {
  if (shown->author != stored->author || shown->content != stored->content) return false;
  return shown.who->level == 0 || shown->client_msg_id == stored->client_msg_id;
}

std::string numbered(const seen& s) {
  return text_of(conversation_of(s)) + ": message " + std::to_string(s->msg_id);
}

void check_shown(const index& of, const seen& shown, promise absent, promise different, findings& out) {
  const auto stored = of.final_of(conversation_of(shown), shown->msg_id);
  const auto how = shown->kind == what::push ? " was pushed" : " was on a page";
  if (!stored) {
    out.add(absent, numbered(shown) + how + ", and is not in history", {shown});
  } else if (!agree(shown, stored)) {
    out.add(different, numbered(shown) + how + " otherwise than history has it", {shown, stored});
  }
}

/// `page`, then its messages.
void check_page(const index& of, const terminal& who, const line* page, const line* end, findings& out) {
  const seen head{&who, page};
  const auto count = std::min<std::size_t>(page->count, static_cast<std::size_t>(end - page - 1));
  const line* const messages = page + 1;
  for (std::size_t i = 0; i + 1 < count; ++i) {
    if (messages[i].msg_id == messages[i + 1].msg_id + 1) continue;
    out.add(promise::page_with_hole,
            text_of(conversation_of(head)) + ": a page goes from " + std::to_string(messages[i].msg_id) + " to " +
                std::to_string(messages[i + 1].msg_id),
            {head, {&who, &messages[i]}, {&who, &messages[i + 1]}});
    break;
  }
  const auto known = of.newest_known(conversation_of(head), page->asked_at_ns);
  if (!known) return;
  const auto wanted = page->msg_id == 0 ? known->msg_id : std::min(page->msg_id, known->msg_id);
  const auto got = count == 0 ? 0 : messages[0].msg_id;
  if (got < wanted) {
    out.add(promise::stale_page,
            text_of(conversation_of(head)) + ": a page begins at " + std::to_string(got) + ", though " +
                std::to_string(wanted) + " had been there before it was asked for",
            {known, head, count == 0 ? seen{} : seen{&who, messages}});
  }
}

}  // namespace

void check_pages(const history& all, const index& of, findings& out) {
  for (const auto& who : all.terminals) {
    const line* const end = who.lines.data() + who.lines.size();
    for (const auto& one : who.lines) {
      if (!of.belongs({&who, &one})) continue;
      if (one.kind == what::page) check_page(of, who, &one, end, out);
      if (one.kind == what::page_message) {
        check_shown(of, {&who, &one}, promise::vanished, promise::readers_disagree, out);
      }
    }
  }
}

void check_pushes(const history& all, const index& of, findings& out) {
  for (const auto& who : all.terminals) {
    std::map<std::pair<std::uint32_t, conversation>, seen> newest;
    for (const auto& one : who.lines) {
      if (one.kind != what::push) continue;
      const seen shown{&who, &one};
      if (!of.belongs(shown)) continue;
      check_shown(of, shown, promise::pushed_unknown, promise::pushed_otherwise, out);
      auto& before = newest[{one.session, conversation_of(shown)}];
      if (before && one.msg_id <= before->msg_id) {
        const bool same = one.msg_id == before->msg_id;
        out.add(same ? promise::pushed_twice : promise::pushed_out_of_order,
                numbered(shown) + (same ? " was pushed twice" : " was pushed behind a newer one") + " to one session",
                {before, shown});
      }
      before = shown;
    }
  }
}

}  // namespace parley::crash
