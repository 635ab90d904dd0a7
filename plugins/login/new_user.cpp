#include "new_user.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <unordered_map>

#include "csv.hpp"
#include "password.hpp"
#include "text.hpp"

namespace login {
namespace {

constexpr std::string_view column_list = "name,password,nick,department,email,phone";
constexpr std::array<std::string_view, 6> columns{"name", "password", "nick", "department", "email", "phone"};

std::string lower(std::string_view text) {
  std::string out(trimmed(text));
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

/// For each of `columns` its place in a record, if any.
using places = std::array<std::optional<std::size_t>, columns.size()>;

places read_header(const csv_record& header, std::vector<import_fault>& faults) {
  places found;
  const auto fault = [&](std::string what) { faults.push_back({header.line, std::move(what)}); };
  if (!header.fault.empty()) fault(header.fault);
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    const auto at = std::find(columns.begin(), columns.end(), lower(header.fields[i]));
    if (at == columns.end()) {
      fault("there is no column \"" + header.fields[i] + "\"; known are " + std::string(column_list));
      continue;
    }
    auto& place = found[static_cast<std::size_t>(at - columns.begin())];
    if (place) fault("the column " + std::string(*at) + " is there twice");
    place = i;
  }
  if (faults.empty() && (!found[0] || !found[1])) fault("the header row needs the columns name and password");
  return found;
}

}  // namespace

std::string fault_of_text(std::string_view what, std::string_view text, std::size_t most) {
  const auto count = parley::utf8_characters(text);
  const std::string subject = "the " + std::string(what);
  if (!count) return subject + " is not UTF-8";
  if (*count > most)
    return subject + " has " + std::to_string(*count) + " characters, at most " + std::to_string(most) + " fit";
  if (has_control(text)) return subject + " has a control character in it";
  return {};
}

std::string fault_of_password(std::string_view plain) {
  if (plain.empty()) return "the password is empty";
  return parley::utf8_characters(plain) ? "" : "the password is not UTF-8";
}

std::string fault_of(const new_user& user) {
  if (user.name.empty()) return "the name is empty";
  if (auto fault = fault_of_text("name", user.name, 32); !fault.empty()) return fault;
  if (user.name.front() == ' ' || user.name.back() == ' ') return "the name begins or ends with a blank";
  if (auto fault = fault_of_text("nick", user.nick, 32); !fault.empty()) return fault;
  if (auto fault = fault_of_text("department", user.department, 64); !fault.empty()) return fault;
  if (auto fault = fault_of_text("email", user.email, 64); !fault.empty()) return fault;
  return fault_of_text("phone", user.phone, 11);
}

import_file read_import(std::string_view text) {
  import_file file;
  csv_reader reader(text);
  const auto header = reader.next();
  if (!header) {
    file.faults.push_back({1, "the file is empty; it begins with a header row, e.g. " + std::string(column_list)});
    return file;
  }
  const places place = read_header(*header, file.faults);
  if (!file.faults.empty()) return file;

  std::unordered_map<std::string, std::size_t> lines;  // of a name
  while (const auto record = reader.next()) {
    const auto fault = [&](std::string what) { file.faults.push_back({record->line, std::move(what)}); };
    if (!record->fault.empty()) {
      fault(record->fault);
      continue;
    }
    if (record->fields.size() != header->fields.size()) {
      fault("there are " + std::to_string(record->fields.size()) + " fields, the header row has " +
            std::to_string(header->fields.size()));
      continue;
    }
    const auto field = [&](std::size_t column) {
      return place[column] ? record->fields[*place[column]] : std::string();
    };
    const std::string password = field(1);
    new_user user{field(0), {}, field(2), field(3), field(4), field(5), record->line};
    std::string wrong = fault_of(user);
    if (wrong.empty()) wrong = fault_of_password(password);
    if (!wrong.empty()) {
      fault(wrong);
      continue;
    }
    const auto [first, is_new] = lines.emplace(user.name, record->line);
    if (!is_new) {
      fault("the name " + user.name + " stands in line " + std::to_string(first->second) + " too");
      continue;
    }
    user.secret = secret_of(password);
    file.users.push_back(std::move(user));
  }
  return file;
}

}  // namespace login
