#include "host/http/routes.hpp"

#include <algorithm>
#include <set>

#include "host/http/http_chars.hpp"

namespace parley::host {

result<void> route_table::add(route r) {
  const auto what = "route " + r.method + " " + r.path + " of " + r.owner;
  if (r.path.empty() || r.path.front() != '/' || !std::all_of(r.path.begin(), r.path.end(), is_target) ||
      r.path.find('?') != std::string::npos) {
    return error{status::malformed, what + ": a path begins with '/' and holds visible ASCII without '?' and '#'"};
  }
  const bool any = r.method == "*";
  if (!any && (r.method.empty() || !std::all_of(r.method.begin(), r.method.end(), is_token))) {
    return error{status::malformed, what + ": a method is a word like GET, or * for any"};
  }
  if (!r.handler) return error{status::malformed, what + ": has no handler"};
  auto& on_path = (r.prefix ? prefixes_ : exact_)[r.path];
  auto [place, fresh] = on_path.try_emplace(r.method, std::move(r));
  if (!fresh)
    return error{status::refused, what + ": " + place->second.owner + " already serves it; remove one of the two"};
  return {};
}

result<std::shared_ptr<const route_table>> route_table::of(std::vector<route> routes) {
  auto table = std::make_shared<route_table>();
  std::string conflicts;
  for (auto& r : routes) {
    if (auto added = table->add(std::move(r)); !added) conflicts += (conflicts.empty() ? "" : "; ") + added.text();
  }
  if (!conflicts.empty()) return error{status::refused, conflicts};
  return std::shared_ptr<const route_table>(std::move(table));
}

const route* route_table::pick(const methods& on_path, std::string_view method) {
  for (const std::string_view candidate :
       {method, std::string_view(method == "HEAD" ? "GET" : "*"), std::string_view("*")}) {
    if (auto found = on_path.find(candidate); found != on_path.end()) return &found->second;
  }
  return nullptr;
}

route_table::match route_table::find(std::string_view method, std::string_view path) const {
  std::set<std::string_view> allowed;
  auto look = [&](const methods& on_path) -> const route* {
    for (const auto& [name, r] : on_path) {
      allowed.insert(name);
      if (name == "GET") allowed.insert("HEAD");
    }
    return path == "*" ? nullptr : pick(on_path, method);
  };
  if (path == "*") {
    for (const auto& table : {&exact_, &prefixes_}) {
      for (const auto& [on, on_path] : *table) look(on_path);
    }
  } else {
    if (auto on = exact_.find(path); on != exact_.end()) {
      if (auto* r = look(on->second)) return {r, {}};
    }
    // Prefixes of one path sort by length among themselves; walking backwards meets the longest first.
    for (auto on = prefixes_.rbegin(); on != prefixes_.rend(); ++on) {
      if (!path.starts_with(on->first)) continue;
      if (auto* r = look(on->second)) return {r, {}};
    }
  }
  match none;
  allowed.erase("*");
  for (auto name : allowed) none.allow += (none.allow.empty() ? "" : ", ") + std::string(name);
  return none;
}

}  // namespace parley::host
