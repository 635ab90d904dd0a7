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

struct checked_file {
  checked_node node;
  std::vector<diagnostic> errors;
  std::vector<diagnostic> warnings;
  std::string summary;
};

checked_file check_file(const std::string& executable, const std::string& file) {
  checked_file out;
  out.node.config = load_manifest(file, out.errors);
  const manifest& config = out.node.config;
  plugin_plan plan = plan_plugins(config, executable, out.errors);
  for (std::size_t i = 0; i < plan.infos.size(); ++i) {
    if (plan.infos[i].name.empty()) continue;  // said already
    const auto gate = elf_gate_here(plan.files[i]);
    if (!gate.findings.empty()) out.errors.push_back({config.plugins[i].at, gate.to_string(plan.files[i])});
  }
  const auto tls = load_identities(config, out.errors);
  for (std::size_t i = 0; i < tls.size(); ++i) {
    const auto& l = config.listeners[i];
    const auto why = tls[i] ? certificate_trouble(*tls[i], std::time(nullptr)) : std::string();
    if (!why.empty()) out.warnings.push_back({l.tls.at, "warning: listener " + l.name + ": its certificate " + why});
  }
  sort_diagnostics(out.errors);
  out.summary = summary(config, plan);
  out.node.infos = std::move(plan.infos);
  out.node.faultless = out.errors.empty();
  return out;
}

}  // namespace

checked_files check_files(const std::string& executable, const std::vector<std::string>& files) {
  checked_files out;
  for (const std::string& file : files) {
    checked_file checked = check_file(executable, file);
    if (checked.errors.empty()) out.summaries += checked.summary + "\n";
    out.errors.insert(out.errors.end(), checked.errors.begin(), checked.errors.end());
    out.warnings.insert(out.warnings.end(), checked.warnings.begin(), checked.warnings.end());
    out.nodes.push_back(std::move(checked.node));
  }
  const std::vector<diagnostic> together = check_together(out.nodes);
  out.errors.insert(out.errors.end(), together.begin(), together.end());
  return out;
}

int check_main(const std::string& executable, const std::vector<std::string>& files) {
  const checked_files checked = check_files(executable, files);
  for (const diagnostic& e : checked.errors) std::printf("%s\n", e.to_string().c_str());
  for (const diagnostic& w : checked.warnings) std::printf("%s\n", w.to_string().c_str());
  std::printf("%s", checked.summaries.c_str());
  if (!checked.errors.empty()) std::printf("%s\n", counted(checked.errors.size(), "error").c_str());
  return checked.errors.empty() ? 0 : 2;
}

}  // namespace parley::host
