#include "host/config/plan.hpp"

#include <filesystem>

#include "host/config/words.hpp"

namespace parley::host {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> plugin_files_in(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code failed;
  for (fs::directory_iterator entry(directory, failed), end; !failed && entry != end; entry.increment(failed)) {
    if (entry->path().extension() == ".so") names.push_back(entry->path().filename().string());
  }
  return names;
}

/// Empty when there is a file to load.
std::string missing(const std::string& file) {
  std::error_code failed;
  const fs::file_status status = fs::status(file, failed);
  if (fs::is_regular_file(status)) return {};
  if (fs::exists(status)) return file + " is no file";
  const fs::path path(file);
  if (!fs::is_directory(path.parent_path(), failed)) {
    return "there is no file " + path.string() +
           ", nor the directory it should be in: build the plugins, or set node.plugin_directory";
  }
  const std::string near = nearest(path.filename().string(), plugin_files_in(path.parent_path()));
  return "there is no file " + file +
         ": build it, or set file:" + (near.empty() ? "" : "; did you mean " + in_quotes(near) + "?");
}

}  // namespace

std::string plugin_directory(const manifest& config, const std::string& executable) {
  if (!config.plugin_directory.empty()) return config.plugin_directory;
  const fs::path above = fs::path(executable).parent_path() / "..";
  std::error_code failed;
  const fs::path installed = above / "lib" / "parley" / "plugins";
  return (fs::is_directory(installed, failed) ? installed : above / "plugins").lexically_normal().string();
}

std::string plugin_file(const manifest& config, const plugin_config& plugin, const std::string& executable) {
  return (fs::path(plugin_directory(config, executable)) / plugin.file).lexically_normal().string();
}

plugin_plan plan_plugins(const manifest& config, const std::string& executable, std::vector<diagnostic>& errors) {
  plugin_plan plan;
  plan.infos.resize(config.plugins.size());
  plan.settings.resize(config.plugins.size());
  std::vector<diagnostic> found;
  std::vector<std::string> present;
  std::vector<std::size_t> indices;
  for (std::size_t i = 0; i < config.plugins.size(); ++i) {
    const auto& instead = config.plugins[i].loaded_file;
    plan.files.push_back(instead.empty() ? plugin_file(config, config.plugins[i], executable) : instead);
    if (config.plugins[i].name.empty()) continue;  // reported by the reader
    if (const std::string why = missing(plan.files[i]); !why.empty()) {
      found.push_back({config.plugins[i].at, "plugin " + config.plugins[i].name + ": " + why});
      continue;
    }
    present.push_back(plan.files[i]);
    indices.push_back(i);
  }

  const auto described = describe_all(executable, present);
  for (std::size_t k = 0; k < described.size(); ++k) {
    const std::size_t i = indices[k];
    const plugin_config& plugin = config.plugins[i];
    if (!described[k]) {
      found.push_back({plugin.at, "plugin " + plugin.name + ": " + described[k].text()});
      continue;
    }
    plan.infos[i] = *described[k];
    std::vector<diagnostic> found_again;  // by check_plugins
    plan.settings[i] = resolve_config(plan.infos[i], plugin, found_again);
  }
  const std::vector<diagnostic> checked = check_plugins(config, plan.infos);
  found.insert(found.end(), checked.begin(), checked.end());
  sort_diagnostics(found);
  errors.insert(errors.end(), found.begin(), found.end());
  return plan;
}

}  // namespace parley::host
