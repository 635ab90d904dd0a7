#include "tools/parleyctl/table.hpp"

#include <algorithm>
#include <vector>

namespace parleyctl {

using json = nlohmann::ordered_json;

namespace {

bool is_table(const json& v) {
  return v.is_array() && !v.empty() && v.front().is_object();
}

std::string cell(const json& v) {
  if (v.is_null()) return "-";
  if (v.is_string()) return safe(v.get<std::string>());
  if (v.is_boolean()) return v.get<bool>() ? "yes" : "no";
  if (v.is_array()) {
    std::string out;
    for (const auto& e : v) out += (out.empty() ? "" : " ") + cell(e);
    return out.empty() ? "-" : out;
  }
  if (v.is_object()) {
    std::string out;
    for (const auto& [k, e] : v.items()) out += (out.empty() ? "" : " ") + k + "=" + cell(e);
    return out.empty() ? "-" : out;
  }
  return v.dump();
}

// Columns of a terminal: continuation bytes take none, wide characters two.
std::size_t width(const std::string& s) {
  std::size_t columns = 0;
  for (unsigned char c : s) {
    if ((c & 0xc0) == 0x80) continue;
    columns += c >= 0xe3 && c < 0xf0 ? 2 : (c >= 0xf0 ? 2 : 1);
  }
  return columns;
}

std::string table(const json& rows) {
  std::vector<std::string> columns;
  for (const auto& row : rows) {
    for (const auto& [k, v] : row.items()) {
      if (std::find(columns.begin(), columns.end(), k) == columns.end()) columns.push_back(k);
    }
  }
  std::vector<std::vector<std::string>> lines{columns};
  std::vector<bool> numeric(columns.size(), true);
  for (const auto& row : rows) {
    std::vector<std::string> line;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto found = row.find(columns[i]);
      line.push_back(found == row.end() ? "-" : cell(*found));
      if (found != row.end() && !found->is_number()) numeric[i] = false;
    }
    lines.push_back(std::move(line));
  }
  std::vector<std::size_t> widths(columns.size());
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], width(line[i]));
  }
  std::string out;
  for (const auto& line : lines) {
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const std::string pad(widths[i] - width(line[i]), ' ');
      text += numeric[i] ? pad + line[i] : line[i] + pad;
      if (i + 1 < line.size()) text += "  ";
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out;
}

}  // namespace

std::string safe(const std::string& text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (unsigned char c : text) {
    if (c >= 0x20 && c != 0x7f) {
      out += static_cast<char>(c);
    } else {
      out += {'\\', 'x', digits[c >> 4], digits[c & 15]};
    }
  }
  return out;
}

std::string render(const json& value) {
  if (value.is_array() && value.empty()) return "(none)\n";
  if (is_table(value)) return table(value);
  if (!value.is_object()) return cell(value) + "\n";
  std::size_t names = 0;
  for (const auto& [k, v] : value.items()) {
    if (!is_table(v)) names = std::max(names, width(k));
  }
  std::string out;
  std::string tables;
  for (const auto& [k, v] : value.items()) {
    if (is_table(v)) {
      tables += "\n" + k + "\n" + table(v);
    } else {
      out += k + std::string(names - width(k), ' ') + "  " + cell(v) + "\n";
    }
  }
  return out + tables;
}

}  // namespace parleyctl
