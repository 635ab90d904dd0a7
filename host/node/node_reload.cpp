// Replacing plugins: the operator's words for it, SIGHUP, and the builds of a developer.
#include <algorithm>
#include <cstdio>

#include "host/base/log.hpp"
#include "host/config/manifest_change.hpp"
#include "host/config/plan.hpp"
#include "host/node/node.hpp"
#include "host/node/verb_args.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

json name_argument(const char* help) {
  return {{"name", "name"}, {"kind", "positional"}, {"required", true}, {"help", help}};
}

json file_option() {
  return {{"name", "file"},
          {"kind", "option"},
          {"required", false},
          {"help", "another file than the manifest's; on the node's disk"}};
}

plugin_config* find(manifest& m, const std::string& name) {
  const auto found = std::find_if(m.plugins.begin(), m.plugins.end(), [&](const auto& p) { return p.name == name; });
  return found == m.plugins.end() ? nullptr : &*found;
}

lifecycle::done telling(control_server::later answer) {
  return [answer = std::move(answer)](const result<change_report>& outcome) {
    answer(outcome ? result<json>(outcome->to_json()) : result<json>(outcome.failure()));
  };
}

/// Those of one plugin, or all.
result<json> generations_of(json all, const std::string& name) {
  if (name.empty()) return all;
  json out = json::array();
  for (auto& row : all) {
    if (row.at("name") == name) out.push_back(std::move(row));
  }
  if (out.empty()) return error{status::no_target, "no plugin named " + printable(name) + " is loaded"};
  return out;
}

using edited = result<std::shared_ptr<const manifest>>;
using names = std::vector<std::string>;

error not_loaded(const std::string& name) {
  return {status::no_target, "no plugin named " + printable(name) + " is loaded; `parleyctl load` loads one"};
}

/// With the plugin's file set to another.
edited with_file(const manifest& now, const std::string& name, const std::string& file) {
  auto target = std::make_shared<manifest>(now);
  auto* config = find(*target, name);
  if (!config) return not_loaded(name);
  if (!file.empty()) config->file = file;
  return std::shared_ptr<const manifest>(target);
}

/// With one more plugin, as the manifest's file describes it, if it does.
edited with_plugin(const manifest& now, const std::string& name, const std::string& file) {
  auto target = std::make_shared<manifest>(now);
  if (find(*target, name)) {
    return error{status::conflict, "plugin " + name + " is loaded already; `parleyctl reload` replaces it"};
  }
  plugin_config added;
  added.at = {now.file, 0, 0};
  added.name = name;
  added.file = name + ".so";
  std::vector<diagnostic> errors;
  auto on_disk = load_manifest(now.file, errors);
  if (auto* described = find(on_disk, name); described && errors.empty()) added = *described;
  if (!file.empty()) added.file = file;
  target->plugins.push_back(std::move(added));
  return std::shared_ptr<const manifest>(target);
}

edited without_plugin(const manifest& now, const std::string& name) {
  auto target = std::make_shared<manifest>(now);
  if (!std::erase_if(target->plugins, [&](const auto& p) { return p.name == name; })) return not_loaded(name);
  return std::shared_ptr<const manifest>(target);
}

/// The whole file, or everything that keeps it from being applied.
edited reread(const manifest& now, names& make, manifest_change& change, identities& tls) {
  std::vector<diagnostic> errors;
  auto wanted = std::make_shared<manifest>(load_manifest(now.file, errors));
  if (errors.empty()) {
    change = compare(now, *wanted);
    errors = change.needs_restart;
  }
  if (errors.empty()) tls = load_identities(*wanted, errors);
  if (errors.empty()) {
    make = change.make;
    return std::shared_ptr<const manifest>(wanted);
  }
  std::string text;
  for (const auto& e : errors) text += (text.empty() ? "" : "; ") + e.to_string();
  return error{status::refused, text};
}

}  // namespace

void node::add_reload_verbs() {
  lifecycle_.routes_of = [this](const auto& active, const auto& away) { return routes_of(active, away); };
  lifecycle_.leaving().exchanges = &exchanges_;
  control_.add_verb(
      "plugins", "loaded generations, their state and what is in flight",
      json::array({json{{"name", "name"}, {"kind", "option"}, {"required", false}, {"help", "only of it"}}}),
      [this](const json& args) { return generations_of(lifecycle_.generations_json(), text_of(args, "name")); });
  control_.add_verb("reloads", "what replacing plugins has done and cost, and what it left behind", json::array(),
                    [this](const json&) { return result<json>(lifecycle_.counts_json()); });
  control_.add_slow_verb(
      "reload", "replace a plugin by what its file is now; calls in flight end where they began",
      json::array({name_argument("plugin"), file_option()}), [this](const json& args, control_server::later answer) {
        const auto name = text_of(args, "name"), file = text_of(args, "file");
        if (file.empty()) return lifecycle_.reload(name, telling(std::move(answer)));
        lifecycle_.ask(
            {[name, file](const manifest& now, names&) { return with_file(now, name, file); }, {name}, {}, false},
            telling(std::move(answer)));
      });
  control_.add_slow_verb(
      "load", "load a plugin that does not run: the manifest's, or NAME.so",
      json::array({name_argument("plugin"), file_option()}), [this](const json& args, control_server::later answer) {
        const auto name = text_of(args, "name"), file = text_of(args, "file");
        lifecycle_.ask(
            {[name, file](const manifest& now, names&) { return with_plugin(now, name, file); }, {name}, {}, false},
            telling(std::move(answer)));
      });
  control_.add_slow_verb(
      "unload", "take a plugin out; its commands are unknown from then", json::array({name_argument("plugin")}),
      [this](const json& args, control_server::later answer) {
        const auto name = text_of(args, "name");
        lifecycle_.ask({[name](const manifest& now, names&) { return without_plugin(now, name); }, {}, {}, false},
                       telling(std::move(answer)));
      });
  control_.add_slow_verb(
      "quarantine lift", "load a plugin in quarantine after all, as a reload does",
      json::array({name_argument("the plugin's name")}), [this](const json& args, control_server::later answer) {
        const auto name = text_of(args, "name");
        if (aftermath_->quarantined(name)) return lifecycle_.reload(name, telling(std::move(answer)));
        answer(error{status::no_target,
                     "no plugin " + printable(name) + " is in quarantine; `parleyctl plugins` shows which is"});
      });
  control_.add_slow_verb("rollback", "go back to the generation before, while its probation lasts",
                         json::array({name_argument("plugin")}),
                         [this](const json& args, control_server::later answer) {
                           lifecycle_.ask({nullptr, {}, text_of(args, "name"), false}, telling(std::move(answer)));
                         });
}

// The whole file is applied, or nothing of it.
void node::reread_manifest() {
  auto change = std::make_shared<manifest_change>();
  auto tls = std::make_shared<identities>();
  lifecycle_.ask(
      {[change, tls](const manifest& now, names& make) { return reread(now, make, *change, *tls); }, {}, {}, false},
      [this, change, tls](const result<change_report>& outcome) {
        if (!outcome) return log_of("node")->error("SIGHUP: nothing was applied: {}", outcome.text());
        apply_limits(*lifecycle_.current(), change->log, *tls);
        log_of("node")->info("SIGHUP: applied: {}", change->to_string());
        if (watch_) watch_files();
      });
}

void node::apply_limits(const manifest& wanted, bool levels, const identities& tls) {
  if (levels) configure_log(wanted.log);
  manifest_.drain_timeout = wanted.drain_timeout;
  std::size_t next = 0, next_pdu = 0, next_http = 0;
  for (const auto& config : wanted.listeners) {
    const auto& identity = tls[next++];
    if (config.kind == listener_kind::pdu) {
      listeners_[next_pdu]->set_identity(identity);
      listeners_[next_pdu++]->set_limits(config);
    } else if (config.kind == listener_kind::http) {
      http_[next_http]->set_identity(identity);
      http_[next_http++]->set_limits(config);
    }
  }
  open_doors();
  tell_certificates();
}

void node::watch_builds() {
  watch_ = std::make_unique<dev_watch>(services_.loop, [this](const std::string& name, std::uint64_t since_ms) {
    lifecycle_.ask({nullptr, {name}, {}, true}, [this, name, since_ms](const result<change_report>& outcome) {
      if (outcome && outcome->swapped.empty()) return;  // built, and the same
      // A linker that writes in steps: its next step, or the next look, will tell.
      if (!outcome && outcome.code() == status::busy && watch_) return watch_->again(name);
      auto report = outcome ? *outcome : change_report{};
      report.ms = services_.loop.now_ms() - since_ms;
      std::printf("%s\n", outcome ? report.to_string().c_str()
                                  : (name + " not replaced, the old one serves on: " + outcome.text()).c_str());
      std::fflush(stdout);
    });
  });
  watch_files();
}

void node::watch_files() {
  for (const auto& p : lifecycle_.current()->plugins) {
    if (auto watched = watch_->watch(p.name, plugin_file(*lifecycle_.current(), p, executable_)); !watched) {
      log_of("node")->warn("{}", watched.text());
    }
  }
}

}  // namespace parley::host
