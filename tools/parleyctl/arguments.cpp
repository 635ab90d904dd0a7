#include "tools/parleyctl/arguments.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace parleyctl {

using json = nlohmann::ordered_json;

namespace {

std::string upper(std::string s) {
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return s;
}

std::vector<std::string> split(const std::string& name) {
  std::istringstream in(name);
  return {std::istream_iterator<std::string>(in), {}};
}

const json* find_verb(const std::vector<std::string>& words, const json& verbs, std::size_t& used) {
  const json* best = nullptr;
  used = 0;
  for (const auto& verb : verbs) {
    const auto name = split(verb["name"]);
    if (name.size() <= used || name.size() > words.size()) continue;
    if (!std::equal(name.begin(), name.end(), words.begin())) continue;
    best = &verb;
    used = name.size();
  }
  return best;
}

std::string read_file(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::error_code failed;
  if (std::filesystem::is_directory(path, failed)) throw std::runtime_error(path + " is a directory, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path + ": " + std::strerror(errno));
  return {std::istreambuf_iterator<char>(in), {}};
}

/// JSON carries UTF-8 only; `what` says whose text it is.
const std::string& checked(const std::string& text, const std::string& what) {
  try {
    (void)json(text).dump();
  } catch (const json::type_error&) {
    throw std::runtime_error(what + " is not UTF-8; save or convert it as UTF-8 (iconv -f latin1 -t utf8)");
  }
  return text;
}

/// A file that need not be given is an option's.
bool has_place(const json& argument) {
  const auto kind = argument["kind"].get<std::string>();
  return kind == "positional" || (kind == "file" && argument["required"].get<bool>());
}

const json* argument(const json& verb, const std::string& name) {
  for (const auto& a : verb["args"]) {
    if (a["name"] == name && !has_place(a)) return &a;
  }
  return nullptr;
}

}  // namespace

std::string usage(const json& verb) {
  std::string out = verb["name"];
  for (const auto& a : verb["args"]) {
    const auto name = a["name"].get<std::string>();
    const auto kind = a["kind"].get<std::string>();
    std::string shown;
    if (kind == "option")
      shown = "--" + name + " TEXT";
    else if (kind == "file" && !has_place(a))
      shown = "--" + name + " FILE";
    else if (kind == "switch")
      shown = "--" + name;
    else
      shown = upper(name);
    const bool optional = !a["required"].get<bool>();
    out += optional ? " [" + shown + "]" : " " + shown;
  }
  return out;
}

std::string help(const json& verbs) {
  std::size_t width = 0;
  for (const auto& v : verbs) width = std::max(width, std::min<std::size_t>(44, usage(v).size()));
  std::string out;
  for (const auto& v : verbs) {
    auto left = usage(v);
    if (left.size() > width)
      left += "\n  " + std::string(width, ' ');
    else
      left.resize(width, ' ');
    out += "  " + left + "  " + v["help"].get<std::string>() + "\n";
  }
  return out;
}

parsed_command parse(const std::vector<std::string>& words, const json& verbs) {
  std::size_t used = 0;
  const json* verb = find_verb(words, verbs, used);
  if (!verb) {
    // "users" alone or "users foo": show that family; else everything.
    json family = json::array();
    for (const auto& v : verbs) {
      if (!words.empty() && split(v["name"]).front() == words.front()) family.push_back(v);
    }
    throw std::runtime_error((words.empty()
                                  ? std::string("no verb given")
                                  : "unknown verb: " + words.front() + (words.size() > 1 ? " " + words[1] : "")) +
                             "; there are\n" + help(family.empty() ? verbs : family));
  }
  parsed_command out{(*verb)["name"], json::object()};
  std::vector<const json*> positional;
  for (const auto& a : (*verb)["args"]) {
    if (has_place(a)) positional.push_back(&a);
  }
  auto fail = [&](const std::string& why) -> std::runtime_error {
    return std::runtime_error(why + "\nusage: parleyctl " + usage(*verb) + "\n       " +
                              (*verb)["help"].get<std::string>());
  };
  std::size_t place = 0;
  for (std::size_t i = used; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word == "--help") throw fail("");
    if (word.size() > 2 && word.compare(0, 2, "--") == 0) {
      const auto equals = word.find('=');
      const auto name = word.substr(2, equals == std::string::npos ? std::string::npos : equals - 2);
      const json* a = argument(*verb, name);
      if (!a) throw fail("unknown option --" + name);
      const auto value = [&, file = (*a)["kind"] == "file"](const std::string& given) {
        out.args[name] = checked(file ? read_file(given) : given, file ? given : "--" + name);
      };
      if ((*a)["kind"] == "switch") {
        out.args[name] = true;
      } else if (equals != std::string::npos) {
        value(word.substr(equals + 1));
      } else if (++i < words.size()) {
        value(words[i]);
      } else {
        throw fail("--" + name + " needs a value");
      }
      continue;
    }
    if (place >= positional.size()) throw fail("one argument too many: " + word);
    const auto& a = *positional[place++];
    const auto name = a["name"].get<std::string>();
    const bool file = a["kind"] == "file";
    out.args[name] = checked(file ? read_file(word) : word, file ? word : "the " + name);
  }
  for (const auto& a : (*verb)["args"]) {
    if (a["required"].get<bool>() && !out.args.contains(a["name"].get<std::string>())) {
      throw fail("missing " + a["name"].get<std::string>() + ": " + a["help"].get<std::string>());
    }
  }
  return out;
}

}  // namespace parleyctl
