#include "host/config/check_command.hpp"

#include <cstdio>
#include <ctime>

#include "host/config/plan.hpp"
#include "host/config/words.hpp"
#include "host/net/listener_tls.hpp"
#include "host/plugin/elf_gate.hpp"

namespace parley::host {

namespace {

std::string summary(const manifest& config, const plugin_plan& plan) {
  std::size_t commands = 0;
  for (const plugin_info& info : plan.infos) commands += info.commands.size();
  return config.file + ": ok: " + counted(plan.infos.size(), "plugin") + ", " + counted(commands, "command") + ", " +
         counted(config.listeners.size(), "listener") + ", " +
         counted(config.sql.size() + config.caches.size() + config.workers.size(), "pool");
}

std::size_t check_file(const std::string& executable, const std::string& file) {
  std::vector<diagnostic> errors;
  const manifest config = load_manifest(file, errors);
  const plugin_plan plan = plan_plugins(config, executable, errors);
  for (std::size_t i = 0; i < plan.infos.size(); ++i) {
    if (plan.infos[i].name.empty()) continue;  // said already
    const auto gate = elf_gate_here(plan.files[i]);
    if (!gate.findings.empty()) errors.push_back({config.plugins[i].at, gate.to_string(plan.files[i])});
  }
  const auto tls = load_identities(config, errors);
  sort_diagnostics(errors);
  for (const diagnostic& e : errors) std::printf("%s\n", e.to_string().c_str());
  for (std::size_t i = 0; i < tls.size(); ++i) {
    const auto& l = config.listeners[i];
    const auto why = tls[i] ? certificate_trouble(*tls[i], std::time(nullptr)) : std::string();
    if (!why.empty()) {
      std::printf("%s\n",
                  diagnostic{l.tls.at, "warning: listener " + l.name + ": its certificate " + why}.to_string().c_str());
    }
  }
  if (errors.empty()) std::printf("%s\n", summary(config, plan).c_str());
  return errors.size();
}

}  // namespace

int check_main(const std::string& executable, const std::vector<std::string>& files) {
  std::size_t errors = 0;
  for (const std::string& file : files) errors += check_file(executable, file);
  if (errors > 0) std::printf("%s\n", counted(errors, "error").c_str());
  return errors > 0 ? 2 : 0;
}

}  // namespace parley::host
