// files list | show | cancel | usage
#include <parley/json.hpp>

#include "file.hpp"
#include "task_id.hpp"

namespace file {
namespace {

constexpr number most_listed = 1000;

parley::json_object described(const task& one) {
  parley::json_object out;
  out.add("task", one.id).add("from", one.from).add("to", one.to).add("name", one.name).add("size", one.size);
  out.add("mode", one.online() ? "online" : "offline");
  out.add("state", one.at == stage::complete  ? "waiting"
                   : one.at == stage::leaving ? "leaving"
                                              : "open")
      .add("created", one.created);
  return out;
}

}  // namespace

parley::task<> file_plugin::on_files_list(parley::verb_call call) {
  const auto wanted = call[0];
  const auto found = co_await main_.read([&](parley::sql& db) -> std::optional<std::vector<task>> {
    number user = 0;
    if (!wanted.empty()) {
      const auto known = store::find_user(db, wanted);
      if (!known) return std::nullopt;
      user = *known;
    }
    return store::list_tasks(db, user, most_listed);
  });
  if (!found) co_return call.fail("files list", found.failure());
  if (!*found) {
    call.fail(status::no_target, "files list: no user " + wanted + "; `parleyctl users list` shows names and ids");
    co_return;
  }
  call.answer(parley::json_array(**found, [](const task& one) { return described(one).str(); }));
}

parley::task<> file_plugin::on_files_show(parley::verb_call call) {
  const auto id = call[0];
  const auto row = co_await main_.read([&](parley::sql& db) { return store::find_task(db, id); });
  if (!row) co_return call.fail("files show", row.failure());
  if (!*row) {
    call.fail(status::no_target, "files show: there is no task " + id + "; `files list` shows those there are");
    co_return;
  }
  const auto received = co_await workers_.run([&] { return vault_.received(id); });
  auto out = described(**row);
  out.add("received", (*row)->at == stage::complete ? (*row)->size : received ? *received : 0);
  const auto* all = find(id);
  out.raw("sender_connected", all && all->sender ? "true" : "false");
  out.raw("receiver_connected", all && all->receiver ? "true" : "false");
  call.answer(out.str());
}

parley::task<> file_plugin::on_files_cancel(parley::verb_call call) {
  const auto id = call[0];
  const auto row = co_await main_.read([&](parley::sql& db) { return store::find_task(db, id); });
  if (!row) co_return call.fail("files cancel", row.failure());
  if (!*row) {
    call.fail(status::no_target, "files cancel: there is no task " + id + "; `files list` shows those there are");
    co_return;
  }
  end_everywhere(id);
  co_await forget(id);
  call.answer(described(**row).str());
}

parley::task<> file_plugin::on_files_usage(parley::verb_call call) {
  const auto found = co_await main_.read([](parley::sql& db) { return store::total(db); });
  if (!found) co_return call.fail("files usage", found.failure());
  std::size_t online = 0, uploads = 0, downloads = 0;
  for (const auto& [id, all] : live_) {
    online += all.what.online();
    uploads += !all.what.online() && all.sender;
    downloads += !all.what.online() && all.receiver;
  }
  parley::json_object out;
  out.add("open", found->open).add("open_bytes", found->open_bytes);
  out.add("waiting", found->waiting).add("waiting_bytes", found->waiting_bytes);
  out.add("online_now", online).add("uploads_now", uploads).add("downloads_now", downloads);
  out.add("last_trouble", last_trouble_);
  call.answer(out.str());
}

}  // namespace file
